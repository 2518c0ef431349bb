"""Whatever is sent to the site, it answers with a plain page that has the hotline on it."""

import pytest
from django.test import Client

from tests import public
from tests.html import read

HOTLINE = "tel:+18883737888"
ADDRESSES = [*public.STARTER_PAGES, *public.NOT_LINKED, "/updates/feed.atom"]
METHODS = ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND", "NONSENSE"]


def check(response, status):
    assert response.status_code == status
    panel = read(response).one("section", class_="card get-help")
    assert HOTLINE in [link.attrs["href"] for link in panel.all("a")]


@pytest.mark.slow
def test_an_unknown_or_odd_address(client, starter, subtests):
    for path in [
        "/no/such/page/",
        "/wp-login.php",
        "/.env",
        "/learn/no-such-section/",
        "/updates/no-such-update/",
        "/updates/feed.rss",
        "/statistics/no-such-place/",
        "/signs%0a/",
        "/learn/signs%0d%0aSet-Cookie:%20a=b/",
        "/learn/Zażółć-gęślą/",
        "/learn/%ff%fe/",
        "/learn/%3Cscript%3Ealert(1)%3C%2Fscript%3E/",
        "/learn/{{7*7}}/",
        "/learn/..%2f..%2fetc%2fpasswd/",
        "/../../etc/passwd",
        "/static/../awareness/settings.py",
        f"/{'a' * 10_000}/",
        f"/learn/{'a' * 10_000}/",
        "/" + "a/" * 3_000,
    ]:
        with subtests.test(path=path):
            check(client.get(path), 404)


def test_an_odd_end_of_an_address_is_left_out(client, starter):
    for path, page in {
        "/%00/": "/",
        "/learn/%00/": "/learn/",
        "/learn/%F0%9F%98%80/": "/learn/",
        "/learn/signs%0a/": "/learn/signs/",
        "/learn/signs'--/": "/learn/signs/",
    }.items():
        response = client.get(path)
        assert (response.status_code, response.get("Location")) == (301, page), path


def test_what_was_asked_for_is_not_repeated_on_the_page(client, starter):
    first = client.get("/learn/send-to-555-0100/").content
    assert first == client.get("/another/").content
    assert b"555-0100" not in first


QUERIES = [
    "page=abc",
    "page=-1",
    "page=0",
    "page=",
    "page=1.5",
    "page=%00",
    "page=999999999999999999999",
    f"page={'9' * 5_000}",
    "page[]=1",
    "%00=%00",
    "%ff=%fe",
    "=&&;=",
    "q='%20OR%201=1--",
    "page=1%0d%0aSet-Cookie:%20a=b",
    f"q={'x' * 10_000}",
    "&".join(f"a{n}={n}" for n in range(1_200)),  # 10 kB
    "a&" * 5_000,
    "p=99",
]


@pytest.mark.slow
def test_an_odd_query_changes_nothing(client, starter, subtests):
    """All of them where one may be read, and one of each kind everywhere."""
    for address in ADDRESSES:
        with subtests.test(address=address):
            plain = client.get(address)
            for query in QUERIES if address in ("/", "/updates/", "/search/") else QUERIES[5::6]:
                response = client.get(address, QUERY_STRING=query)
                if response.status_code == 301 != plain.status_code:  # the page does not read it
                    assert response["Location"] == address, query
                else:
                    assert response.status_code == plain.status_code, query
                    assert response.content == plain.content, query


@pytest.mark.slow
def test_every_public_address_can_only_be_read(starter, subtests):
    for method in METHODS:
        with subtests.test(method=method):
            client = Client(enforce_csrf_checks=True)
            for address in ADDRESSES if method == "POST" else ("/", "/search/", "/robots.txt"):
                if method == "POST" and address == "/search/":
                    continue  # its form sends the words this way, so that no address holds them
                response = client.generic(
                    method, address, "x=1", "application/x-www-form-urlencoded"
                )
                check(response, 405)
                assert response["Allow"] == (
                    "GET, HEAD, POST" if "search" in address else "GET, HEAD"
                )


def test_asking_for_the_head_alone(client, starter, subtests):
    kinds = ["/", "/es/help/", "/updates/feed.atom", "/statistics/data.csv", "/no/such/page/"]
    for address in [*kinds, *public.NOT_LINKED]:
        with subtests.test(address=address):
            head, whole = client.head(address), client.get(address)
            assert head.status_code == whole.status_code
            assert head.getvalue() == b""
            assert {**head.headers, "Content-Length": ""} == {**whole.headers, "Content-Length": ""}


def test_no_method_finds_a_page_where_there_is_none(starter, subtests):
    for method in METHODS:
        with subtests.test(method=method):
            response = Client(enforce_csrf_checks=True).generic(method, "/no/such/page/", "x=1")
            check(response, 404)


@pytest.mark.slow
def test_a_forged_host(client, starter, subtests):
    for host in [
        "evil.example",
        "localhost.evil.example",
        "localhost@evil.example",
        "localhost/evil.example",
        "localhost:80:80",
        "localhost, evil.example",
        "[::1",
        "evil.example\\localhost",
        "é.example",
        "",
        " ",
        "a" * 1_000,
    ]:
        with subtests.test(host=host):
            check(client.get("/", HTTP_HOST=host), 400)
    for address in ("/learn/signs/", "/no/such/page/", "/admin/login/", "/healthz"):
        check(client.get(address, HTTP_HOST="evil.example"), 400)


def test_an_admin_that_is_not_signed_in_leads_to_the_sign_in(client, db):
    for address in ("/admin/", "/admin/pages/section/1/change/", "/admin/%00/", "/admin/x/y/z/"):
        response = client.get(address)
        assert response.status_code == 302
        assert response["Location"].startswith("/admin/login/?next=/admin/")


@pytest.mark.slow
def test_odd_addresses_of_the_admin(admin_client, starter, subtests):
    for address in [
        "/admin/pages/section/999999/change/",
        "/admin/pages/section/abc/change/",
        "/admin/pages/section/99999999999999999999999/change/",
        "/admin/pages/section/_00/change/",
        "/admin/pages/section/1/history/",
        "/admin/stats/figure/?place__id__exact=abc",
        "/admin/stats/figure/?last_day__year=99999",
        "/admin/pages/section/?state=nonsense",
        "/admin/pages/section/?p=abc",
        "/admin/pages/section/?q=%00",
        "/admin/pages/update/?publish_at__year=abc",
        "/admin/no/such/",
    ]:
        with subtests.test(address=address):
            response = admin_client.get(address, follow=True)
            assert response.status_code in (200, 400, 404)
