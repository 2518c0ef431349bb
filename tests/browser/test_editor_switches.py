"""The editor as it runs: none of its known holes is open (docs/security.md)."""

import pytest

from tests.browser.conftest import watched
from tests.browser.signing_in import come_in

FORBIDDEN = [
    *("exportpdf", "scayt", "wsc", "preview", "iframe", "embed", "autolink", "codesnippetgeshi"),
    *("sourcearea", "sourcedialog", "wysiwygarea", "templates", "uploadimage"),
]
EDITOR = "CKEDITOR.instances.id_body_en"


@pytest.fixture(scope="module")
def problems():
    return []


@pytest.fixture(scope="module")
def form(site, browser, problems):
    """One for all of them: none saves it."""
    with watched(site, browser, problems) as open_page:
        page = open_page()
        come_in(page, site.username, site.password)
        page.goto("/admin/pages/update/add/")
        page.locator(".cke_wysiwyg_div").first.wait_for()
        page.wait_for_function(f"{EDITOR}.status === 'ready'")
        yield page


def test_no_version_check_and_no_whole_pages(form):
    assert form.evaluate("CKEDITOR.version") == "4.22.1"  # which docs/security.md speaks of
    assert form.evaluate(f"{EDITOR}.config.versionCheck") is False
    assert form.evaluate("CKEDITOR.config.versionCheck") is False  # ckeditor/fixups.js
    assert form.evaluate(f"{EDITOR}.config.fullPage") is False
    assert form.locator(".cke_notification").count() == 0


def test_none_of_the_plugins_that_have_holes_or_send_text_away_runs(form):
    running = set(form.evaluate(f"Object.keys({EDITOR}.plugins)"))
    assert {"portal", "link", "table"} <= running
    assert running & set(FORBIDDEN) == set()


def test_there_is_no_way_to_the_source(form):
    commands = set(form.evaluate(f"Object.keys({EDITOR}.commands)"))
    assert "bold" in commands
    forbidden = {"source", "preview", "exportPdf", "print", "newpage", "iframe", "templates"}
    assert commands & forbidden == set()
    assert form.evaluate(f"Object.keys({EDITOR}._.modes)") == ["wysiwyg"]


def test_its_filter_knows_neither_script_nor_style(form):
    allowed = {
        name: form.evaluate(f"{EDITOR}.filter.check({name!r})")
        for name in ("p", "h2", "script", "style", "iframe", "img", "p{color}", "p[onclick]")
    }
    assert [name for name, is_allowed in allowed.items() if is_allowed] == ["p", "h2"]


PAYLOADS = [
    "<p>a<![CDATA[ x ]]><img src=x onerror='window.fired=1'>b</p>",
    "<style><![CDATA[</style><img src=x onerror='window.fired=1'>]]></style><p>b</p>",
    "<p>a<script>window.fired=1</script>b</p>",
    "<p>a<!--{cke_protected}%3Cscript%3Ewindow.fired%3D1%3C%2Fscript%3E-->b</p>",
    "<p onclick='window.fired=1' data-cke-onclick='window.fired=1'>a b</p>",
]


def test_nothing_that_is_put_into_it_runs(form, problems):
    area = form.locator(".cke_wysiwyg_div").first
    for html in PAYLOADS:
        html = f"<p>Before it.</p>{html}"
        form.evaluate(f"html => new Promise(done => {EDITOR}.setData(html, done))", html)
        area.click()
        assert "Before it." in area.inner_text()
        form.evaluate("fetch('/help/')")  # what a payload asked for is answered before
        assert form.evaluate("window.fired") is None, html
        kept = form.evaluate(f"{EDITOR}.getData()")
        assert not [part for part in ("<script", "<img", "onclick", "onerror") if part in kept], (
            html
        )
    # A payload that is refused by the policy says so; that is the second line, and it held.
    problems[:] = [said for said in problems if "Content Security Policy" not in said]


def test_even_if_it_asked_another_host_the_policy_stops_it(form, problems):
    refused = form.evaluate(
        """() => new Promise(done => {
            document.addEventListener("securitypolicyviolation",
                event => done([event.effectiveDirective, event.blockedURI]), {once: true});
            const request = new XMLHttpRequest();
            request.open("GET", "https://cke4.example/versions.json");
            request.send();
        })"""
    )
    assert refused[0] == "connect-src"
    assert refused[1].startswith("https://cke4.example")
    problems.clear()  # the console says so too, as it must


def test_the_link_box_takes_numbers_as_pages_write_them_and_keeps_what_a_text_says(form):
    for typed, href in [
        ("(888)\u00a0373\u20117888", "tel:8883737888"),
        ("1\u2212888\u2013373\u20107888", "tel:18883737888"),
        ("sms:233\u2011733?body=Is (it) safe - now?", "sms:233733?body=Is (it) safe - now?"),
    ]:
        form.evaluate(f"() => new Promise(done => {EDITOR}.setData('', done))")
        form.locator(".cke_button__link").first.click()
        form.get_by_label("Where it leads").fill(typed)
        form.get_by_role("button", name="OK").click()
        form.get_by_label("Where it leads").wait_for(state="hidden")
        assert f'href="{href}"' in form.evaluate(f"{EDITOR}.getData()"), ascii(typed)
