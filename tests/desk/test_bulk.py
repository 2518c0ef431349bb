"""Several items at once: a page says what will happen, and then exactly that happens."""

import pytest

from awareness.content.publishing import State
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
    before = [State.LIVE, State.SCHEDULED, State.DRAFT, State.EXPIRED, State.LIVE]
    assert states(*rows) == before
    press(publisher, "publish_selected", *rows, _confirmed="1")
    assert states(*rows) == [State.LIVE, State.SCHEDULED, State.LIVE, State.EXPIRED, State.LIVE]
    assert Section.objects.filter(title="New").exists()
    assert not Draft.objects.exists()


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


def test_one_that_cannot_be_published_is_named_and_the_others_are(publisher):
    good, bad = factories.section(title="Good"), factories.section(title="Bad")
    fill(publisher, address(Section, "change", good.pk), "_draft", title_en="Better")
    fill(publisher, address(Section, "change", bad.pk), "_draft", slug="taken")
    factories.section(slug="taken")
    done = press(publisher, "publish_selected", good, bad, _confirmed="1")
    told = said(publisher, done)
    assert told[-2].startswith("“Bad” stays as it is:")
    assert told[-1] == "1 item was changed."


def test_notes_are_named_and_a_dead_link_of_ours_keeps_it_back(publisher):
    asks = {"published": False, "summary": "A rescue."}
    rows = [
        factories.update(title="Bad", body='<p><a href="/x/">A page</a></p>', **asks),
        factories.update(title="Good", **asks),
    ]
    asked = press(publisher, "publish_selected", *rows)
    assert plan(asked) == [
        "Good Becomes public right away. “rescue”: better “help to leave, or find safety”.",
        "Bad Stays as it is: No public page has the address “/x/”.",
    ]
    press(publisher, "publish_selected", *rows, _confirmed="1")
    assert states(*rows) == [State.DRAFT, State.LIVE]


def test_no_draft_hides_what_is_public_until_a_time_to_come(editor, publisher):
    row = factories.section(title="Old")
    later = {"publish_at_0": "2096-01-01", "publish_at_1": "10:00:00"}
    fill(editor, address(Section, "change", row.pk), "_draft", title_en="New", **later)
    done = press(publisher, "publish_selected", row, _confirmed="1")
    told = said(publisher, done)
    assert told[-2].startswith("“Old” stays as it is: This is public now")
    assert told[-1] == "0 items were changed."
    assert states(row) == [State.LIVE]
    assert Draft.objects.exists()


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
