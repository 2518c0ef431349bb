"""The figures as files: every row of what was collected, and a word for every gap."""

import csv
import datetime
import io
import json
import tracemalloc
import zipfile

import pytest
from django.db import connection

from stats import downloads, formulas
from stats.choice import read_choice
from stats.models import Figure, Place
from stats.vocabulary import Status
from tests import factories
from tests.html import table
from tests.stats.test_reading import ROWS, SERIES, part

COLUMNS = (
    "place measure first_day last_day value qualifier status mark as_of counted source source_url "
    "note caveat"
)


def read_csv(response):
    text = b"".join(response) if response.streaming else response.content
    return list(csv.DictReader(io.StringIO(text.decode(), newline=""), strict=True))


def key(row):
    return row["place"], row["measure"], row["first_day"], row["last_day"]


def test_every_row_reads_back_the_same_from_csv_and_json(client, starter):
    """The current ones by default, and all of them with all=1."""
    for query, wanted in (("", [r for r in ROWS if r["use"] == "current"]), ("?all=1", ROWS)):
        rows = read_csv(client.get(f"/statistics/data.csv{query}"))
        found = [row for row in rows if row["value"]]
        parsed = client.get(f"/statistics/data.json{query}").json()["figures"]
        assert [{k: "" if v is None else str(v) for k, v in row.items()} for row in parsed] == rows
        names = ("place", "measure", "first_day", "last_day", "value", "qualifier", "as_of")
        names += ("counted",)
        assert sorted(tuple(row[name] for name in names) for row in found) == sorted(
            tuple(row[name] for name in names) for row in wanted
        )
        by_key = {(*key(row), row["as_of"]): row for row in found}
        for row in wanted:
            out = by_key[*key(row), row["as_of"]]
            assert out["source"] == f"{row['source_publisher']}: {row['source_title']}"
            assert out["source_url"] == row["source_url"]
            assert row["note"].rstrip(".") in out["note"]
            assert ("or earlier" in out["note"]) == (row["as_of_exact"] == "no")
            assert "not court cases" in out["caveat"]


def test_the_columns_are_those_that_others_rely_on_in_every_language(client, starter):
    head = client.get("/statistics/data.csv").content.split(b"\r\n")[0]
    assert head.decode() == COLUMNS.replace(" ", ",")
    (first, *_rest) = client.get("/statistics/data.json").json()["figures"]
    assert list(first) == COLUMNS.split()
    assert isinstance(first["value"], int)
    rows = read_csv(client.get("/es/statistics/data.csv?all=1"))
    assert list(rows[0]) == COLUMNS.split()
    assert rows[0]["caveat"].startswith("Estos son reportes")
    english = read_csv(client.get("/statistics/data.csv?all=1"))
    same = ("place", "measure", "first_day", "last_day", "value", "status", "as_of", "source_url")
    assert [[r[n] for n in same] for r in rows] == [[r[n] for n in same] for r in english]


def test_every_year_of_every_series_has_a_row_that_says_what_it_is(client, starter):
    rows = read_csv(client.get("/statistics/data.csv"))
    years = [row for row in rows if row["first_day"].endswith("-01-01")]
    assert len(years) == 6 * len(range(2008, 2025))
    for row in years:
        assert bool(row["value"]) == (row["status"] in ("published", "revised"))
        if not row["value"]:
            assert (row["status"], row["mark"]) == ("not_found", "[x]")
            assert row["note"].startswith("We have not found a figure.")
    assert {row["status"] for row in rows} <= set(Status.values)


def test_a_revision_and_a_break_are_marked_in_their_own_rows(client, starter):
    def said(query):
        rows = read_csv(client.get(f"/statistics/data.csv?place=US-MO&measure=cases{query}"))
        rows = [row for row in rows if row["first_day"] == "2020-01-01"]
        return [(row["value"], row["status"], row["as_of"]) for row in rows]

    revised = ("270", "revised", "2026-01-11")
    assert said("&all=1") == [("260", "published", "2021-12-31"), revised]
    assert said("") == [revised]
    rows = read_csv(client.get("/statistics/data.csv?place=US&measure=contacts"))
    marked = [r["first_day"][:4] for r in rows if "Break in the series" in r["note"]]
    assert marked == ["2014", "2019", "2020"]


def test_the_file_says_what_the_page_says_cell_for_cell(client, pages, subtests):
    figures = read_csv(client.get("/statistics/data.csv"))
    for place, measure in SERIES:
        with subtests.test(place=place, measure=measure):
            yearly = table(part(pages, place, measure).all("table")[0])
            rows = {
                row["first_day"][:4]: row
                for row in figures
                if key(row)[:2] == (place, measure) and row["first_day"].endswith("-01-01")
            }
            assert [year for year, *_rest in yearly] == sorted(rows, reverse=True)
            for year, value, about in yearly:
                row = rows[year]
                number = f"{row['qualifier']} {row['value']}".strip()
                assert value.replace(",", "") == (number or "Not found")
                assert ("Revised." in about) == (row["status"] == "revised")


def test_what_a_spreadsheet_would_run_is_text(client, db):
    for n, start in enumerate(["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx"]):
        factories.figure(year=2010 + n, counted=f"{start}|calc", note=start, place=place())
    for row in read_csv(client.get("/statistics/data.csv")):
        for name, cell in row.items():
            if name not in ("value",):
                assert not cell.startswith(formulas.STARTS), (name, cell)


def place():
    return Place.objects.first() or factories.place()


def test_awkward_words_come_through_whole(client, db):
    odd = 'He said "so", then; left – ñ 漢字 \U0001f600 <b>&amp;'
    lines = 'One,\n"two";\nthree'
    factories.figure(year=2010, counted=odd, measure=factories.measure(caveat=lines))
    csv_rows = read_csv(client.get("/statistics/data.csv"))
    for rows in (csv_rows, client.get("/statistics/data.json").json()["figures"]):
        assert odd in [row["counted"] for row in rows]
        assert {row["caveat"] for row in rows} == {lines}


def test_another_site_may_read_them_and_asking_again_costs_little(client, starter):
    for form in downloads.FORMS:
        answer = client.get(f"/statistics/data.{form}")
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.content == client.get(f"/statistics/data.{form}").content
        assert answer.cookies == {}
    named = client.get("/statistics/data.csv").headers
    assert named["Content-Disposition"] == 'attachment; filename="figures-2026-01-31.csv"'
    narrow = client.get("/statistics/data.zip?place=US-MO&measure=cases&all=1").headers
    name = "figures-us-mo-cases-all-2026-01-31.zip"
    assert narrow["Content-Disposition"] == f'attachment; filename="{name}"'
    assert "data.csv-metadata.json" in named["Link"]


def test_the_metadata_describes_the_file(client, starter):
    said = client.get("/statistics/data.csv-metadata.json?place=US").json()
    assert said["@context"][0] == "http://www.w3.org/ns/csvw"
    assert said["url"] == "http://localhost:8000/statistics/data.csv?place=US"
    columns = said["tableSchema"]["columns"]
    assert [column["name"] for column in columns] == COLUMNS.split()
    required = {column["name"] for column in columns if column["required"]}
    kinds = {column["name"]: column["datatype"] for column in columns}
    for row in read_csv(client.get("/statistics/data.csv?place=US")):
        assert all(row[name] for name in required)
        for name in ("first_day", "last_day", "as_of"):
            assert kinds[name] == "date"
            assert not row[name] or datetime.date.fromisoformat(row[name])
        assert row["value"] == "" or int(row["value"]) >= 0


def test_the_zip_holds_all_of_it_and_the_same_figures_make_the_same_bytes(client, starter):
    packed = client.get("/statistics/data.zip?measure=cases")
    archive = zipfile.ZipFile(io.BytesIO(packed.content))
    assert archive.testzip() is None
    assert archive.namelist() == ["README.txt", "data.csv", "data.csv-metadata.json"]
    assert archive.read("data.csv") == client.get("/statistics/data.csv?measure=cases").content
    assert json.loads(archive.read("data.csv-metadata.json"))["url"] == "data.csv"
    readme = archive.read("README.txt").decode()
    assert "not court cases" in readme
    assert "counted 272 cases for Missouri (as of January 7, 2026)." in readme
    assert packed.content == client.get("/statistics/data.zip?measure=cases").content


# --- Many of them ---------------------------------------------------------------------------


@pytest.fixture
def fifty_thousand(db):
    """Vintages of 51 periods, written past the models: those would take half a minute."""
    pattern, measures = factories.figure(), [factories.measure() for _ in range(3)]
    fields = [field for field in Figure._meta.concrete_fields if not field.primary_key]

    values = ((field, getattr(pattern, field.attname)) for field in fields)
    usual = [field.get_db_prep_save(value, connection) for field, value in values]
    pattern.delete()
    pattern.measure.delete()
    place = {field.attname: n for n, field in enumerate(fields)}
    rows = []
    for n in range(50_000):
        row = [*usual]
        row[place["measure_id"]] = measures[n % 3].pk
        row[place["first_day"]] = f"{2008 + n % 17}-01-01"
        row[place["last_day"]] = f"{2008 + n % 17}-12-31"
        row[place["as_of"]] = str(datetime.date(2024, 1, 1) + n // 51 * factories.DAY)
        row[place["value"]] = n
        rows.append(row)
    columns = ", ".join(field.column for field in fields)
    marks = ", ".join(["%s"] * len(fields))
    with connection.cursor() as cursor:
        for n in range(0, len(rows), 500):  # in one statement each: the triggers run once for it
            some = rows[n : n + 500]
            every = ", ".join([f"({marks})"] * len(some))
            cursor.execute(f"INSERT INTO stats_figure ({columns}) VALUES {every}", sum(some, []))


@pytest.mark.slow
@pytest.mark.also_postgres
def test_fifty_thousand_vintages_stream_in_constant_memory(client, fifty_thousand):
    answer = client.get("/statistics/data.csv?all=1")
    assert answer.streaming
    tracemalloc.start()
    lines = size = peak = 0
    for chunk in answer:
        lines += chunk.count(b"\r\n")
        size += len(chunk)
        if not peak and lines > 30_000:  # 20,000 more than are held: 2 MB more, if kept
            peak = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
    assert lines == 50_001
    assert size > 5_000_000
    assert peak < 4_000_000, peak
    tag = answer.headers["ETag"]
    again = client.get("/statistics/data.csv?all=1", headers={"If-None-Match": tag})
    assert (again.status_code, again.content) == (304, b"")
    Figure.objects.filter(value=7).update(value=8)
    again = client.get("/statistics/data.csv?all=1", headers={"If-None-Match": tag})
    assert again.status_code == 200
    again.close()


@pytest.fixture
def long_files(starter, monkeypatch):
    """Every file counts as long: it streams, in many small parts."""
    monkeypatch.setattr(downloads, "CHUNK", 7)
    monkeypatch.setattr(downloads, "HELD", 1)


def test_the_words_of_a_long_file_are_all_of_its_language(client, long_files):
    """It is read when the request, and with it the language, is over."""
    answer = client.get("/es/statistics/data.csv?all=1")
    assert answer.streaming
    head = client.head("/es/statistics/data.csv?all=1")
    assert head.headers["Content-Type"].startswith("text/csv")
    assert b"".join(head) == b""
    text = b"".join(answer).decode()
    assert "or earlier" not in text
    assert "No figure" not in text
    assert text.count("Estos son reportes") == text.count("\r\n") - 1


@pytest.mark.also_postgres
def test_a_long_file_holds_what_a_short_one_does(client, starter, monkeypatch, subtests):
    queries = ("", "?as_of=2024-06-01", "?all=1", "?place=US&from=2012")
    asked = [(f, f"/statistics/data.{f}{q}") for f in ("csv", "json", "zip") for q in queries]
    all_short = {address: client.get(address) for _form, address in asked}
    monkeypatch.setattr(downloads, "CHUNK", 7)
    monkeypatch.setattr(downloads, "HELD", 0)
    for form, address in asked:
        with subtests.test(address=address):
            short, long = all_short[address], client.get(address)
            assert (short.streaming, long.streaming) == (False, True)
            assert parsed(form, b"".join(long)) == parsed(form, short.content)


def test_a_long_file_that_nobody_takes_ends_its_query(long_files, monkeypatch):
    """The page cache asks, sees that it streams, and leaves it."""
    ended = []

    def watched(choice):
        try:
            yield from downloads.csv_chunks(choice)
        finally:
            ended.append(True)

    monkeypatch.setitem(downloads.FORMS, "csv", (watched, "text/csv"))
    answer = downloads.send(read_choice({}), "csv")
    assert (answer.streaming, ended) == (True, [])
    answer.close()
    assert ended == [True]


def parsed(form, body):
    if form == "json":
        return json.loads(body)
    if form == "zip":
        archive = zipfile.ZipFile(io.BytesIO(body))
        return [archive.read(name) for name in archive.namelist()]
    return body
