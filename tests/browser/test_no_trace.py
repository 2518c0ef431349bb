"""Nothing is left behind: every address that the site leads to, and each kind in a browser."""

import re

import pytest

TOPIC = re.compile(r"traffic|trata|slave|victim|hotline|abuse|help", re.IGNORECASE)


def test_the_crawl_finds_the_site(addresses):
    assert {"/", "/learn/", "/help/", "/safety/practice/", "/es/", "/es/learn/signs/"} <= {
        *addresses
    }
    assert not [path for path in addresses if path.startswith(("/admin", "/accounts"))]
    assert len(addresses) > 50


def test_headers_of_every_answer(answers):
    for path, (status, headers) in answers.items():
        assert (path, status) == (path, 200)
        assert "Set-Cookie" not in headers, path
        assert headers["Cache-Control"] == "no-store", path
        assert headers["Referrer-Policy"] == "no-referrer", path


@pytest.mark.slow
def test_a_browser_keeps_nothing(site, addresses, paths, open_page, whole_browser):
    page, asked = open_page(using=whole_browser), []
    page.on("request", lambda request: asked.append(request.url.removeprefix(site.url)))
    for path in [*paths["en"], *paths["es"]]:
        before = len(asked)
        page.goto(path)
        assert len(asked) - before <= 4, asked[before:]
        kept = page.evaluate(
            """async () => [
                document.cookie,
                ...Object.keys(localStorage),
                ...Object.keys(sessionStorage),
                ...(await indexedDB.databases()).map((database) => database.name),
                ...(await navigator.serviceWorker.getRegistrations()).map((worker) => worker.scope),
                ...(window.caches ? await caches.keys() : []),
                ...[...document.querySelectorAll('link[rel=manifest]')].map((link) => link.href),
            ]"""
        )
        assert (path, kept) == (path, [""])
    assert page.context.cookies() == []
    files = {asset for asset in asked if asset not in addresses}
    assert files
    assert [file for file in files if TOPIC.search(file)] == []


def test_a_search_stands_in_no_address_and_no_history(page):
    page.goto("/")
    page.get_by_role("link", name="Search").click()
    entries = page.evaluate("history.length")
    page.get_by_label("What are you looking for?").fill("I am afraid")
    page.get_by_role("button", name="Search").click()
    page.get_by_role("heading", name="Get help now").wait_for()
    assert page.evaluate("history.length") == entries
    assert page.url.endswith("/search/")
    assert page.context.cookies() == []


def test_a_search_without_script(no_js_page):
    no_js_page.goto("/es/search/")
    no_js_page.get_by_role("searchbox").fill("linea de ayuda")
    no_js_page.get_by_role("search").get_by_role("button").click()
    no_js_page.locator("#results a[href^='tel:']").first.wait_for()
    assert no_js_page.url.endswith("/es/search/")


def test_the_log_that_we_configure_names_nobody(site, page):
    page.goto("/help/")
    assert "127.0.0.1 " not in site.log
    assert "Mozilla" not in site.log
    assert "/help/" not in site.log
