"""A preview is the public page as it would be; nobody but staff sees it, and nothing keeps it."""

import json

from awareness.content.models import OldAddress
from awareness.content.publishing import State
from awareness.web.models import ContentVersion
from pages import site_context
from pages.models import HelpLine, Section
from tests import factories
from tests.desk.test_admin import address, fill, stored
from tests.desk.test_drafts import KINDS, LIVE
from tests.html import read


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
