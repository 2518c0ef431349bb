"""What every response says of itself, and what a page may never hold."""

import base64
import gzip
import hashlib
import ipaddress
import re

import brotli
import pytest

from awareness.web.csp import INLINE
from awareness.web.inline import source_hash, style, styles
from tests import public
from tests.html import read

ALL = [*public.STARTER_PAGES, *public.NOT_LINKED, "/updates/feed.atom"]
PUBLIC_POLICY = {
    "default-src": "'none'",
    "connect-src": "'self'",
    "img-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}
FETCHED = {"src", "srcset", "data", "poster", "background", "action", "formaction", "ping"}


def policy(response):
    parts = response["Content-Security-Policy"].split(";")
    return dict(part.strip().split(" ", 1) for part in parts)


def words(response):
    return response.content.decode()


def hashes(response, tag):
    """What the policy must say to allow each <style> or <script> of a page; data is not run."""
    page = re.sub(r'<script [^>]*type="application/ld\+json".*?</script>', "", words(response))
    found = re.findall(rf"<{tag}\b[^>]*>(.*?)</{tag}>", page, re.S)
    digests = [hashlib.sha256(text.encode()).digest() for text in found]
    return {f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests}


def check_public(response):
    assert response.cookies == {}
    assert response["Cache-Control"] == "no-store"
    assert response["Referrer-Policy"] == "no-referrer"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["X-Frame-Options"] == "DENY"  # all but /embed/: tests/sharing/test_embeds.py
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "geolocation=()" in response["Permissions-Policy"]
    assert "Cookie" not in response.get("Vary", "")
    rest = policy(response)
    assert rest.pop("style-src").startswith("'sha256-")
    assert all(source.startswith("'sha256-") for source in rest.pop("script-src").split())
    assert rest == PUBLIC_POLICY


@pytest.mark.slow
def test_every_public_answer_leaves_nothing_and_allows_nothing(client, starter):
    """Not even to whoever was signed in before, or has a cookie that is broken."""
    for address in ALL:
        client.cookies["sessionid"] = client.cookies["csrftoken"] = "s" * 32
        check_public(client.get(address))
        client.cookies["csrftoken"] = "no token"
        assert client.get(address).cookies == {}, address


def test_so_does_every_error_and_redirect(client, starter):
    client.get("/")
    for name in ("400", "404", "405"):
        check_public(public.error_pages(client)[name])
    check_public(client.get("/?utm_source=x"))
    check_public(client.get("/learn"))


def test_the_page_that_shows_a_fault_to_a_developer_may_use_its_own_style(client, db, settings):
    settings.DEBUG = True
    response = client.get("/nowhere/")
    assert "<style>" in response.content.decode()
    assert not response.has_header("Content-Security-Policy")


def test_a_sheet_of_some_pages_stands_in_those_alone(client, starter):
    home, figures = client.get("/"), client.get("/statistics/")
    of_home, of_figures = [
        {source_hash(style()), source_hash(style("charts")), source_hash(style(name))}
        for name in ("home", "figures")
    ]
    assert hashes(home, "style") == of_home
    assert hashes(figures, "style") == of_figures
    every = {*policy(client.get("/no/such/page/"))["style-src"].split()}
    assert every == {source_hash(text) for text in styles()}


def test_all_scripts_together_are_under_2_kb(client, starter):
    page = client.get("/search/").content.decode()
    scripts = "".join(re.findall(r"<script\b[^>]*>(.*?)</script>", page, re.S))
    assert len(gzip.compress(scripts.encode())) < 2_000  # bytes, as README says


def test_no_page_runs_or_fetches_anything_but_what_its_policy_names(client, starter, subtests):
    for address in [*public.STARTER_PAGES, "/no/such/page/"]:
        with subtests.test(address=address):
            response = client.get(address)
            allowed = {name: {*policy(response)[name].split()} for name in INLINE}
            of_page = {name: hashes(response, name.partition("-")[0]) for name in INLINE}
            assert all(of_page[name] <= allowed[name] for name in INLINE)
            assert response.status_code == 404 or allowed == of_page
            page = read(response)
            assert page.all("iframe", "object", "embed", "base", "img") == []
            assert [form.attrs["action"] for form in page.all("form")] in (
                [],
                ["/search/"],
                ["/statistics/"],
            )
            page.all("script")[0].attrs.pop("data-to")  # where the exit leads: it is not fetched
            data = {"type": "application/ld+json"}
            assert all(script.attrs in ({}, data) for script in page.all("script"))
            for element in page.walk():
                assert "style" not in element.attrs
                if element.tag != "form":
                    assert FETCHED & element.attrs.keys() == set()
                assert not any(name.startswith("on") for name in element.attrs)
                if element.tag == "link" and element.attrs["rel"] not in ("canonical", "alternate"):
                    assert element.attrs["rel"] == "icon"
                    assert element.attrs["href"].startswith("/static/")
                if element.tag == "a" and not element.attrs["href"].startswith(("/", "#", "?")):
                    scheme = element.attrs["href"].partition(":")[0]
                    assert scheme in ("https", "http", "tel", "sms", "mailto")


@pytest.mark.slow
def test_answers_go_out_compressed_and_the_first_packets_hold_a_page(client, starter):
    for address in [*public.STARTER_PAGES, "/updates/feed.atom", "/sitemap.xml"]:
        plain = client.get(address)
        packed = client.get(address, headers={"accept-encoding": "gzip, br"})
        assert packed["Content-Encoding"] == "gzip", address
        assert gzip.decompress(packed.content) == plain.content, address
        assert len(packed.content) < len(plain.content), address
        if address in ("/", "/help/", "/learn/signs/", "/statistics/", "/donate/"):
            assert len(brotli.compress(plain.content, quality=5)) < 14_600, address  # ten packets
    for address in public.in_both("/", "/help/"):
        answer = client.get(address)
        head = sum(len(f"{name}: {value}\r\n") for name, value in answer.items())
        assert head + len(brotli.compress(answer.content, quality=5)) < 14_600, address


def test_the_language_is_in_the_path_alone(client, starter):
    for address in ["/", "/learn/signs/", "/statistics/", "/search/", "/es/", "/no/such/page/"]:
        client.cookies["django_language"] = "es"
        spanish = client.get(address, headers={"accept-language": "es"})
        client.cookies.clear()
        assert spanish.content == client.get(address).content, address
        language = "es" if "/es/" in address else "en"
        assert read(spanish).one("html").attrs["lang"] == language, address


# --- The staff's pages ---------------------------------------------------------------


@pytest.mark.parametrize("address", ["/admin/", "/admin/pages/section/", "/admin/auth/user/add/"])
def test_the_staffs_pages_run_our_scripts_alone(admin_client, address):
    response = admin_client.get(address)
    assert response["Referrer-Policy"] == "same-origin"
    assert "no-store" in response["Cache-Control"]
    assert policy(response) == {
        **PUBLIC_POLICY,
        "script-src": "'self'",
        "style-src": "'self'",
        "img-src": "'self' data:",
        "font-src": "'self'",
        "connect-src": "'self'",
    }


def test_only_a_form_with_the_editor_may_write_styles(admin_client, starter):
    written = {
        address: policy(admin_client.get(address))["style-src"]
        for address in ("/admin/pages/section/add/", "/admin/pages/helpline/add/", "/accounts/")
    }
    assert written == {
        "/admin/pages/section/add/": "'self' 'unsafe-inline'",
        "/admin/pages/helpline/add/": "'self'",
        "/accounts/": "'self'",
    }
    assert policy(admin_client.get("/admin/pages/section/add/"))["script-src"] == "'self'"


@pytest.mark.slow
def test_the_admin_can_be_kept_to_some_addresses(client, db, settings, subtests):
    for address, claimed, enters in [
        ("192.0.2.7", None, True),
        ("198.51.100.1", None, False),
        ("198.51.100.1", "192.0.2.7", False),  # what a client claims is ignored
        ("10.0.0.1", "192.0.2.7", True),  # what our proxy says is not
        ("10.0.0.1", "198.51.100.1", False),
        ("10.0.0.1", "192.0.2.7, 198.51.100.1", False),  # claimed to the proxy
        ("10.0.0.1", "192.0.2.7, 10.0.0.2", True),
        ("10.0.0.1", "nonsense", False),
        ("10.0.0.1", None, False),
        ("", None, False),
    ]:
        with subtests.test(address=address, claimed=claimed, enters=enters):
            settings.ADMIN_ALLOWED_IPS = [ipaddress.ip_network("192.0.2.0/24")]
            settings.TRUSTED_PROXIES = [ipaddress.ip_network("10.0.0.0/8")]
            headers = {"x-forwarded-for": claimed} if claimed else {}
            for path, found in (
                ("/admin/", 302),
                ("/accounts/login/", 200),
                ("/es/accounts/login/", 200),
            ):
                answer = client.get(path, headers=headers, REMOTE_ADDR=address)
                assert answer.status_code == (found if enters else 404)
                if not enters:
                    missing = "/es/no/such/page/" if path.startswith("/es/") else "/no/such/page/"
                    assert answer.content == client.get(missing, REMOTE_ADDR=address).content
            assert client.get("/", headers=headers, REMOTE_ADDR=address).status_code == 200
