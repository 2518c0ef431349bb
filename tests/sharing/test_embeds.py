"""What other sites show of ours, in a frame or as a picture."""

import json
import xml.etree.ElementTree as ET

import brotli
import pytest

from awareness.sharing.embeds import HEIGHTS
from awareness.web.addresses import absolute
from pages.models import HelpLine
from stats.models import Figure, Place
from tests import factories, public
from tests.html import read, read_text

FRAMES = public.in_both("/embed/help/", "/embed/figure/missouri/", "/embed/chart/missouri/")
CALL, OTHER = "1-888-373-7888", "1-888-555-0100"


def may_be_framed(response):
    said = response["Content-Security-Policy"]
    return "frame-ancestors *" in said and "X-Frame-Options" not in response


@pytest.mark.django_db(transaction=True)
@pytest.mark.slow
def test_these_alone_may_be_framed(client, starter):
    answers = public.walked(client)
    framed = {address for address, answer in answers.items() if may_be_framed(answer)}
    nation = public.in_both(*(f"/embed/{kind}/united-states/" for kind in ("figure", "chart")))
    assert framed == FRAMES | nation
    others = [answer for address, answer in answers.items() if address not in framed]
    assert {answer["X-Frame-Options"] for answer in others} == {"DENY"}
    assert not any(map(may_be_framed, public.error_pages(client).values()))


def test_a_frame_is_small_and_loads_runs_and_keeps_nothing(client, starter):
    for address in sorted(FRAMES):
        answer = client.get(address)
        head = sum(len(f"{name}: {value}\r\n") for name, value in answer.items())
        assert head + len(brotli.compress(answer.content, quality=5)) <= 6_000, address
        policy = dict(p.split(" ", 1) for p in answer["Content-Security-Policy"].split("; "))
        assert policy.pop("style-src").startswith("'sha256-")
        assert {name for name, value in policy.items() if value != "'none'"} == {"frame-ancestors"}
        assert (answer.cookies, answer["Cache-Control"]) == ({}, "no-store")
        # A page that isolates itself (COEP) loads it only with both of these.
        assert answer["Cross-Origin-Resource-Policy"] == "cross-origin"
        assert answer["Cross-Origin-Embedder-Policy"] == "require-corp"
        page = read(answer)
        assert page.all("script", "img", "form", "iframe", "object", "embed") == []
        assert [link.attrs["rel"] for link in page.all("link")] == ["canonical"]
        assert not [e for e in page.walk() if {"src", "style"} & e.attrs.keys()]
        assert page.one("base").attrs == {"target": "_blank"}
        for a in page.all("a"):  # to call or text opens no window
            dials = a.attrs["href"].startswith(("tel:", "sms:"))
            assert (a.attrs.get("target") == "_self") == dials
            assert dials or a.attrs["href"].startswith(("https://", absolute("/")))


def test_a_changed_line_shows_in_the_frame_and_in_the_badge_at_once(client, starter):
    def shown():
        links = [a.attrs["href"] for a in read(client.get("/es/embed/help/")).one("ul").all("a")]
        title = ET.fromstring(client.get("/es/embed/badge.svg").content)[0].text
        return links, title

    chat = "https://humantraffickinghotline.org/chat"
    question = "¿Alguien controla su vida?"
    assert shown() == (
        ["tel:+18883737888", "sms:233733", "tel:911", chat],
        f"{question} Llamar {CALL}",
    )
    HelpLine.objects.filter(number=CALL).update(number=OTHER)
    HelpLine.objects.filter(kind="text").update(published=False)
    assert shown() == (["tel:+18885550100", "tel:911", chat], f"{question} Llamar {OTHER}")
    factories.notice(text="No texts today; call.", text_es="")
    notice = read(client.get("/es/embed/help/")).one("p", class_="notice")
    assert (notice.text, notice.attrs["lang"]) == ("No texts today; call.", "en")


def test_a_badge_is_a_picture_for_any_site_that_nobody_keeps(client, starter):
    answer = client.get("/embed/badge.svg")
    assert answer["Content-Type"] == "image/svg+xml"
    assert (answer["Cache-Control"], answer.cacheable) == ("no-store", True)
    assert answer["Cross-Origin-Resource-Policy"] == "cross-origin"
    moved = client.get("/embed/badge.svg?v=2")
    assert (moved.status_code, moved["Location"]) == (301, "/embed/badge.svg")
    assert moved["Cross-Origin-Resource-Policy"] == "cross-origin"
    root = ET.fromstring(answer.content)
    texts = [e for e in root.iter() if e.tag.endswith("text")]
    assert [e.text for e in texts] == ["Is someone controlling you?", f"Call {CALL}"]
    HelpLine.objects.filter(number=CALL).update(number="<1&2>" * 6)  # not by the desk
    wide = ET.fromstring(client.get("/embed/badge.svg").content)
    assert int(wide.attrib["width"]) > int(root.attrib["width"])
    assert int(root.attrib["height"]) == 92


def test_a_figure_never_stands_without_what_belongs_to_it(client, starter):
    english = "In 2024, the National Human Trafficking Hotline counted 272 cases"
    for path, sentence, caveat, source in [
        ("", english, "no court", "for"),
        ("/es", "En 2024, la Línea Nacional", "ningún tribunal", "de"),
    ]:
        for kind in ("figure", "chart"):
            page = read(client.get(f"{path}/embed/{kind}/missouri/"))
            text = page.one("main").text
            for part in (sentence, "Missouri", "2026)", caveat, f" {source} 2024:"):
                assert part in text, (path, kind, part, text)
            there = absolute(f"{path}/statistics/missouri/")
            assert page.one("link", rel="canonical").attrs["href"] == there
            links = [a.attrs["href"] for a in page.all("a")]
            assert links[-1] == there
            assert f"{there}#sources" in links
    chart = read(client.get("/embed/chart/missouri/")).one("svg", role="img")
    assert chart.attrs["aria-label"].endswith("counted in Missouri, 2012–2024")
    Figure.objects.filter(place__code="US-MO", measure__code="cases").update(value=999)
    assert "999 cases" in read(client.get("/embed/figure/missouri/")).one("main").text


def test_what_is_not_there_is_left_out_or_refused(client, db):
    assert read(client.get("/embed/help/")).one("main").all("li", class_="call") == []
    answer = client.get("/es/embed/badge.svg")
    assert (answer.status_code, answer["Content-Type"]) == (404, "text/plain; charset=utf-8")
    factories.help_line(published=False)
    assert client.get("/embed/badge.svg").status_code == 404
    factories.place(slug="kansas")
    for slug in ("kansas", "atlantis"):
        for kind in ("figure", "chart"):
            answer = client.get(f"/embed/{kind}/{slug}/")
            assert answer.status_code == 404
            assert not may_be_framed(answer)
    assert b"oembed" not in client.get("/statistics/kansas/").content
    assert b"iframe" not in client.get("/statistics/kansas/").content
    for path in ("/embed/help/", "/embed/badge.svg", "/embed/oembed.json"):
        assert client.post(path).status_code == 405


def test_a_place_with_another_address_is_led_on_to(client, starter):
    place = Place.objects.get(slug="missouri")
    place.slug = "show-me"
    place.save()
    for path in ("/embed/chart/missouri/", "/es/embed/figure/missouri/"):
        assert client.get(path)["Location"] == path.replace("missouri", "show-me")


def oembed(client, **query):
    answer = client.get("/embed/oembed.json", query)
    return answer, json.loads(answer.content) if answer.status_code == 200 else None


def test_oembed_gives_the_frame_of_a_page_in_its_language(client, starter):
    for page, frame in {
        "/": "/embed/help/",
        "/es/help/": "/es/embed/help/",
        "/help": "/embed/help/",
        absolute("/statistics/missouri/?from=2015"): "/embed/chart/missouri/",
        "/es/statistics/missouri/#sources": "/es/embed/chart/missouri/",
        "/embed/figure/missouri/": "/embed/figure/missouri/",
    }.items():
        answer, found = oembed(client, url=page, maxwidth=400, maxheight=300, format="json")
        assert answer["Access-Control-Allow-Origin"] == "*"
        assert (found["version"], found["type"]) == ("1.0", "rich")
        assert (found["width"], found["height"]) == (400, 300)
        shown = read_text(found["html"]).one("iframe").attrs
        assert shown["src"] == absolute(frame), page
        assert (shown["width"], shown["height"]) == ("400", "300")
        assert client.get(frame).status_code == 200
    _answer, found = oembed(client, url="/help/")
    assert (found["width"], found["height"]) == (600, HEIGHTS["embed-help"])
    assert found["title"] == "Get help now"
    for page in public.in_both("/help/", "/statistics/missouri/"):
        named = read(client.get(page)).one("link", type="application/json+oembed").attrs["href"]
        assert client.get(named.removeprefix(absolute(""))).json()["width"] == 600


def test_oembed_says_in_one_sentence_what_it_has_not(client, starter):
    foreign = absolute("") + ".evil.example/help/"
    for query, status in [
        *[({"url": page}, 404) for page in ("", "/about/", "/admin/", "/no/", foreign, "/a" * 999)],
        *[({"url": f"https://evil.example{page}"}, 404) for page in ("/", "/help/")],
        *[({"url": page}, 404) for page in ("/statistics/atlantis/", "/learn/signs/", "/x\0/")],
        ({"url": "/help/", "format": "xml"}, 501),
        *[({"url": "/help/", "maxwidth": size}, 400) for size in ("0", "-1", "wide", "9" * 20)],
    ]:
        answer, _none = oembed(client, **query)
        assert answer.status_code == status, query
        assert answer["Content-Type"] == "text/plain; charset=utf-8"
        assert len(answer.content.decode().splitlines()) == 1


def test_the_lines_to_copy_lead_to_what_they_promise_and_hold_no_number(client, starter):
    for page, frames in {
        "/share/": ["/embed/help/"],
        "/es/statistics/missouri/": ["/es/embed/figure/missouri/", "/es/embed/chart/missouri/"],
        "/statistics/": [],
    }.items():
        lines = [field.text for field in read(client.get(page)).all("textarea")]
        found = [read_text(line).all("iframe") for line in lines]
        assert [one.attrs["src"] for some in found for one in some] == list(map(absolute, frames))
        for (one,) in filter(None, found):
            assert one.attrs["title"].endswith(" – Aware Missouri")
            assert int(one.attrs["height"]) in HEIGHTS.values()
        assert CALL not in "".join(lines)
    badge = read_text(read(client.get("/es/share/")).all("textarea")[1].text)
    assert badge.one("a").attrs["href"] == absolute("/es/help/")
    picture = badge.one("img").attrs
    assert picture["src"] == absolute("/es/embed/badge.svg")
    assert picture["alt"].startswith("¿Alguien controla su vida?")


def test_what_anybody_can_ask_for_in_endless_ways_is_held_by_nobody(client, starter):
    for address in (
        "/embed/oembed.json?url=/help/&maxwidth=301",
        "/share/qr.svg?page=/statistics/?place=US-MO",
    ):
        answer = client.get(address)
        assert (answer.status_code, answer.cacheable) == (200, False), address
    assert client.get("/share/qr.svg?page=/statistics/?place=call-me").status_code == 404
