"""A figure in words: never without its place, period, value and date."""

import datetime
import re

from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from stats import sentences
from stats.models import Figure, Measure, Place, Source
from stats.series import Cell, Series
from stats.vocabulary import WITH_VALUE, Qualifier, SourceKind, Status
from tests.html import read

DAYS = st.dates(datetime.date(1990, 1, 1), datetime.date(2100, 1, 1))
NAMES = st.text("abcdefghijklmnñopqrstuvwxyz ", min_size=1, max_size=20).filter(str.strip)


def long(day):
    return f"{day:%B} {day.day}, {day.year}"


@st.composite
def figures(draw):
    first_day, last_day = sorted([draw(DAYS), draw(DAYS)])
    if draw(st.booleans()):
        first_day, last_day = first_day.replace(month=1, day=1), first_day.replace(month=12, day=31)
    status = draw(st.sampled_from(list(Status)))
    value = draw(st.integers(0, 2**63 - 1)) if status in WITH_VALUE else None
    return Figure(
        place=Place(name=draw(NAMES), in_sentence=f"the {draw(NAMES)}", slug="a-place"),
        measure=Measure(noun_one="case", noun_many="cases", name="Cases", code="cases"),
        first_day=first_day,
        last_day=last_day,
        status=status,
        value=value,
        qualifier=draw(st.sampled_from(["", *Qualifier.values])) if value is not None else "",
        as_of=draw(DAYS),
        as_of_exact=draw(st.booleans()),
    )


def must_stand(figure):
    """What every sentence about this figure has to hold."""
    if figure.year:
        yield str(figure.year)
    else:
        is_long = (figure.last_day - figure.first_day).days > 366
        month = f"{figure.first_day:%B} {figure.first_day.year}"
        yield month if is_long else long(figure.first_day)
        yield long(figure.last_day)
    yield figure.place.in_sentence
    yield "case" if figure.value == 1 else "cases"
    if figure.value is None:
        yield figure.get_status_display().lower()
    else:
        yield f"{figure.qualifier} {figure.value:,}".strip()
    if figure.as_of_exact:
        yield f"as of {long(figure.as_of)}"
    elif (figure.as_of.month, figure.as_of.day) == (12, 31):
        yield f"known by the end of {figure.as_of.year}"
    else:
        yield f"known by {long(figure.as_of)}"


@given(figures())
def test_a_sentence_is_whole(figure):
    sentence = sentences.sentence(figure)
    assert [part for part in must_stand(figure) if part not in sentence] == []
    assert sentence.endswith(".")
    assert "None" not in sentence


@given(figures(), figures())
def test_so_is_what_is_said_of_a_change(old, new):
    old.place, old.measure = new.place, new.measure
    said = sentences.change(old, new)
    assert sentences.sentence(new) in said
    assert sentences.as_of(old) in said
    number = old.value is not None and f"{old.qualifier} {old.value:,}".strip()
    assert (number or old.get_status_display().lower()) in said
    title = sentences.change_title(old, new)
    assert [
        part for part in (new.place.name, "cases", sentences.period(new)) if part not in title
    ] == []


NEVER = re.compile(r"\b(exist\w*|trafficked|per year|every|por año|cada)\b", re.IGNORECASE)


@given(figures(), figures(), st.sampled_from(["en", "es"]))
def test_no_sentence_says_more_than_was_counted_in_any_language(old, new, language):
    for row in (old, new):
        row.place = Place(name="Aquí", in_sentence="Zz", slug="a-place")
        row.measure = Measure(noun_one="caso", noun_many="casos", name="Casos", code="cases")
    with translation.override(language):
        sentences_of_all = [
            sentences.sentence(new),
            sentences.change(old, new),
            sentences.summary(Series(new.place, new.measure, [Cell([new], year=2000)], [], [], {})),
        ]
        for said in sentences_of_all:
            assert not NEVER.search(said)
            assert sentences.period(new).split()[-1] in said or new.value is None
            assert "caso" in said
            assert "Zz" in said
            if new.value is not None:
                assert sentences.amount(new.value) in said
                assert sentences.as_of(new) in said


def test_what_is_passed_on_with_a_page_is_a_whole_sentence(client, starter):
    page = read(client.get("/statistics/missouri/"))
    said = page.one("meta", property="og:description").attrs["content"]
    assert said.startswith(
        "In 2024, the National Human Trafficking Hotline counted 272 cases for Missouri "
        "(as of January 7, 2026). "
    )
    before = read(client.get("/statistics/missouri/?measure=cases&as_of=2022-01-01"))
    said = before.one("meta", property="og:description").attrs["content"]
    # The 260 of 2020 were known by then from a reprint alone.
    assert "In 2019, the National Human Trafficking Hotline counted 233 cases" in said


def test_words_are_kept_by_their_language():
    """The parts are remembered; no language gets those of another."""
    day = datetime.date(2021, 5, 4)
    for _ in range(2):
        assert sentences.day_in_words(day) == "May 4, 2021"
        with translation.override("es"):
            assert sentences.day_in_words(day) == "4 de mayo de 2021"


@given(st.lists(figures(), min_size=1, max_size=5))
def test_so_is_what_is_said_of_a_chart(rows):
    place, measure = rows[0].place, rows[0].measure
    for row in rows:
        row.place = place
    years = [Cell([row], year=2000 + n) for n, row in enumerate(rows)]
    series = Series(place, measure, [*years, Cell(year=1999)], [], [], {})
    summary = sentences.summary(series)
    counted = [row for row in rows if row.value is not None]
    if counted:
        assert sentences.sentence(counted[-1]) in summary
        assert f"{len(counted)} of {len(rows) + 1}" in summary
    else:
        assert f"yet ({place.in_sentence})" in summary
        series.known_until = datetime.date(2024, 6, 1)
        summary = sentences.summary(series)
        assert place.in_sentence in summary
        assert "From 2000 to 1999, no yearly number of cases" in summary  # the last row's year
        assert "known by June 1, 2024" in summary


def test_a_copy_is_told_and_never_the_latest():
    """Where a number comes from a reprint or a code repository, and none of these leads."""
    place = Place(name="Here", in_sentence="here", slug="here")
    measure = Measure(noun_one="case", noun_many="cases", name="Cases", code="cases", leads=True)

    def series(*kinds):
        cells = []
        for year, kind in enumerate(kinds, 2010):
            day = datetime.date(year, 12, 31)
            source = Source(kind=kind)
            row = Figure(place=place, measure=measure, value=year, source=source, as_of=day)
            row.first_day, row.last_day = datetime.date(year, 1, 1), day
            cells.append(Cell([row], year=year))
        return Series(place, measure, cells, [], [], {})

    own, copy = SourceKind.OWN, SourceKind.COPY
    none, some, every = series(own, own), series(copy, own, copy), series(copy)
    assert (sentences.copies(none), sentences.copies(some)) == (
        "",
        "Taken from a copy, such as a reprint or a code repository: 2010, 2012.",
    )
    assert "The latest: In 2011" in sentences.summary(none)
    assert "The latest that is not taken from a copy: In 2011" in sentences.summary(some)
    assert sentences.summary(every).endswith("1 of 1, all taken from copies.")
    assert sentences.headline([some]).startswith("In 2011")
    assert sentences.headline([every]) == ""


def test_thousands_are_parted():
    words = {0: "0", 999: "999", 1000: "1,000", 399494: "399,494", 1234567: "1,234,567"}
    assert {value: sentences.amount(value) for value in words} == words


def test_the_sentence_of_the_reference_page():
    figure = Figure(
        place=Place(in_sentence="Missouri"),
        measure=Measure(noun_one="case", noun_many="cases"),
        first_day=datetime.date(2007, 12, 7),
        last_day=datetime.date(2021, 12, 31),
        value=1524,
        as_of=datetime.date(2022, 12, 31),
        as_of_exact=False,
    )
    assert sentences.sentence(figure) == (
        "From December 2007 through December 31, 2021, the National Human Trafficking Hotline "
        "counted 1,524 cases for Missouri (known by the end of 2022)."
    )
