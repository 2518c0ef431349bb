"""A site full of what somebody might type or bring in to break it, and what its answers are made
of, so that they can be compared with those of the same site with harmless words."""

import csv
import io
import json
import re
import string
import xml.etree.ElementTree as ElementTree
import zipfile
from urllib.parse import quote, quote_plus

from django.apps import apps
from django.db import models
from django.utils import timezone
from django.utils.html import escape
from icalendar import Calendar

from awareness.content.fields import seen
from awareness.content.richtext import RichTextField
from awareness.web.content_version import CONTENT_APPS
from pages.models import (
    Amount,
    CallToAction,
    CampaignLink,
    Citation,
    Correction,
    HelpLine,
    Image,
    LanguageCard,
    Notice,
    Section,
    Service,
    SiteSettings,
    Synonym,
    Update,
)
from stats.models import Break, Figure, Headline, Measure, Place, ReadingGuide, Source
from tests import factories
from tests.html import read_text

WORDS = {
    "markup": "</script><svg/onload=hit()>'\"><b>]]>--></textarea><!--&lt;script>",
    "attribute": "\" onfocus=hit() autofocus x='`'onfocus=hit() y=javascript:hit()",
    "templates": "{{7*7}}{%now 'Y'%}{#%s%(site)s%%${7*7}#eval(\"1\")$x$ *b* `c` {0.__class__}",
    "formula": '=1+1;=HYPERLINK("//evil.example";"x");@SUM(A1)|+1\t-1\n=cmd|\'/C x\'!A0\n\n=1\n',
    "formula behind": "'=1+1;'=1",
    "path": "../../etc/passwd\\..\\//evil.example%2f%2e%2e%0d%0aSet-Cookie:a=b?#;," + "W" * 3000,
    "header": "x\r\nSet-Cookie: a=b\r\n\r\n<html>\n",
    "controls": "a\0b\x0b\x1b[31m\x7f\x85\u2028c\u202ed\u2066\u200b\ufeff\ufffe\udc80e\U000e0041\n",
    "names": "__proto__</title>javascript:hit()//data:text/html,<i>",
}
_HARMLESS = {ord(c): chr(0x0430 + n) for n, c in enumerate(string.punctuation)}


def harmless(word):
    """As many letters, spaces and lines, and nothing that means anything to a machine."""
    return seen(word).translate(_HARMLESS)


def outline(word):
    """As many lines, of one letter each."""
    return re.sub(r"[^\n]+", "x", seen(word).replace("\r", ""))


def text_fields(model):
    """Those that hold what somebody typed."""
    for field in model._meta.concrete_fields:
        is_text = isinstance(field, models.CharField | models.TextField)
        if is_text and not field.choices and not isinstance(field, models.SlugField):
            yield field


def every_field():
    """(model, field) of all public content."""
    public = [m for m in apps.get_models() if m._meta.app_label in CONTENT_APPS]
    return {(model, field.name) for model in public for field in text_fields(model)}


def filled(model, word, **fields):
    """{field: this word, in the form that fits} of every text field that is not given."""
    translated = {f.name for f in model._meta.concrete_fields}
    for field in text_fields(model):
        if field.name in fields or f"{field.name}_en" in translated:
            continue
        if isinstance(field, RichTextField):
            fields[field.name] = f"<p>{escape(seen(word))}</p>"
        elif isinstance(field, models.URLField):
            inside = "".join(seen(word).split())
            fields[field.name] = f"https://evil.example/{inside}"[: field.max_length]
        elif isinstance(field, models.EmailField):
            fields[field.name] = f'"?bcc=x&{word[:40]}"@example.org'
        else:
            # No number is a part of the name beside it.
            start = "1" if field.name == "number" else ""
            fields[field.name] = f"{start}{word}"[: field.max_length]
    return fields


def fill_site(word):
    """Live rows of every kind, each with the word wherever words are. Returns the place's code."""
    made = []

    def make(model, **fields):
        given = filled(model, word, **fields)
        row = model(**given)
        if hasattr(row, "translation_reviewed_on"):
            row.translation_reviewed_on = "2026-01-01"
        row.save()
        made.extend((model, name) for name in given)
        return row

    live = factories.in_state("live")
    make(SiteSettings, pk=1)
    for slug, fields in {
        "one": {"kind": "guide", "on_help_page": True},
        "two": {"kind": "page", "about_site": True},
        "three": {"kind": "safety"},
        "four": {"kind": "signs", "folded": True},
        "five": {"kind": "help"},
        "six": {"kind": "audience"},
        "seven": {"kind": "question"},
        "eight": {"kind": "myth"},
        "nine": {"kind": "word"},
    }.items():
        section = make(Section, slug=slug, **fields, **live)
        make(Citation, section=section)
        make(Correction, section=section)
    image = make(Image, file=factories.photo(), focus="center")
    Section.objects.update(picture=image)
    times = {"starts_at": "2999-01-01T00:00Z", "ends_at": "2999-01-01T01:00Z"}
    make(Update, slug="news", **times, **live)
    make(Service, counties="Boone", checked_on=timezone.localdate(), **live)
    make(LanguageCard, code="xx", **live)
    make(Synonym)
    appeal = make(CallToAction, placement="everywhere", **live)
    make(Amount, appeal=appeal, dollars=5)
    make(Amount, appeal=appeal, dollars=6, monthly=True)
    make(Notice, expire_at="2999-01-01T00:00Z", **live)
    make(CampaignLink, **live)
    for kind in HelpLine.Kind.values:
        make(HelpLine, kind=kind, area="local", checked_on="2026-01-01", **live)
    place, measure = make(Place, slug="there"), make(Measure, code="things")
    source = make(Source, kind="own")
    series = {"place": place, "measure": measure, "source": source}
    for year, as_of, value in [(2019, "2020-01-01", 5), (2020, "2021-01-01", 7)]:
        days = {"first_day": f"{year}-01-01", "last_day": f"{year}-12-31"}
        make(Figure, **series, **days, as_of=as_of, value=value)
        make(Figure, **series, **days, as_of="2022-01-01", value=9, change="revision")
    make(
        Figure, **series, first_day="2015-01-01", last_day="2020-12-31", as_of="2022-01-01", value=1
    )
    make(Break, year=2020)
    make(Headline, place=place, first_day="2020-01-01", last_day="2020-12-31")
    make(ReadingGuide, pk=1)
    original = {(m, f) for m, f in every_field() if (m, f"{f}_en") in every_field()}
    assert every_field() - original <= set(made), "a field that nothing hostile was put into"
    place.refresh_from_db()
    return place.code


# --- What an answer is made of ---------------------------------------------------------------


def body_of(response):
    return b"".join(response) if response.streaming else response.content


def bones(response):
    """Its structure without its words; fails where a parser of its kind does."""
    return bones_of(response.headers["Content-Type"].partition(";")[0], body_of(response))


def bones_of(kind, body):
    if kind == "text/html":
        return [(e.tag, sorted(e.attrs)) for e in read_text(body.decode()).walk()]
    if kind == "image/svg+xml":  # letters are shapes: as many as there are
        return {(e.tag, *sorted(e.attrib)) for e in ElementTree.fromstring(body).iter()}
    if kind.endswith("xml"):
        return [(e.tag, sorted(e.attrib)) for e in ElementTree.fromstring(body).iter()]
    if kind == "text/csv":
        return [len(row) for row in csv.reader(io.StringIO(body.decode("utf-8-sig")), strict=True)]
    if kind.endswith("json"):
        return keys(json.loads(body))
    if kind == "text/calendar":
        return [sorted(event) for event in Calendar.from_ical(body).walk("VEVENT")]
    if kind == "application/zip":
        archive = zipfile.ZipFile(io.BytesIO(body))
        return {
            name: bones_of(KINDS[name.partition(".")[2]], archive.read(name))
            for name in archive.namelist()
        }
    starts = {"image/png": body[:8], "application/pdf": body[:5]}
    return starts.get(kind) or {"text/plain": len(body.splitlines())}[kind]


KINDS = {"csv": "text/csv", "csv-metadata.json": "text/json", "txt": "text/plain"}


def keys(value):
    if isinstance(value, dict):
        return {key: keys(inside) for key, inside in value.items()}
    return [keys(inside) for inside in value] if isinstance(value, list) else type(value).__name__


def named(answers, code):
    """The answers under addresses that do not tell which of two sites it is."""
    spellings = [spell(code, safe="") for spell in (quote_plus, quote)]
    found = {}
    for address, answer in answers.items():
        for spelling in spellings:
            address = address.replace(f"place={spelling}", "place=CODE")
        found[address] = answer
    return found
