"""What was known when: the same figures as of a day, on the page and in every file."""

import csv
import datetime
import io

import pytest
from django.http import QueryDict

from stats.choice import read_choice
from stats.models import Figure
from stats.series import read_cells, read_series
from stats.vocabulary import Status
from tests import factories
from tests.html import read, table

pytestmark = pytest.mark.also_postgres

# measure, year, before, after, the day of the later vintage; all of Missouri
CONFLICTS = [
    ("cases", 2020, 260, 270, "2026-01-11"),
    ("cases", 2015, 67, 69, "2017-05-03"),
    ("contacts", 2015, 365, 366, "2017-05-03"),
    ("cases", 2023, 249, 247, "2026-01-09"),
]


def value_on_page(client, measure, year, query=""):
    page = read(client.get(f"/statistics/missouri/?measure={measure}&{query}"))
    (value,) = [v for y, v, _about in table(page.all("table")[0]) if y == str(year)]
    return value, page


@pytest.mark.parametrize(("measure", "year", "before", "after", "day"), CONFLICTS)
def test_before_a_revision_the_old_value_stands_everywhere(
    client, starter, measure, year, before, after, day
):
    eve = datetime.date.fromisoformat(day) - factories.DAY
    for as_of, value, status in ((eve, before, "published"), (day, after, "revised")):
        shown, page = value_on_page(client, measure, year, f"as_of={as_of}")
        assert shown == str(value)
        (notice,) = page.all("p", class_="notice")
        assert "These are the figures as they were known on" in notice.text
        texts = page.one("svg", role="img").all("text")
        (at,) = [text.attrs["x"] for text in texts if text.text == str(year)]
        assert [t.text for t in texts if t.attrs["x"] == at] == [str(value), str(year)]
        revised = page.one("figcaption").text.partition(" Revised: ")[2].partition(".")[0]
        assert (str(year) in revised) == (status == "revised")
        query = f"place=US-MO&measure={measure}&as_of={as_of}"
        text = client.get(f"/statistics/data.csv?{query}").content.decode()
        for rows in (
            list(csv.DictReader(io.StringIO(text, newline=""))),
            client.get(f"/statistics/data.json?{query}").json()["figures"],
        ):
            (row,) = [r for r in rows if r["first_day"] == f"{year}-01-01"]
            assert (str(row["value"]), row["status"]) == (str(value), status)
    # Both stand on the page of today, with their days.
    _, page = value_on_page(client, measure, year)
    about = [a for y, _v, a in table(page.all("table")[0]) if y == str(year)][0]
    assert f"Before: {before}" in about


def test_what_came_to_be_known_later_is_missing_not_zero(client, starter):
    value, _page = value_on_page(client, "cases", 2012, "as_of=2017-05-02&to=2016")
    assert value == "Not found"


def test_nothing_was_known_before_the_first_figure(client, starter):
    page = read(client.get("/statistics/?as_of=2008-01-01"))
    assert {value for t in page.all("table") for _y, value, _a in table(t)} == {"Not found"}


def test_the_newest_in_python_is_the_newest_in_sql(starter):
    shown = {
        figure.value
        for rows in read_series(read_choice({})).values()
        for series in rows
        for figure in series.figures
    }
    assert shown == set(Figure.objects.current().values_list("value", flat=True))


def vintages(client, *said):
    """The words of the one row of the table after these (value, status) were said, day by day."""
    row = None
    for n, (value, status, more) in enumerate(said):
        same = {"place": row.place, "measure": row.measure} if row else {}
        day = datetime.date(2020, 1, 1) + n * factories.DAY
        row = factories.figure(**same, year=2008, value=value, status=status, as_of=day, **more)
    page = client.get(row.place.get_absolute_url())
    (words,) = table(read(page).one("table"))
    exported = client.get("/statistics/data.json?all=1").json()["figures"]
    return words, [(each["value"], each["status"]) for each in exported]


PUBLISHED, PROVISIONAL, NONE = Status.PUBLISHED, Status.PROVISIONAL, Status.NOT_PUBLISHED


def test_the_same_number_said_again_is_no_revision(client, db):
    (_year, value, about), exported = vintages(client, (5, PUBLISHED, {}), (5, PUBLISHED, {}))
    assert "Revised" not in about
    assert "Before" not in about
    assert exported == [(5, "published"), (5, "published")]


def test_what_was_said_before_is_not_hidden_by_saying_it_again(client, db):
    (_year, value, about), exported = vintages(
        client,
        (272, PUBLISHED, {}),
        (280, PUBLISHED, {"reason": "First"}),
        (290, PUBLISHED, {"reason": "Counted anew."}),
        (290, PROVISIONAL, {}),
        (290, PUBLISHED, {}),
    )
    assert value == "290"
    assert about.startswith("Revised. As of January 5, 2020.")
    assert "Counted anew. Before: 280, as of January 2, 2020" in about
    assert "Before: 272, as of January 1, 2020" in about
    assert about.count("Before") == 2
    statuses = ["published", "revised", "revised", "provisional", "revised"]
    assert [status for _value, status in exported] == statuses


def test_a_first_number_revises_nothing(client, db):
    (_year, value, about), exported = vintages(client, (None, NONE, {}), (5, PUBLISHED, {}))
    assert (value, "Revised" in about, "Before: not published" in about) == ("5", False, True)
    assert exported == [(None, "not_published"), (5, "published")]


def test_one_vintage_has_one_status_in_every_export(client, db):
    vintages(client, (1, PUBLISHED, {}), (2, PUBLISHED, {}), (3, PUBLISHED, {}))
    then = client.get("/statistics/data.json?as_of=2020-01-02").json()["figures"]
    everything = client.get("/statistics/data.json?all=1").json()["figures"]
    said = [row for row in everything if row["as_of"] == "2020-01-02"]
    assert [row for row in then if row["value"] == 2] == said
    assert said[0]["status"] == "revised"


def test_parts_of_a_year_stand_apart_from_totals(client, db):
    row = factories.figure(year=2008)
    same = {"place": row.place, "measure": row.measure, "source": row.source}
    factories.figure(**same, first_day=datetime.date(2007, 12, 7), value=20)
    factories.figure(
        **same, last_day=datetime.date(2008, 6, 30), first_day=datetime.date(2008, 1, 1)
    )
    factories.figure(
        **same, last_day=datetime.date(2007, 12, 31), first_day=datetime.date(2007, 12, 7)
    )
    page = read(client.get(row.place.get_absolute_url()))
    captions = [t.one("caption").text.partition(",")[0] for t in page.all("table")]
    name = row.measure.name
    assert captions == [f"{name} by year", f"{name} in all", f"{name} in parts of a year"]
    assert [r[0] for r in table(page.all("table")[2])] == [
        "January 1, 2008 to June 30, 2008",
        "December 7, 2007 to December 31, 2007",
    ]
    assert sum(1 for r in client.get("/statistics/data.json").json()["figures"] if r["value"]) == 4


def test_a_provisional_figure_says_so_in_chart_table_and_file(client, db):
    row = factories.figure(year=2008, value=5, status=Status.PROVISIONAL)
    page = read(client.get(row.place.get_absolute_url()))
    assert "Provisional: 2008." in page.one("figure").text
    assert "Provisional." in page.one("table").text
    assert b",provisional," in client.get("/statistics/data.csv").content


def test_of_many_earlier_numbers_the_last_stand_here_and_all_are_one_link_away(client, db):
    row = factories.figure(year=2008, value=1)
    for n in range(2, 8):
        factories.figure(
            place=row.place,
            measure=row.measure,
            year=2008,
            value=n,
            as_of=row.as_of + n * factories.DAY,
        )
    page = read(client.get(row.place.get_absolute_url()))
    ((_year, value, about),) = table(page.one("table"))
    assert value == "7"
    assert [n for n in range(1, 8) if f"Before: {n}," in about] == [5, 6]
    assert page.one("tbody").all("a")[-1].attrs["href"] == "/statistics/changes/"


def test_a_total_belongs_to_the_year_in_which_it_ends(starter):
    choice = read_choice(QueryDict("place=US&measure=cases&from=2020&to=2021"))
    (found,) = [list(cells) for _place, _measure, cells in read_cells(choice)]
    assert [(cell.year, cell.value) for cell in found] == [
        (None, 82_301),
        (2020, 10_500),
        (2021, 10_360),
    ]


def test_the_cite_box_pins_what_is_shown(client, starter):
    page = read(client.get("/statistics/missouri/?measure=cases"))
    cited = [dd.text for dd in page.one("section", **{"aria-labelledby": "take"}).all("dd")]
    assert len(cited) == 3
    address = "http://localhost:8000/statistics/?place=US-MO&measure=cases&as_of=2026-01-31"
    assert all(address in words for words in cited)
    path = address.removeprefix("http://localhost:8000")
    before = [row for t in read(client.get(path)).all("table") for row in table(t)]
    old = Figure.objects.get(place__code="US-MO", measure__code="cases", value=272)
    factories.figure(
        place=old.place, measure=old.measure, year=2024, value=999, as_of=datetime.date(2026, 2, 1)
    )
    assert [row for t in read(client.get(path)).all("table") for row in table(t)] == before
    assert "999" in read(client.get("/statistics/missouri/?measure=cases")).text
