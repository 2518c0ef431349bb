"""How a form asks for days and times, and where it leads to what is wrong."""

import datetime

import pytest
from django.contrib.auth.models import User
from django.utils.translation import override

from awareness.audit.models import Event
from awareness.desk.forms import MomentForm
from pages.models import CallToAction, HelpLine, Section
from tests import factories
from tests.desk.test_admin import MODELS, ONLY_READ, SINGLETONS, address, fields_of, fill
from tests.html import read, read_text


def inputs(html):
    """[[kind, value, name for a screen reader] of each field]."""
    return [
        [field.attrs["type"], field.attrs.get("value"), field.attrs["aria-label"]]
        for field in read_text(html).all("input")
    ]


def test_a_moment_is_the_browsers_own_date_and_time_in_both_languages():
    at = datetime.datetime(2026, 12, 1, 15, 30, 27, tzinfo=datetime.UTC)
    for code, names in (
        ("en", ("Publish this draft on: Date", "Publish this draft on: Time")),
        ("es", ("Publicar este borrador el: Fecha", "Publicar este borrador el: Hora")),
    ):
        with override(code):
            shown = inputs(str(MomentForm(initial={"at": at})["at"]))
            assert shown == [["date", "2026-12-01", names[0]], ["time", "09:30", names[1]]]
            for day, hour in (("2096-12-31", "09:30"), ("2096-12-31", "9:30 PM")):
                assert MomentForm({"_when-at_0": day, "_when-at_1": hour}).is_valid(), (code, hour)


def test_what_such_a_field_cannot_show_stays_as_text():
    for day, hour in (("31st", "noon"), ("2026-02-30", "25:00"), ("20261231", "1030")):
        shown = inputs(str(MomentForm({"_when-at_0": day, "_when-at_1": hour})["at"]))
        assert [field[:2] for field in shown] == [["text", day], ["text", hour]]
    shown = inputs(str(MomentForm({"_when-at_0": "2096-12-31", "_when-at_1": "10:30:00"})["at"]))
    assert [field[:2] for field in shown] == [["date", "2096-12-31"], ["time", "10:30:00"]]


@pytest.mark.slow
def test_no_form_has_another_calendar_and_the_zone_is_said_once(admin_client, starter):
    for model in MODELS:
        if model in (*SINGLETONS, *ONLY_READ):
            continue
        page = read(admin_client.get(address(model, "add")))
        scripts = [script.attrs.get("src", "") for script in page.all("script")]
        assert not [src for src in scripts if "DateTimeShortcuts" in src], model
        assert page.text.count("Central") == len(page.all("aside", class_="desk-panel")), model


def test_errors_are_links_to_their_fields(publisher):
    row = factories.section(published=False)
    factories.citation(section=row)
    form = address(Section, "change", row.pk)
    sent = {"title_en": "", "citations-0-read_on": "soon", "publish_at_0": ""}
    refused = read(fill(publisher, form, "_publish", **sent))
    links = {
        link.attrs["href"][1:]: link.text
        for link in refused.one("ul", class_="desk-errors").all("a")
    }
    assert list(links) == [
        "id_title_en_error",
        "id_publish_at_error",
        "id_citations-0-read_on_error",
    ]
    assert links["id_title_en_error"] == "Title (English): This field is required."
    for anchor in links:
        assert refused.one("ul", id=anchor)
    (fold,) = refused.all("details", class_="desk-more")
    assert "open" in fold.attrs
    assert fields_of(refused)["citations-0-read_on"] == "soon"


def test_delete_stands_in_the_panel_and_says_where_it_can_be_brought_back(publisher, editor):
    form = address(Section, "change", factories.section().pk)
    page = read(publisher.get(form))
    panel = page.one("aside", class_="desk-panel")
    assert "You can bring it back from Recover deleted sections and pages." in panel.text
    assert len(panel.all("a", class_="deletelink")) == len(page.all("a", class_="deletelink")) == 1
    back = panel.one("a", href=address(Section, "recoverlist"))
    assert publisher.get(back.attrs["href"]).status_code == 200
    assert not read(editor.get(form)).all("a", class_="deletelink")


def test_the_enter_key_saves_a_draft(editor, publisher):
    """It presses the first button of the form, wherever that stands."""
    form = address(Section, "change", factories.section().pk)
    for person in (editor, publisher):
        page = read(person.get(form)).one("form", id="section_form")
        first = next(
            e
            for e in page.all("input", "button")
            if e.attrs.get("type") == "submit" and "form" not in e.attrs
        )
        assert first.attrs["name"] == "_draft"


def test_a_duplicate_is_a_draft_of_its_own_with_its_rows(editor, publisher, client):
    row = factories.section(title_en="One", title_es="Uno", slug="one")
    source = factories.citation(section=row)
    fill(publisher, address(Section, "change", row.pk), "_draft", summary_en="As in the draft.")
    goal = address(Section, "desk", row.pk, "duplicate")
    for end in ("-copy", "-copy-2"):
        done = editor.post(goal, follow=True)
        twin = Section.objects.latest("pk")
        assert done.redirect_chain == [(address(Section, "change", twin.pk), 302)]
        names = twin.title_en, twin.title_es, twin.slug
        assert names == ("One (copy)", "Uno (copia)", f"one{end}")
        assert (twin.published, twin.summary_en) == (False, "As in the draft.")
        assert [c.title for c in twin.citations.all()] == [source.title]
        event = Event.objects.first()
        assert (event.kind, event.object_id, event.who) == ("drafted", str(twin.pk), "editor")
    row.refresh_from_db()
    assert (row.slug, row.published, row.citations.get()) == ("one", True, source)
    assert client.get("/learn/one-copy/").status_code == 404
    appeal = factories.appeal([(20, False, "puts up posters")], heading_en="x" * 118)
    publisher.post(address(CallToAction, "desk", appeal.pk, "duplicate"))
    twin = CallToAction.objects.latest("pk")
    most = CallToAction._meta.get_field("heading_en").max_length
    assert twin.heading_en == ("x" * 118)[: most - 7] + " (copy)"
    assert (twin.amounts.count(), appeal.amounts.count()) == (1, 1)


def test_who_may_not_add_may_not_duplicate(editor, publisher):
    line = factories.help_line()
    item = factories.section()
    assert publisher.post(address(HelpLine, "desk", line.pk, "duplicate")).status_code == 403
    User.objects.get(username="editor").groups.clear()
    assert editor.post(address(Section, "desk", item.pk, "duplicate")).status_code == 403
    assert (HelpLine.objects.count(), Section.objects.count()) == (1, 1)
