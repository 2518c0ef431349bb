"""Addresses that people pass on: one for each page, clean, and always our own."""

from awareness.web.addresses import absolute
from tests import factories, public
from tests.html import read


def ask(client, path, query, **more):
    """A request as it comes over the wire: the test client would take //host for a host."""
    return client.get("/", QUERY_STRING=query, PATH_INFO=path, **more)


CLEANED = [
    ("/learn/", "utm_source=x", "/learn/"),
    ("/", "utm_source=news&utm_medium=mail&utm_campaign=a%26b", "/"),
    ("/", "fbclid=abc", "/"),
    ("/updates/", "page=2&gclid=1", "/updates/?page=2"),
    ("/updates/", "gclid=1&page=2&page=3", "/updates/?page=2&page=3"),
    ("/updates/", "mc_cid=1&page=", "/updates/?page="),
    ("/no/such/page/", "msclkid=1", "/no/such/page/"),
    ("/learn/", "utm_source=x&q=%C3%B1%26", "/learn/"),
    ("/ñ/", "utm_source=x", "/%C3%B1/"),
    ("/a?b/", "utm_source=x", "/a%3Fb/"),
    ("/100%/a.b/", "utm_source=x", "/100%25/a.b/"),
    ("/a#b/", "utm_source=x", "/a%23b/"),
    # Never to another host.
    ("//evil.example/", "utm_source=x", "/%2Fevil.example/"),
    ("///evil.example/", "utm_source=x", "/%2F/evil.example/"),
    ("//evil.example", "utm_source=x", "/%2Fevil.example"),
]


def test_tracking_is_taken_off_an_address(client, db):
    for path, query, clean in CLEANED:
        response = ask(client, path.encode().decode("latin-1"), query)
        assert (response.status_code, response["Location"]) == (301, clean), (path, query)
    for path in ("/\\evil.example/", "/\t/evil.example/", "/\r\n/evil.example/"):
        location = ask(client, path, "utm_source=x")["Location"]
        assert location.startswith("/%"), "a browser would read it as another host"
    for query in ("page=2", "page=fbclid", ""):
        assert ask(client, "/updates/", query).status_code == 200, "what the page reads stays"


def test_only_reading_is_redirected(client, db):
    assert client.head("/?utm_source=x")["Location"] == "/"
    assert client.post("/?utm_source=x").status_code == 405


def test_adding_the_slash_never_leads_to_another_host(client, db):
    for path in ("//evil.example", "//evil.example/learn"):
        response = ask(client, path, "")
        assert not response.headers.get("Location", "").startswith("//"), path


def test_every_page_says_its_one_address_and_can_be_passed_on_without_script(client, starter):
    for address in public.STARTER_PAGES:
        page = read(client.get(address))
        own = absolute(address)
        assert page.one("link", rel="canonical").attrs["href"] == own
        assert page.one("meta", property="og:url").attrs["content"] == own
        panel = page.one("details", class_="share")
        quoted = own.replace(":", "%3A").replace("/", "%2F")
        assert panel.one("input").attrs["value"] == own
        assert [link.attrs["href"] for link in panel.all("a")][:2] == [
            f"mailto:?body={quoted}",
            f"sms:?&body={quoted}",
        ]


def test_the_second_page_of_updates_has_an_address_of_its_own(client, db):
    for _ in range(21):
        factories.update()
    page = read(client.get("/updates/?page=2"))
    own = absolute("/updates/?page=2")
    assert page.one("link", rel="canonical").attrs["href"] == own
    assert page.one("meta", property="og:url").attrs["content"] == own


def test_the_address_is_of_the_site_whatever_host_was_asked_for(client, starter, settings):
    settings.ALLOWED_HOSTS = ["*"]
    settings.SITE_URL = "https://aware.example.org"
    for address in (*public.STARTER_PAGES, *public.NOT_LINKED, "/updates/feed.atom"):
        answer = client.get(
            address, headers={"host": "other.example", "x-forwarded-host": "other.example"}
        )
        assert "other.example" not in answer.content.decode()
        assert "localhost" not in answer.content.decode()
