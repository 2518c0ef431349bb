"""The admin of this app; each file registers its own."""

from . import help, images, sections, site  # noqa: F401
