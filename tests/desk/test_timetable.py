"""A dated draft becomes public at its moment: once, by whoever looks first, also after a stop."""

import datetime
import time

import pytest
from django.contrib.auth.models import User
from django.db import OperationalError, connection
from django.utils import timezone
from reversion.models import Version

from awareness.audit.models import Event
from awareness.desk import timetable
from awareness.desk.item_version import ItemVersion
from awareness.desk.models import Draft
from awareness.desk.workflow import Workflow
from awareness.scheduler import Scheduler
from pages.models import Section
from tests import factories
from tests.accounts.signing_in import account
from tests.desk.test_admin import address, fields_of, fill, mistakes
from tests.html import read

pytestmark = pytest.mark.also_postgres

HOUR = datetime.timedelta(hours=1)


def scheduled(at, **changed):
    """A live section with a draft that becomes public at this moment."""
    row = factories.section(title="Old")
    user = User.objects.filter(username="publisher").first() or account("publisher", "Publisher")
    copy = ItemVersion.of(Section.objects.get(pk=row.pk))
    for name, value in (changed or {"title_en": "New"}).items():
        setattr(copy.item, name, value)
    Workflow.apply("schedule", row, user, at=at, version=copy)
    return row


def title(row):
    return Section.objects.get(pk=row.pk).title


def test_it_is_applied_at_its_moment_and_not_before(db):
    now = timezone.now()
    row = scheduled(now + HOUR)
    assert timetable.next_moment() == now + HOUR
    assert timetable.apply_due(now) == 0
    assert title(row) == "Old"
    assert timetable.apply_due(now + HOUR) == 1
    assert title(row) == "New"
    assert timetable.next_moment() is None
    assert timetable.apply_due(now + HOUR) == 0
    published = Event.objects.get(kind="published")
    assert published.note == "Changed Title (English)."
    assert (published.who, published.object_id) == ("publisher", str(row.pk))
    assert Version.objects.get_for_object(row).first().revision.user.username == "publisher"


def test_several_missed_while_no_server_ran_are_made_good_in_order(db):
    now = timezone.now()
    rows = [scheduled(now - n * HOUR) for n in (1, 3, 2)]
    assert timetable.apply_due() == 3
    assert [title(row) for row in rows] == ["New"] * 3
    events = Event.objects.filter(kind="published").order_by("pk")
    assert [event.object_id for event in events] == [str(rows[n].pk) for n in (1, 2, 0)]


def test_what_cannot_be_applied_is_returned_with_the_reason_and_tried_no_more(db):
    now = timezone.now()
    row = scheduled(now - HOUR, slug="taken")
    other = factories.section(slug="taken")
    well = scheduled(now - HOUR)
    assert timetable.apply_due() == 1
    assert title(well) == "New"
    assert Section.objects.get(pk=row.pk).slug == row.slug
    draft = Draft.objects.get()
    assert (draft.state, draft.apply_at) == (Draft.State.RETURNED, None)
    assert "Another one has this address." in draft.note
    assert Event.objects.get(kind="failed").title == str(row)
    assert timetable.apply_due() == 0
    other.delete()


@pytest.mark.parametrize(
    "change",
    [
        lambda user: user.groups.clear(),
        lambda user: User.objects.update(is_active=False),
        User.delete,
    ],
    ids=["no role", "closed", "deleted"],
)
def test_what_somebody_scheduled_who_may_no_longer_publish_is_returned(db, change):
    now = timezone.now()
    row = scheduled(now)
    change(User.objects.get())
    assert timetable.apply_due(now) == 0
    assert title(row) == "Old"
    draft = Draft.objects.get()
    assert (draft.state, draft.apply_at) == (Draft.State.RETURNED, None)
    assert "may no longer publish it" in draft.note
    assert "may no longer publish it" in Event.objects.get(kind="failed").note


def test_a_draft_of_an_item_that_went_some_other_way_is_put_aside(db):
    row = scheduled(timezone.now() - HOUR)
    Section.objects.filter(pk=row.pk).delete()
    assert timetable.apply_due() == 0
    assert "deleted" in Draft.objects.get().note


class Stopped(Exception):
    """Raised where the thread would sleep, to end its loop."""


def test_a_database_that_takes_no_writing_is_told_once_and_tried_each_second(
    db, monkeypatch, caplog
):
    row = scheduled(timezone.now() - HOUR)
    naps = []

    def only_reads(execute, sql, *rest):
        if len(naps) < 3 and not sql.startswith(("SELECT", "SAVEPOINT", "ROLLBACK", "RELEASE")):
            raise OperationalError("attempt to write a readonly database")
        return execute(sql, *rest)

    def nap(_seconds):
        naps.append(title(row))
        if len(naps) == 5:
            raise Stopped

    monkeypatch.setattr(time, "sleep", nap)
    monkeypatch.setattr(connection, "close", lambda: None)  # the test's own
    with connection.execute_wrapper(only_reads), pytest.raises(Stopped):
        Scheduler().run()
    assert naps == ["Old"] * 3 + ["New"] * 2
    told = [entry.message for entry in caplog.records]
    assert told == ["The scheduler failed."]


# --- On the form -----------------------------------------------------------------------


def at(moment):
    local = timezone.localtime(moment)
    return {"_when-at_0": f"{local:%Y-%m-%d}", "_when-at_1": f"{local:%H:%M:%S}"}


def test_a_publisher_schedules_a_change_and_takes_it_off_again(publisher):
    row = factories.section(title="Old")
    form = address(Section, "change", row.pk)
    moment = (timezone.now() + HOUR).replace(microsecond=0)
    done = fill(publisher, form, "_schedule", title_en="New", **at(moment))
    assert done["Location"] == form
    draft = Draft.objects.get()
    assert (draft.state, draft.apply_at) == (Draft.State.SCHEDULED, moment)
    assert "It will be published on" in read(publisher.get(form)).text
    publisher.post(address(Section, "desk", row.pk, "unschedule"))
    assert timetable.apply_due(moment) == 0
    assert title(row) == "Old"
    assert Draft.objects.get().state == Draft.State.WRITING


def test_a_publisher_who_changes_a_scheduled_draft_takes_it_off(publisher, other_publisher):
    row = factories.section(title="Old")
    form = address(Section, "change", row.pk)
    moment = timezone.now() + HOUR
    fill(publisher, form, "_schedule", title_en="New", **at(moment))
    fill(other_publisher, form, "_draft", title_en="Unseen")
    assert timetable.apply_due(moment + HOUR) == 0
    assert title(row) == "Old"


def test_who_may_not_schedule_undoes_it_by_no_button(publisher, editor):
    """Whatever takes a draft off the timetable asks for the right to put it there."""
    row = factories.section(title="Old")
    form, history = address(Section, "change", row.pk), address(Section, "history", row.pk)
    fill(publisher, form, title_en="Older")
    fill(publisher, form, title_en="Old")
    opened = fields_of(read(editor.get(form)))
    moment = timezone.now() + HOUR
    fill(publisher, form, "_schedule", title_en="New", **at(moment))
    page = read(editor.get(form))
    assert "ask a publisher to cancel the schedule" in page.text
    assert not [one for one in page.all("input") if one.attrs.get("name") == "_draft"]
    before = Draft.objects.values().get()
    back = read(editor.get(history)).all("form", method="post")[-1].attrs["action"]
    sentence = "Ask a publisher to cancel the schedule first."
    for button in ("_draft", "_ask"):
        refused = editor.post(form, {**opened, "title_en": "Mine", button: "on"})
        assert sentence in " ".join(mistakes(refused)["form"]), button
        assert fields_of(read(refused))["title_en"] == "Mine", button
        assert read(refused).all("input", name="_draft"), button  # for when they may
    for where in (address(Section, "desk", row.pk, "discard"), back):
        assert sentence in read(editor.post(where, follow=True)).text, where
    assert editor.post(address(Section, "desk", row.pk, "unschedule")).status_code == 403
    assert Draft.objects.values().get() == before
    assert timetable.apply_due(moment) == 1
    assert title(row) == "New"


def test_a_wrong_moment_is_named_and_nothing_is_lost(publisher):
    form = address(Section, "change", factories.section(title="Old").pk)
    for typed, sentence in (
        (at(timezone.now() - HOUR), "This time has passed. Choose a future time"),
        ({}, "Choose the day and time when this should change."),
        ({"_when-at_0": "soon", "_when-at_1": "10:00"}, "Type the day like 2026-12-31."),
        ({"_when-at_0": "2096-01-01", "_when-at_1": "ten"}, "Type the time like 14:30."),
    ):
        response = fill(publisher, form, "_schedule", title_en="New", **typed)
        assert sentence in " ".join(mistakes(response)["form"])
        assert 'value="New"' in response.content.decode()
        assert not Draft.objects.exists()
