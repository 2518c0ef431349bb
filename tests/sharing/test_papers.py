"""Posters, flyers, cards and stickers: one letter page each, with the numbers of that moment."""

import io

import pytest
import zxingcpp
from PIL import Image
from pypdf import PdfReader

from awareness.press.kept import kept
from awareness.sharing import papers
from pages.models import HelpLine
from tests.html import read

pytestmark = pytest.mark.also_postgres
CALL, TEXT = "1-888-373-7888", "233733"


def pdf(client, address):
    response = client.get(address)
    assert (response.status_code, response["Content-Type"]) == (200, "application/pdf"), address
    assert len(response.content) <= 150_000, address
    return PdfReader(io.BytesIO(response.content))


def words(document):
    return " ".join(document.pages[0].extract_text().split())


def test_each_sheet_is_one_tagged_letter_page_with_its_numbers(client, starter):
    asked = {"en": ["Is someone controlling"], "es": ["¿Alguien controla"]}
    asked["both"] = [*asked["en"], *asked["es"]]
    for sheet in papers.SHEETS:
        for language, questions in asked.items():
            document = pdf(client, f"/share/{sheet}.pdf?in={language}")
            (page,) = document.pages
            assert (page.mediabox.width, page.mediabox.height) == (612, 792), sheet
            assert document.trailer["/Root"]["/MarkInfo"]["/Marked"]
            assert "pdfuaid:part" in document.trailer["/Root"]["/Metadata"].get_data().decode()
            text = words(document)
            for part in [*questions, CALL, TEXT]:
                assert part in text, (sheet, language, part, text)


def test_the_same_address_gives_the_same_sheet_until_a_number_changes(client, starter):
    address = "/share/cards.pdf?in=both&group=Iglesia+de+Sikeston"
    first = client.get(address).content
    assert client.get(address).content == first
    assert "Iglesia de Sikeston" in words(pdf(client, address))
    HelpLine.objects.filter(number=CALL).update(number="1-888-555-0100")
    assert CALL not in (text := words(pdf(client, address)))
    assert "1-888-555-0100" in text


def test_the_code_leads_to_the_help_page_and_a_sticker_has_none(client, starter):
    for sheet, language, path in [("poster", "en", "/help/"), ("flyer", "es", "/es/help/")]:
        response = client.get(f"/share/{sheet}.png?in={language}")
        codes = zxingcpp.read_barcodes(Image.open(io.BytesIO(response.content)))
        assert {code.text for code in codes} == {f"http://localhost:8000{path}"}, sheet
    for sheet in ("cards", "sticker"):
        response = client.get(f"/share/{sheet}.png")
        assert zxingcpp.read_barcodes(Image.open(io.BytesIO(response.content))) == [], sheet


def test_tabs_hold_the_number_alone(client, starter):
    data = papers.sheet_data("poster", ["en"], "", client.get("/share/").wsgi_request)
    assert data["numbers"] == {"call": CALL, "text": TEXT, "danger": "911"}
    assert kept("sheet", "pdf", data)[:4] == b"%PDF"


def test_what_cannot_be_made_is_said_on_the_page_and_nothing_is_lost(client, starter):
    for address, sentence in {
        "/share/poster.pdf?in=en&group=Call 555-1234": "Write only the name of your group",
        "/share/poster.pdf?group=<b>Us</b>": "Write only the name of your group",
        "/share/poster.pdf?group=see evil.example/x": "Write only the name of your group",
        "/share/poster.pdf?group=a@b": "Write only the name of your group",
        f"/share/poster.pdf?group={'x' * 500}": "there is room for 60 letters",
        "/share/poster.pdf?in=fr": "We have no such sheet",
        "/share/poster.png?size=huge": "We have no such sheet",
        "/share/banner.pdf": "We have no such sheet",
    }.items():
        response = client.get(address)
        assert response.status_code == 400, address
        page = read(response)
        assert sentence in page.one("p", class_="callout").text, address
    kept_words = "/es/share/flyer.pdf?in=both&group=Llame al 555"
    page = read(client.get(kept_words))
    assert page.one("input", id="flyer-group").attrs["value"] == "Llame al 555"
    assert "Escriba solo el nombre" in page.one("p", class_="callout").text
    assert client.get("/share/poster.exe").status_code == 404
    assert client.post("/share/poster.pdf").status_code == 405


def test_without_a_line_for_texts_no_sheet_speaks_of_them(client, starter):
    HelpLine.objects.filter(kind="text").delete()
    for sheet in papers.SHEETS:
        text = words(pdf(client, f"/share/{sheet}.pdf?in=en"))
        assert ("Call" in text, "Text" in text) == (True, False), (sheet, text)


def test_without_a_number_there_is_no_sheet(client, db):
    page = read(client.get("/share/poster.pdf"))
    assert "no help line is published" in page.one("p", class_="callout").text


def test_the_page_leads_to_every_sheet_in_each_language(client, starter):
    page = read(client.get("/es/share/"))
    links = {a.attrs["href"] for a in page.one("ul", class_="sheets").all("a")}
    assert links == {
        f"/es/share/{sheet}.pdf?in={language}"
        for sheet in papers.SHEETS
        for language in papers.LANGUAGES
    }
    answer = client.get(page.one("main").all("img")[0].attrs["src"])
    assert Image.open(io.BytesIO(answer.content)).size == (1496, 484)
