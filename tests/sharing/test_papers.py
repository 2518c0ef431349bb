"""Posters, flyers, cards and stickers: one letter page each, with the numbers of that moment."""

import io
import re
from html import unescape
from unicodedata import normalize

import pytest
import zxingcpp
from django.utils.html import strip_tags
from PIL import Image
from pypdf import PdfReader

from awareness.press.kept import kept
from awareness.sharing import papers
from pages.models import HelpLine, Section
from pages.site_context import read_site_context
from tests.html import read

pytestmark = pytest.mark.also_postgres
CALL, TEXT = "1-888-373-7888", "233733"


def pdf(client, address):
    response = client.get(address)
    assert (response.status_code, response["Content-Type"]) == (200, "application/pdf"), address
    assert len(response.content) <= 150_000, address
    return PdfReader(io.BytesIO(response.content))


def words(document):
    return " ".join(" ".join(page.extract_text() for page in document.pages).split())


QUESTIONS = {"en": ["Is someone controlling"], "es": ["¿Alguien controla"]}
SIGNS = {
    "en": ["Signs that someone may be trafficked", "A sign is not proof.", "How a person looks"],
    "es": ["Señales de que alguien", "Una señal no es una prueba.", "Cómo se ve"],
}


@pytest.mark.slow
def test_each_sheet_is_tagged_letter_pages_with_its_numbers(client, starter):
    """Each in both languages, which needs the most room, and each language by itself."""
    alone = [("poster", "en"), ("flyer", "es"), ("cards", "en"), ("sticker", "es")]
    alone += [("signs", "en"), ("signs", "es")]
    for sheet, language in [*((sheet, "both") for sheet in papers.SHEETS), *alone]:
        asked = {**(SIGNS if sheet == "signs" else QUESTIONS)}
        asked["both"] = [*asked["en"], *asked["es"]]
        document = pdf(client, f"/share/{sheet}.pdf?in={language}")
        pages = 2 if (sheet, language) == ("signs", "both") else 1
        sizes = [(page.mediabox.width, page.mediabox.height) for page in document.pages]
        assert sizes == [(612, 792)] * pages, sheet
        assert document.trailer["/Root"]["/MarkInfo"]["/Marked"]
        assert "pdfuaid:part" in document.trailer["/Root"]["/Metadata"].get_data().decode()
        text = words(document)
        for part in [*asked[language], CALL, TEXT]:
            assert part in text, (sheet, language, part, text)


@pytest.mark.slow
def test_a_sheet_of_signs_says_all_that_its_section_says(client, starter):
    """Not the signs alone: who must report a child is told so, and which number that takes."""
    for section in Section.objects.filter(kind="signs"):
        said = re.findall(r"<(?:h2|h3|p|li)\b[^>]*>(.*?)</(?:h2|h3|p|li)>", section.body_en)
        assert len(said) > 20
        text = words(pdf(client, f"/share/signs.pdf?about={section.slug}"))
        for line in [section.title_en, *(unescape(strip_tags(each)) for each in said)]:
            assert line in text, (section.slug, line)
        assert "Missouri Child Abuse and Neglect Hotline: 1-800-392-3738" in text
    section = Section.objects.get(slug="signs-hotel")
    (picture,) = codes(client, "/share/signs.png?about=signs-hotel&in=es")
    assert picture == "http://localhost:8000/es/learn/signs-hotel/"
    Section.objects.filter(pk=section.pk).update(body_es="")  # English stands in, once
    assert len(pdf(client, "/share/signs.pdf?about=signs-hotel&in=both").pages) == 1


@pytest.mark.slow
def test_signs_of_any_length_are_one_page(client, starter):
    long = "".join(
        f"<h2>Group {n}</h2><ul>{'<li>A sign to know. </li>' * 12}</ul>" for n in range(9)
    )
    for body, first in [
        ("<p>Ask.</p>", "Ask."),
        (f"<p>Ask.</p>{long}", "Group 0"),
        (long, "Group 3"),
    ]:
        Section.objects.filter(slug="signs").update(body_en=body)
        document = pdf(client, "/share/signs.pdf?in=en")
        assert len(document.pages) == 1
        assert first in words(document)


@pytest.mark.slow
def test_there_are_no_signs_of_a_draft(client, starter):
    Section.objects.filter(kind="signs").update(published=False)
    page = read(client.get("/share/signs.pdf?about=signs-hotel"))
    assert "We have no such sheet" in page.one("p", class_="callout").text
    Section.objects.filter(slug="signs").update(published=False)
    assert client.get("/share/signs.pdf").status_code == 400
    links = [
        a.attrs["href"] for a in read(client.get("/share/")).one("ul", class_="sheets").all("a")
    ]
    assert links
    assert [link for link in links if "signs" in link] == []
    assert client.get("/share/all.png?size=small").status_code == 200


@pytest.mark.slow
def test_the_same_address_gives_the_same_sheet_until_a_number_changes(client, starter):
    address = "/share/cards.pdf?in=both&group=Iglesia+de+Sikeston"
    first = client.get(address).content
    assert client.get(address).content == first
    assert "Iglesia de Sikeston" in words(PdfReader(io.BytesIO(first)))
    HelpLine.objects.filter(number=CALL).update(number="1-888-555-0100")
    assert CALL not in (text := words(pdf(client, address)))
    assert "1-888-555-0100" in text


def codes(client, address):
    picture = Image.open(io.BytesIO(client.get(address).content))
    return {code.text for code in zxingcpp.read_barcodes(picture)}


@pytest.mark.slow
def test_the_code_leads_to_the_help_page_and_a_sticker_has_none(client, starter):
    for sheet, language, path in [("poster", "en", "/help/"), ("flyer", "es", "/es/help/")]:
        found = codes(client, f"/share/{sheet}.png?in={language}")
        assert found == {f"http://localhost:8000{path}"}, sheet
    for sheet in ("cards", "sticker"):
        assert codes(client, f"/share/{sheet}.png") == set(), sheet


def test_tabs_hold_the_number_alone(starter):
    data, problem = papers.sheet_data(papers.Asked("poster", "en"), read_site_context())
    assert (data["numbers"], problem) == ({"call": CALL, "text": TEXT, "danger": "911"}, "")


def test_what_cannot_be_made_is_said_on_the_page_and_nothing_is_lost(client, starter):
    for address, sentence in {
        "/share/poster.pdf?in=en&group=Call 555-1234": "Write only the name of your group",
        "/share/poster.pdf?group=<b>Us</b>": "Write only the name of your group",
        "/share/poster.pdf?group=see evil.example/x": "Write only the name of your group",
        "/share/poster.pdf?group=a@b": "Write only the name of your group",
        f"/share/poster.pdf?group={'x' * 500}": "there is room for 60 letters",
        "/share/poster.pdf?group=教会": "We can print only Latin letters",
        "/share/poster.png?group=Hope 🙏": "We can print only Latin letters",
        "/share/poster.pdf?in=fr": "We have no such sheet",
        "/share/poster.png?size=huge": "We have no such sheet",
        "/share/banner.pdf": "We have no such sheet",
        "/share/signs.pdf?about=about": "We have no such sheet",
    }.items():
        response = client.get(address)
        assert response.status_code == 400, address
        page = read(response)
        assert sentence in page.one("p", class_="callout").text, address
    kept_words = "/es/share/flyer.pdf?in=both&group=Llame al 988"
    page = read(client.get(kept_words))
    assert page.one("input", id="flyer-group").attrs["value"] == "Llame al 988"
    assert "Escriba solo el nombre" in page.one("p", class_="callout").text
    assert client.get("/share/poster.exe").status_code == 404
    assert client.post("/share/poster.pdf").status_code == 405


def test_no_number_or_address_but_ours_stands_under_our_mark():
    for group in [
        *("Call 555-1234", "57 33 55 51 23", "8-8-8 5-5 5-1 2", "⑤⑦③ ⑤⑤⑤", "Text 74174", "٥٧٣٥٥"),
        *("1-800-FREE-US", "1800FREEUS", "(573) HELPNOW", "1 8 0 0 FREE US", "８００ FREE"),
        *("Call 911", "9-1-1!", "Llame al 2 1 1", "evil。com", "evil．com", "evil｡example/x"),
    ]:
        problem = papers.problem_of(papers.asked_in({"group": group}, "poster"))
        assert problem.startswith("Write only the name of your group"), group
    for group in [
        *("VFW Post 3168", "Troop 12", "American Legion Post 202", "Post 3911", "Lodge 3988"),
        *("4-H Club", "Route 66 Riders", "St. Mary’s", "Iglesia de Sikeston", "J. D. & Co."),
    ]:
        assert papers.problem_of(papers.asked_in({"group": group}, "poster")) == "", group


@pytest.mark.slow
def test_a_letter_that_no_font_has_takes_no_number_along(client, starter):
    every = [normalize("NFKC", chr(n)) for n in range(0x3000)]
    names = "".join(sorted({c for c in every if papers.PRINTED.fullmatch(c) and c.isprintable()}))
    data, _problem = papers.sheet_data(papers.Asked("cards", "en"), read_site_context())
    for group, is_accessible in [(names, True), (f"{names}教", False)]:
        made = PdfReader(io.BytesIO(kept("sheet", "pdf", {**data, "group": group, "form": "pdf"})))
        assert CALL in words(made)
        marks = made.trailer["/Root"]["/Metadata"].get_data().decode()
        assert ("pdfuaid:part" in marks) == is_accessible


@pytest.mark.slow
def test_without_a_line_for_texts_no_sheet_speaks_of_them(client, starter):
    HelpLine.objects.filter(kind="text").delete()
    for sheet in papers.SHEETS:
        text = words(pdf(client, f"/share/{sheet}.pdf?in=en"))
        assert ("Call" in text, "Text" in text) == (True, False), (sheet, text)


def test_without_a_number_there_is_no_sheet(client, db):
    page = read(client.get("/share/poster.pdf"))
    assert "no help line is published" in page.one("p", class_="callout").text


@pytest.mark.slow
def test_the_page_leads_to_every_sheet_in_each_language(client, starter):
    page = read(client.get("/es/share/"))
    links = {a.attrs["href"] for a in page.one("ul", class_="sheets").all("a")}
    assert links == {
        f"/es/share/{sheet}.pdf?in={language}"
        for sheet in papers.SHEETS
        for language in papers.LANGUAGES
    }
    answer = client.get(page.one("main").all("img")[0].attrs["src"])
    assert Image.open(io.BytesIO(answer.content)).size == (1870, 484)
