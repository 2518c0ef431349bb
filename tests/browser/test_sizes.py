"""Windows of every size, by the browser's own letters of every size (which rem and em follow)."""

from itertools import product

import pytest

WIDTHS = [180, 240, 320, 360, 480, 641, 768, 1024, 1280, 1600]
LETTERS = [16, 20, 24, 32]
HEIGHT = 360
# The two that give a page the least room in its letters, and those around where it changes.
TIGHT = [(180, 16), (360, 32), (320, 16), (480, 16), (641, 16), (1280, 32), (1281, 32)]
# WCAG 1.4.12
SPACING = """() => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(`* { line-height: 1.5 !important; word-spacing: .16em !important;
        letter-spacing: .12em !important; } p { margin-bottom: 2em !important; }`);
    document.adoptedStyleSheets = [sheet];
}"""

BAR = """() => {
    const faults = [], bar = document.querySelector(".bar");
    for (const link of bar.querySelectorAll(".leave a, .call a")) {
        const words = document.createRange();
        words.selectNodeContents(link);
        for (const box of [link.getBoundingClientRect(), ...words.getClientRects()]) {
            const isInside = box.left >= 0 && box.top >= 0 && box.right <= innerWidth
                && box.bottom <= innerHeight;
            const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
            if (!isInside || !link.contains(top)) faults.push(`${link.innerText} is not in sight`);
        }
    }
    const share = bar.offsetHeight / innerHeight;
    if (share > .4) faults.push(`the bar takes ${share} of the height`);
    return faults;
}"""
PAGE = """() => {
    const faults = [], bar = document.querySelector(".bar").getBoundingClientRect();
    const over = document.documentElement.scrollWidth - innerWidth;
    if (over) faults.push(`${over}px wider than the window`);
    for (const text of document.querySelectorAll("svg[role=img] text")) {
        if (!text.checkVisibility()) continue;  // a number for which only a wider one has room
        const [inner, outer] = [text, text.closest("[role=img]")]
            .map((one) => one.getBoundingClientRect());
        if (inner.left < outer.left - 1 || inner.right > outer.right + 1
            || inner.top < outer.top - 1 || inner.bottom > outer.bottom + 1)
            faults.push(`cut in a chart: ${text.textContent}`);
    }
    scrollTo(0, document.documentElement.scrollHeight);
    const { bottom } = document.querySelector("footer, main:last-child").getBoundingClientRect();
    if (bottom > (bar.top > 0 ? bar.top : innerHeight) + 1) faults.push("its end is hidden");
    return faults;
}"""
FOCUS = """() => {
    const covered = [], bar = document.querySelector(".bar");
    const controls = "a[href], button, input, select, textarea, summary";
    const links = [...document.querySelectorAll(controls)]
        .filter((one) => one.checkVisibility() && !bar.contains(one));
    for (const one of [...links, ...links.toReversed()]) {
        one.focus();
        const [box, edge] = [one, bar].map((each) => each.getBoundingClientRect());
        const [top, bottom] = edge.top > 0 ? [0, edge.top] : [edge.bottom, innerHeight];
        const due = Math.min(box.height, (bottom - top) / 2);  // a link may be higher than the room
        const seen = Math.min(box.bottom, bottom) - Math.max(box.top, top);
        if (!one.classList.contains("skip") && seen < due - 1)
            covered.push(`${seen} of ${due}px: ${one.outerHTML}`);
    }
    return covered;
}"""


class Window:
    def __init__(self, open_page, **options):
        self.page = open_page(**options)
        self.session = self.page.context.new_cdp_session(self.page)

    def resize(self, width, letters):
        self.session.send("Page.setFontSizes", {"fontSizes": {"standard": letters}})
        size = {"width": width, "height": HEIGHT, "deviceScaleFactor": 1, "mobile": False}
        self.session.send("Emulation.setDeviceMetricsOverride", size)

    def faults(self, path, sizes, look, spaced=True):
        """{(path, width, letters): faults}, with WCAG's spacing: what fits then does without it."""
        self.page.goto(path)
        if spaced:
            self.page.evaluate(SPACING)
        found = {}
        for width, letters in sizes:
            self.resize(width, letters)
            if faults := self.page.evaluate(look):
                found[path, width, letters] = faults
        return found


@pytest.fixture
def window(open_page):
    return Window(open_page)


def test_the_letters_are_those_of_the_browser(window):
    window.page.goto("/help/")
    for letters in LETTERS:
        window.resize(1600, letters)
        size = window.page.evaluate("getComputedStyle(document.querySelector('main')).fontSize")
        assert float(size.removesuffix("px")) == letters * 1.0625
        is_narrow = window.page.evaluate("matchMedia('(max-width: 50em)').matches")
        assert is_narrow == (letters == 32)


def test_help_and_the_exit_are_in_every_window(window):
    for path in ("/help/", "/es/help/"):
        spaced = path.startswith("/es/")
        assert window.faults(path, [*product(WIDTHS, LETTERS)], BAR, spaced) == {}


@pytest.mark.slow
def test_no_page_is_wider_than_its_window_or_cut(window, paths, problems):
    for path in [*paths["es"], *paths["en"], "/there-is-no-such-page/"]:
        assert window.faults(path, TIGHT[: None if path in paths["es"] else 2], PAGE) == {}
    problems.clear()  # the browser's console speaks of the 404


def test_focus_is_never_under_the_bar(window):
    for path in ("/", "/es/statistics/missouri/"):
        assert window.faults(path, TIGHT, FOCUS) == {}
