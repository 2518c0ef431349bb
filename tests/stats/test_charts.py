"""Bars from zero, as long as the number is high, and none where there is no number."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stats.charts import chart
from stats.models import Figure, Measure, Place, Source
from stats.series import Cell, Series
from stats.vocabulary import SourceKind
from tests.html import read, read_text


def series(values, breaks=None):
    """A series with these values from 2008 on, None where there is none."""
    place = Place(name="Here", in_sentence="here", slug="here")
    measure = Measure(name="Cases", noun_one="case", noun_many="cases", code="cases")
    cells = [Cell(year=year) for year in range(2008, 2008 + len(values))]
    for cell, value in zip(cells, values, strict=True):
        if value is not None:
            figure = Figure(
                place=place,
                measure=measure,
                value=value,
                first_day=datetime.date(cell.year, 1, 1),
                last_day=datetime.date(cell.year, 12, 31),
                as_of=datetime.date(cell.year + 1, 6, 1),
            )
            cell.vintages.append(figure)
    return Series(place, measure, cells, [], [], breaks or {})


def number(element, name, unit):
    assert element.attrs[name].endswith(unit)
    return float(element.attrs[name].removesuffix(unit))


VALUES = st.lists(st.none() | st.integers(0, 1_000_000), min_size=1, max_size=30)


@given(VALUES.filter(lambda values: any(value is not None for value in values)))
def test_bars_are_as_long_as_their_numbers_are_high(values):
    svg = read_text(chart(series(values))).one("svg", role="img")
    bars, counted = svg.all("rect"), [value for value in values if value is not None]
    assert len(bars) == len(counted)
    widths = [number(bar, "width", "%") for bar in bars]
    longest = max(widths)
    assert longest == (0 if max(counted) == 0 else pytest.approx(40))
    for width, value in zip(widths, counted, strict=True):
        assert width == pytest.approx(longest * value / (max(counted) or 1), abs=0.01)
    zero = svg.one("line")
    starts = {rows.attrs["x"] for rows in svg.all("svg")}
    assert {zero.attrs["x1"], zero.attrs["x2"]} == starts
    assert {bar.attrs["x"] for bar in bars} == {"0"}
    # Nothing is drawn beyond the edges, and no two rows share a place.
    height = number(svg, "height", "rem")
    tops = [number(bar, "y", "rem") for bar in bars]
    assert tops == sorted(set(tops))
    assert all(
        top + number(bar, "height", "rem") <= height for top, bar in zip(tops, bars, strict=True)
    )


@given(VALUES.filter(lambda values: any(value is not None for value in values)))
def test_every_year_is_named_with_its_number_or_the_lack_of_it(values):
    texts = [
        text.text for text in read_text(chart(series(values))).one("svg", role="img").all("text")
    ]
    assert texts == [
        word
        for year, value in enumerate(values, 2008)
        for word in (str(year), "not found" if value is None else f"{value:,}")
    ]


@pytest.mark.parametrize("values", [[], [None], [None] * 5])
def test_there_is_no_chart_of_nothing(values):
    assert chart(series(values)) == ""


def test_a_chart_says_what_it_shows_to_those_who_cannot_see_it():
    figure = read_text(chart(series([3, None, 5]), "Mind this.")).one("figure")
    svg = figure.one("svg", role="img")
    names = svg.attrs["aria-labelledby"], svg.attrs["aria-describedby"]
    named = [figure.one("strong", "desc", id=name) for name in names]
    assert [element.text for element in named] == [
        "Cases by year, Here, counted by the National Human Trafficking Hotline",
        "Years with a published number: 2 of 3. The latest: In 2010, the National Human "
        "Trafficking Hotline counted 5 cases for here (as of June 1, 2011).",
    ]
    assert figure.one("p", class_="cite").text == "Mind this."


def test_a_rounded_number_keeps_its_word_and_a_copy_is_told_at_the_foot():
    drawn = series([3, 12_000])
    for cell, qualifier in zip(drawn.years, ["", "nearly"], strict=True):
        cell.figure.qualifier = qualifier
        cell.figure.source = Source(kind=SourceKind.COPY if qualifier else SourceKind.OWN)
    figure = read_text(chart(drawn, "Mind this.")).one("figure")
    assert [text.text for text in figure.one("svg", role="img").all("text")] == [
        *("2008", "3"),
        *("2009", "nearly 12,000"),
    ]
    assert [words.text for words in figure.all("p", class_="cite")] == [
        "Taken from a copy, such as a reprint or a code repository: 2009.",
        "Mind this.",
    ]


BREAKS = st.sets(st.integers(2008, 2040), max_size=5)


@given(VALUES.filter(lambda values: any(value is not None for value in values)), BREAKS)
def test_nothing_is_drawn_across_a_break(values, years):
    drawn = series(values, {year: [f"Anew in {year}."] for year in years})
    svg = read_text(chart(drawn)).one("figure").one("svg", role="img")
    inside = sorted(year for year in years if 2008 < year < 2008 + len(values))
    cuts = svg.all("line", class_="cut")
    assert [text.text for text in svg.all("text", class_="cut")] == [
        f"counted differently from {year}" for year in inside
    ]
    heights = [number(each, "y1", "rem") for each in cuts]
    axis = [
        (number(e, "y1", "rem"), number(e, "y2", "rem")) for e in svg.all("line") if e not in cuts
    ]
    assert len(axis) == len(inside) + 1
    assert not any(top < cut < end for top, end in axis for cut in heights)
    tops = [number(bar, "y", "rem") for bar in svg.all("rect")]
    assert not any(top < cut < top + 1 for top in tops for cut in heights)
    explained = read_text(chart(drawn)).one("figure").all("li")
    assert [item.text for item in explained] == [f"{year} Anew in {year}." for year in inside]


def test_the_bars_on_a_page_are_those_of_its_table(client, starter):
    page = read(client.get("/statistics/missouri/"))
    sections = [section for section in page.all("section") if section.all("svg")]
    assert len(sections) == 3
    for section in sections:
        rows = section.all("table")[0].one("tbody").all("tr")
        numbers = [row.one("b").text for row in reversed(rows) if row.all("b")]
        texts = [
            t for t in section.one("svg", role="img").all("text") if t.attrs.get("class") != "cut"
        ]
        said = [t.text for t in texts[1::2] if t.attrs.get("class") != "missing"]
        assert [words.removesuffix(", revised") for words in said] == numbers  # others are years
        revised = [row for row in reversed(rows) if row.text.count("Revised.")]
        assert len([words for words in said if words.endswith(", revised")]) == len(revised)
        assert len(section.one("svg", role="img").all("rect")) == len(numbers)
