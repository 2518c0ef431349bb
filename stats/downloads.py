"""Figures for machines and spreadsheets: one row a figure, every missing year with its status.

However many rows there are, no more than a part of them is in memory at a time.
"""

import csv
import io
import json
import tempfile
import zipfile
from contextlib import closing
from functools import partial
from itertools import chain, islice

from django.http import HttpResponse, StreamingHttpResponse
from django.utils import translation
from django.utils.text import slugify
from django.utils.translation import gettext as _

from . import sentences
from .formulas import safe
from .series import of, read_breaks, read_cells, read_series
from .vocabulary import MARKS, Qualifier, Status

COLUMNS = ("place", "measure", "first_day", "last_day", "value", "qualifier", "status", "mark")
COLUMNS += ("as_of", "counted", "source", "source_url", "note", "caveat")
TEXT = {"place", "measure", "counted", "source", "source_url", "note", "caveat"}
CHUNK = 500  # rows
HELD = 20  # chunks: an answer of up to so many is a plain one, which the page cache may hold


def rows(choice):
    """Yields {column: value} for each figure that was chosen; values are None, int, date or str."""
    breaks = read_breaks()
    for place, measure, cells in read_cells(choice):
        series_breaks = of(breaks, place, measure)
        fixed = {
            "place": place.code,
            "measure": measure.code,
            "caveat": sentences.caveat(choice.guide, measure),
        }
        for cell in cells:
            if cell.figure is None:
                yield fixed | missing_year(cell, series_breaks)
                continue
            told = list(zip(cell.vintages, cell.statuses, strict=True))
            for figure, status in told if choice.everything else told[-1:]:
                yield fixed | one_figure(figure, status, series_breaks)


def missing_year(cell, breaks):
    note = [_("We have not found a figure.")]
    if cell.year in breaks:
        note.append(sentences.break_words(breaks[cell.year]))
    return {
        "first_day": f"{cell.year}-01-01",
        "last_day": f"{cell.year}-12-31",
        "value": None,
        "qualifier": "",
        **status_cells(cell.status),
        "as_of": None,
        "counted": "",
        "source": "",
        "source_url": "",
        "note": " ".join(note),
    }


def one_figure(figure, status, breaks):
    note = [f"{figure.note.removesuffix('.')}." if figure.note else ""]
    note.append(f"{figure.reason.removesuffix('.')}." if figure.reason else "")
    if not figure.as_of_exact:
        note.append(_("The source said so on the as-of date or earlier."))
    if figure.year in breaks:
        note.append(sentences.break_words(breaks[figure.year]))
    return {
        "first_day": figure.first_day.isoformat(),
        "last_day": figure.last_day.isoformat(),
        "value": figure.value,
        "qualifier": figure.qualifier,
        **status_cells(status),
        "as_of": figure.as_of.isoformat(),
        "counted": figure.counted,
        "source": str(figure.source) if figure.source else "",
        "source_url": figure.source.url if figure.source else "",
        "note": " ".join(filter(None, note)),
    }


def status_cells(status):
    return {"status": status.value, "mark": MARKS.get(status, "")}


# --- The forms ------------------------------------------------------------------------------


def csv_chunks(choice):
    """RFC 4180. A text that a spreadsheet would run as a formula begins with an apostrophe."""
    found = rows(choice)
    yield written([COLUMNS])
    while some := list(islice(found, CHUNK)):
        yield written([[cell_text(row, name) for name in COLUMNS] for row in some])


def written(lines):
    out = io.StringIO()
    csv.writer(out).writerows(lines)
    return out.getvalue()


def cell_text(row, name):
    value = "" if row[name] is None else str(row[name])
    return safe(value) if name in TEXT else value


def json_chunks(choice, notice=None):
    found = rows(choice)
    head = {
        "title": sentences.title(choice),
        "as_of": pinned_day(choice),
        "address": choice.address,
        "notice": notice.as_data if notice else None,
    }
    yield json.dumps(head, ensure_ascii=False)[:-1] + ', "figures": ['
    comma = ""
    while some := list(islice(found, CHUNK)):
        texts = (
            json.dumps({name: row[name] for name in COLUMNS}, ensure_ascii=False) for row in some
        )
        yield comma + "\n" + ",\n".join(texts)
        comma = ","
    yield "\n]}\n"


def about_columns(choice):
    """{column: (datatype, what it holds)}"""
    return {
        "place": ("string", _("ISO 3166 code of the place")),
        "measure": (
            "string",
            _("What is counted, one of: %(all)s")
            % {"all": ", ".join(measure.code for measure in choice.all_measures)},
        ),
        "first_day": ("date", _("First day of the period")),
        "last_day": ("date", _("Last day of the period")),
        "value": ("nonNegativeInteger", _("The number. Empty if there is none, never 0 instead")),
        "qualifier": (
            "string",
            _("The word before a number that the source rounds, one of: %(all)s; empty: exact")
            % {"all": ", ".join(Qualifier.values)},
        ),
        "status": ("string", _("One of: %(all)s") % {"all": ", ".join(Status.values)}),
        "mark": (
            "string",
            _("The status in short, one of: %(all)s; empty: published")
            % {"all": ", ".join(f"{mark} {status}" for status, mark in MARKS.items())},
        ),
        "as_of": ("date", _("The day when the source said so, or the latest day by which it had")),
        "counted": ("string", _("What exactly was counted, in the source's words")),
        "source": ("string", _("Publisher and title of the source")),
        "source_url": ("anyURI", _("Address of the source")),
        "note": ("string", _("What else to know about this figure")),
        "caveat": ("string", _("What figures of this kind do not show")),
    }


def metadata(choice, file, notice=None):
    """CSV on the Web (W3C): what each column of the CSV at this address holds."""
    about = about_columns(choice)
    columns = [
        {
            "name": name,
            "titles": name,
            "datatype": about[name][0],
            "dc:description": about[name][1],
            "required": name in ("place", "measure", "first_day", "last_day", "status"),
        }
        for name in COLUMNS
    ]
    return {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": translation.get_language()}],
        "url": file,
        "dc:title": sentences.title(choice),
        "dc:description": choice.guide.caveat,
        "dc:modified": pinned_day(choice),
        **({"rdfs:comment": notice.in_words} if notice else {}),
        "dialect": {"header": True, "encoding": "utf-8", "lineTerminators": ["\r\n"]},
        "tableSchema": {"columns": columns},
    }


def pinned_day(choice):
    day = choice.pinned.as_of
    return day.isoformat() if day else None


def metadata_chunks(choice, file=None, notice=None):
    document = metadata(choice, file or choice.address_of("data.csv"), notice)
    yield json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def zip_chunks(choice):
    """data.csv, its metadata and a README. The same figures make the same bytes."""
    parts = {
        "README.txt": readme_chunks,
        "data.csv": csv_chunks,
        "data.csv-metadata.json": partial(metadata_chunks, file="data.csv"),
    }
    with tempfile.TemporaryFile() as file:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, chunks in parts.items():
                info = zipfile.ZipInfo(name)  # dated 1980, whenever it was made
                info.compress_type = zipfile.ZIP_DEFLATED
                with archive.open(info, "w", force_zip64=True) as member:
                    for chunk in chunks(choice):
                        member.write(chunk.encode())
        file.seek(0)
        while some := file.read(2**16):
            yield some


def readme_chunks(choice):
    lines = [sentences.title(choice), choice.address, "", choice.guide.caveat, ""]
    for column in metadata(choice, "data.csv")["tableSchema"]["columns"]:
        lines.append(f"{column['name']}: {column['dc:description']}.")
    apostrophe = _(
        "A text that begins with =, +, - or @ has an apostrophe before it, so that no spreadsheet "
        "takes it for a formula."
    )
    lines += ["", apostrophe, ""]
    for series in chain.from_iterable(read_series(choice).values()):
        lines.append(f"* {sentences.summary(series)}")
    yield "\r\n".join([*lines, ""])


# --- The answer -----------------------------------------------------------------------------

FORMS = {
    "csv": (csv_chunks, "text/csv; charset=utf-8; header=present"),
    "json": (json_chunks, "application/json"),
    "csv-metadata.json": (metadata_chunks, "application/csvm+json"),
    "zip": (zip_chunks, "application/zip"),
}
WITH_NOTICE = {"json", "csv-metadata.json"}  # a ZIP is kept for longer than a notice lasts


def send(choice, form, notice=None):
    chunks, kind = FORMS[form]
    given = {"notice": notice} if form in WITH_NOTICE else {}
    parts = in_one_language(chunks(choice, **given))
    first = list(islice(parts, HELD))
    rest = next(parts, None)
    if rest is None:
        response = HttpResponse(b"".join(first), kind)
    else:
        response = StreamingHttpResponse(Streamed([*first, rest], parts), kind)
    if form in ("csv", "zip"):
        name = f"{file_name(choice)}.{form}"
        response["Content-Disposition"] = f'attachment; filename="{name}"'
    if form == "csv":
        described = choice.address_of("data.csv-metadata.json")
        response["Link"] = f'<{described}>; rel="describedby"; type="application/csvm+json"'
    return response


class Streamed:
    """Chunks of which some are made already. Closing it ends the making, and its query with it,
    while the database is still there."""

    def __init__(self, made, rest):
        self.made, self.rest = made, rest

    def __iter__(self):
        return chain(self.made, self.rest)

    def close(self):
        self.rest.close()


def file_name(choice):
    """Different for different files: figures-us-mo-cases-all-2026-01-11."""
    parts = ["figures"]
    parts += [row.code.lower() for row in (choice.place, choice.measure) if row]
    if choice.everything:
        parts.append("all")
    if choice.pinned.as_of:
        parts.append(choice.pinned.as_of.isoformat())
    return slugify("-".join(parts))


def in_one_language(chunks):
    """As bytes. They may be read when the request, and its language, are over."""
    language = translation.get_language()
    with closing(chunks):
        while True:
            with translation.override(language):
                chunk = next(chunks, None)
            if chunk is None:
                return
            yield chunk if isinstance(chunk, bytes) else chunk.encode()
