"""Charts as files: the same figures as in the page, with all that must go along drawn in."""

import io
import re
import sys
import xml.etree.ElementTree as ElementTree

import pytest
from PIL import Image

from awareness.press.render import draw
from stats.choice import read_choice
from stats.press import chart_data
from stats.series import read_breaks, read_series
from tests import factories

SVG = "{http://www.w3.org/2000/svg}"


def drawn(query):
    choice = read_choice(query)
    ((series,),) = read_series(choice, read_breaks()).values()
    return chart_data(choice, series)


def test_what_is_drawn_is_what_is_known(starter):
    data = drawn({"place": "US-MO", "measure": "cases"})
    assert data["title"] == (
        "Cases the National Human Trafficking Hotline counted in Missouri, 2012–2024"
    )
    rows = {row["year"]: row for row in data["rows"]}
    assert list(rows) == [str(year) for year in range(2008, 2025)]
    assert (rows["2020"]["words"], rows["2018"]["words"]) == ("270, revised", "178")
    assert (rows["2022"]["words"], rows["2022"]["share"]) == ("not found", None)
    assert rows["2024"]["share"] == 1
    assert rows["2021"]["share"] == pytest.approx(240 / 272)
    assert data["caveat"].startswith("These are reports to one hotline.")
    assert "These cases are what was reported to a hotline" in data["caveat"]
    assert "ABC 17 News (KMIZ) for 2020, as of January 11, 2026" in data["sources"]
    assert data["address"].endswith("?place=US-MO&measure=cases&as_of=2026-01-31")
    assert {row["cut"] for row in data["rows"]} == {None}


def test_breaks_are_drawn_and_told(starter):
    data = drawn({"place": "US", "measure": "contacts"})
    cuts = {row["year"]: row["cut"] for row in data["rows"] if row["cut"]}
    assert list(cuts) == ["2014", "2019", "2020"]
    *breaks, copies = data["notes"]
    assert [note[:4] for note in breaks] == ["2014", "2019", "2020"]
    assert copies == ("Taken from a copy, such as a reprint or a code repository: 2016–2017.")


@pytest.mark.parametrize("query", ["place=US&measure=contacts", "place=US-MO&measure=victims"])
def test_an_svg_is_a_picture_with_words_for_those_who_cannot_see_it(client, starter, query):
    answer = client.get(f"/statistics/chart.svg?{query}")
    assert answer.headers["Content-Type"] == "image/svg+xml"
    root = ElementTree.fromstring(answer.content)
    assert root.attrib["role"] == "img"
    assert root.find(f"{SVG}title").text.startswith(("Contacts", "Victims"))
    assert "as of" in root.find(f"{SVG}desc").text
    assert b"<script" not in answer.content
    assert not re.search(rb'href="(?!#)', answer.content)


def test_a_png_is_wide_sharp_and_not_empty(client, starter):
    answer = client.get("/statistics/chart.png?place=US&measure=cases")
    assert answer.headers["Content-Type"] == "image/png"
    picture = Image.open(io.BytesIO(answer.content)).convert("RGB")
    assert picture.width == 1200
    colours = {colour for _count, colour in picture.getcolors(2**24)}
    assert (11, 74, 80) in colours  # the bars


def test_the_bars_stand_out_in_grey(client, starter):
    answer = client.get("/statistics/chart.png?place=US&measure=cases")
    grey = Image.open(io.BytesIO(answer.content)).convert("L")
    counts = grey.histogram()
    assert sum(counts[:90]) > 20_000  # ink and bars
    assert sum(counts[235:]) > 500_000  # paper
    assert sum(counts) - sum(counts[:90]) - sum(counts[235:]) < sum(counts) * 0.05


@pytest.mark.parametrize(
    "words", ['#panic("x")', "$ x $ *b* _i_ @a <l>", '"] + "', "\\u{0}", "{{ }}"]
)
def test_words_are_never_commands(client, db, words):
    row = factories.figure(
        place=factories.place(code="US-X", name=words),
        measure=factories.measure(code="cases", name=words),
        source=factories.source(publisher=words),
    )
    for form in ("svg", "png"):
        answer = client.get(f"/statistics/chart.{form}?place={row.place.code}&measure=cases")
        assert answer.status_code == 200
        assert len(answer.content) > 2000


@pytest.mark.parametrize("query", ["", "?place=US", "?measure=cases"])
def test_a_chart_is_of_one_measure_in_one_place(client, starter, query):
    answer = client.get(f"/statistics/chart.png{query}")
    assert answer.status_code == 400
    assert answer.content.decode() == (
        "A chart shows one measure in one place. Name both, as in ?place=US-MO&measure=cases.\n"
    )


def test_a_chart_without_any_figure_is_drawn_with_its_gaps(client, db):
    row = factories.figure(year=2008, value=None, status="suppressed", place=factories.place())
    query = f"place={row.place.code}&measure={row.measure.code}"
    assert client.get(f"/statistics/chart.svg?{query}").status_code == 200


def test_typst_never_comes_into_a_process_that_serves(client, starter):
    assert client.get("/statistics/chart.svg?place=US&measure=cases").status_code == 200
    assert "typst" not in sys.modules


def test_what_cannot_be_drawn_is_said_by_name():
    with pytest.raises(RuntimeError, match=r"nothing\.typ could not be drawn: "):
        draw("nothing", "png", {})


def test_spanish_letters_are_drawn(client, starter):
    english = client.get("/statistics/chart.svg?place=US&measure=victims").content
    spanish = client.get("/es/statistics/chart.svg?place=US&measure=victims").content
    assert "Víctimas".encode() in spanish
    assert spanish != english
