"""Whatever changes what the public sees of a help line is noticed, once, with who and what."""

import datetime

import pytest
from django.contrib.auth.models import User
from django.core import serializers
from django.db import connection
from django.utils import timezone
from reversion.models import Version

from awareness.content.publishing import Publishable
from awareness.desk import timetable
from awareness.desk.alerts import baseline, guarded
from awareness.desk.alerts.baseline import look
from awareness.desk.alerts.models import Baseline
from awareness.desk.item_version import ItemVersion, relations
from awareness.desk.workflow import Workflow
from awareness.scheduler import Scheduler
from pages.models import HelpLine
from tests import factories
from tests.desk.test_admin import address, fill
from tests.desk.test_bulk import press

pytestmark = pytest.mark.also_postgres

OLD, NEW = "1-800-555-0100", "1-900-555-0199"
DAY = datetime.timedelta(days=1)
HOUR = datetime.timedelta(hours=1)


@pytest.fixture
def lines(db):
    """Three that are public, as they are known to be, and a draft."""
    made = [factories.help_line(name=f"Line {n}", position=n * 10) for n in (1, 2, 3)]
    factories.help_line(name="Hidden", position=40, published=False)
    assert look() == []
    return made


@pytest.fixture
def line(lines):
    return lines[1]


def told(alerts):
    return [(alert.kind, str(alert), alert.who[0]) for alert in alerts]


def fresh(line):
    return HelpLine.objects.get(pk=line.pk)


def form(line):
    return address(HelpLine, "change", line.pk)


def save_number(line, **fields):
    row = fresh(line)
    for name, value in (fields or {"number": NEW}).items():
        setattr(row, name, value)
    row.save()


def raw(statement, *values):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


# --- Every way of changing one ---------------------------------------------------------


def publish(line, publisher):
    fill(publisher, form(line), number=NEW)


def publish_a_draft(line, publisher):
    fill(publisher, form(line), "_draft", number=NEW)
    assert look() == []
    fill(publisher, form(line))


def scheduled(line, publisher):
    moment = timezone.now() + HOUR
    row = HelpLine.objects.get(pk=line.pk)
    row.number = NEW
    user = User.objects.get(username="publisher")
    Workflow.apply("schedule", line, user, at=moment, version=ItemVersion.of(row))
    assert look() == []
    assert timetable.apply_due(moment) == 1  # nobody asked for a page


def unpublish(line, publisher):
    publisher.post(address(HelpLine, "desk", line.pk, "unpublish"), {"_confirmed": "1"})


def delete(line, publisher):
    publisher.post(address(HelpLine, "delete", line.pk), {"post": "yes"})


def delete_in_bulk(line, publisher):
    press(publisher, "delete_selected", line, post="yes")


def return_to_a_version(line, publisher):
    fill(publisher, form(line), number=NEW)
    fill(publisher, form(line), number=OLD)
    look()
    version = Version.objects.get_for_object(line)[1]
    publisher.post(address(HelpLine, "revision", line.pk, version.pk))


def recover_and_publish(line, publisher):
    delete(line, publisher)
    look()
    version = Version.objects.get_deleted(HelpLine).get()
    publisher.post(address(HelpLine, "recover", version.pk))
    assert look() == []  # a draft
    fill(publisher, form(line))


def end(line, publisher):
    fill(publisher, form(line), expire_at_0="2096-01-01", expire_at_1="10:00")


def unpublish_in_bulk(line, publisher):
    press(publisher, "unpublish_selected", line, _confirmed="1")


def from_a_file(line, _publisher):
    row = fresh(line)
    row.number = NEW
    for item in serializers.deserialize("json", serializers.serialize("json", [row])):
        item.save()


def in_bulk(line, _publisher):
    line.number = NEW
    HelpLine.objects.bulk_update([line], ["number"])


CHANGED, PUBLISHED = Baseline.Kind.CHANGED, Baseline.Kind.PUBLISHED
UNPUBLISHED, DELETED = Baseline.Kind.UNPUBLISHED, Baseline.Kind.DELETED
IN_FORMS = {
    "published from its form": (publish, CHANGED),
    "published from a draft": (publish_a_draft, CHANGED),
    "published at the scheduled time": (scheduled, CHANGED),
    "its dates set": (end, CHANGED),
    "unpublished": (unpublish, UNPUBLISHED),
    "unpublished in bulk": (unpublish_in_bulk, UNPUBLISHED),
    "deleted": (delete, DELETED),
    "deleted in bulk": (delete_in_bulk, DELETED),
    "returned to a version": (return_to_a_version, CHANGED),
    "brought back and published": (recover_and_publish, PUBLISHED),
}


def update(line, _publisher):
    HelpLine.objects.filter(pk=line.pk).update(number=NEW)


def by_sql(statement):
    return lambda line, _publisher: raw(f"{statement} WHERE id = %s", line.pk)


BY_HAND = {
    "saved by a script": (lambda line, _: save_number(line), CHANGED),
    "the Spanish alone": (lambda line, _: save_number(line, hours_es="Siempre"), CHANGED),
    "updated by a script": (update, CHANGED),
    "updated in bulk": (in_bulk, CHANGED),
    "loaded from a file": (from_a_file, CHANGED),
    "by SQL": (by_sql(f"UPDATE pages_helpline SET number = '{NEW}'"), CHANGED),
    "unpublished by SQL": (by_sql("UPDATE pages_helpline SET published = false"), UNPUBLISHED),
    "deleted by a script": (lambda line, _: fresh(line).delete(), DELETED),
    "deleted by SQL": (by_sql("DELETE FROM pages_helpline"), DELETED),
}


@pytest.mark.parametrize("way", IN_FORMS)
def test_every_way_on_the_desk_is_noticed_with_who_did_it(line, publisher, way):
    do, kind = IN_FORMS[way]
    do(line, publisher)
    assert told(look()) == [(kind, "Line 2", "publisher")]
    assert look() == [], "once"


@pytest.mark.parametrize("way", BY_HAND)
def test_every_way_past_the_desk_is_noticed_too(line, publisher, way):
    do, kind = BY_HAND[way]
    do(line, publisher)
    assert told(look()) == [(kind, "Line 2", "")]
    assert look() == [], "once"


NAMES = {field.name for field in HelpLine._meta.fields if field.editable}
# That somebody called, or said why a number is right, is no alarm.
LEFT_OUT = {"id", "position", *HelpLine.guarded_apart}
READ = {name for name in NAMES - LEFT_OUT if f"{name}_en" not in NAMES}


def test_no_field_of_it_is_left_out(line):
    """A field that is added later is guarded too."""
    others = {
        "kind": "text",
        "area": "missouri",
        "where": "help",
        "knows_nearby": True,
        "number": NEW,
        "published": False,
        "publish_at": timezone.now() - 3 * DAY,
        "expire_at": timezone.now() + DAY,
        "translation_reviewed_on": timezone.localdate(),
    }
    for name in sorted(READ, key=lambda name: name == "published"):
        other = "https://other.example/" if name.endswith("url") else "Other"
        HelpLine.objects.filter(pk=line.pk).update(**{name: others.get(name, other)})
        assert len(look()) == 1, name


# --- What is no change -----------------------------------------------------------------


def draft_of_a_new_one(_line, publisher):
    given = {"kind": "call", "number": NEW, "description_en": "Help."}
    fill(publisher, address(HelpLine, "add"), "_draft", name_en="New", **given)
    assert HelpLine.objects.filter(name_en="New", published=False).exists()


def published_as_it_is(line, publisher):
    fill(publisher, form(line), "_publish")


def touched(line, _publisher):
    fresh(line).save()
    factories.section()


NO_CHANGE = {
    "published as it is": published_as_it_is,
    "a draft": lambda line, client: fill(client, form(line), "_draft", number=NEW),
    "a draft of a new one": draft_of_a_new_one,
    "saved as it is": touched,
    "a hidden one": lambda *_: HelpLine.objects.filter(published=False).update(number=NEW),
    "a hidden one deleted": lambda *_: HelpLine.objects.filter(published=False).delete(),
    "another order": lambda line, _: HelpLine.objects.filter(pk=line.pk).update(position=1),
    "other content": lambda *_: factories.update(),
}


def test_what_the_public_does_not_see_is_no_change(line, publisher):
    for what, do in NO_CHANGE.items():
        do(line, publisher)
        assert look() == [], what
        assert not Baseline.objects.exclude(changed_at=None).exists(), what


def test_somebody_elses_change_is_not_put_down_to_whoever_came_before(line, publisher):
    fill(publisher, form(line), "_publish", hours_en="Always")
    assert told(look()) == [(CHANGED, "Line 2", "publisher")]
    save_number(line)
    assert told(look()) == [(CHANGED, "Line 2", "")]


def test_a_new_site_is_told_of_nothing(starter):
    assert HelpLine.objects.live().count() > 5
    assert look() == []
    assert not Baseline.objects.exclude(changed_at=None).exists()


def test_a_site_whose_lines_all_went_is_told_when_others_come(lines):
    HelpLine.objects.all().delete()
    assert len(look()) == 3
    factories.help_line(name="False")
    assert told(look()) == [(PUBLISHED, "False", "")]


# --- Dates, and who looks --------------------------------------------------------------


def test_dates_that_come_are_noticed_at_their_moment(lines):
    now = timezone.now()
    factories.help_line(name="Soon", publish_at=now + HOUR, expire_at=now + 2 * HOUR, position=50)
    assert told(look(now)) == [(PUBLISHED, "Soon", "")]
    assert look(now + HOUR / 2) == []
    assert told(look(now + HOUR)) == [("began", "Soon", "")]
    assert told(look(now + 2 * HOUR)) == [("ended", "Soon", "")]
    assert look(now + 3 * HOUR) == []


def test_the_scheduler_looks_when_there_is_reason(line, monkeypatch, django_assert_num_queries):
    looked = []
    monkeypatch.setattr(baseline, "look", lambda at: looked.append(at))
    scheduler = Scheduler()
    scheduler.compare_with_content()
    with django_assert_num_queries(1):
        scheduler.compare_with_content()
    assert len(looked) == 1
    save_number(line)
    scheduler.compare_with_content()
    assert len(looked) == 2
    scheduler.next_look = timezone.now()  # a date may have come
    scheduler.compare_with_content()
    assert len(looked) == 3


def test_a_mistake_in_it_never_ends_the_scheduler(line, monkeypatch, caplog):
    def broken(_at):
        raise ValueError("A mistake of ours")

    scheduler = Scheduler()
    monkeypatch.setattr(baseline, "look", broken)
    save_number(line)
    scheduler.run_due()
    scheduler.run_due()
    assert [entry.message for entry in caplog.records] == ["The scheduler failed."]
    monkeypatch.undo()
    scheduler.run_due()
    assert Baseline.objects.exclude(changed_at=None).count() == 1


def test_changes_of_while_no_server_ran_are_noticed_by_the_next(line):
    save_number(line)
    later = timezone.now() + 30 * DAY
    assert told(look(later)) == [(CHANGED, "Line 2", "")]
    assert Baseline.objects.exclude(changed_at=None).get().changed_at == later


def test_a_field_that_comes_with_an_upgrade_is_no_change(line):
    for known in Baseline.objects.all():
        for state in (known.confirmed, known.seen):
            del state["fields"]["source_title"]
            state["fields"]["gone"] = "What the model had before"
        known.save()
    HelpLine.objects.update(source_title="From the migration")
    assert look() == []


def test_what_is_guarded_can_be(db):
    assert guarded() == [HelpLine]
    for model in guarded():
        assert issubclass(model, Publishable)
        assert relations(model) == {}, "rows of its own would not be compared"
