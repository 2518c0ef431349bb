"""The language is in the path; what is not translated says so; the switch keeps the page."""

import pytest
from django.utils import translation

from awareness.web.addresses import absolute
from awareness.web.language import in_language
from pages.models import Section
from tests import factories, public
from tests.html import read


def test_the_same_page_in_another_language():
    for path, code, there in [
        ("/", "es", "/es/"),
        ("/es/", "en", "/"),
        ("/learn/signs/", "es", "/es/learn/signs/"),
        ("/es/learn/signs/", "en", "/learn/signs/"),
        ("/es/learn/", "es", "/es/learn/"),
        ("/essays/", "es", "/es/essays/"),
        ("/es//evil.example/", "en", "/evil.example/"),  # "//evil.example/" is another host
        ("/es///evil.example/", "es", "/es/evil.example/"),
    ]:
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
    response = client.get("/en/learn/")
    assert (response.status_code, response["Location"]) == (301, "/learn/")


def test_what_is_not_translated_stands_in_english_and_says_so(client, db):
    factories.section(title="Only English", slug="only", body="<p>English words.</p>")
    page = read(client.get("/es/learn/only/"))
    assert page.one("html").attrs["lang"] == "es"
    assert page.one("h1").attrs["lang"] == "en"
    assert page.one("div", class_="prose").attrs["lang"] == "en"
    with translation.override("es"):
        note = translation.gettext(
            "This text is not in your language yet, so it is shown in English."
        )
    assert page.one("p", class_="caveat").text == note
    assert "lang" not in read(client.get("/learn/only/")).one("h1").attrs


def heads(client, path):
    """{language: the address named for it}, and the address that the page calls its own."""
    links = read(client.get(path)).all("link")
    named = {e.attrs["hreflang"]: e.attrs["href"] for e in links if "hreflang" in e.attrs}
    (own,) = [link.attrs["href"] for link in links if link.attrs["rel"] == "canonical"]
    return named, own


def test_only_what_is_translated_is_named_to_search_engines(client, db):
    rows = [factories.section(slug="a"), factories.plain_page(slug="b"), factories.update(slug="c")]
    rows.append(factories.place(slug="d"))
    for row in rows:
        path = row.get_absolute_url()
        english, spanish = absolute(path), absolute(f"/es{path}")
        alone = {"en": english, "x-default": english}
        assert heads(client, path) == (alone, english), path
        assert heads(client, f"/es{path}") == (alone, english), path
        listed = client.get("/sitemap.xml").content.decode()
        assert f"<loc>{english}</loc>" in listed, path
        assert spanish not in listed, path
        words = {f"{name}_es": "Palabras" for name in ("title", "summary", "body", "name")}
        words["in_sentence_es"] = "el lugar"
        for name, value in words.items():
            setattr(row, name, value)
        row.save()
        assert heads(client, path) == (alone | {"es": spanish}, english), path
        assert heads(client, f"/es{path}") == (alone | {"es": spanish}, spanish), path
        assert f"<loc>{spanish}</loc>" in client.get("/sitemap.xml").content.decode(), path


def test_a_page_that_is_half_translated_can_still_be_chosen(client, db):
    factories.section(slug="a", title_es="Solo el título")
    assert "es" not in heads(client, "/learn/a/")[0]
    (switch,) = [a for a in read(client.get("/learn/a/")).all("a") if a.text == "Español"]
    assert switch.attrs["href"] == "/es/learn/a/"


def test_what_is_translated_has_no_note(client, starter):
    for section in Section.objects.live().guide():
        page = read(client.get(f"/es/learn/{section.slug}/"))
        assert page.all("p", class_="caveat") == []
        assert page.one("h1").text == section.title_es


def test_error_pages_lead_to_the_other_language(client, starter):
    client.get("/")
    for name, answer in public.error_pages(client).items():
        leads = [a.attrs["href"] for a in read(answer).all("a") if a.text == "Español"]
        assert leads == ["/es/"], name


def test_an_error_in_spanish(client, starter):
    page = read(client.get("/es/no-hay/"))
    assert page.one("html").attrs["lang"] == "es"
    assert "Salir de este sitio" in page.text
