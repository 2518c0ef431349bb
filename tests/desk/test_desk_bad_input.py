"""Whatever is sent to the desk, or stored by another version of it: a plain answer, no error."""

import re

import pytest
from django.contrib.auth.models import User

from awareness.audit.models import Event
from awareness.desk import timetable
from awareness.desk.models import Draft
from pages.models import CallToAction, Section
from stats.models import Figure, Place
from tests import factories
from tests.desk.test_admin import address, fill, mistakes
from tests.desk.test_drafts import said
from tests.html import read

HUGE = "9" * 23  # no number of the database is that long
LONG = "9" * 5000  # nor does Python read this as one


def test_a_note_is_stored_without_what_postgresql_cannot_hold(editor, publisher):
    row = factories.section(title="Old")
    fill(editor, address(Section, "change", row.pk), "_ask", title_en="New", _note="Is it\0 so?")
    assert Draft.objects.get().note == "Is it so?"
    publisher.post(address(Section, "desk", row.pk, "return"), {"_note": "\0No\0."})
    assert Draft.objects.get().note == "No."
    notes = Event.objects.filter(kind__in=["asked", "returned"]).order_by("pk")
    assert list(notes.values_list("note", flat=True)) == ["Is it so?", "No."]


def test_a_number_that_is_none_is_answered(publisher, subtests):
    names = {
        "item": address(Section, "change", factories.section().pk).removesuffix("change/"),
        "list": address(Section, "changelist"),
        "figures": address(Figure, "changelist"),
        "huge": HUGE,
        "long": LONG,
    }
    for where, status in [
        ("{item}history/abc/", 302),
        ("{item}history/{huge}/", 404),
        ("{item}history/-1/", 302),
        ("{item}history/?page={huge}", 200),
        ("{item}history/?page=abc", 200),
        ("{item}history/compare/?before={huge}&after=1", 302),
        ("{item}history/compare/?before=-1&after=%00", 302),
        ("{list}recover/abc/", 302),
        ("{list}recover/{huge}/", 404),
        ("{list}recover/?page={huge}", 200),
        ("{figures}add/?draft={huge}", 200),
        ("{figures}add/?draft={long}", 200),
        ("{figures}add/?draft=-1", 200),
        ("{figures}add/?draft=²", 200),
    ]:
        with subtests.test(where=where, status=status):
            assert publisher.get(where.format(**names)).status_code == status


def test_a_number_that_no_column_holds_is_no_error(publisher):
    """PostgreSQL finds nothing by it; SQLite cannot be asked."""
    for where in (
        "?place__id__exact=",
        "?last_day__year=",
        "?id__in=",
        "export/?place__id__exact=",
        "add/?source=",
    ):
        answer = publisher.get(f"{address(Figure, 'changelist')}{where}{HUGE}", follow=True)
        assert answer.status_code in (200, 400), where


def test_a_step_for_what_is_not_there_changes_nothing(publisher):
    fill(publisher, address(Section, "change", factories.section().pk), "_draft", title_en="New")
    for number in ("-1", f"-{HUGE}", "-²", HUGE, "abc"):
        done = publisher.post(address(Section, "desk", number, "discard"))
        assert done["Location"] == "/admin/", number
    assert Draft.objects.count() == 1


# --- A draft that can no longer be read ------------------------------------------------


@pytest.fixture
def unreadable(publisher):
    """A live item whose draft says something that is no time where one belongs."""
    row = factories.section(title="Public", slug="one")
    fill(publisher, address(Section, "change", row.pk), "_draft", title_en="New")
    draft = Draft.objects.get()
    draft.copy[0]["fields"]["publish_at"], draft.changed = "no time", ["publish_at"]
    draft.save()
    return row


def test_the_form_and_the_preview_show_what_is_public_and_say_so(publisher, unreadable):
    assert "Public" in read(publisher.get(address(Section, "preview_page", unreadable.pk))).text
    form = address(Section, "change", unreadable.pk)
    page = read(publisher.get(form))
    assert page.one("input", name="title_en").attrs["value"] == "Public"
    assert "This draft can no longer be read, so the form shows what is public." in page.text
    # The way out that it names.
    assert fill(publisher, form, "_draft", title_en="Newer").status_code == 302
    assert read(publisher.get(form)).one("input", name="title_en").attrs["value"] == "Newer"


def test_it_is_named_among_several_that_are_published(publisher, unreadable):
    sent = {"action": "publish_selected", "_selected_action": unreadable.pk, "_confirmed": "1"}
    done = publisher.post(address(Section, "changelist"), sent)
    told = "Nothing was changed, because of “Public”: This draft can no longer be read."
    assert said(done, publisher)[-1] == told
    assert Draft.objects.exists()


def test_at_its_time_it_comes_back_with_the_reason(unreadable, publisher):
    person = User.objects.get(username="publisher")
    changed = {"apply_at": "2020-01-01T00:00Z", "approved_by": person}
    Draft.objects.update(state=Draft.State.SCHEDULED, **changed)
    assert timetable.apply_due() == 0
    draft = Draft.objects.get()
    assert draft.state == Draft.State.RETURNED
    assert "This draft can no longer be read." in draft.note
    assert Section.objects.get().title == "Public"


@pytest.mark.parametrize(
    ("model", "rows"), [(Section, "citations"), (CallToAction, "amounts"), (Place, "headlines")]
)
def test_an_item_has_room_for_a_hundred_rows(admin_client, starter, model, rows):
    """A thousand empty ones kept whoever sent them, and their process, waiting for seconds."""
    where = address(model, "change", model.objects.first().pk)
    page = fill(admin_client, where, **{f"{rows}-TOTAL_FORMS": 101, f"{rows}-INITIAL_FORMS": 0})
    assert "There are too many of these. There is room for 100." in read(page).text
    shown = re.findall(rf'name="{rows}-(\d+)-id"', page.content.decode())
    assert len(set(shown)) == 100


def test_how_many_rows_there_were_is_not_for_the_browser_to_say(editor):
    where = address(Section, "change", factories.section().pk)
    many = {"citations-TOTAL_FORMS": 1, "citations-INITIAL_FORMS": 10**12, "title_en": ""}
    assert mistakes(fill(editor, where, **many))


@pytest.mark.parametrize("number", [HUGE, LONG], ids=["huge", "long"])
def test_a_number_that_is_none_is_sent(editor, number):
    row = factories.section()
    factories.citation(row)
    where = address(Section, "change", row.pk)
    typed = {"title_en": "", "citations-0-id": number, "picture": "٣"}
    assert {"title_en", "picture"} <= mistakes(fill(editor, where, **typed)).keys()
    gone = editor.post(address(Section, "change", number), {"title_en": "New", "_autosave": "1"})
    assert gone.json()["message"].startswith("Somebody deleted this while you were writing.")
    # In a draft it stands until it is published; until then there is no page to show.
    assert fill(editor, where, "_draft", position=number[:30]).status_code == 302
    page = editor.get(address(Section, "preview_page", row.pk))
    assert "There is no page to show yet." in page.content.decode()
