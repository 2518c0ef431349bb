"""Charts as files: the same figures as in the page, with all that must go along drawn in."""

import io
import re
import sys
import xml.etree.ElementTree as ElementTree

import pytest
from PIL import Image

from awareness.press.render import draw
from pages.models import SiteSettings
from stats import press
from stats.choice import read_choice
from stats.press import chart_data
from stats.series import read_breaks, read_series
from tests import factories
from tests.html import read

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
    assert data["newest"] == {
        "number": ["272"],
        "what": "cases, 2024",
        "as_of": "as of January 7, 2026",
    }
    slots = {slot["year"]: slot for slot in data["chart"]["slots"] if slot["year"]}
    assert [slot["gap"] for slot in data["chart"]["slots"] if slot["gap"]] == [
        ["2008–2011", "not found"],
        ["2017", "not found"],
        ["2022", "not found"],
    ]
    assert " ".join(f"{year}:{slot['number'][0]}" for year, slot in slots.items()) == (
        "2012:48 2013:77 2014:55 2015:69 2016:135 2018:178 2019:233 2020:270 2021:240 2023:247 "
        "2024:272"
    )
    assert slots["2021"]["height"] == pytest.approx(100 * 240 / 272)
    assert [year for year, slot in slots.items() if slot["kind"] == "new"] == ["2024"]
    assert [year for year, slot in slots.items() if slot["kind"] == "copy"] == [
        *("2012", "2013", "2014", "2015", "2016")
    ]
    assert data["meanings"] == (
        "In amber: 2024, the newest number. Taken from a copy, such as a reprint or a code "
        "repository: 2012–2016. Those columns are drawn as outlines. Revised: 2015, 2020, 2023."
    )
    assert data["caveat"].startswith("These are reports to one hotline.")
    assert "These cases are what was reported to a hotline" in data["caveat"]
    assert "ABC 17 News (KMIZ) for 2020, as of January 11, 2026" in data["sources"]
    assert data["address"].endswith("?place=US-MO&measure=cases&as_of=2026-01-31")
    assert (data["chart"]["cuts"], data["chart"]["axis"]) == ([], [(0, 100)])


def test_breaks_are_drawn_and_told(starter):
    data = drawn({"place": "US", "measure": "contacts"})
    assert [" ".join(cut["words"]) for cut in data["chart"]["cuts"]] == [
        f"from {year} on counted differently" for year in (2014, 2019, 2020)
    ]
    assert len(data["chart"]["axis"]) == 4
    assert [words[:6] for words in data["breaks"]] == ["2014: ", "2019: ", "2020: "]


def test_a_file_shows_what_the_page_shows(client, starter):
    """Each column, gap and number of the page stands at the same place in the file."""
    shown = read(client.get("/statistics/united-states/?measure=contacts"))
    shown = shown.one("figure", class_="chart")
    slots = drawn({"place": "US", "measure": "contacts"})["chart"]["slots"]
    columns = [slot for slot in slots if slot["height"] is not None]
    assert [rect.attrs["height"] for rect in shown.all("rect")] == [
        f"{slot['height']:.4g}%" for slot in columns
    ]
    assert [rect.attrs.get("class", "") for rect in shown.all("rect")] == [
        slot["kind"] for slot in columns
    ]
    assert [text.text for text in shown.all("text", class_="gap")] == [
        " ".join(slot["gap"]) for slot in slots if slot["gap"]
    ]


def test_a_publisher_of_several_days_is_named_once(db):
    row = factories.figure(year=2019, source=factories.source(publisher="Police"))
    for year in (2020, 2021):
        days = {"year": year, "as_of": row.as_of}
        factories.figure(place=row.place, measure=row.measure, source=row.source, **days)
    rest = factories.figure(year=2022, place=row.place, measure=row.measure, source=row.source)
    data = drawn({"place": row.place.code, "measure": rest.measure.code})
    assert data["sources"] == (
        "Sources: Police for 2019–2021, as of December 31, 2019; 2022, as of December 31, 2022."
    )


def test_an_svg_is_a_picture_with_words_for_those_who_cannot_see_it(client, starter):
    for path, title in {
        "/statistics/chart.svg?place=US&measure=contacts": "Contacts",
        "/es/statistics/chart.svg?place=US-MO&measure=victims": "Víctimas",
    }.items():
        answer = client.get(path)
        assert answer.headers["Content-Type"] == "image/svg+xml"
        root = ElementTree.fromstring(answer.content)
        assert root.attrib["role"] == "img"
        assert root.find(f"{SVG}title").text.startswith(title)
        assert ("as of" if title == "Contacts" else "al ") in root.find(f"{SVG}desc").text
        assert b"<script" not in answer.content
        assert not re.search(rb'href="(?!#)', answer.content)
    assert "typst" not in sys.modules  # it never comes into a process that serves


@pytest.mark.slow
def test_a_png_is_wide_sharp_small_and_in_our_colors_which_differ_in_grey(client, starter):
    broken = "/es/statistics/chart.png?place=US&measure=contacts"  # the one with most to draw
    assert len(client.get(broken).content) < 300_000
    answer = client.get("/statistics/chart.png?place=US-MO&measure=cases")
    assert answer.headers["Content-Type"] == "image/png"
    assert len(answer.content) < 300_000
    picture = Image.open(io.BytesIO(answer.content)).convert("RGB")
    assert picture.size == (1200, 675)
    colours = {colour: count for count, colour in picture.getcolors(2**24)}
    assert colours[255, 253, 248] > 500_000  # the card
    assert colours[106, 138, 140] > 40_000  # the columns
    assert colours[11, 74, 80] > 50_000  # the ground, and the number
    assert colours[255, 184, 28] > 10_000  # the newest, and the light
    grey = picture.convert("L").histogram()
    usual, newest = (max(range(*tones), key=grey.__getitem__) for tones in ((100, 160), (160, 225)))
    assert newest - usual > 50
    assert grey[usual] > 40_000
    assert grey[newest] > 10_000
    assert sum(grey[:90]) > 70_000  # ink, outlines and the ground


@pytest.mark.slow
def test_it_is_signed_with_the_name_of_the_site(client, starter, monkeypatch):
    given, really = [], press.answer
    monkeypatch.setattr(press, "answer", lambda *asked: given.append(asked[-1]) or really(*asked))
    SiteSettings.objects.update(site_name="Aware Ozarks")
    client.get("/statistics/chart.png?place=US&measure=cases")
    assert given[0]["site"] == "Aware Ozarks"


def test_words_are_never_commands(client, db):
    words = '#panic("x") $ x $ *b* _i_ @a <l> "] + " \\u{0} {{ }}'
    row = factories.figure(
        place=factories.place(code="US-X", name=words),
        measure=factories.measure(code="cases", name=words),
        source=factories.source(publisher=words),
    )
    for form in ("svg", "png"):
        answer = client.get(f"/statistics/chart.{form}?place={row.place.code}&measure=cases")
        assert answer.status_code == 200
        assert len(answer.content) > 2000


def test_a_chart_is_of_one_measure_in_one_place(client, starter):
    for query in ("", "?place=US", "?measure=cases"):
        answer = client.get(f"/statistics/chart.png{query}")
        assert answer.status_code == 400
        assert answer.content.decode() == (
            "A chart shows one measure in one place. Name both, as in ?place=US-MO&measure=cases.\n"
        )


def test_a_chart_without_any_figure_is_drawn_with_its_gaps(client, db):
    row = factories.figure(year=2008, value=None, status="suppressed", place=factories.place())
    query = f"place={row.place.code}&measure={row.measure.code}"
    assert client.get(f"/statistics/chart.svg?{query}").status_code == 200


def test_what_cannot_be_drawn_is_said_by_name():
    with pytest.raises(RuntimeError, match=r"nothing\.typ could not be drawn: "):
        draw("nothing", "png", {})
