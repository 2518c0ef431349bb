"""Figures from a CSV and back: which row of the file is which figure, and what is wrong with it.

Everything is looked at in memory, since two thousand rows that each ask the database a dozen
questions would outlast the server's patience (30 s).
"""

import datetime
from dataclasses import dataclass, field
from functools import partial
from operator import attrgetter

from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from . import cells, guards
from .in_memory import InMemoryFigures
from .models import Break, Figure, Measure, Place, Source
from .spreadsheet import COLUMNS, DAYS, LINE, PROBLEM
from .vocabulary import OLD_KINDS, Change, Qualifier, Status

WORDS = {
    "counted": "counted_en",
    "counted_es": "counted_es",
    "note": "note_en",
    "note_es": "note_es",
    "reason": "reason_en",
    "reason_es": "reason_es",
    "assurance": "assurance",
}
# Written by hand in the admin, or filled in at an import: an empty cell does not take it away.
KEPT = ["change", "reason", "reason_es", "assurance"]
KEY = ["place", "measure", "first_day", "last_day", "as_of"]


def as_row(figure):
    """{column: cell}: what an export writes, and by which an import tells what it changes."""
    source = figure.source or Source()
    return {
        "place": figure.place.code,
        "measure": figure.measure.code,
        "first_day": figure.first_day.isoformat(),
        "last_day": figure.last_day.isoformat(),
        "value": "" if figure.value is None else str(figure.value),
        "qualifier": str(figure.qualifier),
        "status": str(figure.status),
        "as_of": figure.as_of.isoformat(),
        "as_of_exact": "yes" if figure.as_of_exact else "no",
        "source_title": source.title,
        "source_publisher": source.publisher,
        "source_url": source.url,
        "source_kind": source.kind,
        "change": str(figure.change),
        **{column: getattr(figure, name) or "" for column, name in WORDS.items()},
    }


@dataclass
class Row:
    """One line of a file: its figure as it would be, and what is wrong with it."""

    line: int
    figure: Figure | None = None
    before: dict | None = None  # its cells as they are stored; None of a new one
    errors: dict = field(default_factory=dict)  # {column: [sentence]}

    @property
    def is_same(self):
        return self.before == as_row(self.figure)

    @property
    def changes(self):
        """[(column, cell before, cell now)]"""
        now = as_row(self.figure)
        return [(c, self.before[c], now[c]) for c in COLUMNS if self.before[c] != now[c]]


class Import:
    """The rows of a file (of spreadsheet.read), compared with what is stored and with each other.

    Within a transaction: a source that is new is saved at once. ``assurance`` and ``reason``
    answer what is asked about rows that give no answer of their own; ``order`` is how the file
    writes its days.
    """

    def __init__(self, records, assurance="", reason="", order=""):
        self.assurance, self.reason = assurance, reason
        day = partial(cells.day, order=order)
        places = {place.code: place for place in Place.objects.all()}
        measures = {measure.code: measure for measure in Measure.objects.all()}
        self.sources = {(source.url, source.title): source for source in Source.objects.all()}
        self.readers = {
            "place": cells.one_of(places),
            "measure": cells.one_of(measures),
            "qualifier": cells.one_of({name: name for name in ["", *Qualifier.values]}),
            "status": cells.one_of({status.value: status.value for status in Status}),
            **dict.fromkeys(DAYS, day),
            "value": cells.number,
            "as_of_exact": cells.yes_or_no,
            "change": cells.one_of({"": "", **{change.value: change.value for change in Change}}),
        }
        named = {record["place"].upper() for record in records}
        there = [place for code, place in places.items() if code.upper() in named]
        there = Figure.objects.filter(place__in=there).with_names()
        self.known, self.lines = InMemoryFigures(there, Break.objects.all()), {}

        def as_of(record):
            try:
                return day(record["as_of"])
            except cells.Unclear:
                return datetime.date.max

        # What was said first is looked at before what was said later, and all is in place before
        # any of it is compared: not with what the file is about to change.
        self.rows = [self.read(record) for record in sorted(records, key=as_of)]
        for row in self.rows:
            if not row.errors:
                self.check(row)
        self.rows.sort(key=attrgetter("line"))

    @property
    def wrong(self):
        return [row for row in self.rows if row.errors]

    @property
    def new(self):
        return [row for row in self.rows if row.before is None]

    @property
    def changed(self):
        return [row for row in self.rows if row.before is not None and not row.is_same]

    @property
    def same(self):
        return [row for row in self.rows if row.is_same]

    def read(self, record):
        row, given = Row(record[LINE]), {}
        if record[PROBLEM]:
            row.errors["row"] = [record[PROBLEM]]
        for column, read in self.readers.items():
            if column in record:
                try:
                    given[column] = read(record[column])
                except cells.Unclear as unclear:
                    row.errors[column] = [str(unclear)]
        try:
            given["source"] = self.source(record)
        except ValidationError as error:
            for name, messages in error.message_dict.items():
                message = _("This source is new here: %s") % " ".join(messages)
                row.errors[f"source_{name}"] = [message]
        if given.keys() >= set(KEY):
            key = tuple(given[name] for name in KEY)
            if key in self.lines:
                message = _("The same place, measure, period and as-of day is in line %s.")
                row.errors["row"] = [message % self.lines[key]]
            self.lines.setdefault(key, row.line)
        if not row.errors:
            row.figure = self.known.find(*key) or Figure()
            row.before = as_row(row.figure) if row.figure.pk else None
            fill(row.figure, record, given)
            if row.before and not row.is_same:
                self.known.remove(row.figure)
        return row

    def source(self, record):
        """The one with this address and title, made when it is new; None if neither is given."""
        key = record["source_url"], record["source_title"]
        if any(key) and key not in self.sources:
            kind = record.get("source_kind", "").lower()
            source = Source(
                url=key[0],
                title=key[1],
                publisher=record.get("source_publisher", ""),
                kind=OLD_KINDS.get(kind, kind),
            )
            source.full_clean()
            source.save()
            self.sources[key] = source
        return self.sources.get(key)

    def check(self, row):
        """What full_clean() asks, but for what the database holds to anyway."""
        figure, wrong = row.figure, row.figure.mistakes()
        try:
            figure.clean_fields(exclude=["place", "measure", "source"])
        except ValidationError as error:
            wrong = {**error.message_dict, **wrong}
        if not wrong:
            wrong = self.questions(figure)
            self.known.add(figure)
        names = {field: column for column, field in WORDS.items()} | {"source": "source_url"}
        for name, found in wrong.items():
            row.errors[names.get(name, name)] = (
                [found] if isinstance(found, (str, Promise)) else found
            )

    def questions(self, figure):
        """What the guards ask, where the answers that came with the file are not enough."""
        asked = guards.problems(figure, self.known)
        if "assurance" in asked and self.assurance:
            figure.assurance = self.assurance
        if guards.REASON in asked and self.reason:
            figure.change = figure.change or Change.REVISION
            setattr(figure, guards.REASON, self.reason)
        asked = asked and guards.problems(figure, self.known)
        if "assurance" in asked:
            asked["assurance"].pop()  # where to answer: the page says so once
        return asked

    def save(self):
        for row in [*self.new, *self.changed]:
            row.figure.save()


def fill(figure, record, given):
    if "qualifier" not in record and figure.value != given["value"]:
        figure.qualifier = ""  # the new number stands there without a word
    for name, value in given.items():
        if value or name not in KEPT:
            setattr(figure, name, value)
    for column, name in WORDS.items():
        text = record.get(column, "")
        if column in record and (text or column not in KEPT):
            setattr(figure, name, text)
