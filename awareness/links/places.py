"""Every address that the public can press, and whose form has it. One question to the database."""

import re
from typing import NamedTuple
from urllib.parse import urldefrag, urlsplit, urlunsplit

from django.conf import settings
from django.db.models import F, QuerySet, TextField, Value
from django.db.models.functions import Cast
from django.utils.text import capfirst

from awareness.content.fields import letters
from awareness.content.publishing import PublishedQuerySet
from awareness.links.elsewhere import LONGEST
from pages.models import (
    Amount,
    CallToAction,
    CampaignLink,
    Citation,
    HelpLine,
    Notice,
    Section,
    Service,
    SiteSettings,
    Update,
)
from pages.models.appeal import without_amount
from stats.models import ReadingGuide, Source

LINK = re.compile(r'<a\b[^>]*? href="([^"]*)"', re.IGNORECASE)
RICH = [f"body_{code}" for code, _name in settings.LANGUAGES]
NOTES = [f"notes_{code}" for code, _name in settings.LANGUAGES]
# (model, what leads from it to the item whose form has the address, the item's name, fields)
ADDRESSES = [
    (Section, "", "title_en", RICH),
    (Citation, "section", "title_en", ["url"]),
    (Update, "", "title_en", [*RICH, "sign_up_url"]),
    (CallToAction, "", "heading_en", ["url", "monthly_url"]),
    (Amount, "appeal", "heading_en", ["url"]),
    (HelpLine, "", "name_en", ["url", "source_url"]),
    (Service, "", "name_en", ["url", "source_url"]),
    (Notice, "", "text_en", ["page"]),
    (CampaignLink, "", "slug", ["page"]),
    (SiteSettings, "", "", ["opening_url", "exit_url"]),
    (Source, "", "title", ["url"]),
    (ReadingGuide, "", "", NOTES),
]


class Place(NamedTuple):
    """Where an address stands: the item whose form has it."""

    model: type
    key: int
    title: str


def places(at=None):
    """{address: [Place]} of all that is live."""
    selects, models = [], []
    for model, parent, title, fields in ADDRESSES:
        item = model._meta.get_field(parent).related_model if parent else model
        rows = QuerySet(model).order_by()
        if hasattr(item, "published"):
            live = PublishedQuerySet(item).live(at)
            rows = rows.filter(**{f"{parent}__in": live}) if parent else live.order_by()
        path = f"{parent}__" if parent else ""
        name = F(f"{path}{title}") if title else Value("")
        for field in fields:
            columns = (F(f"{path}pk"), Cast(name, TextField()), Cast(field, TextField()))
            found = rows.filter(**{f"{field}__gt": ""}).values_list(Value(len(models)), *columns)
            selects.append(found)
            models.append(item)
    found = {}
    for number, key, title, text in selects[0].union(*selects[1:], all=True).order_by():
        model = models[number]
        place = Place(model, key, title or capfirst(model._meta.verbose_name))
        for address in addresses_in(text):
            if place not in (there := found.setdefault(address, [])):
                there.append(place)
    return found


def addresses_in(text):
    """Those of a rich text, or the one that a field is; each as it is looked for."""
    named = map(letters, LINK.findall(text)) if "<" in text else [without_amount(text)]
    return list(filter(None, map(looked_for, named)))


def looked_for(address):
    """One of ours begins with its path, and keeps its anchor. "" for what is not looked at: mail,
    phones, what names an account."""
    address = address.strip()
    try:
        parts = urlsplit(address)
        is_web = parts.scheme in ("http", "https") and parts.hostname and "@" not in parts.netloc
    except ValueError:
        return ""
    if len(address) > LONGEST:
        return ""
    ours = (urlsplit(settings.SITE_URL).netloc, *settings.ALLOWED_HOSTS)
    if is_web and parts.netloc.lower() in ours:
        return urlunsplit(("", "", parts.path or "/", parts.query, parts.fragment))
    if is_web:
        return urldefrag(address).url
    return address if is_own(address) else ""


def is_own(address):
    return address.startswith("/") and not address.startswith("//")
