"""Rows to test with: each complete and live, with only what a test is about spelled out."""

import datetime
import io
import itertools

from django.core.files.base import ContentFile
from django.db import models
from django.utils import timezone
from PIL import Image as Pillow

from awareness.content.publishing import State
from pages.models import (
    Amount,
    CallToAction,
    CampaignLink,
    Citation,
    HelpLine,
    Image,
    LanguageCard,
    Notice,
    Section,
    Service,
    Update,
)
from stats.models import Figure, Headline, Measure, Place, Source

DAY = datetime.timedelta(days=1)
_lines = itertools.count(1)
# Of no digits, so that a test may say which number is not on a page; and no words, for the search.
_names = map(
    "".join,
    itertools.chain.from_iterable(
        itertools.product("bcdfghjklmnpqrstvwxz", repeat=length) for length in itertools.count(2)
    ),
)


def in_state(state, at=None):
    """The fields that put a row into this state at that moment."""
    at = at or timezone.now()
    return {
        State.LIVE: {"published": True, "publish_at": at - DAY},
        State.DRAFT: {"published": False, "publish_at": at - DAY},
        State.SCHEDULED: {"published": True, "publish_at": at + DAY},
        State.EXPIRED: {"published": True, "publish_at": at - 2 * DAY, "expire_at": at - DAY},
    }[state]


def section(**fields):
    n = next(_names)
    given = {"title": f"Section {n}", "slug": f"section-{n}", "summary": "In short.", **fields}
    return Section.objects.create(**{**in_state(State.LIVE), "body": "<p>Words.</p>", **given})


def plain_page(**fields):
    return section(kind=Section.Kind.PAGE, **fields)


def citation(section, **fields):
    given = {"title": "A law", "publisher": "A school", "url": "https://law.example/", **fields}
    return Citation.objects.create(section=section, **given)


def update(**fields):
    n = next(_names)
    given = {"title": f"Update {n}", "slug": f"update-{n}", "summary": "In short.", **fields}
    return Update.objects.create(**{**in_state(State.LIVE), "body": "<p>News.</p>", **given})


def photo(size=(640, 480)):
    out = io.BytesIO()
    Pillow.new("RGB", size, (30, 90, 160)).save(out, "JPEG")
    return ContentFile(out.getvalue(), name="photo.jpg")


def picture(**fields):
    given = {"title": "Truck stop", "alt": "A poster in a window.", "credit": "Photo: Ana Ruiz"}
    given |= {"license": "Our own", "consented": True, "dignified": True, **fields}
    return Image.objects.create(**{"file": photo(), **given})


def appeal(amounts=(), **fields):
    given = {"heading": "Please help", "message": "We need it.", **fields}
    row = CallToAction.objects.create(**{**in_state(State.LIVE), **given})
    for dollars, monthly, pays_for in amounts:
        Amount.objects.create(appeal=row, dollars=dollars, monthly=monthly, pays_for=pays_for)
    return row


def help_line(**fields):
    given = {"name": "A line", "kind": "call", "number": "1-800-555-0100", **fields}
    return HelpLine.objects.create(**{**in_state(State.LIVE), "description": "Help.", **given})


def service(**fields):
    n = next(_names)
    given = {"name": f"Service {n}", "what_it_does": "Helps.", "counties": "Boone", **fields}
    given = {"phone": "1-800-555-0100", "checked_on": timezone.localdate(), **given}
    return Service.objects.create(**{**in_state(State.LIVE), **given})


def language_card(**fields):
    n = next(_names)
    given = {"name": f"Language {n}", "own_name": f"Own {n}", "text": "Help.", **fields}
    given.setdefault("code", f"x{n[-1]}")
    return LanguageCard.objects.create(**{**in_state(State.LIVE), **given})


def notice(**fields):
    given = {"text": "The office is closed.", **in_state(State.LIVE), **fields}
    return Notice.objects.create(**{"expire_at": timezone.now() + 2 * DAY, **given})


def campaign_link(**fields):
    given = {"slug": f"word-{next(_names)}", "page": "/help/", **fields}
    return CampaignLink.objects.create(**{**in_state(State.LIVE), **given})


def place(**fields):
    n = next(_names)
    given = {"code": f"P{n.upper()}", "slug": f"place-{n}", "name": f"Place {n}", **fields}
    return Place.objects.create(**{"in_sentence": f"the place {n}", **given})


def measure(**fields):
    n = next(_names)
    given = {"code": f"measure-{n}", "name": f"Reports {n}", "noun_one": "report", **fields}
    given.setdefault("leads", True)
    words = {"noun_many": "reports", "definition": "What it is.", "caveat": "Mind this."}
    return Measure.objects.create(**{**words, **given})


def source(**fields):
    n = next(_names)
    given = {"title": f"Report {n}", "publisher": "The hotline", "kind": "own", **fields}
    return Source.objects.create(**{"url": f"https://source.example/{n}", **given})


def figure(**fields):
    """Of the calendar year ``year``, if no days are given; as of the end of it."""
    year = fields.pop("year", 2020)
    given = {
        "first_day": datetime.date(year, 1, 1),
        "last_day": datetime.date(year, 12, 31),
        "as_of": datetime.date(year, 12, 31),
        "value": 10,
        **fields,
    }
    for name, make in (("place", place), ("measure", measure), ("source", source)):
        if name not in given:
            given[name] = make()
    return Figure.objects.create(**given)


def headline(figure, **fields):
    """Make the period of this figure lead."""
    days = {"first_day": figure.first_day, "last_day": figure.last_day}
    return Headline.objects.create(place=figure.place, **days, **fields)


def marked(model, mark, **fields):
    """A row of this model whose every text is a word that stands nowhere else.

    Returns the row and {name of the field: its word}. A field that is added to the model
    later is filled too. Numbers and addresses are marked in their own way.
    """
    words = {}
    if model is Notice:  # which cannot be without an end
        fields.setdefault("expire_at", timezone.now() + 2 * DAY)
    for field in model._meta.concrete_fields:
        translated = any(f"{field.name}_en" == other.name for other in model._meta.concrete_fields)
        if field.name in fields or field.choices or field.is_relation or translated:
            continue
        word = f"{mark}{field.name}".replace("_", "")
        if isinstance(field, models.URLField):
            words[field.name] = f"https://{word}.example/"
        elif field.name == "number":
            words[field.name] = f"1-555-{next(_lines):03d}-{abs(hash(mark)) % 10_000:04d}"
        elif isinstance(field, models.CharField | models.TextField):
            words[field.name] = word[: field.max_length]
    return model.objects.create(**words, **fields), words
