"""What a text should not go out with, found while it is written and once more at publishing.

What is wrong for certain (a link of ours that leads nowhere) stops publishing; all else is asked
about once. What the markup shows is found in content/richtext/faults.py; what only one kind of item
knows, its admin says (``own_notes``).
"""

import re
import time
from collections import defaultdict
from contextlib import suppress
from functools import cache, lru_cache
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from django.apps import apps
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from awareness.content import readability
from awareness.content.fields import letters
from awareness.content.redirects import HasAddress, path_of
from awareness.content.richtext import RichTextField, faults
from awareness.web.headers import is_staff_path
from awareness.web.language import in_language
from awareness.web.models import ContentVersion

from .avoided_words import AvoidedWord
from .item_version import fields_of
from .preview import NO_COLUMN, as_if_public, public_page

LANGUAGES = dict(settings.LANGUAGES)
MOST = 50
FEW_WORDS = 40  # of fewer, a grade says nothing
HOPS = 5
IN_BRACKETS = gettext_lazy(
    "What stands in brackets is for whoever writes: put your own words there."
)
NO_WORDS = gettext_lazy("The picture “%s” has no words for people who cannot see it.")
HARD_ENGLISH = gettext_lazy("This is hard to read: grade %(grade)s. Aim for %(most)d or lower.")
HARD_SPANISH = gettext_lazy("This is hard to read: ease %(ease)d. Aim for %(least)d or higher.")
ID = re.compile(r'\sid="([^"]+)"')
ANYWHERE = frozenset(["anywhere"])  # the parts of what is no page, or not known


class Note(NamedTuple):
    message: str
    field: str  # its name in the form, or the id of a group of rows there
    at: int | None = None  # where in that field's text
    is_error: bool = False
    label: str = ""

    @property
    def anchor(self):
        return self.field if self.field.endswith("-group") else f"id_{self.field}"


def notes_of(model_admin, version):
    """[Note] in the order of the fields."""
    found, item = [], version.item
    words = defaultdict(dict)
    for row in AvoidedWord.objects.all():
        words[row.language][row.word] = row.better
    pictures = pictures_without_words(item)
    parts_at = parts_by(model_admin, version)
    for field in fields_of(type(item)):
        language = getattr(field, "language", None)
        text = field.value_from_object(item) or ""
        for code, titles in pictures.items():
            if is_of_pictures(field) and text in titles:
                found.append(Note(NO_WORDS % titles[text], field.name, label=LANGUAGES[code]))
        if not language or not isinstance(text, str):
            continue
        notes = [*about_words(text, words[language]), *about_templates(text)]
        if isinstance(field, RichTextField):
            notes += about_markup(text, pictures.get(language, {}))
            notes += about_own_links(text, language, parts_at)
            notes += about_grade(text, language, getattr(item, "is_for_help", False))
        name = field.translated_field.verbose_name
        label = f"{name[:1].upper()}{name[1:]} ({LANGUAGES[language]})"
        notes.sort(key=lambda note: (note[1] is None, note[1] or 0))
        found += [Note(*note[:1], field.name, *note[1:], label=label) for note in notes]
    found += [Note(message, field) for message, field in model_admin.own_notes(version)]
    return [*found[:MOST], *(note for note in found[MOST:] if note.is_error)][: 2 * MOST]


# --- Of a text: (message, where, whether it is an error) -----------------------------------


def about_words(text, better):
    for at, word, written in faults.occurrences(text, better):
        yield _("“%(word)s”: better “%(better)s”.") % {"word": written, "better": better[word]}, at


def about_templates(text):
    for at in faults.of_templates(text):
        yield IN_BRACKETS, at, True


def about_markup(html, pictures):
    for at, address, words in faults.links(html):
        if not address.startswith(("/", "?", "http")):
            continue
        if faults.is_vague(words):
            yield _("“%s” does not say where the link leads.") % words, at
        elif faults.is_bare(words):
            yield _("“%s” is a bare address: say in words what is there.") % words[:60], at
    for at, words, level, most in faults.skipped_levels(html):
        named = {"words": words, "level": level, "most": most}
        yield _("“%(words)s” is a heading %(level)d: make it a heading %(most)d.") % named, at
    for at in faults.tables_without_headings(html):
        yield _("A table without headings cannot be read aloud: make its first row one."), at
    for at, number in faults.pictures(html):
        if title := pictures.get(number):
            yield NO_WORDS % title, at


def about_grade(html, language, is_for_help):
    """By the limits that stand beside the text: awareness/content/readability.py."""
    if faults.readable(html).count(" ") < FEW_WORDS:
        return
    if language == "es":
        named = {"ease": readability.ease(html), "least": 70 if is_for_help else 60}
        if named["ease"] < named["least"]:
            yield HARD_SPANISH % named, None
    else:
        named = {"grade": readability.grade(html), "most": 6 if is_for_help else 8}
        if named["grade"] > named["most"]:
            yield HARD_ENGLISH % named, None


def is_of_pictures(field):
    return field.is_relation and field.related_model is apps.get_model("pages.Image")


def pictures_without_words(item):
    """{language: {number: title}} of those that it shows, in the languages in which it says
    anything. One question, if there are any."""
    shown, spoken = set(), {settings.LANGUAGE_CODE}
    for field in fields_of(type(item)):
        value = field.value_from_object(item)
        if value and hasattr(field, "language"):
            spoken.add(field.language)
        if isinstance(field, RichTextField):
            shown |= {number for _at, number in faults.pictures(value or "")}
        elif is_of_pictures(field) and value:
            shown.add(value)
    rows = shown and apps.get_model("pages.Image").objects.filter(pk__in=shown, decorative=False)
    return {
        code: {row.pk: row.title for row in rows or () if not getattr(row, f"alt_{code}")}
        for code in spoken
    }


# --- Own links -----------------------------------------------------------------------------


def about_own_links(html, language, parts_at):
    for at, written, _words in faults.links(html):
        address = letters(written).removeprefix(settings.SITE_URL)
        if not address.startswith("/"):
            continue
        asked = urlsplit(f"/{address.lstrip('/')}")  # "//" would begin a host
        part = unquote(asked.fragment)
        path = in_language(asked.path, language)
        there = parts_at(f"{path}?{asked.query}" if asked.query else path, part)
        if there is None and is_hidden(in_language(path, settings.LANGUAGE_CODE)):
            yield _("“%s” is not public yet.") % address[:100], at
        elif there is None:
            yield _("No public page has the address “%s”.") % address[:100], at, True
        elif there is not ANYWHERE and part not in ("", "top", *there) and ":~:" not in part:
            yield _("The page has no such part: “%s”.") % address[:100], at, True


def is_hidden(path):
    """Whether something has this address that nobody has published: two such pages may lead to each
    other, and one of them comes first."""
    named = {"slug": path.strip("/").rpartition("/")[2]}
    models = (model for model in apps.get_models() if issubclass(model, HasAddress))
    rows = (row for model in models for row in model._base_manager.filter(**named))
    return any(path_of(row) == path for row in rows)


def parts_by(model_admin, version):
    """A function that says which anchors a page of ours has, as the public would find it once this
    is published; None: there is no such page."""
    own = in_language(urlsplit(model_admin.path_of(version.item)).path, settings.LANGUAGE_CODE)

    @cache
    def moment():
        return ContentVersion.current(), time.time() // 300

    def parts_at(address, part):
        if not own or in_language(address, settings.LANGUAGE_CODE) != own:
            return parts_of(address, moment())
        return own_parts(address) if part else ANYWHERE

    @cache
    def own_parts(address):
        with suppress(ValidationError, *NO_COLUMN), as_if_public(version):
            return frozenset(ID.findall(public_page(address).content.decode()))
        return ANYWHERE  # its address is another item's, or a number too large: the form says so

    return parts_at


@lru_cache(maxsize=500)
def parts_of(address, _moment):
    """Of what is public already: remembered until something is published, and for five minutes at
    most, since what is due by its date comes too."""
    for _hop in range(HOPS):
        response = public_page(address)
        if response.streaming:
            response.close()  # its file
        if response.status_code >= 500:  # a fault of ours, and not of the text
            return ANYWHERE
        if response.status_code == 200:
            is_page = response["Content-Type"].startswith("text/html") and not response.streaming
            return frozenset(ID.findall(response.content.decode())) if is_page else ANYWHERE
        if response.status_code not in (301, 302, 308):
            return None
        there = urlsplit(response["Location"].removeprefix(settings.SITE_URL))
        if there.netloc:
            return ANYWHERE  # a short address
        if is_staff_path(there.path):
            return None
        address = f"{there.path}?{there.query}" if there.query else there.path
    return None
