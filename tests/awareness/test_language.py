"""The language is in the path; what is not translated says so; the switch keeps the page."""

import pytest
from django.utils import translation

from awareness.language import in_language
from pages.models import Section
from tests import factories, public
from tests.html import read


@pytest.mark.parametrize(
    ("path", "code", "there"),
    [
        ("/", "es", "/es/"),
        ("/es/", "en", "/"),
        ("/learn/signs/", "es", "/es/learn/signs/"),
        ("/es/learn/signs/", "en", "/learn/signs/"),
        ("/es/learn/", "es", "/es/learn/"),
        ("/essays/", "es", "/es/essays/"),
        ("/es//evil.example/", "en", "/evil.example/"),  # "//evil.example/" is another host
        ("/es///evil.example/", "es", "/es/evil.example/"),
    ],
)
def test_the_same_page_in_another_language(path, code, there):
    assert in_language(path, code) == there


@pytest.mark.parametrize("path", ["/", "/help/", "/learn/signs/", "/statistics/missouri/"])
def test_the_two_versions_name_each_other(client, starter, path):
    for address, other, name in ((path, f"/es{path}", "Español"), (f"/es{path}", path, "English")):
        page = read(client.get(address))
        named = {
            link.attrs["hreflang"]: link.attrs["href"]
            for link in page.all("link")
            if "hreflang" in link.attrs
        }
        base = "http://localhost:8000"
        assert named == {"en": base + path, "es": f"{base}/es{path}", "x-default": base + path}
        (switch,) = [a for a in page.all("a") if a.text == name]
        assert switch.attrs["href"] == other


def test_links_lead_on_in_the_same_language(client, starter):
    page = read(client.get("/es/learn/what-is-human-trafficking/"))
    for link in page.one("main").all("a"):
        if link.attrs["href"].startswith("/"):
            assert link.attrs["href"].startswith("/es/")


def test_english_has_one_address(client, starter):
    assert client.get("/en/learn/").status_code == 404


def test_what_is_not_translated_stands_in_english_and_says_so(client, db):
    factories.section(title="Only English", slug="only", body="<p>English words.</p>")
    page = read(client.get("/es/learn/only/"))
    assert page.one("html").attrs["lang"] == "es"
    assert page.one("h1").attrs["lang"] == "en"
    assert page.one("div", class_="prose").attrs["lang"] == "en"
    with translation.override("es"):
        note = translation.gettext(
            "This text is not in your language yet, so it stands here in English."
        )
    assert page.one("p", class_="caveat").text == note
    assert "lang" not in read(client.get("/learn/only/")).one("h1").attrs


def test_what_is_translated_has_no_note(client, starter):
    for section in Section.objects.live().guide():
        page = read(client.get(f"/es/learn/{section.slug}/"))
        assert page.all("p", class_="caveat") == []
        assert page.one("h1").text == section.title_es


@pytest.mark.parametrize("name", ["400", "404", "405", "500", "503"])
def test_error_pages_lead_to_the_other_language(client, starter, name):
    client.get("/")
    page = read(public.error_pages(client)[name])
    assert [a.attrs["href"] for a in page.all("a") if a.text == "Español"] == ["/es/"]


def test_an_error_in_spanish(client, starter):
    page = read(client.get("/es/no-hay/"))
    assert page.one("html").attrs["lang"] == "es"
    assert "Salir de este sitio" in page.text
