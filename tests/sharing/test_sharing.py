"""What a visitor passes on: a code, an address, or digits alone."""

import io
import subprocess
import sys
from urllib.parse import quote

import zxingcpp
from django.test import Client
from PIL import Image

from awareness.web.addresses import absolute
from tests import factories
from tests.html import read


def decoded(png):
    (code,) = zxingcpp.read_barcodes(Image.open(io.BytesIO(png)))
    return code.text


def as_png(svg, folder):
    (folder / "code.svg").write_bytes(svg)
    (folder / "page.typ").write_text('#set page(width: auto, height: auto)\n#image("code.svg")')
    draw = "import sys, typst; sys.stdout.buffer.write(typst.compile(sys.argv[1], format='png'))"
    command = [sys.executable, "-c", draw, folder / "page.typ"]  # typst stays in no process
    return subprocess.run(command, check=True, capture_output=True).stdout


def code(client, page, form="png", prefix=""):
    return client.get(f"{prefix}/share/qr.{form}", {"page": page})


def test_a_code_leads_to_the_page_that_was_named(client, starter, tmp_path):
    pages = ["/", "/es/", "/help/", "/es/help/", "/learn/signs/", "/about/", "/safety/practice/"]
    for page in [*pages, "/statistics/?place=US-MO&show=chart", "/es/statistics/missouri/"]:
        for named in (page, absolute(page)):
            answer = code(client, named)
            assert answer["Content-Type"] == "image/png"
            assert decoded(answer.content) == absolute(page)
    answer = code(client, "/es/help/", "svg", "/es")
    assert answer["Content-Type"] == "image/svg+xml"
    assert decoded(as_png(answer.content, tmp_path)) == absolute("/es/help/")


def test_there_is_no_code_for_anything_else(client, db):
    factories.update(slug="draft", **factories.in_state("draft"))
    for page in (
        *("", f"{absolute('')}.evil.example/help/", "https://evil.example/help/"),
        *("//evil.example/", "/admin/", "/accounts/login/", "/no/such/page/", "/help"),
        *("/help/?fbclid=1", "/help/#a", "/en/help/", "/healthz", "/updates/draft/"),
        *("/updates/?page=" + "1" * 400, "/help/\x00", "javascript:a"),
    ):
        answer = code(client, page)
        assert answer.status_code == 404, page
        assert answer.content.decode() == (
            "We have no page at this address. Name one of ours, as in ?page=/help/.\n"
        )


def test_what_is_drawn_is_only_to_read(db):
    client = Client(enforce_csrf_checks=True)
    for path in ("poster.pdf", "cards.png", "kit.zip", "preview.png", "qr.png"):
        answer = client.post(f"/es/share/{path}")
        assert (answer.status_code, answer["Allow"]) == (405, "GET, HEAD"), path


def test_the_panel_has_the_clean_address_and_a_quieter_way(client, db):
    row = factories.help_line(number="1-888-373-7888")
    for number in (row.number, "1-800-555-0123"):
        row.number = number
        row.save()
        panel = read(client.get("/es/updates/")).one("details", class_="share")
        assert panel.one("input").attrs["value"] == (there := absolute("/es/updates/"))
        links = [a.attrs["href"] for a in panel.all("a")]
        codes = [f"/es/share/qr.{form}?page={there}" for form in ("png", "svg")]
        page = quote(absolute("/es/share/numbers/"), "")
        assert links[2:] == [*codes, f"sms:?&body={number}", f"sms:?&body={page}"]
    assert [li.attrs.get("hidden", "shown") for li in panel.all("li")][:3] == [None, None, "shown"]
    row.delete()
    assert len(read(client.get("/updates/")).one("details", class_="share").all("a")) == 4
