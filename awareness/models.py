"""The tables of this app, each in the room that it belongs to: Django looks for them here."""

from awareness.accounts.models import DeskLanguage
from awareness.audit.models import Event
from awareness.content.models import OldAddress
from awareness.desk.alerts.models import Baseline
from awareness.desk.avoided_words import AvoidedWord
from awareness.desk.models import DeskRules, Draft, KeptForm
from awareness.links.models import CheckedLink
from awareness.web.models import ContentVersion

__all__ = [
    "AvoidedWord",
    "Baseline",
    "CheckedLink",
    "ContentVersion",
    "DeskLanguage",
    "DeskRules",
    "Draft",
    "Event",
    "KeptForm",
    "OldAddress",
]
