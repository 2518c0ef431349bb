"""Columns from zero, as high as their numbers, and none where there is no number."""

import datetime
from itertools import groupby, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stats.charts import chart, small_chart, spark
from stats.models import Figure, Measure, Place, Source
from stats.series import Cell, Series
from stats.vocabulary import SourceKind
from tests.html import read_text


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


def number(element, name, unit="%"):
    assert element.attrs[name].endswith(unit)
    return float(element.attrs[name].removesuffix(unit))


def drawing(drawn):
    """The columns of a chart; those of the slots without a number are not among them."""
    svg = read_text(chart(drawn)).one("svg", class_="columns")
    return svg, [rect for rect in svg.all("rect") if rect.attrs.get("class") != "gap"]


VALUES = st.lists(st.none() | st.integers(0, 1_000_000), min_size=1, max_size=30)
SOME = VALUES.filter(lambda values: any(value is not None for value in values))


@given(SOME)
def test_columns_stand_on_zero_and_are_as_high_as_their_numbers_with_the_words_around(values):
    svg, columns = drawing(series(values))
    counted = [value for value in values if value is not None]
    heights = [number(column, "height") for column in columns]
    for height, value in zip(heights, counted, strict=True):
        assert height == pytest.approx(100 * value / (max(counted) or 1), rel=1e-3, abs=0.01)
    for column, height in zip(columns, heights, strict=True):
        assert number(column, "y") + height == pytest.approx(100, abs=0.1)
    assert {line.attrs["y1"] for line in svg.all("line")} == {"100%"}
    # Nothing is drawn beyond the edges, and no two columns touch.
    ends = [(number(c, "x"), number(c, "x") + number(c, "width")) for c in columns]
    assert all(begin >= 0 and end <= 100 for begin, end in ends)
    assert all(before[1] < after[0] for before, after in pairwise(ends))
    assert len({column.attrs["width"] for column in columns}) == 1
    # A run of years without a number is one gap with its words.
    words = [text.text for text in svg.all("text", class_="gap")]
    runs = [
        [year for year, _value in run]
        for missing, run in groupby(enumerate(values, 2008), key=lambda pair: pair[1] is None)
        if missing
    ]
    assert words == [f"{run[0]}{f'–{run[-1]}' if len(run) > 1 else ''} not found" for run in runs]
    # No word is wrong and the newest is always said: on a phone not every number has room.
    counted = {str(year): f"{v:,}" for year, v in enumerate(values, 2008) if v is not None}
    said = [text.text for text in svg.all("text") if text.attrs.get("class") != "gap"]
    assert set(said) <= {*counted, *counted.values()}
    year, value = list(counted.items())[-1]
    assert [text.text for text in svg.all("text", class_="new")] == [value, year]
    assert len(svg.all("rect", class_="new")) == 1


def test_a_wide_chart_says_every_number_and_year():
    svg, _columns = drawing(series([10, 20, 30, 40, 50, None, 1_000, 2_000]))
    said = [text.text for text in svg.all("text") if text.attrs.get("class") != "gap"]
    assert said == [
        *("10", "20", "30", "40", "50", "1,000", "2,000"),
        *("2008", "2009", "2010", "2011", "2012", "2014", "2015"),
    ]


@pytest.mark.parametrize("values", [[], [None], [None] * 5])
def test_there_is_no_chart_of_nothing(values):
    assert (chart(series(values)), small_chart(series(values)), spark(series(values))) == ("",) * 3


def test_a_chart_says_what_it_shows_to_those_who_cannot_see_it():
    figure = read_text(chart(series([3, None, 5]), "Mind this.")).one("figure")
    svg = figure.one("svg", role="img")
    assert svg.attrs["aria-label"] == (
        "Cases the National Human Trafficking Hotline counted in here, 2008–2010"
    )
    assert figure.one("desc", id=svg.attrs["aria-describedby"]).text == (
        "Years with a published number: 2 of 3. The latest: In 2010, the National Human "
        "Trafficking Hotline counted 5 cases for here (as of June 1, 2011)."
    )
    assert [words.text for words in figure.one("figcaption").all("p")] == [
        "Source for 2010: none named, as of June 1, 2011. All sources",
        "In amber: 2010, the newest number. Mind this.",
    ]


def test_a_rounded_number_keeps_its_word_and_a_copy_is_outlined_and_told_at_the_foot():
    drawn = series([3, 12_000, 11_000])
    for cell, qualifier in zip(drawn.years, ["", "nearly", ""], strict=True):
        cell.figure.qualifier = qualifier
        cell.figure.source = Source(kind=SourceKind.OWN, publisher="The hotline")
    drawn.years[2].figure.source.kind = SourceKind.COPY
    figure = read_text(chart(drawn)).one("figure")
    svg = figure.one("svg", role="img")
    assert [t.text for t in svg.all("text")] == ["3", "nearly 12,000", "11,000", *YEARS[:3]]
    assert [rect.attrs.get("class") for rect in svg.all("rect")] == [None, "new", "copy"]
    assert [words.text for words in figure.one("figcaption").all("p")] == [
        "Source for 2009: The hotline, as of June 1, 2010. All sources",
        "In amber: 2009, the newest number that is not from a copy. "
        "Taken from a copy, such as a reprint or a code repository: 2010. "
        "Those columns are drawn as outlines.",
    ]


YEARS = [str(year) for year in range(2008, 2041)]
BREAKS = st.sets(st.integers(2008, 2040), max_size=5)


@given(SOME, BREAKS)
def test_nothing_is_drawn_across_a_break(values, years):
    drawn = series(values, {year: [f"Anew in {year}."] for year in years})
    svg, columns = drawing(drawn)
    inside = sorted(year for year in years if 2008 < year < 2008 + len(values))
    cuts = [number(line, "x1") for line in svg.all("line", class_="cut")]
    assert cuts == sorted(cuts)
    assert len(cuts) == len(inside)
    axis = [
        (number(line, "x1"), number(line, "x2"))
        for line in svg.all("line")
        if line.attrs.get("class") != "cut"
    ]
    gaps = svg.all("rect", class_="gap")
    drawn_over = [(number(r, "x"), number(r, "x") + number(r, "width")) for r in [*columns, *gaps]]
    assert len(axis) == len(inside) + 1
    assert not any(
        left + 0.05 < cut < right - 0.05 for left, right in [*axis, *drawn_over] for cut in cuts
    )
    figure = read_text(chart(drawn)).one("figure")
    for kind in ("n", "w"):
        marks = figure.all("svg", class_=f"marks {kind}")
        words = "".join(text.text for each in marks for text in each.all("text"))
        wanted = "".join(f"from {year} on counted differently" for year in inside)
        assert words.replace(" ", "") == wanted.replace(" ", "")
    told = [p.text for p in figure.one("figcaption").all("p") if "see how" in p.text]
    assert len(told) == bool(inside)
    assert all(str(year) in told[0] for year in inside)


def test_what_leads_draws_no_copy_and_nothing_before_the_first():
    drawn = series([1, None, 2, 3, 4, 5, None])
    kinds = [*[SourceKind.COPY] * 2, *[SourceKind.OWN] * 5]
    for n, kind in enumerate(kinds):
        if drawn.years[n].vintages:
            drawn.years[n].figure.source = Source(kind=kind)
    drawn.years[3].figure.source.kind = SourceKind.COPY
    svg = read_text(small_chart(drawn)).one("svg", role="img")
    assert svg.attrs["aria-label"].endswith(", 2010–2013")
    assert svg.one("desc").text == "2010: 2; 2011: copies only; 2012: 4; 2013: 5"
    assert [text.text for text in svg.all("text")] == [
        "2011 copies only",
        *("2", "5"),
        *("2010", "2013"),
    ]
    assert len(read_text(spark(drawn)).one("svg", class_="spark").all("rect")) == 3


def test_the_axis_of_a_spark_ends_at_each_gap_as_at_a_break():
    """A slot without a number is no column of zero."""
    drawn = series([10, None, 20, 30, None, None, 40], {2011: ["Anew."]})
    found = read_text(spark(drawn)).one("svg", class_="spark").all("line")
    axis = [(number(line, "x1"), number(line, "x2")) for line in found]
    width = 100 / 6  # two years without a number share a slot
    assert axis == [
        pytest.approx((begin * width + left, end * width - right), abs=0.05)
        for begin, end, left, right in [
            *((0, 1, 0, 0.5), (2, 3, 0.5, 0.5), (3, 4, 0.5, 0.5), (5, 6, 0.5, 0))
        ]
    ]
