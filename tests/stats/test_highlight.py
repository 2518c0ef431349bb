"""The one figure that is large on the home page, with what stands around it."""

import pytest

from stats.models import Figure, Measure, Place, Source
from tests import factories
from tests.html import read


def band(client, path="/"):
    return read(client.get(path)).one("section", **{"aria-labelledby": "figures"})


def of(place, measure, year):
    return Figure.objects.current().get(
        place__code=place,
        measure__code=measure,
        first_day=f"{year}-01-01",
        last_day=f"{year}-12-31",
    )


@pytest.mark.parametrize("path", ["/", "/es/"])
def test_the_newest_cases_of_missouri_lead_with_source_and_day(client, starter, path):
    there = band(client, path).one("div", class_="striking")
    own, nation = of("US-MO", "cases", 2024), of("US", "cases", 2024)
    assert there.one("b", class_="big").text == f"{own.value:,}"
    assert f"{of('US-MO', 'victims', 2024).value} " in there.all("p")[1].text
    said, around = there.all("p", class_="cite")
    assert said.one("a").attrs["href"] == own.source.url
    assert str(own.as_of.year) in said.text
    assert f"{nation.value:,}" in around.text
    assert around.one("a").attrs["href"] == nation.source.url


def test_a_year_that_only_copies_know_is_not_large_and_a_missing_one_is_not_zero(client, starter):
    missouri, cases = Place.objects.get(code="US-MO"), Measure.objects.get(code="cases")
    copy = Source.objects.filter(kind="copy").first()
    factories.figure(place=missouri, measure=cases, year=2026, value=9_999, source=copy)
    there = band(client)
    assert there.one("b", class_="big").text == "272"
    chart = there.one("svg", role="img")
    assert "9,999" not in there.text
    assert "2022: not found" in chart.one("desc").text
    assert len(chart.all("rect", class_="new")) == 1


def test_where_there_is_no_such_figure_what_staff_made_to_lead_stands_alone(client, db):
    row = factories.figure(value=1_234)
    Measure.objects.update(leads=True)
    factories.headline(row)
    there = band(client)
    assert there.all("div", class_="striking") == there.all("details") == []
    assert [dd.text for dd in there.all("dd")] == ["1,234"]
