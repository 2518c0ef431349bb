"""The field cleans whatever is saved; the editor makes nothing else, and says what it left out."""

import json
import re
from pathlib import Path

import pytest
from ckeditor.widgets import CKEditorWidget
from django.conf import settings
from django.contrib.staticfiles.finders import get_finder
from django.core import serializers
from django.core.exceptions import ValidationError
from django.template import Context, Template

from awareness.richtext import (
    ALLOWED,
    EDITOR_CONFIG,
    RichTextField,
    check_hardening,
    hardening_problems,
)
from awareness.richtext.finder import KEEP


def form_field(**kwargs):
    return RichTextField("text", **kwargs).formfield()


def test_the_form_field_returns_clean_text_and_remembers_what_it_left_out():
    field = form_field()
    assert field.clean('<h1 class="x">Title</h1>') == "<h2>Title</h2>"
    assert len(field.tidied) == 2
    assert field.clean("<p>plain</p>") == "<p>plain</p>"
    assert field.tidied == []


def test_the_form_field_names_each_thing_that_must_be_mended():
    with pytest.raises(ValidationError) as error:
        form_field().clean('<a href="http://a.example">a</a><a href="//b.example">b</a><img>')
    assert len(error.value.messages) == 3


def test_a_text_over_200_kb_is_refused_in_one_sentence():
    assert form_field().clean("é" * 100_000) == "é" * 100_000
    with pytest.raises(ValidationError, match="200 kB") as error:
        form_field().clean("é" * 100_000 + "x")
    assert len(error.value.messages) == 1


@pytest.mark.parametrize("empty", ["", "<p>&nbsp;</p>", "<p><br></p>\n"])
def test_a_text_without_words_is_empty(empty):
    assert form_field(blank=True).clean(empty) == ""
    with pytest.raises(ValidationError, match="required"):
        form_field().clean(empty)


def test_the_admin_cannot_swap_the_editor_for_its_own_text_box():
    assert isinstance(RichTextField().formfield(widget=object).widget, CKEditorWidget)


def test_no_migration_names_the_editor():
    assert RichTextField("text", blank=True).deconstruct() == (
        None,
        "django.db.models.TextField",
        [],
        {"verbose_name": "text", "blank": True},
    )


DIRTY, CLEAN = '<p onclick="x">text</p><script>x</script>', "<p>text</p>"


@pytest.fixture
def section(db):
    from pages.models import Section

    return Section.objects.create(title="A", slug="a", summary="s", body_en=DIRTY)


def test_saving_cleans_the_row_and_the_object(section):
    assert section.body_en == CLEAN
    section.refresh_from_db()
    assert (section.body_en, section.body_es) == (CLEAN, None)


def test_saving_in_spanish_copies_no_english_fallback(section):
    from django.utils.translation import override

    with override("es"):
        section.save()
    section.refresh_from_db()
    assert section.body_es is None


def test_update_bulk_create_and_loaddata_clean_too(section):
    model = type(section)
    model.objects.update(body_en=DIRTY, body_es=DIRTY)
    section.refresh_from_db()
    assert (section.body_en, section.body_es) == (CLEAN, CLEAN)

    model.objects.bulk_create([model(title="B", slug="b", summary="s", body_en=DIRTY)])
    assert model.objects.get(slug="b").body_en == CLEAN

    (row,) = json.loads(serializers.serialize("json", [section]))
    row["fields"]["body_en"] = DIRTY
    for loaded in serializers.deserialize("json", json.dumps([row])):
        loaded.save()
    section.refresh_from_db()
    assert section.body_en == CLEAN


def update_form(body):
    return {
        "title_en": "A",
        "slug": "a",
        "summary_en": "s",
        "body_en": body,
        "publish_at_0": "2026-01-01",
        "publish_at_1": "12:00",
        "_continue": "1",
    }


def test_the_admin_tells_the_editor_what_was_left_out(admin_client):
    page = admin_client.post("/admin/pages/update/add/", update_form("<h1>A</h1>"), follow=True)
    told = [str(message) for message in page.context["messages"]]
    assert [text for text in told if "Heading 1 became Heading 2" in text and "English" in text]
    assert "&lt;h2&gt;A&lt;/h2&gt;" in page.content.decode()


def test_the_admin_keeps_a_refused_text_in_the_form(admin_client):
    page = admin_client.post("/admin/pages/update/add/", update_form('<a href="http://a">x</a>'))
    (message,) = page.context["adminform"].form.errors["body_en"]
    assert "http://a" in message
    assert "&lt;a href=&quot;http://a&quot;&gt;x&lt;/a&gt;" in page.content.decode()


def test_only_pages_with_an_editor_loosen_the_policy_and_only_for_style(admin_client):
    def policy(path):
        header = admin_client.get(path)["Content-Security-Policy"]
        return dict(directive.split(" ", 1) for directive in header.split("; "))

    usual, editor = policy("/admin/pages/update/"), policy("/admin/pages/update/add/")
    assert usual["style-src"] == "'self'"
    assert editor["style-src"] == "'self' 'unsafe-inline'"
    assert {**editor, "style-src": usual["style-src"]} == usual
    assert editor["script-src"] == "'self'"


# --- On the page ------------------------------------------------------------------


def render(template, value):
    return Template("{% load richtext %}" + template).render(Context({"value": value}))


def test_the_filters_clean_on_the_way_out():
    html = '<h2>A</h2><h3>B</h3><h4>C</h4><p onclick="x">&lt;h2&gt; &amp;</p><script>x</script>'
    assert render("{{ value|rich }}", html) == (
        "<h2>A</h2><h3>B</h3><h4>C</h4><p>&lt;h2&gt; &amp;</p>"
    )
    assert render("{{ value|rich_nested }}", html) == (
        "<h3>A</h3><h4>B</h4><h5>C</h5><p>&lt;h2&gt; &amp;</p>"
    )
    assert render("{{ value|rich }}{{ value|rich_nested }}", None) == ""


def test_only_the_filters_trust_a_string_as_html():
    root = Path(settings.BASE_DIR)
    trusting = {
        str(path.relative_to(root))
        for folder in ("awareness", "pages", "stats")
        for path in root.glob(f"{folder}/**/*.py")
        if re.search(r"mark_safe|SafeString|__html__", path.read_text())
    }
    # inline.py trusts a style sheet of our own, and nothing that anybody typed.
    assert trusting == {"awareness/templatetags/richtext.py", "awareness/inline.py"}


# --- The editor's configuration ---------------------------------------------------

# What each button can put into a text, for the comparison with ALLOWED.
BUTTONS = {
    "Heading2": {"h2"}, "Heading3": {"h3"}, "Heading4": {"h4"},
    "Bold": {"strong"}, "Italic": {"em"},
    "BulletedList": {"ul", "li"}, "NumberedList": {"ol", "li"}, "Blockquote": {"blockquote"},
    "Link": {"a"}, "Unlink": set(), "Otherlanguage": {"span"},
    "Table": {"table", "caption", "thead", "tbody", "tr", "th", "td"},
    "Rowadd": {"tr", "td"}, "Rowdelete": set(), "Columnadd": {"th", "td"}, "Columndelete": set(),
    "RemoveFormat": set(), "Undo": set(), "Redo": set(),
}  # fmt: skip


def test_the_toolbar_offers_nothing_that_the_sanitiser_would_take_away():
    offered = [button for group in EDITOR_CONFIG["toolbar"] for button in group]
    assert set(offered) == set(BUTTONS)
    assert set().union(*BUTTONS.values()) <= set(ALLOWED)


def test_the_editor_keeps_exactly_what_the_sanitiser_keeps():
    rules = {}
    for rule in EDITOR_CONFIG["allowedContent"].split("; "):
        tag, names = re.fullmatch(r"(\w+)(?:\[([\w,!]+)\])?", rule).groups()
        rules[tag] = set((names or "").replace("!", "").split(",")) - {""}
    assert rules == ALLOWED


def test_the_hardening_is_checked_at_every_start(monkeypatch):
    assert check_hardening(None) == []
    apps = [*settings.INSTALLED_APPS, "ckeditor_uploader"]
    monkeypatch.setattr(settings, "INSTALLED_APPS", apps)
    (warning,) = check_hardening(None)
    assert warning.id == "portal.W001"


@pytest.mark.parametrize(
    "softened",
    [
        {"toolbar": [["Bold", "Source"]]},
        {"allowedContent": True},
        {"allowedContent": "p; script"},
        {"plugins": EDITOR_CONFIG["plugins"] + ",exportpdf"},
        {"extraPlugins": "portal,sourcedialog"},
        {"fullPage": True},
        {"customConfig": "config.js"},
    ],
)
def test_each_softening_is_found(softened):
    assert len(list(hardening_problems({**EDITOR_CONFIG, **softened}))) == 1


def test_only_the_files_that_the_editor_loads_are_collected():
    finder = get_finder("awareness.richtext.finder.TrimmedAppFinder")
    collected = {path for path, _ in finder.list([])}
    editor = {path for path in collected if path.startswith("ckeditor/")}
    assert len(editor) < 50
    assert all(KEEP.fullmatch(path) for path in editor)
    assert {
        "ckeditor/ckeditor-init.js",
        "ckeditor/ckeditor/ckeditor.js",
        "ckeditor/ckeditor/lang/es.js",
        "ckeditor/ckeditor/plugins/table/dialogs/table.js",
        "ckeditor/ckeditor/skins/moono-lisa/editor.css",
    } <= editor
    assert not [path for path in editor if "preview" in path or "exportpdf" in path]
    assert "admin/css/base.css" in collected


def test_the_script_comes_after_the_editor_it_changes():
    scripts = [str(script) for script in form_field().widget.media._js]
    assert scripts[-1] == "editor/editor.js"
    assert any("ckeditor/ckeditor/ckeditor.js" in script for script in scripts[:-1])


def test_the_spanish_text_is_spell_checked_in_spanish():
    assert "es" in dict(settings.LANGUAGES)
    widget = form_field().widget
    for name, language in (("body_es", "es"), ("body_en", "en"), ("text", "en")):
        config = json.loads(widget.get_context(name, "", {"id": name})["widget"]["config"])
        assert config["contentsLanguage"] == language
        assert config["versionCheck"] is False
