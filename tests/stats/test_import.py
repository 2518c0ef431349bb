"""A CSV in and out: understood where that is safe, else refused as a whole with the reasons."""

import csv
import datetime
import io

import pytest
from django.contrib.auth.models import Permission, User
from django.core.files.uploadedfile import SimpleUploadedFile
from reversion.models import Revision, Version

from stats import spreadsheet
from stats.imports import as_row
from stats.models import Figure, Source
from tests import factories
from tests.html import read

IMPORT, CONFIRM = "/admin/stats/figure/import/", "/admin/stats/figure/process_import/"
EXPORT = "/admin/stats/figure/export/"
GOOD = {
    "place": "US-MO",
    "measure": "cases",
    "first_day": "2022-01-01",
    "last_day": "2022-12-31",
    "value": "245",
    "status": "published",
    "as_of": "2024-01-05",
    "source_title": "Missouri, 2022",
    "source_publisher": "The hotline",
    "source_url": "https://hotline.example/missouri/2022",
    "source_kind": "primary",
}


def as_csv(*rows, separator=",", columns=None):
    columns = columns or list(dict.fromkeys(name for row in rows for name in row))
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, delimiter=separator, restval="", extrasaction="ignore")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def upload(client, data, **typed):
    file = SimpleUploadedFile("figures.csv", data, "text/csv")
    return client.post(IMPORT, {"import_file": file, "assurance": "", "reason": "", **typed})


def preview(client, data, **typed):
    """The page of what would change; fails with what is wrong instead."""
    page = read(upload(client, data, **typed))
    assert not page.all("p", class_="errornote"), page.one("div", id="content-main").text
    return page


def confirm(client, page):
    form = page.one("form", id="confirm_form")
    sent = {e.attrs["name"]: e.attrs.get("value", "") for e in form.all("input", type="hidden")}
    return client.post(form.attrs["action"], sent)


def bring_in(client, data, **typed):
    """The whole way. Returns what was said at the end."""
    response = confirm(client, preview(client, data, **typed))
    assert response["Location"] == "/admin/stats/figure/", response.content.decode()
    return read(client.get(response["Location"])).one("ul", class_="messagelist").text


def wrong(client, data, **typed):
    """[(line, what is wrong)] of a file of which nothing may be taken."""
    before = everything()
    page = read(upload(client, data, **typed))
    assert not page.all("form", id="confirm_form")
    assert everything() == before
    rows = page.one("table", class_="import-rows").one("tbody").all("tr")
    return [(int(row.one("th").text), row.one("td").text) for row in rows]


def refused(client, data):
    """The one sentence for the whole file."""
    before = everything()
    page = read(upload(client, data))
    assert not page.all("form", id="confirm_form")
    assert everything() == before
    return page.one("ul", class_="errorlist").text


def everything():
    return list(Figure.objects.order_by("pk").values()), list(
        Source.objects.order_by("pk").values()
    )


def exported(client, query=""):
    response = client.get(f"{EXPORT}{query}")
    assert response["Content-Type"] == "text/csv"
    return response.content


# --- There and back ---------------------------------------------------------------------


def test_what_was_exported_comes_back_and_changes_nothing(admin_client, starter):
    before = everything()
    count = Figure.objects.count()
    assert count >= 58
    said = bring_in(admin_client, exported(admin_client))
    assert said == f"From figures.csv: 0 new, 0 changed, {count} as before."
    assert everything() == before


def test_the_export_has_every_column_and_every_figure(admin_client, starter):
    text = exported(admin_client).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert list(rows[0]) == spreadsheet.COLUMNS
    assert len(rows) == Figure.objects.count()
    row = next(
        r
        for r in rows
        if (r["place"], r["measure"], r["first_day"], r["as_of"])
        == ("US-MO", "cases", "2020-01-01", "2026-01-11")
    )
    assert (row["value"], row["as_of_exact"], row["source_kind"]) == ("270", "yes", "secondary")


def test_the_export_is_named_and_keeps_to_the_filters(admin_client, starter):
    response = admin_client.get(EXPORT, {"place__id__exact": Figure.objects.first().place_id})
    assert response["Content-Disposition"].startswith('attachment; filename="figures-20')
    rows = list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))
    assert {row["place"] for row in rows} == {"US"}
    assert admin_client.get(EXPORT, {"status__nothing": "1"})["Location"] == EXPORT


def test_no_cell_is_run_as_a_formula_and_each_comes_back(admin_client, db):
    texts = ["=1+1", "+1", "-1", "@SUM(A1)", "'=1", "''-1", "'quoted'", "a=b"]
    place, measure = factories.place(), factories.measure()
    for year, text in enumerate(texts, 2010):
        row = factories.figure(place=place, measure=measure, year=year)
        Figure.objects.filter(pk=row.pk).update(note_en=text, note=text)
    Figure.objects.filter(note="a=b").update(counted_en="\ttab", counted="\ttab")
    data = exported(admin_client)
    cells = [cell for row in csv.reader(io.StringIO(data.decode("utf-8-sig"))) for cell in row]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]
    assert "'=1+1" in cells
    assert bring_in(admin_client, data) == "From figures.csv: 0 new, 0 changed, 8 as before."


def test_the_collected_file_is_taken_as_it_is(admin_client, starter):
    starter_file = "stats/starter/figures.csv"
    before = [as_row(row) for row in Figure.objects.with_names()]
    with open(starter_file, "rb") as file:  # noqa: PTH123
        data = file.read()
    said = bring_in(admin_client, data)
    assert said == "From figures.csv: 0 new, 0 changed, 58 as before."
    assert [as_row(row) for row in Figure.objects.with_names()] == before

    Figure.objects.all().delete()
    named = wrong(admin_client, data)
    assert len(named) > 3  # the jumps, and the numbers that were revised
    assert all("more than half" in said or "write why" in said for _line, said in named)
    typed = {"assurance": "As the sources have it.", "reason": "The source gives no reason."}
    assert (
        bring_in(admin_client, data, **typed) == "From figures.csv: 58 new, 0 changed, 0 as before."
    )
    row = Figure.objects.get(place__code="US-MO", as_of="2026-01-11")
    assert (row.change, row.reason) == ("revision", "The source gives no reason.")
    assert Figure.objects.exclude(assurance="").count() < 20  # only those that were asked about
    assert bring_in(admin_client, data) == "From figures.csv: 0 new, 0 changed, 58 as before."


# --- What it does -----------------------------------------------------------------------


def test_the_preview_says_what_would_change_and_changes_nothing(admin_client, starter):
    before = everything()
    changed = as_row(
        Figure.objects.with_names().get(
            place__code="US-MO", as_of="2026-01-07", measure__code="cases"
        )
    )
    changed |= {"note": "Another note."}
    page = preview(admin_client, as_csv(changed, GOOD))
    assert everything() == before
    assert "1 new, 1 changed, 0 as before." in page.one("form", id="confirm_form").text
    rows = page.one("table", class_="import-rows").one("tbody").all("tr")
    assert [row.text for row in rows] == [
        "2 Missouri · Cases · 2024 note – → Another note.",
        "3 Missouri · Cases · 2022 New: 245 (Published), as of January 5, 2024",
    ]


def test_an_import_is_one_revision_with_its_name(admin_client, admin_user, starter):
    said = bring_in(admin_client, as_csv(GOOD))
    assert said == "From figures.csv: 1 new, 0 changed, 0 as before."
    row = Figure.objects.get(first_day="2022-01-01")
    assert as_row(row) == {**dict.fromkeys(spreadsheet.COLUMNS, ""), **GOOD, "as_of_exact": "yes"}
    revision = Revision.objects.latest("pk")
    assert revision.get_comment() == "Imported from figures.csv"
    assert revision.user == admin_user
    assert [v.object for v in Version.objects.get_for_object(row)] == [row]
    assert (
        bring_in(admin_client, as_csv(GOOD)) == "From figures.csv: 0 new, 0 changed, 1 as before."
    )
    assert Source.objects.filter(url=GOOD["source_url"]).count() == 1


def test_an_empty_cell_takes_no_answer_away(admin_client, starter):
    bring_in(admin_client, as_csv({**GOOD, "assurance": "I asked."}))
    bring_in(admin_client, as_csv({**GOOD, "assurance": "", "note": "A note."}))
    row = Figure.objects.get(first_day="2022-01-01")
    assert (row.assurance, row.note) == ("I asked.", "A note.")
    bring_in(admin_client, as_csv({**GOOD, "note": ""}))
    assert Figure.objects.get(first_day="2022-01-01").note == ""


def test_rows_are_compared_with_what_the_file_makes_of_the_others(admin_client, db):
    place = factories.place(code="US-MO")
    for code, value in (("contacts", 30), ("cases", 10)):
        factories.figure(
            place=place,
            measure=factories.measure(code=code),
            value=value,
            year=2022,
            as_of=datetime.date(2024, 1, 5),
        )
    both = [{**GOOD, "value": "100"}, {**GOOD, "measure": "contacts", "value": "300"}]
    assert (
        bring_in(admin_client, as_csv(*both)) == "From figures.csv: 0 new, 2 changed, 0 as before."
    )
    (found,) = wrong(admin_client, as_csv(both[0], {**both[1], "value": "90"}))
    assert found[0] == 3
    assert "100 cases are more than 90 contacts" in found[1]


def test_vintages_may_stand_in_any_order(admin_client, starter):
    later = {
        **GOOD,
        "value": "250",
        "as_of": "2025-01-05",
        "change": "correction",
        "reason": "A slip.",
    }
    assert bring_in(admin_client, as_csv(later, {**GOOD, "change": ""})).startswith(
        "From figures.csv: 2 new"
    )
    assert Figure.objects.current().get(first_day="2022-01-01", measure__code="cases").value == 250


# --- All or nothing ---------------------------------------------------------------------


def test_all_bad_rows_are_named_at_once(admin_client, starter):
    rows = [
        GOOD,
        {**GOOD, "place": "US-XX", "measure": "calls", "status": "guessed"},
        {**GOOD, "value": "1.103", "as_of": "3/4/2024"},
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
        "place “US-XX” is not known here: use one of US or US-MO. "
        "measure “calls” is not known here: use one of contacts, cases or victims. "
        "status “guessed” is not known here: use one of published, provisional, revised, "
        "not_published, suppressed or not_applicable."
    )
    assert found[4] == (
        "as_of “3/4/2024” may be 2024-03-04 or 2024-04-03: write the one that it is. "
        "value “1.103” can be read in two ways: write it without a point."
    )
    assert "“about 5” is not a whole number." in found[5]
    assert "“2022-02-30” is no day of the calendar." in found[5]
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


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"import_file_name": "0" * 32},
        {"import_file_name": "../x y"},
        {"import_file_name": "x\n"},
    ],
)
def test_a_preview_that_is_gone_is_asked_for_again(admin_client, starter, sent):
    response = admin_client.post(CONFIRM, {"original_file_name": "figures.csv", **sent})
    assert response["Location"] == IMPORT
    said = read(admin_client.get(IMPORT)).one("ul", class_="messagelist").text
    assert said == "The preview is too old: choose the file again."


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
    "spaces around": as_csv({name: f" {cell} " for name, cell in ACCENTED.items()}),
}


@pytest.mark.parametrize("dress", DRESSES)
def test_it_is_understood(admin_client, starter, dress):
    said = bring_in(admin_client, DRESSES[dress], assurance="It is what we test with.")
    assert said == "From figures.csv: 1 new, 0 changed, 0 as before."
    row = as_row(Figure.objects.get(first_day="2022-01-01"))
    assert row["counted"] == ACCENTED["counted"]
    assert (row["value"], row["last_day"]) == ("1103", "2022-12-31")


NO_CSV = "This is not a CSV file: in the spreadsheet, choose Save as, then CSV UTF-8."
MISSING = "These columns are missing: measure, status and source_url."
WHOLE = {
    "nothing": (b"", "The file is empty."),
    "space": (b" \r\n\r\n", "The file is empty."),
    "Excel's own": (b"PK\x03\x04" + b"x" * 100, NO_CSV),
    "UTF-16": (as_csv(GOOD).decode().encode("utf-16"), NO_CSV),
    "a picture": (b"\x89PNG\r\n\x1a\n\x81\x8d\x8f", NO_CSV),
    "prose": (
        b"Dear all,\r\nhere are the figures.",
        "The first row of the file must hold the names of the columns.",
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
        "These columns are not known: valeu. Take them out, or mend their names.",
    ),
    "a column twice": (
        as_csv({**GOOD, "Value": "1"}),
        "These columns are there twice: value.",
    ),
    "too many rows": (
        as_csv(*[GOOD] * 2001),
        "The file has 2001 rows; at most 2000 can be brought in at once: divide it.",
    ),
    "too large": (as_csv(*[GOOD] * 20000), "The file is larger than 2 MB: divide it."),
    "a cell without end": (b'place,measure\r\n"' + b"x" * 200_000, NO_CSV),
}


@pytest.mark.parametrize("file", WHOLE)
def test_it_is_refused_as_a_whole(admin_client, starter, file):
    data, sentence = WHOLE[file]
    assert refused(admin_client, data) == sentence


def test_no_file_is_no_import(admin_client, starter):
    page = read(admin_client.post(IMPORT, {"assurance": ""}))
    assert page.one("ul", class_="errorlist").text == "This field is required."
    assert admin_client.get(CONFIRM)["Location"] == IMPORT


# --- Who may, and what it costs -----------------------------------------------------------


@pytest.mark.parametrize(
    ("may", "imports", "exports"),
    [
        (["view"], 403, 200),
        (["view", "add"], 403, 200),
        (["add", "change"], 200, 200),
        ([], 403, 403),
    ],
)
def test_who_may_bring_in_and_take_out(client, starter, may, imports, exports):
    user = User.objects.create_user("staff", is_staff=True)
    names = [f"{action}_figure" for action in may]
    user.user_permissions.set(Permission.objects.filter(codename__in=names))
    client.force_login(user)
    assert client.get(IMPORT).status_code == imports
    assert upload(client, as_csv(GOOD)).status_code == imports
    assert client.post(CONFIRM, {}).status_code == (302 if imports == 200 else 403)
    assert client.get(EXPORT).status_code == exports
    if exports == 200:
        links = [a.attrs.get("href", "") for a in read(client.get("/admin/stats/figure/")).all("a")]
        assert (IMPORT in links) is (imports == 200)
        assert [link for link in links if link.startswith(EXPORT)]


def test_more_rows_ask_the_database_no_more(admin_client, starter, django_assert_max_num_queries):
    rows = [{**GOOD, "as_of": f"2024-01-{day:02}"} for day in range(1, 29)]
    with django_assert_max_num_queries(90):
        # two a row: import-export puts a savepoint around each
        preview(admin_client, as_csv(*rows))


def test_the_preview_is_kept_in_the_cache_of_all_workers(admin_client, starter, settings, tmp_path):
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
            "LOCATION": tmp_path / "cache",
        }
    }
    assert (
        bring_in(admin_client, as_csv(GOOD)) == "From figures.csv: 1 new, 0 changed, 0 as before."
    )
