"""Somebody with an account who tries more than they may."""

import pytest

from awareness.content.publishing import State
from awareness.desk.models import DeskRules, Draft
from pages.models import HelpLine, Section, Update
from stats.models import Figure, Place
from tests import factories
from tests.desk.test_admin import address, fields_of, fill, mistakes
from tests.desk.test_drafts import next_figure, step, written
from tests.html import read

EVIL = "1-900-555-0199"


@pytest.fixture
def two(db):
    DeskRules.objects.create(second_person=True)


def test_a_comma_of_an_editor_is_no_second_look(two, publisher, editor, other_publisher):
    row = factories.help_line(number="1-800-555-0100")
    form = address(HelpLine, "change", row.pk)
    fill(publisher, form, "_draft", number=EVIL)
    fill(editor, form, "_draft", description_en="Help, now.")
    assert "require a second person" in read(fill(publisher, form)).text
    assert written(row, "number") == "1-800-555-0100"
    fill(other_publisher, form)
    assert written(row, "number") == EVIL


def test_a_publishers_own_draft_is_theirs_again_after_another_publisher_saved_it(
    two, publisher, other_publisher
):
    row = factories.help_line(name="Old")
    form = address(HelpLine, "change", row.pk)
    fill(publisher, form, "_draft", name_en="New")
    fill(other_publisher, form, "_draft", hours_en="Always")
    assert fill(publisher, form).status_code == 302
    assert written(row, "hours") == "Always"


def test_nobody_forgets_who_wrote_what_is_hidden(two, publisher, editor):
    row = factories.help_line()
    form = address(HelpLine, "change", row.pk)
    step(publisher, row, "unpublish", _confirmed="1")
    fill(publisher, form, "_draft", number=EVIL)
    assert step(publisher, row, "discard").status_code == 403
    fill(editor, form, "_ask")
    assert "require a second person" in read(fill(publisher, form)).text
    row.refresh_from_db()
    assert row.state() == State.DRAFT


def test_hiding_what_is_hidden_changes_nothing(two, publisher, other_publisher):
    row = factories.help_line(**factories.in_state(State.DRAFT))
    fill(publisher, address(HelpLine, "change", row.pk), "_draft", number=EVIL)
    step(other_publisher, row, "unpublish", _confirmed="1")
    assert Draft.objects.get().author.username == "publisher"


def test_nor_who_wrote_what_was_deleted_and_brought_back(two, publisher, other_publisher):
    row = factories.help_line(**factories.in_state(State.DRAFT))
    fill(publisher, address(HelpLine, "change", row.pk), "_draft", number=EVIL)
    publisher.post(address(HelpLine, "delete", row.pk), {"post": "yes"})
    page = read(other_publisher.get(address(HelpLine, "recoverlist")))
    other_publisher.post(page.one("tbody").all("a")[0].attrs["href"])
    draft = Draft.objects.get()
    assert len(draft.contributor_ids) == 2
    assert draft.author.username == "other"


def test_whoever_hides_a_line_does_not_delete_it_alone(two, publisher, other_publisher):
    row = factories.help_line()
    step(publisher, row, "unpublish", _confirmed="1")
    delete = address(HelpLine, "delete", row.pk)
    assert publisher.post(delete, {"post": "yes"}).status_code == 403
    assert other_publisher.post(delete, {"post": "yes"}).status_code == 302


def test_nobody_alone_changes_which_line_leads(two, publisher):
    factories.help_line()
    order = address(HelpLine, "order")
    assert publisher.get(order).status_code == 403
    assert publisher.post(order, {"move": "1:1"}).status_code == 403


def test_whether_something_changed_is_not_for_the_browser_to_say(two, publisher, other_publisher):
    row = factories.help_line()
    form = address(HelpLine, "change", row.pk)
    fill(publisher, form, "_draft", name_en="New")
    typed = {"publish_at_0": "2025-01-01", "publish_at_1": "10:00:00"}
    hidden = {f"initial-{name}": value for name, value in typed.items()}
    sent = {
        **fields_of(read(other_publisher.get(form))),
        **typed,
        **hidden,
        "_publish": "on",
        "_anyway": "1",
    }
    assert "require a second person to publish this" in read(other_publisher.post(form, sent)).text


def test_bulk_publishes_what_was_looked_at(publisher, editor):
    row = factories.section(title="Old")
    form = address(Section, "change", row.pk)
    fill(editor, form, "_draft", title_en="Looked at")
    sent = {"action": "publish_selected", "_selected_action": row.pk}
    page = read(publisher.post(address(Section, "changelist"), sent))
    (box,) = [i for i in page.all("input") if i.attrs.get("name") == "_seen"]
    fill(editor, form, "_draft", title_en="Slipped in")
    sent |= {"_confirmed": "1", "_seen": box.attrs["value"]}
    again = publisher.post(address(Section, "changelist"), sent)
    assert "Something was saved in the meantime. Please look again." in read(again).text
    assert written(row, "title") == "Old"


def test_an_editor_does_not_throw_away_a_new_figure(two, publisher, editor):
    fill(publisher, address(Figure, "add"), "_ask", **next_figure())
    number = Draft.objects.get().object_id
    assert editor.post(address(Figure, "desk", number, "discard")).status_code == 403
    assert publisher.post(address(Figure, "desk", number, "discard")).status_code == 302
    assert not Draft.objects.exists()


def test_a_year_that_no_clock_can_show_is_refused(editor):
    form = address(Update, "change", factories.update().pk)
    for name in ("publish_at", "expire_at"):
        typed = {f"{name}_0": "9999-12-31", f"{name}_1": "23:59:59"}
        assert "Is the year right?" in str(mistakes(fill(editor, form, "_draft", **typed))), name
    assert editor.get(form).status_code == 200


def test_a_draft_that_names_what_was_deleted_does_not_break_its_form(editor):
    row, place = factories.figure(), factories.place()
    form = address(Figure, "change", row.pk)
    typed = {"place": place.pk, "assurance": "It was typed wrongly."}
    assert fill(editor, form, "_draft", **typed).status_code == 302
    Place.objects.filter(pk=place.pk).delete()
    page = read(editor.get(form))
    assert "can no longer be read" in page.text
    assert fields_of(page)["place"] == str(row.place_id)
    assert editor.get(address(Figure, "preview", row.pk)).status_code == 200


def test_a_form_is_not_sent_as_a_new_item(publisher):
    row = factories.section()
    form = address(Section, "change", row.pk)
    sent = {**fields_of(read(publisher.get(form))), "_saveasnew": "1"}
    assert publisher.post(form, sent).status_code == 403
    assert Section.objects.count() == 1


def test_a_time_that_was_set_is_not_forgotten(publisher):
    form = address(Section, "change", factories.section(title="Old").pk)
    when = {"_when-at_0": "2096-01-01", "_when-at_1": "10:00"}
    for button in ("_draft", "_ask", "_publish"):
        response = fill(publisher, form, button, title_en="New", **when)
        assert "Press Schedule" in " ".join(mistakes(response)["form"]), button
        assert fields_of(read(response))["_when-at_0"] == "2096-01-01", button
    assert Section.objects.get().title == "Old"
