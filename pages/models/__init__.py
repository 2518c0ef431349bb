"""What people read, one file a feature."""

from .appeal import Amount, CallToAction
from .help_line import HelpLine
from .notice import Notice
from .section import Citation, Section
from .site_settings import SiteSettings
from .update import Update

__all__ = [
    "Amount",
    "CallToAction",
    "Citation",
    "HelpLine",
    "Notice",
    "Section",
    "SiteSettings",
    "Update",
]
