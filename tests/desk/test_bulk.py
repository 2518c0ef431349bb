"""Several items at once: a page says what will happen, and then exactly that happens."""

import datetime

import pytest
from reversion.models import Version

from awareness.audit.models import Event
from awareness.content.publishing import State
from awareness.desk import timetable
from awareness.desk.models import DeskRules, Draft
from pages.models import HelpLine, Section
from tests import factories
from tests.desk.test_admin import address, fill
from tests.html import read

pytestmark = pytest.mark.also_postgres


def press(client, action, *rows, **more):
    sent = {"action": action, "_selected_action": [row.pk for row in rows], **more}
    return client.post(address(type(rows[0]), "changelist"), sent)


def plan(response):
    return [line.text for line in read(response).one("ul", class_="desk-plan").all("li")]


def said(client, response):
    page = read(client.get(response["Location"]))
    return [item.text for item in page.one("ul", class_="messagelist").all("li")]


def states(*rows):
    return [type(row).objects.get(pk=row.pk).state() for row in rows]


@pytest.fixture
def rows(publisher):
    rows = [
        factories.section(title=state.label, position=n, **factories.in_state(state))
        for n, state in enumerate(State)
    ]
    working = factories.section(title="Old", position=9)
    fill(publisher, address(Section, "change", working.pk), "_draft", title_en="New")
    for row in (*rows, working):
        factories.citation(row)
    return [*rows, working]


def test_publishing(publisher, rows):
    asked = press(publisher, "publish_selected", *rows)
    assert plan(asked) == [
        "Live Already public: nothing happens.",
        "Scheduled Already set to go public at its publish time: nothing happens.",
        "Draft Becomes public right away.",
        "Expired Its expiry time has passed: open it and change that first.",
        "Old Its draft becomes public right away.",
    ]
    assert not read(asked).all("button", type="submit")[2:], "one of them cannot be published"
    before = [State.LIVE, State.SCHEDULED, State.DRAFT, State.EXPIRED, State.LIVE]
    done = press(publisher, "publish_selected", *rows, _confirmed="1")
    assert said(publisher, done)[-1].startswith("Nothing was changed, because of “Expired”: Its")
    assert states(*rows) == before
    expired = rows.pop(3)
    press(publisher, "publish_selected", *rows, _confirmed="1")
    now = [State.LIVE, State.SCHEDULED, State.LIVE, State.LIVE, State.EXPIRED]
    assert states(*rows, expired) == now
    assert Section.objects.filter(title="New").exists()
    assert not Draft.objects.exists()
    for row, words in ((rows[2], "Published"), (rows[3], "Published. Changed Title (English).")):
        last = Version.objects.get_for_object(row).first()
        assert last.revision.comment == words, "each has its own words in the history"


def test_unpublishing(publisher, rows):
    asked = press(publisher, "unpublish_selected", *rows)
    gone = "Becomes a draft: the public no longer sees it."
    assert plan(asked) == [
        f"Live {gone}",
        f"Scheduled {gone}",
        "Draft Already a draft: nothing happens.",
        f"Expired {gone}",
        f"Old {gone} Its working copy is kept in the history.",
    ]
    press(publisher, "unpublish_selected", *rows, _confirmed="1")
    assert states(*rows) == [State.DRAFT] * 5


def test_an_editor_has_neither(editor):
    rows = factories.section(), factories.section(published=False)
    page = read(editor.get(address(Section, "changelist")))
    offered = {option.attrs.get("value") for option in page.all("option")}
    for action in ("publish_selected", "unpublish_selected"):
        assert action not in offered
        press(editor, action, *rows, _confirmed="1")
        assert states(*rows) == [State.LIVE, State.DRAFT], action


def test_while_one_cannot_be_published_none_is(editor, publisher):
    good, bad, hides = (factories.section(title=title) for title in ("Good", "Bad", "Old"))
    fill(publisher, address(Section, "change", good.pk), "_draft", title_en="Better")
    fill(publisher, address(Section, "change", bad.pk), "_draft", slug="taken")
    factories.section(slug="taken")
    later = {"publish_at_0": "2096-01-01", "publish_at_1": "10:00:00"}
    fill(editor, address(Section, "change", hides.pk), "_draft", title_en="New", **later)
    for row, reason in ((bad, "Another one has this address."), (hides, "This is public now")):
        lines = " ".join(plan(press(publisher, "publish_selected", good, row)))
        assert f"{row} {reason}" in lines
        done = press(publisher, "publish_selected", good, row, _confirmed="1")
        told = said(publisher, done)[-1]
        assert told.startswith(f"Nothing was changed, because of “{row}”: {reason}")
    assert {*Section.objects.values_list("title", flat=True)} >= {"Good", "Bad", "Old"}
    assert Draft.objects.count() == 3
    two = factories.section(published=False), factories.section(published=False)
    for row in two:  # each can be published, and not both
        fill(publisher, address(Section, "change", row.pk), "_draft", position=77)
    fill(publisher, address(Section, "change", good.pk), "_draft", slug="twice")
    fill(publisher, address(Section, "change", bad.pk), "_draft", slug="twice")
    done = press(publisher, "publish_selected", *two, good, bad, _confirmed="1")
    assert "Nothing was changed, because of" in said(publisher, done)[-1]
    assert states(*two) == [State.DRAFT] * 2
    assert not Version.objects.filter(revision__comment__startswith="Published").exists()


# --- Scheduled as one -------------------------------------------------------------------


MOMENT = {"_confirmed": "1", "_schedule": "1", "_when-at_0": "2095-03-04", "_when-at_1": "10:00"}


@pytest.fixture
def bundle(publisher):
    """A draft of a public section, and two sections that nobody has seen yet."""
    rows = [factories.section(title="Old"), *(factories.section(published=False) for _ in "ab")]
    fill(publisher, address(Section, "change", rows[0].pk), "_draft", title_en="New")
    done = press(publisher, "publish_selected", *rows, **MOMENT)
    told = "3 items will be published together on March 4, 2095, 10 a.m.: all of them, or none."
    assert said(publisher, done)[-1] == told
    assert states(*rows) == [State.LIVE, State.DRAFT, State.DRAFT]
    return rows


def test_what_is_scheduled_as_one_becomes_public_as_one(bundle, publisher):
    moment = timetable.next_moment()
    alone = factories.section(title="Alone")
    page = read(publisher.get(address(Section, "change", bundle[1].pk))).one("main").text
    assert "This is a draft. Only staff see it." in page
    assert "Others are published with it: all of them, or none." in page
    assert timetable.apply_due(moment - datetime.timedelta(seconds=1)) == 0
    assert timetable.apply_due(moment) == 3
    assert states(*bundle, alone) == [State.LIVE] * 4
    assert Section.objects.filter(title="New").exists()
    assert not Draft.objects.exists()


def test_at_its_moment_one_that_fails_stops_all_of_them_and_says_so(bundle, publisher):
    """And no other that is due."""
    other = factories.section(title="Other")
    fill(publisher, address(Section, "change", other.pk), "_draft", title_en="Another")
    moment = timetable.next_moment()
    Draft.objects.filter(object_id=other.pk).update(apply_at=moment)
    Draft.objects.filter(object_id=other.pk).update(approved_by=Draft.objects.first().author)
    Section.objects.filter(pk=bundle[2].pk).update(summary="", summary_en="")
    assert timetable.apply_due(moment) == 1
    assert Section.objects.filter(title="Another").exists()
    assert states(*bundle) == [State.LIVE, State.DRAFT, State.DRAFT]
    assert not Section.objects.filter(title="New").exists()
    (note,) = {draft.note for draft in Draft.objects.all()}
    assert f"“{bundle[2]}” stopped all that were to be published together" in note
    returned = Draft.objects.filter(state="returned", apply_at=None, together=None)
    assert returned.count() == Event.objects.filter(kind="failed").count() == 3
    assert timetable.apply_due(moment) == 0


def test_nothing_is_scheduled_at_a_wrong_moment_or_after_a_change(publisher):
    rows = [factories.section(published=False), factories.section(published=False)]
    seen = read(press(publisher, "publish_selected", *rows)).one("input", name="_seen")
    past = press(publisher, "publish_selected", *rows, **{**MOMENT, "_when-at_0": "2020-01-01"})
    assert "This time has passed." in read(past).one("main").text
    fill(publisher, address(Section, "change", rows[0].pk), "_draft", title_en="Other")
    held = {**MOMENT, "_seen": seen.attrs["value"]}
    changed = press(publisher, "publish_selected", *rows, **held)
    assert "Something was saved in the meantime." in read(changed).text
    Section.objects.filter(pk=rows[1].pk).update(publish_at="2096-01-01T00:00Z")
    late = said(publisher, press(publisher, "publish_selected", *rows, **MOMENT))[-1]
    assert "Its publish time is later than that." in late
    assert not Draft.objects.filter(apply_at__isnull=False).exists()
    assert states(*rows) == [State.DRAFT] * 2


def test_the_rule_of_two_holds_here_too(publisher, other_publisher):
    DeskRules.objects.create(second_person=True)
    row = factories.help_line(name="Line")
    fill(publisher, address(HelpLine, "change", row.pk), "_draft", name_en="Other")
    asked = press(publisher, "publish_selected", row)
    assert plan(asked) == ["Line Stays as it is: a second person has to publish it."]
    press(publisher, "publish_selected", row, _confirmed="1")
    assert HelpLine.objects.get().name == "Line"
    press(other_publisher, "publish_selected", row, _confirmed="1")
    assert HelpLine.objects.get().name == "Other"


def test_notes_are_named_and_a_dead_link_of_ours_keeps_all_back(publisher):
    asks = {"published": False, "summary": "A rescue."}
    good = factories.update(title="Good", **asks)
    bad = factories.update(title="Bad", body='<p><a href="/x/">A page</a></p>', **asks)
    assert plan(press(publisher, "publish_selected", good, bad)) == [
        "Bad No public page has the address “/x/”.",
        "Good Becomes public right away. “rescue”: better “help to leave, or find safety”.",
    ]
    press(publisher, "publish_selected", good, bad, _confirmed="1")
    assert states(good, bad) == [State.DRAFT, State.DRAFT]
    press(publisher, "publish_selected", good, _confirmed="1")
    assert states(good) == [State.LIVE]
