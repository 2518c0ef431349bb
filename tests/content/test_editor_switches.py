"""What switches off each known hole of CKEditor 4.22.1: docs/security.md, "What we ship knowing".

The configuration is read from the page that a browser gets, the files from the folder that is
served. tests/browser/test_editor_switches.py looks at the editor itself.
"""

import contextlib
import json
import re

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders

from awareness.content.richtext import CLASSES, EDITOR_CONFIG, clean, hardening_problems
from tests.html import read

FORMS = ["/admin/pages/section/add/", "/admin/pages/update/add/"]
SENDS_AWAY = {"exportpdf", "scayt", "wsc"}
HAS_HOLES = {"autolink", "codesnippetgeshi", "embed", "embedbase", "iframe", "preview"}
SHOWS_SOURCE = {"sourcearea", "sourcedialog"}


def buttons(config):
    return {button for group in config["toolbar"] for button in group}


def plugins(config):
    return {*config["plugins"].split(","), *config["extraPlugins"].split(",")}


def elements(config):
    """What the editor's own filter keeps: a list by name, or the test fails."""
    assert isinstance(config["allowedContent"], str)
    return {rule.split("[")[0] for rule in config["allowedContent"].split("; ")}


def only_names(config):
    """No rule keeps styles, a class that is not ours, every attribute or every element."""
    ours = "|".join(set().union(*CLASSES.values()))
    rules = re.sub(rf"\((?:{ours})(?:,(?:{ours}))*\)", "", config["allowedContent"])
    return not set("*{}()") & set(rules)


# name of the switch: (whether it is off, what would turn it on again)
SWITCHES = {
    "whole pages (CVE-2024-24815)": (
        lambda config: config["fullPage"] is False,
        {"fullPage": True},
    ),
    "script and style (CVE-2024-24815)": (
        lambda config: not elements(config) & {"script", "style", "noscript", "textarea"},
        {"allowedContent": f"{EDITOR_CONFIG['allowedContent']}; style"},
    ),
    "any markup (CVE-2024-24815)": (
        only_names,
        {"allowedContent": f"{EDITOR_CONFIG['allowedContent']}; *[id]"},
    ),
    "more markup (CVE-2024-24815)": (
        lambda config: "extraAllowedContent" not in config,
        {"extraAllowedContent": "style"},
    ),
    "preview (CVE-2024-24816)": (
        lambda config: "preview" not in plugins(config),
        {"plugins": f"{EDITOR_CONFIG['plugins']},preview"},
    ),
    "version check (CVE-2024-43411)": (
        lambda config: config["versionCheck"] is False,
        {"versionCheck": True},
    ),
    "plugins with holes (CVE-2024-43407, CVE-2021-26272, CVE-2023-28439)": (
        lambda config: not plugins(config) & HAS_HOLES,
        {"extraPlugins": "portal,codesnippetgeshi"},
    ),
    "plugins that send the text away": (
        lambda config: not plugins(config) & SENDS_AWAY,
        {"plugins": f"{EDITOR_CONFIG['plugins']},scayt"},
    ),
    "source, where an attack is pasted": (
        lambda config: "Source" not in buttons(config) and not plugins(config) & SHOWS_SOURCE,
        {"toolbar": [*EDITOR_CONFIG["toolbar"], ["Source"]]},
    ),
    "a file that changes all of it": (
        lambda config: config["customConfig"] == "",
        {"customConfig": "/static/config.js"},
    ),
}


def test_the_switch_is_off_in_what_a_browser_gets(admin_client, starter, subtests):
    for form in FORMS:
        boxes = read(admin_client.get(form)).all("textarea", **{"data-type": "ckeditortype"})
        assert boxes, form
        for box in boxes:
            assert json.loads(box.attrs["data-external-plugin-resources"]) == []
            for name, (is_off, _on) in SWITCHES.items():
                with subtests.test(name=name, form=form):
                    assert is_off(json.loads(box.attrs["data-config"]))


def test_turned_on_again_it_is_seen_and_warned_of(subtests):
    for name in SWITCHES:
        with subtests.test(name=name):
            is_off, on = SWITCHES[name]
            loosened = {**EDITOR_CONFIG, **on}
            assert not is_off(loosened)
            assert list(hardening_problems(loosened))
            assert list(hardening_problems(EDITOR_CONFIG)) == []


def test_only_named_plugins_run():
    """`plugins` is the list of what runs; `removePlugins` would be one of what doesn't."""
    assert "removePlugins" not in EDITOR_CONFIG
    assert len(plugins(EDITOR_CONFIG)) == 27


def test_no_setting_adds_to_the_configuration():
    assert not hasattr(settings, "CKEDITOR_CONFIGS")
    assert "ckeditor_uploader" not in settings.INSTALLED_APPS


# --- Files ------------------------------------------------------------------------------

# What has holes, or leads to some: nothing of it can be asked for.
NEVER_SERVED = [
    "ckeditor/ckeditor/samples/index.html",
    "ckeditor/ckeditor/samples/old/ajax.html",
    "ckeditor/ckeditor/config.js",
    "ckeditor/ckeditor/build-config.js",
    "ckeditor/ckeditor/plugins/preview/preview.html",
    "ckeditor/ckeditor/plugins/preview/plugin.js",
    "ckeditor/ckeditor/plugins/codesnippetgeshi/plugin.js",
    "ckeditor/ckeditor/plugins/codesnippet/lib/highlight/highlight.pack.js",
    "ckeditor/ckeditor/plugins/autolink/plugin.js",
    "ckeditor/ckeditor/plugins/embed/plugin.js",
    "ckeditor/ckeditor/plugins/iframe/dialogs/iframe.js",
    "ckeditor/ckeditor/plugins/iframedialog/plugin.js",
    "ckeditor/ckeditor/plugins/divarea/plugin.js",
    "ckeditor/ckeditor/plugins/sourcedialog/plugin.js",
    "ckeditor/ckeditor/plugins/scayt/dialogs/options.js",
    "ckeditor/ckeditor/plugins/wsc/dialogs/wsc.js",
    "ckeditor/ckeditor/plugins/exportpdf/plugin.js",
    "ckeditor/ckeditor/plugins/mathjax/plugin.js",
]
FOLDERS = {
    *("a11yhelp", "clipboard", "dialog", "table"),
    *("pastefromgdocs", "pastefromlibreoffice", "pastefromword", "pastetools"),
}


def test_what_has_holes_cannot_be_asked_for(first_start, settings, client, db):
    """With the folder that a real start fills."""
    settings.STATIC_ROOT = first_start.folder / "static"

    def status(name):
        with contextlib.closing(client.get(f"/static/{name}")) as answer:
            return answer.status_code

    assert status("ckeditor/ckeditor/ckeditor.js") == 200
    assert [name for name in NEVER_SERVED if status(name) != 404] == []


def test_of_the_editors_files_only_those_that_it_loads_are_served(first_start):
    """In the folder of a real start: the 35 files, as they are, with a hash, and compressed."""
    folder = first_start.folder / "static" / "ckeditor"
    served = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    plain = {p for f in get_finders() for p, _s in f.list([]) if p.startswith("ckeditor/")}
    assert len(plain) == 35
    assert {f"ckeditor/{name}" for name in served} >= plain
    first = "ckeditor/plugins/"
    assert {name.split("/")[2] for name in served if name.startswith(first)} - FOLDERS <= {
        name.split("/")[2] for name in served if name.startswith(f"{first}icons")
    }
    assert not [name for name in served if name.endswith((".html", ".php", ".swf", ".htm"))]
    assert not [name for name in served if "sample" in name]


# --- What stands behind the editor --------------------------------------------------------


def test_a_page_with_an_editor_runs_and_asks_nothing_from_elsewhere(admin_client, starter):
    """Even if one of the switches were on: no inline script, and no other host."""
    for form in FORMS:
        header = admin_client.get(form)["Content-Security-Policy"]
        policy = dict(part.strip().split(" ", 1) for part in header.split(";") if part.strip())
        assert policy["default-src"] == "'none'"  # objects, among others
        for directive in ("script-src", "connect-src", "form-action"):
            assert policy[directive] == "'self'"
        assert policy.get("frame-src", "'self'") == "'self'"  # the preview
        assert not {"child-src", "object-src", "worker-src"} & policy.keys()
        assert not [value for value in policy.values() if "http" in value or "*" in value]


CDATA = [
    "<p>a<![CDATA[ x ]]><script>alert(1)</script>b</p>",
    "<p>a<style><![CDATA[</style><img src=x onerror=alert(1)>]]></style>b</p>",
    "<p>a<script><![CDATA[ --></script><svg onload=alert(1)>]]></script>b</p>",
    "<p>a<!--{cke_protected}%3Cscript%3Ealert(1)%3C%2Fscript%3E-->b</p>",
    "<p>a<![CDATA[><iframe srcdoc='<script>alert(1)</script>'>]]>b</p>",
]


def test_the_server_cleans_what_the_editors_filter_would_let_through():
    """CVE-2024-24815 gets past the editor's filter. Nothing that is stored ever relied on it."""
    for html in CDATA:
        cleaned = clean(html)
        for part in ("<script", "<style", "<img", "<svg", "<iframe", "<!--", "CDATA", "onerror"):
            assert part not in cleaned, html
        assert cleaned.startswith("<p>a"), html
