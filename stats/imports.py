"""Figures from a CSV and back: which row of the file is which figure, and what is wrong with it.

Everything is looked at in memory, since two thousand rows that each ask the database a dozen
questions would outlast the server's patience (30 s).
"""

import datetime
from functools import partial

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from import_export import resources, results

from . import cells, guards
from .in_memory import InMemoryFigures
from .models import Break, Figure, Measure, Place, Source
from .spreadsheet import COLUMNS, DAYS, LINE, PROBLEM
from .vocabulary import Change, Status

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


class FoundRows(results.Result):
    """Numbers its rows as the spreadsheet does."""

    def append_invalid_row(self, number, row, validation_error):
        super().append_invalid_row(row[LINE], row, validation_error)

    def append_error_row(self, number, row, errors):
        super().append_error_row(row[LINE], row, errors)


class FigureResource(resources.ModelResource):
    class Meta:
        model = Figure
        fields = ()
        use_transactions = True
        skip_diff = True  # as_row() does, for a fraction of the time
        store_instance = True

    def __init__(self, assurance="", reason="", order="", **kwargs):
        super().__init__()
        self.assurance, self.reason = assurance, reason
        self.day = partial(cells.day, order=order)

    @classmethod
    def get_display_name(cls):
        return str(Figure._meta.verbose_name_plural)

    def get_result_class(self):
        return FoundRows

    # --- Out ----------------------------------------------------------------------------

    def get_export_headers(self, selected_fields=None):
        return COLUMNS

    def export_resource(self, instance, selected_fields=None, **kwargs):
        row = as_row(instance)
        return [row[column] for column in COLUMNS]

    # --- In -----------------------------------------------------------------------------

    def before_import(self, dataset, **kwargs):
        places = {place.code: place for place in Place.objects.all()}
        measures = {measure.code: measure for measure in Measure.objects.all()}
        self.sources = {(source.url, source.title): source for source in Source.objects.all()}
        self.readers = {
            "place": cells.one_of(places),
            "measure": cells.one_of(measures),
            "status": cells.one_of({status.value: status.value for status in Status}),
            **dict.fromkeys(DAYS, self.day),
            "value": cells.number,
            "as_of_exact": cells.yes_or_no,
            "change": cells.one_of({"": "", **{change.value: change.value for change in Change}}),
        }
        named = {cell.upper() for cell in dataset["place"]}
        there = Figure.objects.filter(
            place__in=[p for c, p in places.items() if c.upper() in named]
        )
        self.known = InMemoryFigures(there.with_names(), Break.objects.all())
        self.figures, self.wrong, lines = {}, {}, {}
        # What was said first is looked at before what was said later.
        dataset.dict = sorted(dataset.dict, key=self.as_of)
        for row in dataset.dict:
            self.look_at(row, lines)

    def as_of(self, row):
        try:
            return self.day(row["as_of"])
        except cells.Unclear:
            return datetime.date.max

    def look_at(self, row, lines):
        """Put what the row says into a figure, before any row is compared with another: what the
        file is about to change is not what the other rows are compared with."""
        line, wrong, given = row[LINE], {}, {}
        if row[PROBLEM]:
            wrong["row"] = row[PROBLEM]
        for column, read in self.readers.items():
            if column in row:
                try:
                    given[column] = read(row[column])
                except cells.Unclear as unclear:
                    wrong[column] = str(unclear)
        self.read_source(row, given, wrong)
        if given.keys() >= set(KEY):
            key = tuple(given[name] for name in KEY)
            if key in lines:
                wrong["row"] = (
                    _("The same place, measure, period and as-of day is in line %s.") % (lines[key])
                )
            lines.setdefault(key, line)
        if wrong:
            self.wrong[line] = wrong
            return
        figure = self.known.find(*key) or Figure()
        figure.before = as_row(figure) if figure.pk else None
        self.fill(figure, row, given)
        if figure.before not in (None, as_row(figure)):
            self.known.remove(figure)
        self.figures[line] = figure

    def fill(self, figure, row, given):
        for name, value in given.items():
            if value or name not in KEPT:
                setattr(figure, name, value)
        for column, name in WORDS.items():
            text = row.get(column, "")
            if column in row and (text or column not in KEPT):
                setattr(figure, name, text)

    def read_source(self, row, given, wrong):
        """The source with this address and title, made when it is new."""
        key = row["source_url"], row["source_title"]
        if not any(key):
            given["source"] = None
            return
        if key not in self.sources:
            source = Source(
                url=key[0],
                title=key[1],
                publisher=row.get("source_publisher", ""),
                kind=row.get("source_kind", "").lower(),
            )
            try:
                source.full_clean()
            except ValidationError as error:
                for name, messages in error.message_dict.items():
                    wrong[f"source_{name}"] = _("This source is new here: %s") % " ".join(messages)
                return
            source.save()
            self.sources[key] = source
        given["source"] = self.sources[key]

    def before_import_row(self, row, **kwargs):
        if wrong := self.wrong.get(row[LINE]):
            raise ValidationError(wrong)

    def get_or_init_instance(self, instance_loader, row):
        figure = self.figures[row[LINE]]
        return figure, figure.before is None

    def import_instance(self, instance, row, **kwargs):
        """That was done in look_at()."""

    def skip_row(self, instance, original, row, import_validation_errors=None):
        return instance.before == as_row(instance)

    def validate_instance(self, instance, *args, **kwargs):
        """What full_clean() asks, but for what the database holds to anyway."""
        wrong = instance.mistakes()
        try:
            instance.clean_fields(exclude=["place", "measure", "source"])
        except ValidationError as error:
            wrong = {**error.message_dict, **wrong}
        if not wrong:
            wrong = self.questions(instance)
            self.known.add(instance)
        if wrong:
            names = {field: column for column, field in WORDS.items()} | {"source": "source_url"}
            raise ValidationError({names.get(name, name): said for name, said in wrong.items()})

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

    def save_instance(self, instance, is_create, row, **kwargs):
        if not kwargs["dry_run"]:
            instance.save()

    def after_import_row(self, row, row_result, **kwargs):
        figure = row_result.instance
        row_result.line = row[LINE]
        before, now = figure.before or {}, as_row(figure)
        row_result.changes = [
            (column, before.get(column, ""), now[column])
            for column in COLUMNS
            if before.get(column, "") != now[column]
        ]
