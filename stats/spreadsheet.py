"""CSV as people's programs really write it, read where that is safe, and written so that no
spreadsheet runs a cell as a formula."""

import csv
import io
import re
from itertools import islice

from django.utils.formats import date_format
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from awareness.content.fields import one_line

from . import cells
from .formulas import plain, safe

COLUMNS = [
    "place",
    "measure",
    "first_day",
    "last_day",
    "value",
    "qualifier",
    "status",
    "as_of",
    "as_of_exact",
    "counted",
    "counted_es",
    "source_title",
    "source_publisher",
    "source_url",
    "source_kind",
    "note",
    "note_es",
    "change",
    "reason",
    "reason_es",
    "assurance",
]
DAYS = ["first_day", "last_day", "as_of"]
REQUIRED = [*COLUMNS[:5], *COLUMNS[6:8], "source_title", "source_url"]
IGNORED = ["use"]  # of the file that the figures were first collected in
NOT_CSV = gettext_lazy(
    "This is not a CSV file. In the spreadsheet, choose Save as, then CSV UTF-8."
)
LINE, PROBLEM = "#line", "#problem"  # what travels with each row to where it is checked
MOST_ROWS = 2000
MOST_COLUMNS = 100
MOST_BYTES = 2_000_000
LONGEST = 100_000  # characters of a line; csv itself gives up at a cell of 131,072
SEPARATORS = ",;\t|"
NAMED = re.compile(r'"?sep=."?[\s,;|]*', re.IGNORECASE)  # a first line that Excel may ask for


class Refused(ValueError):
    """One sentence that says why the whole file is not taken."""


class TwoWays(Refused):
    """Nothing in the file proves in which order its days are written."""


def write(records):
    """The bytes of a CSV with these {column: cell}, and the mark by which Excel knows UTF-8."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    writer.writerows([safe(one_line(record[column])) for column in COLUMNS] for record in records)
    return out.getvalue().encode("utf-8-sig")


def read(data):
    """[{column: cell}], with LINE and PROBLEM, of the COLUMNS that are there. Raises Refused."""
    found = rows(decode(data))
    _number, head = next(found, (0, []))
    if not head:
        raise Refused(_("The file is empty."))
    headers, body = columns(head), list(islice(found, MOST_ROWS + 1))
    if not body:
        raise Refused(_("The file has column names, but no figures below them."))
    if len(body) > MOST_ROWS:
        raise Refused(_("The file has more than %s rows. Split it up.") % MOST_ROWS)
    places = {name: place for place, name in enumerate(headers) if name}
    records = []
    for number, row in body:
        problem = ""
        if any(row[len(headers) :]):
            problem = _(
                "This row has %(cells)s cells, but there are %(columns)s columns. Put "
                "quotation marks around text that has commas."
            ) % {"cells": len(row), "columns": len(headers)}
        # Not all cells up to the last: a spreadsheet writes thousands that are only formatted.
        kept = {n: plain(row[place]) if place < len(row) else "" for n, place in places.items()}
        records.append({LINE: number, PROBLEM: problem, **kept})
    return records


def order_of_days(records, chosen):
    """How all days of a file are written, which Excel makes 12/31/2024 of 2024-12-31 in the United
    States: as one of them proves, else as was ``chosen``. Raises Refused."""
    typed = [record[name] for name in DAYS for record in records]
    proven = cells.orders(typed)
    if len(proven) > 1:
        raise Refused(
            _(
                "“%(month)s” has the month first, but “%(day)s” has the day first. Write all "
                "dates the same way."
            )
            % proven
        )
    order = next(iter(proven), chosen)
    for cell in typed:
        days = set(cells.slashed(cell).values())
        if not order and len(days) > 1:
            raise TwoWays(
                _(
                    "Nothing in this file shows whether “%(cell)s” is %(first)s or %(second)s: "
                    "choose here for all of its days, and choose the file again."
                )
                % dict(
                    zip(("first", "second"), map(date_format, sorted(days)), strict=True), cell=cell
                )
            )
    return order


def decode(data):
    """UTF-8, with or without its mark; else what Windows writes in western countries."""
    if b"\0" in data or data.startswith(b"PK\x03\x04"):
        raise Refused(str(NOT_CSV))
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    try:
        return data.decode("cp1252")
    except UnicodeDecodeError:
        raise Refused(str(NOT_CSV)) from None


def rows(text):
    """Yields (line, stripped cells) of what is not empty, cut at the separator that finds the
    most known column names. Each line is read by itself: no cell of ours has more than one, and a
    quotation mark that is not closed would take in the figures of the next lines as a note."""
    lines = {n: line for n, line in enumerate(io.StringIO(text, newline=None), 1) if line.strip()}
    if any(len(line) > LONGEST for line in lines.values()):
        raise Refused(str(NOT_CSV))
    if lines and NAMED.fullmatch(next(iter(lines.values()))):
        del lines[min(lines)]
    head = next((line for line in lines.values() if line.strip(f' "\n{SEPARATORS}')), "")

    def names(separator):
        return sum(
            normal(cell) in COLUMNS for cell in next(csv.reader([head], delimiter=separator))
        )

    separator = max(SEPARATORS, key=names)
    for number, line in lines.items():
        if any(row := cut(number, line, separator)):
            yield number, row


def cut(number, line, separator):
    try:
        (row,) = csv.reader([line], delimiter=separator, strict=True)
    except csv.Error:
        raise Refused(
            _(
                "In line %(line)s a text in quotation marks does not end as it should: write it in "
                "one line, with one mark at its end, and two for each mark inside it."
            )
            % {"line": number}
        ) from None
    return [one_line(cell) for cell in row]


def normal(name):
    return re.sub(r"[\s-]+", "_", name.strip().lower())


def columns(head):
    """The names of the header, None where a column is left out."""
    names = [normal(cell) for cell in head]
    if not set(names) & set(COLUMNS):
        raise Refused(_("The first row of the file must have the names of the columns."))
    if len(names) - names.count("") > MOST_COLUMNS:
        raise Refused(_("The first row has more than %s columns. Take some out.") % MOST_COLUMNS)
    if missing := [name for name in REQUIRED if name not in names]:
        raise Refused(
            _("These columns are missing: %(names)s.") % {"names": get_text_list(missing, _("and"))}
        )
    twice = sorted({name for name in names if name in COLUMNS and names.count(name) > 1})
    if twice:
        raise Refused(
            _("These columns appear twice: %(names)s.") % {"names": get_text_list(twice, _("and"))}
        )
    if unknown := [n for n in names if n and n not in [*COLUMNS, *IGNORED]]:
        raise Refused(
            _("These columns are not known: %(names)s. Take them out, or fix their names.")
            % {"names": get_text_list(unknown, _("and"))}
        )
    return [name if name in COLUMNS else None for name in names]
