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
    rounded = {"/": "nearly 12,000 cases", "/es/": "casi 12,000 casos"}[path]
    assert f", 2024: {rounded}." in around.text
    assert around.one("a").attrs["href"] == nation.source.url
    assert str(nation.as_of.year) in around.text


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


def test_the_newest_of_the_nation_is_from_no_copy_and_a_status_is_said(client, starter):
    nation, cases = Place.objects.get(code="US"), Measure.objects.get(code="cases")
    copy = Source.objects.filter(kind="copy").first()
    factories.figure(place=nation, measure=cases, year=2026, value=9_999, source=copy)
    factories.figure(place=nation, measure=cases, year=2025, value=None, status="suppressed")
    own, victims = of("US-MO", "cases", 2024), of("US-MO", "victims", 2024)
    for row in (own, victims, of("US", "cases", 2024)):
        Figure.objects.filter(pk=row.pk).update(status="provisional")
    there = band(client).one("div", class_="striking")
    said, victims, _source, around = there.all("p")
    assert said.text == "272 cases counted for Missouri in 2024 (provisional)"
    assert victims.text == "In those cases: 539 victims. Provisional."
    assert around.text.startswith("United States, 2024: nearly 12,000 cases. Provisional. Source: ")


def test_a_caveat_that_stands_in_for_a_missing_translation_says_its_language(client, starter):
    Measure.objects.filter(code="cases").update(caveat_es="")
    said = band(client, "/es/").one("div", class_="striking").all("p", class_="cite")[0]
    assert said.one("span", lang="en").text == Measure.objects.get(code="cases").caveat
    assert not band(client).all("span", lang="en")


def test_where_there_is_no_such_figure_what_staff_made_to_lead_stands_alone(client, db):
    row = factories.figure(value=1_234)
    Measure.objects.update(leads=True)
    factories.headline(row)
    there = band(client)
    assert there.all("div", class_="striking") == there.all("details") == []
    assert [dd.text for dd in there.all("dd")] == ["1,234"]
