"""What people read, one file a feature."""

from .appeal import Amount, CallToAction
from .campaign_link import CampaignLink
from .citation import Citation, Correction
from .help_line import HelpLine
from .image import Image
from .language_card import LanguageCard
from .notice import Notice
from .section import Section
from .service import Service
from .site_settings import SiteSettings
from .synonym import Synonym
from .update import Update

__all__ = [
    "Amount",
    "CallToAction",
    "CampaignLink",
    "Citation",
    "Correction",
    "HelpLine",
    "Image",
    "LanguageCard",
    "Notice",
    "Section",
    "Service",
    "SiteSettings",
    "Synonym",
    "Update",
]
