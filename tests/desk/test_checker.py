"""What the checker says of a text, where it is said, and what it stops."""

import datetime
import time

import pytest
from django.contrib import admin
from django.utils import timezone

from awareness.desk.avoided_words import AvoidedWord
from awareness.desk.checker import IN_BRACKETS, notes_of
from awareness.desk.item_version import ItemVersion
from awareness.desk.models import Draft
from awareness.links.places import ADDRESSES
from pages.models import Section, Update
from tests import factories
from tests.desk.test_admin import address, fields_of, fill, mistakes
from tests.desk.test_preview import type_in
from tests.html import read, read_text

pytestmark = pytest.mark.also_postgres


def notes(row):
    """[(field, message, whether it is an error)]"""
    desk = admin.site.get_model_admin(type(row))
    return [(n.field, n.message, n.is_error) for n in notes_of(desk, ItemVersion.of(row))]


def said(body, language="en"):
    """What is said of this text, but for links that lead nowhere."""
    row = factories.update(**{f"body_{language}": body})
    return [message for _field, message, is_error in notes(row) if not is_error]


def test_each_rule_speaks_in_the_order_of_the_text(db):
    picture = factories.picture(title="Truck stop")
    body = (
        '<h3>Begin</h3><p>A <a href="/help/">Click here!</a>, <a href="/x/">a page</a>, a '
        '<a href="https://a.example/b">https://a.example/b</a> and <a href="tel:911">911</a>.</p>'
        "<h2>Then</h2><h4>Jump</h4><h3>Back</h3><p>Illegal <em>x</em> Illegal\nImmigrants, "
        "“rescue”, “child prostitute” and unrescued <q>Rescues</q></p>"
        f'<figure data-picture="{picture.pk}"></figure>'
        "<table><tr><td>1</td></tr></table><table><tr><th>1</th></tr></table>"
    )
    assert said(body) == [
        "“Begin” is a heading 3: make it a heading 2.",
        "“Click here!” does not say where the link leads.",
        "“https://a.example/b” is a bare address: say in words what is there.",
        "“Jump” is a heading 4: make it a heading 3.",
        "“Illegal Immigrants”: better “immigrant without papers”.",
        "“Rescues”: better “help to leave, or find safety”.",
        "A table without headings cannot be read aloud: make its first row one.",
    ]
    assert said(f'<p>x</p><figure data-picture="{picture.pk}"></figure>', "es") == [
        "The picture “Truck stop” has no words for people who cannot see it."
    ]
    assert notes(factories.update(picture=picture)) == []  # nobody reads it in Spanish
    shown = factories.update(picture=picture, title_es="Un cartel")
    assert notes(shown) == [
        ("picture", "The picture “Truck stop” has no words for people who cannot see it.", False)
    ]
    assert said('<p><a href="/help/">Haga clic aquí</a>: prostitutas.</p>', "es") == [
        "“Haga clic aquí” does not say where the link leads.",
        "“prostitutas”: better “persona explotada en el comercio sexual”.",
    ]


def test_hard_words_are_told_from_easy_ones_and_help_is_to_be_easier(db):
    hard = (
        "<p>"
        + "Organizational considerations necessitate comprehensive deliberation. " * 9
        + "</p>"
    )
    assert said(hard)[0].startswith("This is hard to read: grade ")
    assert said(hard, "es")[0].startswith("This is hard to read: ease ")
    middling = "<p>" + "The people who answer can help you to consider what is possible today. " * 4
    assert said(f"{middling}</p>") == []
    help_page = factories.section(kind=Section.Kind.HELP, body_en=f"{middling}</p>")
    factories.citation(help_page)
    assert [message for _f, message, _e in notes(help_page)] == [
        "This is hard to read: grade 7.6. Aim for 6 or lower."
    ]


def test_of_a_section_sources_are_asked_for_and_read_again_after_a_year(db):
    row = factories.section()
    assert notes(row) == [
        (
            "citations-group",
            "No source is named: under Citations, say where this comes from.",
            False,
        )
    ]
    assert notes(factories.plain_page()) == []
    day = timezone.localdate() - datetime.timedelta(days=366)
    factories.citation(row, title="New", read_on=timezone.localdate())
    factories.citation(row, title="Old", read_on=day)
    ((field, message, _is_error),) = notes(row)
    assert message.startswith("“Old” was last read on ")
    assert field == "citations-0-read_on"


def test_links_of_ours_that_lead_nowhere_are_errors_and_all_others_are_not(db, settings):
    settings.SITE_URL = "https://localhost"
    there = factories.section(slug="signs", body_en="<h2>At work</h2>", body_es="<h2>Trabajo</h2>")
    factories.section(slug="later", **factories.in_state("draft"))
    factories.campaign_link(slug="far", page="/help/")
    where = there.get_absolute_url()
    fine = ["/help/", "/es/help/", where, f"{where}#on--at-work", "/Help", "/statistics/?from=2012"]
    fine += [
        "?page=2",
        "https://example.org/x/",
        "tel:911",
        "/",
        "/go/far/",
        "https://localhost/help/",
    ]
    fine += ["/updates/own/", "/updates/own/#main", f"{where}#top", "/updates/feed.atom"]
    gone = ["/hlep/", "/learn/laterr/", "/admin/", "/año/x/", f"{where}#no", "/updates/own/#no"]
    text = lambda links: "".join(f'<p><a href="{link}">A page</a></p>' for link in links)  # noqa: E731
    row = factories.update(slug="own", published=False, body_en=text([*fine, *gone]))
    errors = [message for _field, message, is_error in notes(row) if is_error]
    assert errors == [
        *(f"No public page has the address “{link}”." for link in gone[:4]),
        *(f"The page has no such part: “{link}”." for link in gone[4:]),
    ]
    # Two drafts may lead to each other: one comes first.
    row = factories.update(body_en=text(["/learn/later/"]), body_es=text(["/es/learn/later/"]))
    assert [said for _f, *said in notes(row)] == [
        ["“/learn/later/” is not public yet.", False],
        ["“/es/learn/later/” is not public yet.", False],
    ]
    row = factories.update(body_en=text(["https://localhost//[x"]))  # no host, and none is "[x"
    assert notes(row) == [("body_en", "No public page has the address “//[x”.", True)]
    # However many warnings stand before it.
    row = factories.update(body_en=f"{'<p>A rescue.</p>' * 99}{text(['/x/'])}")
    assert [is_error for *_said, is_error in notes(row)] == [False] * 50 + [True]
    # A Spanish text leads to the Spanish pages, whose parts have other names.
    row = factories.update(body_es=text([f"{where}#on--trabajo", f"{where}#on--at-work"]))
    assert [message for _f, message, _e in notes(row)] == [
        f"The page has no such part: “{where}#on--at-work”."
    ]


def test_what_comes_by_its_date_is_there_for_links_an_hour_later(db, monkeypatch):
    later = timezone.now() + datetime.timedelta(hours=1)
    factories.update(slug="soon", publish_at=later - datetime.timedelta(minutes=9))
    row = factories.update(body_en='<p><a href="/updates/soon/">A page</a></p>')
    assert [is_error for *_said, is_error in notes(row)] == [False]  # not public yet
    monkeypatch.setattr(timezone, "now", lambda: later)
    monkeypatch.setattr(time, "time", lambda: later.timestamp())
    assert notes(row) == []


def test_an_error_stops_publishing_scheduling_and_asking_but_no_draft(publisher):
    row = factories.update(title="Old", slug="news")
    form = address(Update, "change", row.pk)
    typed = {"body_en": '<p>See <a href="/hlep/">the help page</a>.</p>'}
    day = {"_when-at_0": "2096-12-31", "_when-at_1": "10:00"}
    for button, more in (("_publish", {}), ("_schedule", day), ("_ask", {})):
        response = fill(publisher, form, button, **typed, **more)
        assert mistakes(response) == {
            "form": ["Something must be mended first: Before it goes out."]
        }
        check = read(response).one(id="desk-check")
        assert "hidden" not in check.attrs
        assert not check.all("input")
        assert [link.attrs["href"] for link in check.all("a")] == ["#id_body_en"]
        assert "Must be mended: No public page has the address “/hlep/”." in check.text
    assert not Draft.objects.exists()
    assert fill(publisher, form, "_draft", **typed).status_code == 302


def test_what_a_template_asks_for_is_no_text(publisher):
    row = factories.update(title="Old")
    typed = {"title_en": "[Say what happened]", "summary_es": "Dijo [sic] y [...] calló."}
    assert [*mistakes(fill(publisher, address(Update, "change", row.pk), **typed))] == ["form"]
    row.title_en, row.summary_es = typed.values()
    assert notes(row) == [("title_en", IN_BRACKETS, True)]


def test_warnings_are_asked_about_once_and_a_review_may_have_them(publisher, editor):
    row = factories.update(title="Old")
    form = address(Update, "change", row.pk)
    assert fill(editor, form, "_ask", summary_en="A rescue.", _anyway="").status_code == 302
    opened = fields_of(read(publisher.get(form)))
    refused = publisher.post(form, {**opened, "_publish": "on"})
    assert [*mistakes(refused)] == ["form"]
    check = read(refused).one(id="desk-check")
    assert "“rescue”: better “help to leave, or find safety”." in check.text
    (tick,) = [box for box in check.all("input") if "checked" not in box.attrs]
    sent = {**fields_of(read(refused)), "_publish": "on", tick.attrs["name"]: "1"}
    assert publisher.post(form, sent).status_code == 302
    row.refresh_from_db()
    assert row.summary_en == "A rescue."
    assert "_anyway" not in publisher.get(form).content.decode()


def test_a_word_that_staff_add_is_found_at_once_and_the_note_stands_at_its_place(editor):
    AvoidedWord.objects.create(word="ring", better="group")
    row = factories.update(slug="own")
    body = '<h2>A ring</h2><p>Rings, and <a href="/help/">here</a>. Bring a string.</p>'
    answer = type_in(editor, Update, row, body_en=body)
    page, listed = read_text(answer["page"]), read_text(answer["notes"])
    assert [mark.text for mark in page.one("main").all("mark")] == [
        "1: “ring”: better “group”.",
        "2: “Rings”: better “group”.",
        "3: “here” does not say where the link leads.",
    ]
    assert page.one("main").one("h2").text.startswith("A 1")
    assert listed.one("p").text == "3 notes"
    assert [link.attrs["href"] for link in listed.all("a")] == ["#id_body_en"] * 3
    calm = read_text(type_in(editor, Update, row)["notes"])
    assert (calm.text, calm.one("p").attrs["role"]) == (
        "Nothing to mend in what is written.",
        "status",
    )


@pytest.mark.slow
def test_what_the_site_starts_with_has_no_error_and_few_warnings(starter):
    found = {}
    for model in {model for model, parent, *_rest in ADDRESSES if not parent}:
        if hasattr(model, "published"):
            for row in model.objects.all():
                for note in notes(row):
                    found.setdefault(getattr(row, "slug", str(row)), []).append(note)
    for template in ("first-update", "first-event", "our-people", "We need your support"):
        assert {said for _field, said, is_error in found.pop(template) if is_error} == {IN_BRACKETS}
    speak_of_ourselves = {"years-without-figures", "how-can-i-help", "visit-or-speaker"}
    assert found.keys() == {*speak_of_ourselves, "correct-us"}
    assert not [note for those in found.values() for note in those if note[2]]
