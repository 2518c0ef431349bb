"""Two people at one form: nothing of either is lost, and neither is surprised."""

import re
import threading

import pytest
from django.db import connection, connections

from awareness.desk.models import Draft
from pages.models import Image, Section, SiteSettings
from stats.models import Measure, Source
from tests import factories
from tests.desk.at_once import somebody_waits, superuser
from tests.desk.test_admin import address, fields_of, fill, mistakes
from tests.desk.test_drafts import LIVE, SOME, citations, kinds
from tests.html import read
from tests.site import PATIENCE, until

pytestmark = pytest.mark.also_postgres


@SOME
@pytest.mark.parametrize("button", ["_draft", "_publish"])
def test_the_second_of_two_is_refused_with_both_texts_at_hand(
    publisher, other_publisher, model, button
):
    make, field, _words = LIVE[model]
    row = make()
    form = address(model, "change", row.pk)
    opened = fields_of(read(other_publisher.get(form)))
    fill(publisher, form, button, **{field: "Theirs"})
    opened["_anyway"] = "1"
    response = other_publisher.post(form, {**opened, field: "Mine", button: "on"})
    page = read(response)
    assert fields_of(page)[field] == "Mine"
    assert "publisher saved this while you were writing." in page.text
    assert "Theirs" in page.one(class_="desk-overtaken").text
    # Having seen both, they may save theirs.
    again = other_publisher.post(form, {**opened, **fields_of(page), button: "on"})
    assert again.status_code == 302
    assert fields_of(read(publisher.get(form)))[field] == "Mine"


PLAIN = {
    SiteSettings: (lambda: SiteSettings.objects.get_or_create(pk=1)[0], "tagline_en", "ein"),
    Image: (factories.picture, "alt_en", "credit"),
    Measure: (factories.measure, "definition_en", "caveat_en"),
    Source: (factories.source, "title", "publisher"),
}


@pytest.mark.parametrize("model", PLAIN, ids=lambda model: model.__name__)
def test_where_there_are_no_drafts_the_second_is_told_too(admin_client, publisher, model):
    make, theirs, mine = PLAIN[model]
    form = address(model, "change", make().pk)
    opened = fields_of(read(admin_client.get(form)))
    assert fill(publisher, form, "_save", **{theirs: "12-3456789"}).status_code == 302
    sent = {**opened, mine: "98-7654321", "_save": "on"}
    page = read(admin_client.post(form, sent))
    assert "publisher saved this while you were writing." in page.text
    assert "12-3456789" in page.one(class_="desk-overtaken").text
    assert fields_of(read(publisher.get(form)))[theirs] == "12-3456789"
    again = {**fields_of(page), theirs: "12-3456789", "_save": "on"}
    assert admin_client.post(form, again).status_code == 302
    saved = fields_of(read(publisher.get(form)))
    assert (saved[theirs], saved[mine]) == ("12-3456789", "98-7654321")


def test_a_row_that_somebody_deleted_meanwhile_is_not_lost(publisher, other_publisher):
    row = factories.section()
    one = factories.citation(row, title="One")
    form = address(Section, "change", row.pk)
    opened = fields_of(read(other_publisher.get(form)))
    fill(publisher, form, **{"citations-0-DELETE": "on"})
    assert row.citations.count() == 0
    mine = {**opened, "citations-0-title": "Mine", "_publish": "on", "_anyway": "1"}
    page = read(other_publisher.post(form, mine))
    assert "while you were writing" in page.text
    assert fields_of(page)["citations-0-title"] == "Mine"
    other_publisher.post(form, {**fields_of(page), "_publish": "on", "_anyway": "1"})
    assert [citation.title for citation in row.citations.all()] == ["Mine"]
    assert not row.citations.filter(pk=one.pk).exists()


def test_the_same_form_sent_twice_is_saved_once(publisher):
    row = factories.section(title="Old")
    form = address(Section, "change", row.pk)
    sent = {
        **fields_of(read(publisher.get(form))),
        "title_en": "New",
        "_publish": "on",
        "_anyway": "1",
    }
    assert publisher.post(form, sent).status_code == 302
    assert publisher.post(form, sent).status_code == 302
    assert kinds() == ["published"]


def test_what_was_deleted_meanwhile_is_brought_back_with_the_text(
    editor, publisher, other_publisher
):
    row = factories.section(title="Old", summary="As it was.")
    factories.citation(row, title="A source")
    form = address(Section, "change", row.pk)
    from_a_list = f"{form}?_changelist_filters=state%3Dlive"
    typed = {"title_en": "New", "body_en": "<p>All my <b>work</b></p>", "citations-0-title": "Mine"}
    sent = {**fields_of(read(publisher.get(from_a_list))), **typed, "_draft": "on"}
    sent |= {"citations-1-id": "", "citations-1-title": "Mine", "citations-1-publisher": "Both"}
    fill(publisher, form, "_publish", title_en="Older")
    fill(editor, form, "_draft", title_en="Hers")
    other_publisher.post(address(Section, "delete", row.pk), {"post": "yes"})
    assert not Draft.objects.exists()
    page = read(publisher.post(from_a_list, sent))
    assert "other deleted this" in page.text
    shown = [area.text for area in page.all("textarea")]
    labels = [label.text for label in page.one(id="content-main").all("label")]
    assert labels == ["Title (English)", "Text (English)", "Citation: Mine", "Citation: Mine"]
    assert [shown[0], shown[1].strip()] == ["New", "All my work"]
    assert ("Both" in shown[3], "<" in "".join(shown)) == (True, False)
    (lead,) = [link.attrs["href"] for link in page.all("a") if "recover" in link.attrs["href"]]
    publisher.post(lead)
    opened = fields_of(read(publisher.get(form)))
    assert {name: opened[name] for name in typed} == typed


def test_what_was_deleted_where_there_are_no_drafts_is_not_lost_either(admin_client):
    form = address(Source, "change", factories.source().pk)
    sent = {**fields_of(read(admin_client.get(form))), "title": "All my work", "_save": "on"}
    Source.objects.all().delete()
    page = read(admin_client.post(form, sent))
    assert "This was deleted while you were writing." in page.text
    assert "All my work" in page.text


def test_a_row_that_somebody_added_meanwhile_does_not_go_without_a_word(publisher, other_publisher):
    button = "_publish"
    row = factories.section(title="Old")
    first = factories.citation(row, title="First")
    form = address(Section, "change", row.pk)
    mine = fields_of(read(publisher.get(form)))
    added = citations(row, (first.pk, "First", "", False), ("", "Added", "", False))
    theirs = {**fields_of(read(other_publisher.get(form))), **added, button: "on"}
    assert other_publisher.post(form, theirs).status_code == 302
    refused = publisher.post(form, {**mine, "title_en": "Mine", button: "on"})
    page = read(refused)
    assert mistakes(refused)["form"] == ["These were changed elsewhere in the meantime."]
    assert "Citation: Added" in page.one(class_="desk-overtaken").text
    assert fields_of(page)["title_en"] == "Mine"
    there = fields_of(read(publisher.get(form)))
    assert [there[f"citations-{n}-title"] for n in range(2)] == ["First", "Added"]


def test_a_conflict_is_told_beside_any_other_mistake(publisher, other_publisher):
    """The form that comes back counts as seen: the next press would save over theirs."""
    row = factories.section(title="Old")
    form = address(Section, "change", row.pk)
    opened = fields_of(read(publisher.get(form)))
    fill(other_publisher, form, title_en="Theirs")
    no_time = {"_schedule": "on", "_when-at_0": "", "_when-at_1": ""}
    refused = publisher.post(form, {**opened, "title_en": "Mine", **no_time})
    assert mistakes(refused)["form"] == [
        "This was saved elsewhere in the meantime.",
        "Choose the day and time when this should change.",
    ]
    assert "Theirs" in read(refused).one(class_="desk-overtaken").text
    row.refresh_from_db()
    assert row.title == "Theirs"


# --- In the same moment ----------------------------------------------------------------


FIRST_WORD = re.compile(r'UPDATE "pages_section"|INSERT INTO "reversion_revision"')


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("has_draft", [False, True])
@pytest.mark.parametrize("button", ["_draft", "_publish"])
def test_of_two_who_press_in_the_same_moment_the_second_is_told(button, has_draft):
    """SQLite lets in one at a time; PostgreSQL lets both in."""
    people = {name: superuser(name) for name in ("one", "two")}
    row = factories.section(title="Old")
    form = address(Section, "change", row.pk)
    if has_draft:
        fill(people["one"], form, "_draft", summary_en="A draft.")
    opened = {name: fields_of(read(client.get(form))) for name, client in people.items()}
    begin, writing, codes = threading.Barrier(2), set(), {}

    def press(name):
        def at_its_first_word(execute, sql, *rest):
            """Not before the other writes too, or waits for this one to be done."""
            if name not in writing and FIRST_WORD.match(sql):
                writing.add(name)
                until(lambda: len(writing) == 2 or somebody_waits())
            return execute(sql, *rest)

        try:
            begin.wait(PATIENCE)
            with connection.execute_wrapper(at_its_first_word):
                sent = {**opened[name], "title_en": f"Of {name}", button: "on", "_anyway": "1"}
                codes[name] = people[name].post(form, sent).status_code
        finally:
            connections.close_all()

    threads = [threading.Thread(target=press, args=[name]) for name in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(codes.values()) == [200, 302]
    saved = min(codes, key=lambda name: -codes[name])
    assert fields_of(read(people["one"].get(form)))["title_en"] == f"Of {saved}"
