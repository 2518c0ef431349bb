"""A preview is the public page as it would be; nobody but staff sees it, and nothing keeps it."""

import json

import pytest
from django.contrib.auth.models import Permission, User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from awareness.content.models import OldAddress
from awareness.content.publishing import State
from awareness.desk.models import Draft, KeptForm
from awareness.web.models import ContentVersion
from pages import site_context
from pages.models import HelpLine, Section, Update
from stats.models import Figure
from tests import factories
from tests.desk.test_admin import address, fields_of, fill, stored
from tests.desk.test_drafts import KINDS, LIVE
from tests.html import read, read_text


def inner(client, row, language="en"):
    return client.get(f"{address(type(row), 'preview', row.pk)}page/", {"language": language})


@KINDS
def test_it_shows_the_draft_and_leaves_no_trace(editor, client, model, settings):
    make, field, words = LIVE[model]
    words = f"{words} and unseen"
    row = make()
    form = address(model, "change", row.pk)
    fill(editor, form, "_draft", **{field: words})
    before, version = stored(row), ContentVersion.current()
    page = read(inner(editor, row))
    assert words in page.text
    assert "Preview. Only staff see this page." in page.text
    assert (stored(row), ContentVersion.current()) == (before, version)
    public = client.get("/help/" if model is HelpLine else "/")
    assert words not in public.content.decode()
    # Nor as what the error pages would show.
    for held in (site_context.held_context(), site_context.context_from_file()):
        assert words not in json.dumps([line.name for line in held.help_lines])
    assert words not in client.get("/no-such-page/").content.decode()


def test_it_shows_rows_of_the_draft(editor):
    row = factories.section()
    form = address(Section, "change", row.pk)
    sent = {"citations-TOTAL_FORMS": 1, "citations-0-title": "A fresh citation"}
    sent |= {"citations-0-publisher": "A school", "citations-0-url": "https://law.example/"}
    fill(editor, form, "_draft", **sent)
    assert "A fresh citation" in read(inner(editor, row)).text
    assert row.citations.count() == 0


def test_every_state_can_be_previewed(editor):
    makers = [factories.section, factories.update, factories.plain_page, factories.section]
    for make, state in zip(makers, State, strict=True):
        row = make(**factories.in_state(state), body="<p>Unheard of.</p>")
        assert "Unheard of." in read(inner(editor, row)).text, state


def test_it_is_there_in_both_languages_and_widths(editor):
    row = factories.section(title_en="House", title_es="Casa")
    assert "Casa" in read(inner(editor, row, "es")).text
    assert "House" in read(inner(editor, row, "xx")).text
    outer = address(Section, "preview", row.pk)
    page = read(editor.get(outer, {"width": "phone", "language": "es"}))
    box = page.one("iframe")
    assert "desk-phone" in box.attrs["class"]
    assert box.attrs["src"] == "page/?language=es"
    assert "allow-scripts" not in box.attrs["sandbox"]
    chosen = [link.text for link in page.all("a") if link.attrs.get("aria-current") == "true"]
    assert chosen == ["Phone", "Spanish"]


def test_only_staff_see_it_and_nothing_keeps_it(editor, client):
    row = factories.section(**factories.in_state(State.DRAFT))
    for where in (
        address(Section, "preview", row.pk),
        f"{address(Section, 'preview', row.pk)}page/",
    ):
        assert client.get(where)["Location"].startswith("/admin/login/")
        response = editor.get(where)
        assert "no-store" in response["Cache-Control"]
        assert not getattr(response, "cacheable", False)
    policy = inner(editor, row)["Content-Security-Policy"]
    assert "frame-ancestors 'self'" in policy
    assert inner(editor, row)["X-Frame-Options"] == "SAMEORIGIN"
    assert (
        "frame-src 'self'"
        in editor.get(address(Section, "preview", row.pk))["Content-Security-Policy"]
    )


def test_a_new_address_is_previewed_and_the_one_there_is_stays(editor, client):
    row = factories.section(slug="one")
    fill(editor, address(Section, "change", row.pk), "_draft", slug="two", title_en="Moved")
    assert "Moved" in read(inner(editor, row)).text
    assert not OldAddress.objects.exists()
    assert client.get("/learn/one/").status_code == 200
    assert client.get("/learn/two/").status_code == 404


def test_an_address_that_another_item_took_is_said(editor):
    row = factories.section(slug="one")
    fill(editor, address(Section, "change", row.pk), "_draft", slug="two")
    factories.section(slug="two")
    assert "another item now has the same address" in inner(editor, row).content.decode()


def test_what_is_gone_is_said(editor):
    for model in LIVE:
        assert editor.get(address(model, "preview", 999))["Location"] == "/admin/", model


# --- What stands in the form -----------------------------------------------------------------


def type_in(client, model, row=None, language="en", **typed):
    """What the form is told as somebody types this into it: {"page": html, "notes": html}."""
    form = address(model, "change", row.pk) if row else address(model, "add")
    where = address(model, "preview_page", row.pk) if row else address(model, "preview_new")
    sent = {**fields_of(read(client.get(form))), **typed}
    response = client.post(f"{where}?language={language}", sent)
    assert response["Cache-Control"].startswith("max-age=0, no-cache, no-store")
    return response.json()


@KINDS
def test_what_is_typed_is_shown_and_leaves_no_trace(editor, client, model):
    make, field, words = LIVE[model]
    row = make()
    before, version = stored(row), ContentVersion.current()
    assert (
        f"{words} and unseen"
        in type_in(editor, model, row, **{field: f"{words} and unseen"})["page"]
    )
    assert (stored(row), ContentVersion.current()) == (before, version)
    assert not Draft.objects.exists()
    assert not KeptForm.objects.exists()
    for public in ("/", "/help/", "/search/?q=unseen", "/updates/feed.atom", "/sitemap.xml"):
        assert "and unseen" not in client.get(public).content.decode(), public


def test_a_draft_is_typed_in_upon_the_draft(editor):
    row = factories.section(title="Old", body="<p>Old.</p>")
    fill(editor, address(Section, "change", row.pk), "_draft", body_en="<p>Of the draft.</p>")
    page = type_in(editor, Section, row, title_en="Newest", title_es="Lo nuevo")["page"]
    assert [words in page for words in ("Of the draft.", "Newest", "Lo nuevo")] == [
        True,
        True,
        False,
    ]
    assert "Lo nuevo" in type_in(editor, Section, row, "es", title_es="Lo nuevo")["page"]


@pytest.mark.parametrize("model", LIVE, ids=lambda model: model.__name__)
def test_a_new_item_is_shown_with_whatever_there_is(publisher, model):
    _make, field, words = LIVE[model]
    page = read_text(type_in(publisher, model)["page"])
    assert ("There is no page to show yet." in page.text) is (model is Figure)  # of what place?
    page = type_in(publisher, model, **{field: f"{words} and unseen"})["page"]
    shown = model in (Section, Update)  # others need more before they stand anywhere
    assert ("and unseen" in page) >= shown
    assert not model.objects.exists()


def test_what_a_field_cannot_take_is_as_it_was_and_the_rest_is_shown(editor):
    row = factories.section(title="Old", slug="old", position=7)
    factories.citation(row, title="Cited")
    bad = {"slug": "no address", "position": "many", "publish_at_0": "soon", "kind": "none"}
    bad |= {"picture": "x", "citations-0-url": "javascript:1", "citations-0-title": "Cited anew"}
    bad |= {"body_en": '<p>Seen. <a href="http://a.example/">x</a></p>', "summary_en": ""}
    page = read_text(type_in(editor, Section, row, title_en="x" * 200, **bad)["page"])
    assert page.one("h1").text == "Old"
    assert "Seen. x" in page.text
    assert "Cited anew" in page.text
    editor.post(f"{address(Section, 'preview_page', row.pk)}?language=en", {})  # nor an empty form


def test_markup_that_would_break_the_page_stays_in_its_place(editor):
    row = factories.section()
    body = "<p>Before</div></main></body></html><script>alert(1)</script><style>*{}</style>"
    body += "<h2>Unclosed <table><td>x<!-- <iframe srcdoc='<script>'>"
    page = type_in(
        editor, Section, row, body_en=body, title_en="</title><script>alert(2)</script>"
    )["page"]
    assert [page.count(tag) for tag in ("</main>", "</body>", "<script", "alert(1)")] == [
        1,
        1,
        0,
        0,
    ]
    assert "Before" in read_text(page).one("main").text


def test_only_whoever_may_change_it_gets_it_and_only_from_the_form(editor, client):
    row = factories.section()
    reader = User.objects.create(username="reader", is_staff=True)
    reader.user_permissions.add(Permission.objects.get(codename="view_section"))
    looking, elsewhere = Client(), Client(enforce_csrf_checks=True)
    looking.force_login(reader)
    elsewhere.force_login(User.objects.get(username="editor"))
    there, new = address(Section, "preview_page", row.pk), address(Section, "preview_new")
    assert [looking.get(there).status_code, looking.get(new).status_code] == [200, 403]
    for where in (there, new):
        assert looking.post(where).status_code == 403
        assert elsewhere.post(where).status_code == 403
        assert client.post(where)["Location"].startswith("/admin/login/")
    row.delete()
    assert editor.post(there).status_code == 410


def test_a_page_with_ten_citations_costs_few_questions(editor):
    row = factories.section()
    for n in range(10):
        factories.citation(row, title=f"Source {n}")
    sent = fields_of(read(editor.get(address(Section, "change", row.pk))))
    where = f"{address(Section, 'preview_page', row.pk)}?language=en"
    editor.post(where, sent)
    with CaptureQueriesContext(connection) as asked:
        assert "Source 9" in editor.post(where, sent).json()["page"]
    assert len(asked) <= 40, "\n".join(query["sql"][:90] for query in asked)
