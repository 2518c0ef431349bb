"""What is asked before an unusual figure is saved, and that a good one is never asked about."""

import datetime

import pytest
from django.core.exceptions import ValidationError

from stats import guards
from stats.changes import changed_figures
from stats.in_memory import InMemoryFigures
from stats.models import Break, Figure, StoredFigures
from stats.vocabulary import Status
from tests import factories

ASK = "If it is right, write here how you know, and save again. If not, fix it."
TOTAL = {"first_day": datetime.date(2007, 12, 7)}


@pytest.fixture
def missouri(db):
    return factories.place(name="Missouri")


@pytest.fixture
def measures(db):
    return {
        code: factories.measure(code=code, noun_one=code[:-1], noun_many=code)
        for code in ("contacts", "cases", "victims")
    }


@pytest.fixture
def stored(missouri, measures):
    """`stored("cases", 69, year=2015)`: a row in the database."""

    def stored(code, value, **fields):
        return factories.figure(place=missouri, measure=measures[code], value=value, **fields)

    return stored


@pytest.fixture
def asked(missouri, measures):
    """`asked("cases", 365, year=2015)`: {field: [sentence]} of a figure that somebody enters."""

    def asked(code, value, year=2015, **fields):
        days = {"first_day": datetime.date(year, 1, 1), "last_day": datetime.date(year, 12, 31)}
        given = {"as_of": datetime.date(2022, 6, 1), "source": factories.source(), **days, **fields}
        figure = Figure(place=missouri, measure=measures[code], value=value, **given)
        return problems_of(figure)

    return asked


def problems_of(figure):
    try:
        figure.full_clean()
    except ValidationError as error:
        return error.message_dict
    return {}


MORE_CASES = (
    "Missouri, 2015: 1,400 cases are more than 1,366 contacts. Several contacts may be about "
    "one case, but rarely the other way around."
)
FEWER_VICTIMS = (
    "Missouri, 2015: 60 victims are fewer than 69 cases. A case is about at least one person."
)


SAME = (
    "Missouri, 2015: 365 is the number of cases and also of contacts. Was it typed in the wrong "
    "place?"
)


def test_measures_of_one_year_that_disagree(stored, asked):
    for before, now, sentence in [
        (("contacts", 1366), ("cases", 1400), MORE_CASES),
        (("cases", 1400), ("contacts", 1366), MORE_CASES),
        (("cases", 69), ("victims", 60), FEWER_VICTIMS),
        (("victims", 60), ("cases", 69), FEWER_VICTIMS),
        (("contacts", 365), ("cases", 365), SAME),
    ]:
        row = stored(*before, year=2015)
        assert asked(*now) == {"assurance": [sentence, ASK]}
        assert asked(*now, assurance="The report says so twice.") == {}
        row.delete()


def test_what_agrees_with_the_current_vintage_of_its_place_is_not_asked_about(
    stored, asked, missouri, measures
):
    stored("contacts", 60, year=2015)
    stored("contacts", 366, year=2015, as_of=datetime.date(2017, 5, 3))
    stored("cases", 69, year=2014)
    factories.figure(measure=measures["contacts"], value=3, year=2015)  # of another place
    factories.figure(place=missouri, value=3, year=2015)  # of another measure
    assert asked("cases", 69) == {}
    assert asked("victims", 86) == {}
    assert "assurance" in asked("cases", 367)


def test_a_total_does_not_shrink(stored, asked):
    stored("cases", 1524, **TOTAL, last_day=datetime.date(2021, 12, 31))
    later = {**TOTAL, "last_day": datetime.date(2022, 12, 31), "as_of": datetime.date(2023, 6, 1)}
    assert asked("cases", 1500, **later)["assurance"] == [
        "Missouri, cases from December 7, 2007 on: 1,500 by December 31, 2022, but 1,524 already "
        "by December 31, 2021.",
        ASK,
    ]
    assert asked("cases", 1524, **later) == {}
    earlier = {**TOTAL, "last_day": datetime.date(2019, 12, 31)}
    assert asked("cases", 1600, **earlier)["assurance"] == [
        "Missouri, cases from December 7, 2007 on: 1,524 by December 31, 2021, but 1,600 already "
        "by December 31, 2019.",
        ASK,
    ]
    # A year is no total: it begins on another day.
    assert asked("cases", 70) == {}


def test_a_jump_from_one_year_to_the_next(stored, asked):
    for year, neighbour, value, sentence in [
        (2014, 100, 151, "151 in 2015 is a rise of more than half from 100 in 2014."),
        (2014, 100, 150, None),
        (2014, 100, 49, "49 in 2015 is a fall of more than half from 100 in 2014."),
        (2014, 100, 50, None),
        (2016, 151, 100, "151 in 2016 is a rise of more than half from 100 in 2015."),
        (2016, 150, 100, None),
        (2013, 10, 100, None),
        (2014, 0, 1, "1 in 2015 is a rise of more than half from 0 in 2014."),
        (2014, 0, 0, None),
    ]:
        row = stored("cases", neighbour, year=year)
        said = {"assurance": [f"Missouri, cases: {sentence}", ASK]} if sentence else {}
        assert asked("cases", value) == said, (year, neighbour, value)
        row.delete()


def test_a_break_explains_a_jump_in_its_year(stored, asked, missouri):
    stored("cases", 100, year=2014)
    other_place, other_measure = factories.place(), factories.measure()
    for fields, explains in [
        ({}, True),
        ({"place": missouri}, True),
        ({"place": other_place}, False),
        ({"measure": other_measure}, False),
        ({"year": 2014}, False),
    ]:
        given = {"year": 2015, "explanation": "Another way of counting.", **fields}
        row = Break.objects.create(**given)
        assert bool(asked("cases", 400)) is not explains, fields
        row.delete()


def test_all_that_is_unusual_is_said_at_once(stored, asked):
    stored("contacts", 365, year=2015)
    stored("victims", 86, year=2015)
    stored("cases", 55, year=2014)
    stored("cases", 135, year=2016)
    said = asked("cases", 365)["assurance"]
    assert [" ".join(sentence.split()[:4]) for sentence in said] == [
        "Missouri, 2015: 86 victims",
        "Missouri, 2015: 365 is",
        "Missouri, cases: 365 in",
        "Missouri, cases: 135 in",
        "If it is right,",
    ]


def test_a_figure_without_a_value_is_only_asked_why_it_went(stored, asked):
    stored("contacts", 1, year=2015)
    assert asked("cases", None, status=Status.NOT_PUBLISHED) == {}


def test_a_rounded_number_is_never_compared_as_if_it_were_exact(stored, asked):
    """Neither the one that is entered nor the ones beside it: each pair would be asked about."""
    pairs = {
        "measures": (("contacts", 9_000, {}), ("cases", 10_500, {})),
        "same": (("contacts", 12_000, {}), ("cases", 12_000, {})),
        "jump": (("cases", 100, {"year": 2014}), ("cases", 12_000, {})),
        "total": (
            ("cases", 13_000, {**TOTAL, "last_day": datetime.date(2014, 12, 31)}),
            ("cases", 12_000, TOTAL),
        ),
    }
    for name, ((code, value, given), (other, number, more)) in pairs.items():
        row = stored(code, value, year=given.pop("year", 2015), **given)
        assert "assurance" in asked(other, number, **more), name
        assert asked(other, number, qualifier="nearly", **more) == {}, name
        Figure.objects.filter(pk=row.pk).update(qualifier="over")
        assert asked(other, number, **more) == {}, name
        row.delete()


def test_a_number_said_without_its_word_is_a_change(stored, asked):
    """From “nearly 12,000” to 11,999 or to 12,000: that needs a reason, and is listed."""
    stored("cases", 12_000, year=2015, qualifier="nearly")
    later = {"as_of": datetime.date(2022, 6, 1)}
    for value in (11_999, 12_000):
        words = f"As of December 31, 2015 it was nearly 12,000, now {value:,}"
        assert asked("cases", value, **later)["change"][0].startswith(words), value
    assert asked("cases", 12_000, qualifier="nearly", **later) == {}
    stored("cases", 12_000, year=2015, **later)
    (change,) = changed_figures()
    assert (change.value, change.qualifier) == (12_000, "")


def test_a_word_needs_a_number(asked):
    words = "This word needs a number after it: take the word out, or type the number."
    said = asked("cases", None, status=Status.NOT_FOUND, qualifier="about")
    assert said["qualifier"] == [words]
    assert asked("cases", None, status=Status.NOT_FOUND) == {}


# --- A row that is there already ----------------------------------------------------------

LEAVE_IT = (
    "If the source says something else now, leave this row and add a new one: the public sees both."
)
TYPED_WRONGLY = "If it was typed wrongly, write that here, and save again."
STALE = "That answer was about the row as it was before. Write a new one."


def test_what_is_said_about_a_row_can_be_edited(stored):
    stored("contacts", 10, year=2015)
    row = stored("cases", 20, year=2015)
    row.note_en, row.note_es, row.counted_en, row.counted_es = "A", "B", "C", "D"
    row.source, row.as_of_exact, row.assurance = factories.source(), False, "I asked."
    assert problems_of(row) == {}
    later = stored("cases", 9, year=2015, as_of=datetime.date(2021, 1, 1))
    later.change, later.reason_en, later.reason_es = "correction", "A slip.", "Un error."
    assert problems_of(later) == {}


def test_what_a_row_said_is_not_changed_without_a_word(missouri):
    days = {"year": 2015, "as_of": datetime.date(2017, 5, 3)}
    row = factories.figure(
        place=missouri, measure=factories.measure(name="Reports"), value=291, **days
    )
    whole, later = "Missouri · Reports · 2015: 291 as of May 3", datetime.date(2018, 5, 3)
    for fields, said in [
        ({"value": 305}, "291 as of May 3, 2017"),
        ({"value": None, "status": "suppressed"}, "291 as of May 3, 2017"),
        ({"status": "provisional"}, "291 (Published) as of May 3, 2017"),
        ({"qualifier": "about"}, "291 as of May 3, 2017"),
        ({"as_of": later}, "291 as of May 3, 2017"),
        ({"as_of": later, "value": 305}, "291 as of May 3, 2017"),
        ({"place": factories.place()}, f"{whole}, 2017"),
        ({"measure": factories.measure()}, f"{whole}, 2017"),
        (
            {"first_day": datetime.date(2014, 1, 1), "last_day": datetime.date(2014, 12, 31)},
            f"{whole}, 2017",
        ),
        ({"last_day": datetime.date(2015, 6, 30)}, whole),
    ]:
        row = Figure.objects.with_names().get(pk=row.pk)
        for name, value in fields.items():
            setattr(row, name, value)
        (question, answer) = problems_of(row)["assurance"]
        assert question.startswith(f"This row said {said}"), fields
        assert question.endswith(f". {LEAVE_IT}"), fields
        assert answer == TYPED_WRONGLY
        row.assurance = "I had typed it wrongly."
        assert problems_of(row) == {}, fields


def test_a_row_that_was_empty_may_be_filled_with_a_word(stored):
    row = stored("cases", None, year=2015, status="not_published")
    row.value, row.status = 10, "published"
    assert problems_of(row)["assurance"] == [
        f"This row said not published as of December 31, 2015. {LEAVE_IT}",
        TYPED_WRONGLY,
    ]


def test_an_answer_given_before_does_not_count_again(stored):
    stored("cases", 100, year=2014)
    row = stored("cases", 400, year=2015, assurance="The report says so.")
    row.value = 500
    jump = "Missouri, cases: 500 in 2015 is a rise of more than half from 100 in 2014."
    said = f"This row said 400 as of December 31, 2015. {LEAVE_IT}"
    assert problems_of(row)["assurance"] == [jump, said, STALE, TYPED_WRONGLY]
    row.assurance = ""
    assert problems_of(row)["assurance"] == [jump, said, TYPED_WRONGLY]
    row.assurance = "I had typed 4 for 5."
    assert problems_of(row) == {}


# --- Vintages ---------------------------------------------------------------------------

CHANGED = {"change": "revision", "reason": "Counted again."}


def test_a_number_that_changed_says_why(stored, asked):
    stored("cases", 1260, year=2015, as_of=datetime.date(2021, 12, 31))
    said = "As of December 31, 2021 it was 1,260, now 1,270: "
    kind = [f"{said}choose what kind of change that is."]
    why = [f"{said}write why, in the source's words."]
    assert asked("cases", 1270) == {"change": kind, "reason_en": why}
    assert asked("cases", 1270, change="revision") == {"reason_en": why}
    assert asked("cases", 1270, reason="Counted again.") == {"change": kind}
    assert asked("cases", 1270, **CHANGED) == {}


def test_a_status_of_the_same_number_is_no_change(stored, asked):
    """What is a change here is one on the public list, and the other way round."""
    stored("cases", 260, year=2015, status=Status.PROVISIONAL)
    assert asked("cases", 260) == {}
    assert asked("cases", 260, **CHANGED) == {"change": NOTHING_CHANGED}
    stored("cases", 260, year=2015, as_of=datetime.date(2021, 1, 1))
    assert not changed_figures()


def test_a_number_that_went_or_came_says_why(stored, asked):
    stored("cases", None, year=2015, status="suppressed", as_of=datetime.date(2021, 1, 1))
    assert asked("cases", 260)["change"] == [
        "As of January 1, 2021 it was suppressed, now 260: choose what kind of change that is."
    ]
    assert (
        "was suppressed, now not published"
        in asked("cases", None, status="not_published")["change"][0]
    )


def test_the_number_before_is_the_latest_that_is_earlier(stored, asked):
    stored("cases", 255, year=2015)
    stored("cases", 260, year=2015, as_of=datetime.date(2021, 12, 31))
    stored("cases", 270, year=2015, as_of=datetime.date(2023, 1, 1))
    assert asked("cases", 260) == {}
    assert "was 255, now 261" in asked("cases", 261, as_of=datetime.date(2020, 1, 1))["change"][0]


NOTHING_CHANGED = [
    "No earlier row for this period says something else, so there is no change to explain. "
    "Clear the kind of change and the reason."
]


@pytest.mark.parametrize("given", [{"change": "revision"}, {"reason": "Why not."}, CHANGED])
def test_a_first_number_has_no_change_to_explain(stored, asked, given):
    assert asked("cases", 260, **given) == {"change": NOTHING_CHANGED}
    stored("cases", 260, year=2015)
    assert asked("cases", 260, **given) == {"change": NOTHING_CHANGED}


@pytest.mark.parametrize("fields", [{"value": 291}, {"value": None, "status": "suppressed"}])
def test_an_older_row_that_makes_a_later_one_a_change(stored, asked, fields):
    later = datetime.date(2023, 5, 3)
    row = stored("cases", **{"year": 2015, "as_of": later, **fields})
    stored("cases", 300, year=2015, as_of=datetime.date(2024, 5, 3))
    now = "291" if row.value else "suppressed"
    assert row not in changed_figures()
    assert asked("cases", 305) == {
        "assurance": [
            f"As of May 3, 2023 it is {now}, and here 305 as of June 1, 2022: the later row will "
            "then be listed as a change, and should say why.",
            ASK,
        ]
    }
    assert asked("cases", 305, assurance="The report of 2022.") == {}
    assert asked("cases", row.value, status=row.status) == {}
    stored("cases", 305, year=2015, as_of=datetime.date(2022, 6, 1))
    assert row in changed_figures()


def test_an_older_row_that_changes_no_later_one_is_not_asked_about(stored, asked):
    stored("cases", 260, year=2015)
    stored("cases", 291, year=2015, as_of=datetime.date(2023, 5, 3))
    assert asked("cases", 260) == {}
    assert list(asked("cases", 280, **CHANGED)) == ["assurance"]


def test_a_revision_may_be_unusual_too(stored, asked):
    stored("contacts", 300, year=2015)
    stored("cases", 260, year=2015)
    assert list(asked("cases", 301)) == ["change", "reason_en", "assurance"]
    assert list(asked("cases", 301, **CHANGED)) == ["assurance"]


# --- What it costs, and what is there -----------------------------------------------------


def test_it_asks_the_database_little(stored, django_assert_max_num_queries):
    for year in range(2010, 2020):
        stored("contacts", 10 + year, year=year)
        stored("cases", 4000 * year, year=year)
    figure = Figure.objects.with_names().get(measure__code="cases", first_day__year=2015)
    figure.value = 1
    with django_assert_max_num_queries(4):
        assert len(guards.problems(figure, StoredFigures())["assurance"]) == 4


@pytest.mark.parametrize(("factor", "assurance"), [(0, ""), (1, ""), (10, ""), (10, "I asked.")])
def test_an_import_asks_the_same_as_a_form(starter, factor, assurance):
    """From memory and from the database the rules see the same rows; and ask nothing as it is."""
    Figure.objects.update(assurance=assurance)
    Break.objects.create(year=2016, explanation="Another way of counting.")
    known = InMemoryFigures(Figure.objects.with_names(), Break.objects.all())
    asked = 0
    for figure in Figure.objects.with_names():
        figure.value *= factor
        found = guards.problems(figure, StoredFigures())
        assert guards.problems(figure, known) == found
        asked += bool(found)
    assert bool(asked) is (factor != 1)
