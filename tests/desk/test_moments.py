"""The hour that comes twice in a year and the one that never comes, in every form with a time."""

import datetime

from django.utils import timezone

from awareness.desk.forms import MomentForm
from pages.models import Update
from tests import factories
from tests.desk.test_admin import address, fill, mistakes

FIRST = datetime.datetime(2026, 11, 1, 6, 30, tzinfo=datetime.UTC)  # 1:30, still in summer time
SECOND = FIRST + datetime.timedelta(hours=1)  # 1:30 once more
TWICE = {"publish_at_0": "2026-11-01", "publish_at_1": "01:30:00"}
NEVER = {"publish_at_0": "2027-03-14", "publish_at_1": "02:30:00"}


def test_an_untouched_moment_is_always_taken(publisher):
    for moment in (FIRST, SECOND):
        row = factories.update(published=True, publish_at=moment)
        form = address(Update, "change", row.pk)
        assert fill(publisher, form, title_en=f"New {moment}").status_code == 302, moment
        row.refresh_from_db()
        assert (row.title, row.publish_at) == (f"New {moment}", moment)


def test_of_an_hour_that_comes_twice_the_first_is_meant(publisher):
    row = factories.update(published=False)
    assert fill(publisher, address(Update, "change", row.pk), "_draft", **TWICE).status_code == 302
    row.refresh_from_db()
    assert row.publish_at == FIRST


def test_an_hour_that_never_comes_is_refused_in_a_sentence(publisher):
    row = factories.update(published=False)
    refused = fill(publisher, address(Update, "change", row.pk), "_draft", **NEVER)
    assert mistakes(refused) == {
        "publish_at": [
            "The clocks go forward that night, so this hour does not exist. Choose an earlier "
            "or a later time."
        ]
    }


def test_the_same_holds_for_the_timetable():
    year = timezone.now().year + 1
    for day, hour, is_right in (("03", 2, False), ("11", 1, True), ("03", 3, True)):
        # The second Sunday of March, the first of November.
        first = datetime.date(year, int(day), 8 if day == "03" else 1)
        sunday = first + datetime.timedelta(days=(6 - first.weekday()) % 7)
        form = MomentForm({"_when-at_0": str(sunday), "_when-at_1": f"0{hour}:30:00"})
        assert form.is_valid() is is_right, (sunday, hour)
