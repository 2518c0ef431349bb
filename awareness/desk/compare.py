"""What differs between two versions of an item, in words: no markup, no names of columns."""

from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist
from django.db import models
from django.utils import timezone
from django.utils.formats import localize
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from awareness.content.richtext import RichTextField, canonical, in_lines

from .diff import Piece, compare_lines, deadline_from_now
from .item_version import relations

EMPTY = "–"
# The desk shows the state of an item in a way of its own; the other is no words.
LEFT_OUT = {"published", "checked_what"}
NEAR = 1  # lines around a change that are shown with it
SHORT = 120  # letters that can be read as "this → that"
FOLDED = [Piece("folded", "…")]


class Text(list):
    """Lines, and the markup that they had, so that a change of that alone is not lost."""

    def __init__(self, lines=(), markup=""):
        super().__init__(lines)
        self.markup = markup


@dataclass
class Change:
    label: str
    pieces_by_line: list
    before: object
    after: object
    # "short": one value instead of another; "layout": the same words, with other markup; "added"
    # and "removed": a whole row.
    kind: str = "text"

    @property
    def shown(self):
        """The lines, with one marker for those that are the same and far from any change."""
        lines = self.pieces_by_line
        changed = [n for n, line in enumerate(lines) if any(p.kind != "same" for p in line)]
        near = {n + step for n in changed for step in range(-NEAR, NEAR + 1)}
        shown = []
        for n, line in enumerate(lines):
            if n in near:
                shown.append(line)
            elif shown[-1:] != [FOLDED]:
                shown.append(FOLDED)
        return shown


def as_lines(value):
    if isinstance(value, str):
        return [] if value == EMPTY else value.splitlines()
    return list(value)


def is_short(value):
    return isinstance(value, str) and len(value) <= SHORT and len(value.splitlines()) < 2


def differences(before, after, deadline=None):
    """[Change] of two {label: text or lines}; what only one of them has was empty in the other."""
    deadline = deadline or deadline_from_now()
    changes = []
    for label in dict.fromkeys([*before, *after]):
        old, new = before.get(label, EMPTY), after.get(label, EMPTY)
        kind, lines = "text", []
        if as_lines(old) == as_lines(new):
            if getattr(old, "markup", "") == getattr(new, "markup", ""):
                continue
            kind = "layout"
        elif is_short(old) and is_short(new):
            kind, lines = "short", [[Piece("removed", old), Piece("added", new)]]
        else:
            lines = compare_lines(as_lines(old), as_lines(new), deadline)
        changes.append(Change(label, lines, old, new, kind))
    return changes


# --- Items and their rows --------------------------------------------------------------


def name_of(model, name):
    """Of a field, or of the rows that belong to an item, as staff read it."""
    key = relations(model).get(name)
    if key:
        return capfirst(str(key.model._meta.verbose_name_plural))
    return _label(model._meta.get_field(name))


def _label(field):
    language = getattr(field, "language", None)
    if not language:
        return capfirst(str(field.verbose_name))
    name = capfirst(str(field.translated_field.verbose_name))
    return f"{name} ({dict(settings.LANGUAGES)[language]})"


def _value(item, field):
    value = field.value_from_object(item)
    if value is None or value == "":
        return EMPTY
    if field.is_relation:
        try:
            return str(getattr(item, field.name))
        except ObjectDoesNotExist:  # in a version that is older than the deletion
            return _("no longer there")
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(field, RichTextField):
        return Text(in_lines(value), markup) if (markup := canonical(value)) else EMPTY
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(field, models.CharField | models.TextField):
        return Text(" ".join(line.split()) for line in str(value).strip().splitlines()) or EMPTY
    if isinstance(field, models.DateTimeField) and timezone.is_aware(value):
        value = timezone.localtime(value)
    return str(localize(value))


def in_words(item, fields=None, parent=None):
    """{label: value} of what staff can change of it (or of the named fields alone).

    Asks the database for nothing but what foreign keys name; one to a ``parent`` is left out.
    """
    columns = type(item)._meta.concrete_fields
    translated = {f.translated_field.name for f in columns if hasattr(f, "translated_field")}
    bases = [c._meta for c in type(item).__mro__ if hasattr(c, "_meta") and c._meta.abstract]
    shared = {field.name for base in bases for field in base.fields}
    words = {}
    # Its own words come before what it shares with others, such as the times of publishing.
    for field in sorted(columns, key=lambda field: field.name in shared):
        if field.primary_key or not field.editable or field.name in LEFT_OUT | translated:
            continue
        if parent and field.related_model and issubclass(parent, field.related_model):
            continue
        if fields is None or field.name in fields:
            words[_label(field)] = _value(item, field)
    return words


def _row(row, parent):
    """What stands in a row, a line for each field that is not empty."""
    lines = Text()
    for label, value in in_words(row, parent=parent).items():
        if value != EMPTY:
            first, *rest = as_lines(value) or [""]
            lines += [f"{label}: {first}", *rest]
            lines.markup += getattr(value, "markup", "")
    return lines


def _title(row):
    return f"{capfirst(str(row._meta.verbose_name))}: {row}"


def compare_rows(before, after, parent=None, deadline=None):
    """[Change] of two lists of rows: what was changed and added, in their order, then removed.

    A row is the same one that has the same id; else the same content, since a row that was
    deleted and entered again is nothing new to a reader; else the same title.
    """
    words = {id(row): _row(row, parent) for row in (*before, *after)}
    titles = {id(row): _title(row) for row in (*before, *after)}
    was, left = {}, list(before)
    for same in (
        lambda old, new: old.pk is not None and old.pk == new.pk,
        lambda old, new: words[id(old)] == words[id(new)],
        lambda old, new: titles[id(old)] == titles[id(new)],
    ):
        for new in after:
            found = next((old for old in left if same(old, new)), None)
            if id(new) not in was and found is not None:
                was[id(new)] = found
                left.remove(found)
    changes = []
    for row in after:
        lines, title = words[id(row)], titles[id(row)]
        if old := was.get(id(row)):
            changes += differences({title: words[id(old)]}, {title: lines}, deadline)
        else:
            changes.append(Change(title, compare_lines([], lines), EMPTY, lines, "added"))
    for row in left:
        lines, title = words[id(row)], titles[id(row)]
        changes.append(Change(title, compare_lines(lines, []), lines, EMPTY, "removed"))
    return changes


def compare(before, after):
    """[Change] of two item_version.ItemVersion; either may be None: not yet there."""
    deadline = deadline_from_now()
    items = [in_words(side.item) if side else {} for side in (before, after)]
    inlines = [side.inlines if side else {} for side in (before, after)]
    parent = type((after or before).item)
    changes = differences(*items, deadline)
    for name in dict.fromkeys([*inlines[0], *inlines[1]]):
        rows = [side.get(name, []) for side in inlines]
        changes += compare_rows(*rows, parent, deadline)
    return changes
