"""A figure is one vintage: what the database refuses, and which of several is the current one."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models.deletion import ProtectedError
from django.utils import timezone

from stats.models import Figure, Headline, ReadingGuide
from stats.vocabulary import WITH_VALUE, Status
from tests import factories

pytestmark = pytest.mark.also_postgres

DAY = datetime.date(2024, 12, 31)
NO_VALUE = [status for status in Status if status not in WITH_VALUE]


@pytest.fixture
def one(db):
    return factories.figure(year=2020, value=10)


def twin(figure, **fields):
    """An unsaved copy of it, of the next day, with these fields."""
    names = ("place", "measure", "first_day", "last_day", "value", "status", "source")
    given = {name: getattr(figure, name) for name in names}
    return Figure(**{**given, "as_of": figure.as_of + factories.DAY, **fields})


WRONG = {
    "no value": ({"value": None}, "value", "A figure with this status needs a value."),
    "no value, revised": (
        {"value": None, "status": Status.REVISED},
        "value",
        "A figure with this status needs a value.",
    ),
    **{
        f"a value that is {status}": (
            {"status": status},
            "value",
            "A figure with this status has no value. Clear it, or choose Published.",
        )
        for status in NO_VALUE
    },
    "no source": (
        {"source": None},
        "source",
        "A figure needs a source. Choose one, or add it with the plus sign.",
    ),
    "negative": ({"value": -1}, "value", "A figure cannot be negative."),
    "ends before it begins": (
        {"first_day": datetime.date(2021, 1, 1)},
        "last_day",
        "The last day must not be before the first day.",
    ),
    "the same day": (
        {"as_of": datetime.date(2020, 12, 31)},
        "as_of",
        "There is already a figure for this place, measure, period and as-of date. "
        "A revision needs a later as-of date.",
    ),
}


def test_the_database_refuses_and_the_form_says_why_at_the_field(one, subtests):
    for what, (fields, field, sentence) in WRONG.items():
        with subtests.test(what=what):
            with pytest.raises(IntegrityError), transaction.atomic():
                Figure.objects.bulk_create([twin(one, **fields)])
            assert Figure.objects.count() == 1
            with pytest.raises(ValidationError) as refused:
                twin(one, **fields).full_clean()
            assert refused.value.message_dict == {field: [sentence]}
    with pytest.raises(IntegrityError), transaction.atomic():
        Figure.objects.update(status="guessed", value=None)


def test_a_figure_from_the_future_is_refused(one):
    today = timezone.localdate()
    twin(one, as_of=today).full_clean()
    with pytest.raises(ValidationError) as refused:
        twin(one, as_of=today + factories.DAY).full_clean()
    assert refused.value.message_dict == {"as_of": ["The as-of date is in the future."]}


EXPLAINED = {"change": "revision", "reason": "Counted again."}


def test_what_is_right_is_taken_and_can_be_saved_again(one):
    for fields in [
        {},
        {"value": 0, **EXPLAINED},
        {"status": Status.PROVISIONAL},
        {"value": None, "status": Status.NOT_PUBLISHED, "source": None, **EXPLAINED},
        {"value": None, "status": Status.SUPPRESSED, **EXPLAINED},
        {"last_day": datetime.date(2020, 1, 1)},  # a single day
        {"value": 2**63 - 1, **EXPLAINED},
    ]:
        row = twin(one, **fields)
        for _ in range(2):
            row.full_clean()
            row.save()
        assert Figure.objects.count() == 2, fields
        row.delete()


def test_the_current_figure_is_the_latest_vintage(one):
    later = twin(one, value=12, as_of=DAY)
    earlier = twin(one, value=9, as_of=datetime.date(2020, 6, 1))
    Figure.objects.bulk_create([later, earlier])
    others = [
        factories.figure(year=2020, place=one.place, source=one.source),
        factories.figure(year=2020, measure=one.measure, source=one.source),
        factories.figure(year=2021, place=one.place, measure=one.measure),
        factories.figure(
            place=one.place,
            measure=one.measure,
            first_day=datetime.date(2019, 1, 1),
            last_day=one.last_day,
        ),
    ]
    current = set(Figure.objects.current().values_list("pk", flat=True))
    assert current == {later.pk, *(row.pk for row in others)}
    assert set(Figure.objects.filter(place=one.place, measure=one.measure).current()) == {
        later,
        *others[2:],
    }
    gone = twin(later, value=None, status=Status.NOT_PUBLISHED)
    gone.save()  # it is current though it has no value
    assert gone in Figure.objects.current()
    assert later not in Figure.objects.current()


@pytest.mark.parametrize(
    ("first", "last", "year", "iso"),
    [
        ((2021, 1, 1), (2021, 12, 31), 2021, "2021"),
        ((2021, 1, 1), (2022, 12, 31), None, "2021-01-01/2022-12-31"),
        ((2021, 1, 2), (2021, 12, 31), None, "2021-01-02/2021-12-31"),
        ((2021, 1, 1), (2021, 12, 30), None, "2021-01-01/2021-12-30"),
        ((2007, 12, 7), (2021, 12, 31), None, "2007-12-07/2021-12-31"),
    ],
)
def test_a_calendar_year_is_a_year_and_nothing_else_is(first, last, year, iso):
    row = Figure(first_day=datetime.date(*first), last_day=datetime.date(*last))
    assert (row.year, row.period_iso) == (year, iso)


def test_what_a_figure_rests_on_cannot_be_deleted_and_stands_once(one):
    for name in ("place", "measure", "source"):
        with pytest.raises(ProtectedError):
            getattr(one, name).delete()
    factories.source(url=one.source.url, title="Another page of it")
    factories.headline(one)
    assert ReadingGuide.load().pk == 1
    for again in (
        lambda: factories.source(url=one.source.url, title=one.source.title),
        lambda: factories.headline(one),
        lambda: ReadingGuide.objects.bulk_create([ReadingGuide(pk=2)]),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            again()
    assert Headline.objects.count() == 1
