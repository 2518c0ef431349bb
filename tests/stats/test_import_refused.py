"""A CSV is understood where that is safe, else refused as a whole with all the reasons."""

import pytest
from reversion.models import Revision

from stats import spreadsheet
from stats.imports import Import, as_row
from stats.models import Figure, Source
from tests.html import read
from tests.stats.csv_files import (
    CONFIRM,
    GOOD,
    IMPORT,
    as_csv,
    confirm,
    everything,
    preview,
    refused,
    wrong,
)

# --- All or nothing ---------------------------------------------------------------------


def test_all_bad_rows_are_named_at_once(admin_client, starter):
    rows = [
        GOOD,
        {**GOOD, "place": "US-XX", "measure": "calls", "status": "guessed"},
        {**GOOD, "value": "1.103", "as_of": "13/13/2024"},
        {**GOOD, "value": "about 5", "first_day": "2022-02-30", "as_of_exact": "maybe"},
        {**GOOD, "value": "", "as_of": "2024-01-06"},
        {**GOOD, "value": "-5", "as_of": "2024-01-07"},
        {**GOOD, "value": "9" * 30, "as_of": "2024-01-08"},
        GOOD,
        {**GOOD, "source_url": "javascript:alert(1)", "as_of": "2024-01-09"},
        {**GOOD, "source_title": "Another", "source_publisher": "", "as_of": "2024-01-10"},
        {**GOOD, "value": "999", "as_of": "2024-01-11"},
        {**GOOD, "note": "x" * 501, "as_of": "2023-01-11"},
    ]
    found = dict(wrong(admin_client, as_csv(*rows)))
    assert list(found) == [3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13]
    assert found[3] == (
        "place “US-XX” is not a known code. Use one of US or US-MO. measure “calls” is not a "
        "known code. Use one of contacts, cases or victims. status “guessed” is not a known "
        "code. Use one of published, provisional, revised, not_published, not_found, "
        "suppressed or not_applicable."
    )
    assert found[4] == (
        "as_of “13/13/2024” is not a date. Write it like this: 2024-12-31. value “1.103” can "
        "be read in two ways. Write it without a period."
    )
    assert "“about 5” is not a whole number." in found[5]
    assert "“2022-02-30” is not a date on the calendar." in found[5]
    assert "“maybe” is neither yes nor no." in found[5]
    assert found[6] == "value A figure with this status needs a value."
    assert found[7] == "value A figure cannot be negative."
    assert "less than or equal to 9223372036854775807" in found[8]
    assert found[9] == "row The same place, measure, period and as-of day is in line 2."
    assert found[10].startswith("source_url This source is new here: Enter a valid URL.")
    assert found[11] == "source_publisher This source is new here: This field cannot be blank."
    assert "change As of" in found[12]
    assert "reason As of" in found[12]
    assert "at most 500 characters" in found[13]


def test_a_row_with_too_many_cells_is_named(admin_client, starter):
    data = (
        as_csv(GOOD) + b"US-MO,cases,2019-01-01,2019-12-31,1,103,published,2024-01-05,a,b,c,d\r\n"
    )
    ((line, said),) = wrong(admin_client, data)
    assert line == 3
    assert "This row has 12 cells, but there are 11 columns" in said


def test_what_went_wrong_since_the_preview_keeps_everything_out(admin_client, starter):
    page = preview(admin_client, as_csv(GOOD, {**GOOD, "measure": "victims", "value": "300"}))
    place, measure = (
        Figure.objects.filter(place__code="US-MO", measure__code="contacts")
        .values_list("place", "measure")
        .first()
    )
    Figure.objects.create(
        place_id=place,
        measure_id=measure,
        value=7,
        source=Source.objects.first(),
        first_day="2022-01-01",
        last_day="2022-12-31",
        as_of="2024-01-01",
    )
    before = everything(), Revision.objects.count()
    response = confirm(admin_client, page)
    assert response.status_code == 200
    assert (
        "245 cases are more than 7 contacts"
        in read(response).one("table", class_="import-rows").text
    )
    assert (everything(), Revision.objects.count()) == before


def test_a_preview_that_is_gone_is_asked_for_again(admin_client, starter):
    for sent in ({}, {"preview": "0" * 32}, {"preview": "../x y"}, {"preview": "x\n"}):
        response = admin_client.post(CONFIRM, sent)
        assert response["Location"] == IMPORT, sent
        said = read(admin_client.get(IMPORT)).one("ul", class_="messagelist").text
        assert said == "The preview is too old. Choose the file again.", sent


# --- How programs write it --------------------------------------------------------------

ACCENTED = {**GOOD, "counted": "llamadas, señales – “sí”", "value": "1,103"}
DRESSES = {
    "a mark at the start": b"\xef\xbb\xbf" + as_csv(ACCENTED),
    "semicolons": as_csv(ACCENTED, separator=";"),
    "tabs": as_csv(ACCENTED, separator="\t"),
    "line ends of Unix": as_csv(ACCENTED).replace(b"\r\n", b"\n"),
    "line ends of old Macs": as_csv(ACCENTED).replace(b"\r\n", b"\r"),
    "Windows": as_csv(ACCENTED).decode().encode("cp1252"),
    "spaces in the number": as_csv({**ACCENTED, "value": "1\u202f103"}),
    "names as people write them": as_csv(ACCENTED)
    .replace(b"first_day", b" First Day ")
    .replace(b"measure", b"MEASURE"),
    "empty lines": b"\r\n" + as_csv(ACCENTED) + b",,,\r\n\r\n",
    "days of Excel": as_csv({**ACCENTED, "first_day": "1/1/2022", "last_day": "12/31/2022"}),
    "another column": as_csv({"use": "current", **ACCENTED}),
    "columns that are only formatted": as_csv(ACCENTED).replace(b"\r\n", b"," * 16_000 + b"\r\n"),
    "upright strokes": as_csv(ACCENTED, separator="|"),
    "Excel's first line": b"sep=;\r\n" + as_csv(ACCENTED, separator=";"),
    "Excel's first line, a tab": b"\xef\xbb\xbfSEP=\t\r\n" + as_csv(ACCENTED, separator="\t"),
    "Excel's first line, kept by another program": b'"sep=,",,\r\n' + as_csv(ACCENTED),
    "an empty row of semicolons": b";;;\r\n" + as_csv(ACCENTED, separator=";"),
    "spaces around": as_csv({name: f" {cell} " for name, cell in ACCENTED.items()}),
}


def test_it_is_understood(starter):
    for dress, data in DRESSES.items():
        records = spreadsheet.read(data)
        order = spreadsheet.order_of_days(records, "")
        found = Import(records, assurance="It is what we test with.", order=order)
        assert (found.wrong, len(found.new)) == ([], 1), dress
        row = as_row(found.new[0].figure)
        told = row["counted"], row["value"], row["last_day"]
        assert told == (ACCENTED["counted"], "1103", "2022-12-31"), dress


NO_CSV = "This is not a CSV file. In the spreadsheet, choose Save as, then CSV UTF-8."
MISSING = "These columns are missing: measure, status and source_url."
NOTED = {**GOOD, "note": "so"}
MANY_ROWS = "The file has more than 2000 rows. Split it up."
NOT_ENDED = (
    "In line %s a text in quotation marks does not end as it should: write it in one line, with "
    "one mark at its end, and two for each mark inside it."
)
WHOLE = {
    "nothing": (b"", "The file is empty."),
    "space": (b" \r\n\r\n", "The file is empty."),
    "Excel's own": (b"PK\x03\x04" + b"x" * 100, NO_CSV),
    "UTF-16": (as_csv(GOOD).decode().encode("utf-16"), NO_CSV),
    "a picture": (b"\x89PNG\r\n\x1a\n\x81\x8d\x8f", NO_CSV),
    "prose": (
        b"Dear all,\r\nhere are the figures.",
        "The first row of the file must have the names of the columns.",
    ),
    "no figures": (
        as_csv(GOOD).splitlines()[0],
        "The file has column names, but no figures below them.",
    ),
    "missing columns": (
        as_csv({k: v for k, v in GOOD.items() if k not in ("measure", "status", "source_url")}),
        MISSING,
    ),
    "unknown columns": (
        as_csv({**GOOD, "valeu": "1"}),
        "These columns are not known: valeu. Take them out, or fix their names.",
    ),
    "a column twice": (as_csv({**GOOD, "Value": "1"}), "These columns appear twice: value."),
    "too many rows": (as_csv(*[GOOD] * 2001), MANY_ROWS),
    "a million rows": (as_csv(GOOD) + b"x\n" * 900_000, MANY_ROWS),
    "too many columns": (
        as_csv(GOOD).replace(b"\r\n", b",note" * 15_000 + b"\r\n", 1),
        "The first row has more than 100 columns. Take some out.",
    ),
    "too large": (as_csv(*[GOOD] * 20000), "The file is larger than 2 MB. Split it up."),
    "a cell without end": (b'place,measure\r\n"' + b"x" * 200_000, NO_CSV),
    "a first line without end": (b"x" * 200_000, NO_CSV),
    "a long first line": (
        b"x" * 90_000,
        "The first row of the file must have the names of the columns.",
    ),
    "a text that takes in the next rows": (
        as_csv(NOTED, NOTED, {**NOTED, "measure": "victims"})
        .replace(b"\r\n", b"\r\n\r\n", 1)
        .replace(b"so\r\n", b'"the source says so\r\n', 1),
        NOT_ENDED % 3,
    ),
    "a text in two lines": (as_csv(NOTED, {**NOTED, "note": "one\ntwo"}), NOT_ENDED % 3),
    "a text without end in the last row": (as_csv(NOTED)[:-4] + b'"so', NOT_ENDED % 2),
    "days in two orders": (
        as_csv({**GOOD, "first_day": "1/1/2022", "last_day": "12/31/2022", "as_of": "13/1/2024"}),
        "“12/31/2022” has the month first, but “13/1/2024” has the day first. Write all dates "
        "the same way.",
    ),
    "marks in marks": (as_csv(NOTED)[:-4] + b'"He said "so"."', NOT_ENDED % 2),
}


BY_THE_FORM = ("nothing", "too large", "unknown columns")


def test_it_is_refused_as_a_whole(admin_client, starter):
    for file, (data, sentence) in WHOLE.items():
        if file in BY_THE_FORM:
            assert refused(admin_client, data) == sentence, file
        if file != "too large":
            with pytest.raises(spreadsheet.Refused) as said:
                spreadsheet.order_of_days(spreadsheet.read(data), "")
            assert str(said.value) == sentence, file
    page = read(admin_client.post(IMPORT, {"assurance": ""}))
    assert page.one("ul", class_="errorlist").text == "This field is required."
    assert admin_client.get(CONFIRM)["Location"] == IMPORT
