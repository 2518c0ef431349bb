"""What was known when: the same figures as of a day, on the page and in every file."""

import csv
import datetime
import io

import pytest
from django.http import QueryDict

from stats.choice import read_choice
from stats.models import Figure, Status
from stats.series import read_cells, read_series
from tests import factories
from tests.html import read, table

# place, measure, year, before, after, the day of the later vintage
CONFLICTS = [
    ("missouri", "US-MO", "cases", 2020, 260, 270, "2026-01-11"),
    ("missouri", "US-MO", "cases", 2015, 67, 69, "2017-05-03"),
    ("missouri", "US-MO", "contacts", 2015, 365, 366, "2017-05-03"),
    ("missouri", "US-MO", "cases", 2023, 249, 247, "2026-01-09"),
]


def value_on_page(client, slug, measure, year, query):
    page = read(client.get(f"/statistics/{slug}/?measure={measure}&{query}"))
    (value,) = [v for y, v, _about in table(page.all("table")[0]) if y == str(year)]
    return value, page


@pytest.mark.parametrize(("slug", "code", "measure", "year", "before", "after", "day"), CONFLICTS)
def test_before_a_revision_the_old_value_stands_everywhere(
    client, starter, slug, code, measure, year, before, after, day
):
    eve = datetime.date.fromisoformat(day) - factories.DAY
    for as_of, value, status in ((eve, before, "published"), (day, after, "revised")):
        shown, page = value_on_page(client, slug, measure, year, f"as_of={as_of}")
        assert shown == str(value)
        (notice,) = page.all("p", class_="notice")
        assert "These are the figures as they were known on" in notice.text
        bars = [t.text for t in page.one("svg", role="img").all("text")]
        said = f"{value}, revised" if status == "revised" else str(value)
        assert bars[bars.index(str(year)) + 1] == said
        query = f"place={code}&measure={measure}&as_of={as_of}"
        text = client.get(f"/statistics/data.csv?{query}").content.decode()
        for rows in (
            list(csv.DictReader(io.StringIO(text, newline=""))),
            client.get(f"/statistics/data.json?{query}").json()["figures"],
        ):
            (row,) = [r for r in rows if r["first_day"] == f"{year}-01-01"]
            assert (str(row["value"]), row["status"]) == (str(value), status)
    # Both stand on the page of today, with their days.
    _, page = value_on_page(client, slug, measure, year, "")
    about = [a for y, _v, a in table(page.all("table")[0]) if y == str(year)][0]
    assert f"Before: {before}" in about


def test_what_came_to_be_known_later_is_missing_not_zero(client, starter):
    value, _page = value_on_page(client, "missouri", "cases", 2012, "as_of=2017-05-02&to=2016")
    assert value == "Not published"


def test_nothing_was_known_before_the_first_figure(client, starter):
    page = read(client.get("/statistics/?as_of=2008-01-01"))
    assert {value for t in page.all("table") for _y, value, _a in table(t)} == {"Not published"}


def test_the_newest_in_python_is_the_newest_in_sql(starter):
    shown = {
        figure.value
        for rows in read_series(read_choice({})).values()
        for series in rows
        for figure in series.figures
    }
    assert shown == set(Figure.objects.current().values_list("value", flat=True))


def test_the_same_number_said_again_is_no_revision(client, db):
    row = factories.figure(year=2008, value=5)
    same = {"place": row.place, "measure": row.measure, "year": 2008, "value": 5}
    factories.figure(**same, as_of=row.as_of + factories.DAY)
    ((_year, _value, about),) = table(read(client.get(row.place.get_absolute_url())).one("table"))
    assert "Revised" not in about
    assert "Before: 5" in about


def test_a_provisional_figure_says_so_in_chart_table_and_file(client, db):
    row = factories.figure(year=2008, value=5, status=Status.PROVISIONAL)
    page = read(client.get(row.place.get_absolute_url()))
    assert "5, provisional" in page.one("svg", role="img").text
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
        (2020, None),
        (2021, 10_360),
    ]


def test_the_cite_box_pins_what_is_shown(client, starter):
    page = read(client.get("/statistics/missouri/?measure=cases"))
    cited = [dd.text for dd in page.one("section", **{"aria-labelledby": "take"}).all("dd")]
    assert len(cited) == 3
    address = "http://localhost:8000/statistics/?place=US-MO&measure=cases&as_of=2026-01-11"
    assert all(address in words for words in cited)
    path = address.removeprefix("http://localhost:8000")
    before = [row for t in read(client.get(path)).all("table") for row in table(t)]
    old = Figure.objects.get(place__code="US-MO", measure__code="cases", value=272)
    factories.figure(
        place=old.place, measure=old.measure, year=2024, value=999, as_of=datetime.date(2026, 2, 1)
    )
    assert [row for t in read(client.get(path)).all("table") for row in table(t)] == before
    assert "999" in read(client.get("/statistics/missouri/?measure=cases")).text
