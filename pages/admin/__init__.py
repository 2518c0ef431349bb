"""The admin of this app; each file registers its own."""

from . import help, sections, site  # noqa: F401
