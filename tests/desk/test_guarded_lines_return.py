"""A changed help line stands on the first page for a week, and one press brings it back."""

import threading

import pytest
from django.contrib.auth.models import User
from django.db import connections
from django.utils import timezone

from awareness.audit.models import Event
from awareness.content.publishing import State
from awareness.desk.alerts import revert
from awareness.desk.alerts.baseline import look
from awareness.desk.alerts.models import Baseline
from awareness.desk.item_version import ItemVersion
from awareness.desk.models import DeskRules, Draft
from awareness.desk.workflow import Workflow
from pages.models import HelpLine
from tests import factories
from tests.desk.test_admin import address, fill
from tests.desk.test_bulk import press as in_bulk
from tests.desk.test_guarded_lines import (
    BY_HAND,
    DAY,
    IN_FORMS,
    NEW,
    OLD,
    form,
    fresh,
    save_number,
)
from tests.html import read
from tests.site import PATIENCE

pytestmark = pytest.mark.also_postgres


def entries(client):
    """The changes on the first page, as read."""
    found = read(client.get("/admin/")).all("section", id="desk-alerts")
    return found[0].one("ul").all("li") if found else []


def press(client, form, **button):
    """Returns what is said then."""
    sent = {i.attrs["name"]: i.attrs["value"] for i in form.all("input")} | button
    done = client.post(form.attrs["action"], sent, follow=True)
    assert done.status_code == 200
    return read(done).one("ul", class_="messagelist").text


def first_form(client):
    return next(entry.one("form") for entry in entries(client) if entry.all("form"))


def press_first(client):
    return press(client, first_form(client))


def whole(pk):
    """What the database has of it, but for when it was saved; None if the public sees nothing."""
    values = HelpLine.objects.filter(pk=pk, published=True).values().first()
    if values:
        values["publish_at"] = values["publish_at"].replace(microsecond=0)
        del values["updated_at"]
        for name in ("original_changed_at", "translation_changed_at"):
            values[name] = values[name] and values[name].replace(microsecond=0)
    return values


# --- One press -------------------------------------------------------------------------


def meant():
    """As if somebody had said so of all that there is."""
    look()
    for known in Baseline.objects.all():
        known.confirm()
        known.save()


# What differs for the way back: of ways that leave the same behind, one.
LIKE_OTHERS = {"published from a draft", "unpublished in bulk", "deleted in bulk"}
LIKE_OTHERS |= {"saved by a script", "updated by a script", "updated in bulk", "loaded from a file"}
LIKE_OTHERS |= {"deleted by a script"}
WAYS = {name: do for name, (do, _kind) in {**IN_FORMS, **BY_HAND}.items()}


@pytest.mark.parametrize("way", [way for way in WAYS if way not in LIKE_OTHERS])
def test_one_press_takes_back_every_way_of_changing_it(line, publisher, other_publisher, way):
    before = whole(line.pk)
    if way == "returned to a version":
        HelpLine.objects.filter(pk=line.pk).update(hours_en="Always")
        meant()
        before = whole(line.pk)
    WAYS[way](line, publisher)
    look()
    assert whole(line.pk) != before
    assert "is back to what it was before" in press(other_publisher, first_form(other_publisher))
    assert whole(line.pk) == before
    assert entries(other_publisher) == [], "what is as it was raises no alarm"
    assert Event.objects.exclude(kind="drafted").first().who == "other"
    assert look() == []


def test_what_was_added_is_hidden_and_kept_as_a_draft(lines, publisher):
    new = factories.help_line(name="False", number=NEW)
    look()
    press_first(publisher)
    assert fresh(new).state() == State.DRAFT
    assert Draft.objects.of(HelpLine).filter(object_id=new.pk).exists()
    assert entries(publisher) == []


def test_what_ended_by_its_date_is_public_again_without_it(line, publisher):
    now = timezone.now()
    HelpLine.objects.filter(pk=line.pk).update(expire_at=now - DAY / 24, publish_at=now - DAY)
    look(now - DAY / 2)
    look(now)
    assert Baseline.objects.get(object_id=line.pk).kind == "ended"
    press_first(publisher)
    assert (fresh(line).state(), fresh(line).expire_at) == (State.LIVE, None)


def test_older_spanish_stays_older(line, publisher):
    then = timezone.now() - 9 * DAY
    HelpLine.objects.filter(pk=line.pk).update(
        original_changed_at=then + DAY, translation_changed_at=then
    )
    look()
    save_number(line, description_en="Other", description_es="Otra")
    look()
    press_first(publisher)
    row = fresh(line)
    assert (row.original_changed_at, row.translation_changed_at) == (
        then.replace(microsecond=then.microsecond // 1000 * 1000) + DAY,
        then.replace(microsecond=then.microsecond // 1000 * 1000),
    )


def test_a_working_copy_goes_into_the_history(line, publisher, editor):
    save_number(line)
    look()
    fill(editor, form(line), "_draft", hours_en="Mornings")
    press_first(publisher)
    assert not Draft.objects.exists()
    kinds = list(Event.objects.values_list("kind", flat=True)[:2])
    assert kinds == ["restored", "discarded"]


def test_a_scheduled_copy_does_not_bring_the_change_again(line, publisher):
    user = User.objects.get(username="publisher")
    row = fresh(line)
    row.number = "1-900-555-0177"
    at = timezone.now() + DAY
    Workflow.apply("schedule", line, user, at=at, version=ItemVersion.of(row))
    save_number(line)
    look()
    press_first(publisher)
    assert not Draft.objects.due(timezone.now() + 2 * DAY).exists()


def test_what_today_would_be_refused_in_a_form_comes_back_all_the_same(line, publisher):
    HelpLine.objects.filter(pk=line.pk).update(source_url="http://old.example/", number="call us")
    meant()
    HelpLine.objects.filter(pk=line.pk).update(number=NEW)
    look()
    press_first(publisher)
    assert fresh(line).number == "call us"


# --- The rule of two -------------------------------------------------------------------


def test_under_the_rule_of_two_one_person_may_return_what_nobody_did_on_the_desk(line, publisher):
    DeskRules.objects.create(second_person=True)
    save_number(line)
    look()
    press_first(publisher)
    assert fresh(line).number == OLD


@pytest.mark.parametrize("way", ["unpublished", "deleted", "published from its form"])
def test_under_the_rule_of_two_nobody_brings_back_alone_what_a_colleague_took_away(
    line, publisher, other_publisher, way
):
    before = whole(line.pk)
    IN_FORMS[way][0](line, publisher)
    look()
    DeskRules.objects.create(second_person=True)
    after = whole(line.pk)
    said = press_first(other_publisher)
    assert "A draft with the earlier text is waiting for another publisher" in said
    assert whole(line.pk) == after
    assert Draft.objects.get().state == Draft.State.REVIEW
    assert "A second person" in read(fill(other_publisher, form(line))).text
    fill(publisher, form(line))
    assert whole(line.pk)["number"] == before["number"]


def test_whoever_hid_a_line_or_added_one_may_take_that_back_alone(line, publisher, other_publisher):
    DeskRules.objects.create(second_person=True)
    IN_FORMS["unpublished"][0](line, publisher)
    look()
    press_first(publisher)
    assert fresh(line).state() == State.LIVE
    new = factories.help_line(name="False", number=NEW)
    look()
    Baseline.objects.update(who=["publisher"])
    press_first(other_publisher)
    assert fresh(new).state() == State.DRAFT, "hiding waits for nobody"


def test_what_a_colleague_hid_is_not_published_alone_in_its_form_or_the_list(
    line, publisher, other_publisher
):
    DeskRules.objects.create(second_person=True)
    IN_FORMS["unpublished"][0](line, publisher)
    assert "A second person" in read(fill(other_publisher, form(line))).text
    in_bulk(other_publisher, "publish_selected", line, _confirmed="1")
    assert fresh(line).state() == State.DRAFT
    fill(other_publisher, form(line), "_ask")
    assert "A second person" in read(fill(other_publisher, form(line))).text
    assert fill(publisher, form(line)).status_code == 302
    assert fresh(line).state() == State.LIVE


# --- Changed again since ---------------------------------------------------------------

FIRST, SECOND = "1-888-373-78", "1-888-373-7889"


def labels(client):
    (entry,) = entries(client)
    return [button.text for button in entry.all("button")]


def test_of_several_wrong_numbers_none_is_offered_again(line, publisher):
    for number in (FIRST, SECOND):
        save_number(line, number=number)
        look()
        assert labels(publisher) == [f"Make it {OLD} again: Line 2", "It was meant: Line 2"]
        (entry,) = entries(publisher)
        assert f"[removed: {OLD}] → [added: {number}]" in entry.text
    press_first(publisher)
    assert fresh(line).number == OLD
    assert entries(publisher) == []


def test_a_repair_by_hand_raises_no_alarm_and_offers_no_wrong_number(line, publisher):
    HelpLine.objects.filter(pk=line.pk).delete()
    line = factories.help_line(number=OLD, checked_on="2026-01-31")
    meant()
    # In the form with the day on which whoever repaired it called, and by a script.
    today = str(timezone.localdate())
    for repair in (
        lambda: fill(publisher, form(line), number=OLD, checked_on=today),
        lambda: HelpLine.objects.filter(pk=line.pk).update(number=OLD),
    ):
        save_number(line, number=SECOND)
        look()
        repair()
        assert look() == []
        assert entries(publisher) == []
    save_number(line, number=FIRST)
    look()
    assert labels(publisher)[0] == f"Make it {OLD} again: A line"


def test_the_way_back_keeps_the_day_on_which_somebody_called(line, publisher):
    day = timezone.localdate()
    fill(publisher, form(line), checked_on=str(day))
    assert look() == []
    assert entries(publisher) == []
    save_number(fresh(line), number=NEW)
    look()
    press_first(publisher)
    assert (fresh(line).number, fresh(line).checked) == (OLD, day)
    page = read(publisher.get(address(HelpLine, "history", line.pk)))
    assert "As it was before the change of" in page.one("table", class_="desk-history").text


def test_what_was_meant_is_what_the_next_change_leads_back_to(line, publisher):
    save_number(line, number=SECOND)
    look()
    first = first_form(publisher)
    said = press(publisher, first, meant="on")
    assert "“Line 2” stays as it is, since the change was intended." in said
    assert entries(publisher) == []
    assert Event.objects.first().note == "It was meant"
    assert "Somebody has said that the change to “Line 2” was intended." in press(publisher, first)
    assert fresh(line).number == SECOND
    save_number(line)
    look()
    assert labels(publisher)[0] == f"Make it {SECOND} again: Line 2"


def test_each_button_says_what_it_does(lines, publisher):
    save_number(lines[0], hours_en="Always")
    HelpLine.objects.filter(pk=lines[1].pk).delete()
    factories.help_line(name="False", position=99)
    chat = factories.help_line(name="Chat", kind="chat", number="", url="https://one.example/")
    look()
    known = Baseline.objects.get(object_id=chat.pk)
    known.confirm()
    known.save()
    HelpLine.objects.filter(pk=chat.pk).update(url="https://two.example/")
    look()
    found = {entry.one("strong").text: entry.all("button")[0].text for entry in entries(publisher)}
    assert found == {
        "“Line 1” was changed.": "Bring back what it was: Line 1",
        "“Line 2” was deleted.": f"Make it {OLD} again: Line 2",
        "“False” was published.": "Hide it again: False",
        "“Chat” was changed.": "Make it https://one.example/ again: Chat",
    }


def test_a_change_that_came_while_the_page_was_open_is_neither_lost_nor_meant(line, publisher):
    save_number(line)
    look()
    opened = first_form(publisher)
    save_number(line, number=SECOND)  # the right one, by a colleague, a moment ago
    for button in ({}, {"meant": "on"}):
        said = press(publisher, opened, **button)
        assert "“Line 2” changed again after you opened this page" in said, button
        assert fresh(line).number == SECOND
    assert labels(publisher)[0] == f"Make it {OLD} again: Line 2"


def test_whoever_does_not_say_what_they_saw_returns_nothing(line, publisher):
    save_number(line)
    (alert,) = look()
    for seen in ("", "x" * 64, "é\x00"):
        publisher.post(f"/admin/alerts/{alert.pk}/", {"seen": seen})
        assert fresh(line).number == NEW, seen


def test_of_two_who_press_one_wins_and_the_other_is_told(line, publisher, other_publisher):
    save_number(line)
    look()
    forms = first_form(publisher), first_form(other_publisher)
    assert "is back to what it was" in press(publisher, forms[0])
    assert "is already back to what it was: somebody else brought it back" in press(
        other_publisher, forms[1]
    )
    assert fresh(line).number == OLD
    assert Event.objects.filter(kind="restored").count() == 1


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("what", ["changed", "deleted", "added"])
def test_of_two_who_press_in_the_same_moment_one_wins(what):
    """SQLite lets in one at a time; PostgreSQL lets both in."""
    people = [User.objects.create_superuser(name) for name in ("one", "two")]
    lines = [factories.help_line(number=OLD, position=n) for n in (10, 20)]
    look()
    {
        "changed": lambda: HelpLine.objects.filter(pk=lines[0].pk).update(number=NEW),
        "deleted": lambda: HelpLine.objects.filter(pk=lines[0].pk).delete(),
        "added": lambda: factories.help_line(number=NEW),
    }[what]()
    (alert,) = look()
    seen, begin, said = alert.content_hash, threading.Barrier(2), []

    def press(user):
        try:
            begin.wait(PATIENCE)
            mine = Baseline.objects.get(pk=alert.pk)
            said.append(revert.answer(revert.revert_change, mine, user, seen))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=press, args=[user]) for user in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(said) == 2, "neither failed in another way"
    done, refused = sorted(said, reverse=True)
    assert (done[0], refused[0]) == (True, False)
    assert "is already back to what it was: somebody else brought it back." in refused[1]
    assert list(HelpLine.objects.filter(published=True)) == lines
    assert HelpLine.objects.filter(number=NEW, published=True).count() == 0
    assert Event.objects.count() == 1


def test_what_the_database_refuses_is_said_and_changes_nothing(line, publisher):
    save_number(line)
    (alert,) = look()
    alert.confirmed["fields"]["kind"] = None
    alert.save()
    said = press(publisher, first_form(publisher))
    assert "“Line 2” cannot be brought back" in said
    assert fresh(line).number == NEW
