"""Frames and pictures of ours on a page of another site: of another host, and so of another
origin, in a sandbox."""

import contextlib
import http.server
import threading

import pytest

from tests.browser.axe import violations

SANDBOX = 'sandbox="allow-popups allow-popups-to-escape-sandbox"'
SIZES = [(300, 16), (360, 16), (360, 24), (600, 16)]


@pytest.fixture
def partner():
    """``partner(html, **headers)``: the address of another site's page with this in it."""

    def serve(html, **headers):
        class Page(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                self.send_response(200)
                for name, value in {"Content-Type": "text/html", **headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(f"<!doctype html><title>Partner</title>{html}".encode())

            def log_message(self, *_words):
                """Not among what the tests say."""

        server = stack.enter_context(http.server.ThreadingHTTPServer(("127.0.0.1", 0), Page))
        stack.callback(server.shutdown)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        return f"http://127.0.0.1:{server.server_port}/"

    with contextlib.ExitStack() as stack:
        yield serve


def framed(site, path):
    return f'<iframe src="{site.url}{path}" width="100%" height="700" {SANDBOX}></iframe>'


def line_of(page, address, number):
    """The line to copy, as it stands in the panel of a page."""
    page.goto(address)
    page.locator("details.embed summary").click()
    return page.locator("details.embed textarea").nth(number).input_value()


ISOLATED = {
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Opener-Policy": "same-origin",
}


@pytest.mark.parametrize("headers", [{}, ISOLATED], ids=["plain", "isolated"])
def test_the_lines_of_our_panels_work_on_another_site(open_page, partner, headers):
    page = open_page(allow="http://127.0.0.1")
    asked = [("/es/share/", 0), ("/statistics/missouri/", 0), ("/statistics/missouri/", 1)]
    badge = line_of(page, "/share/", 1)
    there = partner(badge + "".join(line_of(page, *each) for each in asked), **headers)
    page.goto(there)
    page.mouse.wheel(0, 5000)  # they are loaded as somebody comes near
    shown = [
        frame.locator("h1").inner_text()
        for frame in (page.frame_locator("iframe").nth(n) for n in range(3))
    ]
    assert shown == [
        "¿Alguien controla su vida?",
        "Missouri",
        "Cases the National Human Trafficking Hotline counted in Missouri, 2009–2024",
    ]
    assert page.locator("img").evaluate("(one) => one.complete && one.naturalWidth") > 300


def test_no_other_page_of_ours_is_shown_in_a_frame(site, open_page, partner, problems):
    page = open_page(allow="http://127.0.0.1")
    for path in ("/help/", "/", "/es/statistics/missouri/", "/embed/chart/atlantis/", "/admin/"):
        page.goto(partner(framed(site, path)))
        assert page.frames[1].url == "chrome-error://chromewebdata/", path
    assert problems
    problems.clear()  # the console says that it refused to


def test_a_link_opens_our_whole_page_beside_the_partners(site, open_page, partner):
    page = open_page(allow="http://127.0.0.1")
    page.goto(partner(framed(site, "/embed/help/")))
    with page.context.expect_page() as opened:
        page.frame_locator("iframe").locator("footer a").click()
    opened.value.wait_for_load_state()
    assert opened.value.url == f"{site.url}/help/"
    assert opened.value.evaluate("document.querySelectorAll('h1').length") == 1
    assert page.url.startswith("http://127.0.0.1")


FAULTS = """() => {
    const faults = [], over = document.documentElement.scrollWidth - innerWidth;
    if (over > 0) faults.push(`${over}px wider than its frame`);
    for (const a of document.querySelectorAll("li a, footer a")) {
        const box = a.getBoundingClientRect();
        if (box.height < 43.9) faults.push(`${box.height}px high: ${a.outerHTML}`);
    }
    return faults;
}"""


@pytest.mark.parametrize("path", ["help/", "figure/missouri/", "chart/missouri/"])
def test_it_fits_frames_of_every_width(open_page, path):
    page = open_page()
    session = page.context.new_cdp_session(page)
    for prefix in ("/embed/", "/es/embed/"):
        page.goto(prefix + path)
        for width, letters in SIZES:
            session.send("Page.setFontSizes", {"fontSizes": {"standard": letters}})
            page.set_viewport_size({"width": width, "height": 480})
            assert (prefix, width, letters, page.evaluate(FAULTS)) == (prefix, width, letters, [])


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_is_legible(open_page, scheme):
    page = open_page(color_scheme=scheme, viewport={"width": 360, "height": 700})
    rules = {"type": "rule", "values": ["color-contrast-enhanced", "heading-order", "link-name"]}
    for path in ("help/", "figure/missouri/", "chart/missouri/"):
        page.goto(f"/es/embed/{path}")
        assert (path, violations(page, runOnly=rules)) == (path, [])
