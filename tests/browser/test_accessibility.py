"""What the accessibility statement says, each sentence of it."""

import pytest

from awareness.content.accessibility import TESTED
from tests.browser.axe import FEWER, violations

# Each template once on each screen: in Spanish, whose words are longer, on the narrow one.
SCREENS = {320: "es", 1280: "en"}
MISSING = {"en": "/there-is-no-such-page/", "es": "/es/no-existe/"}
# Colors apart: of few, and test_contrast asks for more, in light and dark.
STRUCTURE = {"color-contrast": {"enabled": False}}
COLORS = {"type": "rule", "values": ["color-contrast"]}
ENHANCED = {"type": "rule", "values": ["color-contrast-enhanced", "link-in-text-block"]}


@pytest.fixture(scope="module")
def paths(paths):
    return {code: [*those, MISSING[code]] for code, those in paths.items()}


def visit(page, path, problems):
    page.goto(path)
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    if path in MISSING.values():
        problems.clear()  # the browser's console speaks of the 404


@pytest.mark.parametrize("width", SCREENS)
def test_axe(open_page, paths, problems, width):
    page = open_page(viewport={"width": width, "height": 800})
    found = {}
    for path in paths[SCREENS[width]]:
        visit(page, path, problems)
        if width > 320:
            page.evaluate(FEWER)
        found[path] = violations(page, rules=STRUCTURE)
        if width == 320:
            page.evaluate(FEWER)
            found[path, "colors"] = violations(page, runOnly=COLORS)
    assert {where: broken for where, broken in found.items() if broken} == {}


SCHEMES = [
    {"color_scheme": "light", "forced_colors": "none"},
    {"color_scheme": "dark", "forced_colors": "none"},
    {"color_scheme": "dark", "forced_colors": "active"},
]


def test_contrast(open_page, paths, problems):
    page = open_page(viewport={"width": 1280, "height": 800})
    found = {}
    for path in paths["en"]:
        visit(page, path, problems)
        page.evaluate(FEWER)
        for scheme in SCHEMES:
            page.emulate_media(**scheme)
            found[path, str(scheme)] = violations(page, runOnly=ENHANCED)
    assert {where: broken for where, broken in found.items() if broken} == {}


CONTROLS = '"a[href], button, input, select, textarea, summary"'
SMALL_TARGETS = """() => [...document.querySelectorAll(CONTROLS)]
    .filter((one) => one.checkVisibility() && !one.classList.contains("skip"))
    .filter((one) => {  // a link within a sentence may be as high as its line
        const around = one.closest("p, dd, li, figcaption, td, .cite");
        const own = one.innerText || one.value || "";
        return !around || around.innerText.trim() === own.trim();
    })
    .map((one) => [one.outerHTML.slice(0, 90), one.getBoundingClientRect()])
    .filter(([, box]) => box.height < 43.9 || box.width < 43.9)
    .map(([html, box]) => `${Math.round(box.width)}x${Math.round(box.height)} ${html}`)"""
SMALL_TARGETS = SMALL_TARGETS.replace("CONTROLS", CONTROLS)
EVERYTHING = """() => [...document.querySelectorAll(CONTROLS)]
    .filter((one) => one.checkVisibility()).map((one) => one.outerHTML.slice(0, 90))"""
EVERYTHING = EVERYTHING.replace("CONTROLS", CONTROLS)


@pytest.mark.parametrize("width", SCREENS)
def test_targets(open_page, paths, problems, width):
    page = open_page(viewport={"width": width, "height": 800})
    for path in paths[SCREENS[width]]:
        visit(page, path, problems)
        assert (path, page.evaluate(SMALL_TARGETS)) == (path, [])


# Looks around after each key: by then the page has scrolled.
LISTEN = """() => { window.reached = []; addEventListener("keyup", () => {
    const one = document.activeElement;
    if (one === document.body || one === document.documentElement) return reached.push(null);
    const box = one.getClientRects()[0];
    const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
    const outline = getComputedStyle(one);
    reached.push({
        what: one.outerHTML.slice(0, 90),
        covered: !(one === top || one.contains(top) || top?.contains(one))
            && `at ${Math.round(box.y)} by ${top?.outerHTML.slice(0, 60)}`,
        marked: outline.outlineStyle !== "none" && parseFloat(outline.outlineWidth) >= 2,
    });
}); }"""


@pytest.mark.parametrize("width", SCREENS)
def test_keyboard(open_page, paths, problems, width):
    page = open_page(viewport={"width": width, "height": 700})
    for path in paths[SCREENS[width]]:
        visit(page, path, problems)
        page.evaluate(FEWER)
        everything = page.evaluate(EVERYTHING)
        page.evaluate(LISTEN)
        dates = sum('type="date"' in one for one in everything)
        for _ in range(len(everything) + 3 * dates + 1):  # day, month, year and calendar
            page.keyboard.press("Tab")
        stops = page.evaluate("reached")
        end = next(n for n, one in enumerate(stops) if one is None or n and one == stops[0])
        of_dates = [n for n in range(1, end) if 'type="date"' in stops[n]["what"]]
        again = {n for n in of_dates if stops[n]["what"] == stops[n - 1]["what"]}
        reached = [stops[n] for n in range(end) if n not in again]
        assert 'class="skip"' in reached[0]["what"]
        assert "data-exit" in reached[1]["what"]
        assert (path, sorted(one["what"] for one in reached)) == (path, sorted(everything))
        assert [(path, one) for one in reached if one["covered"] or not one["marked"]] == []


def wider_than_the_screen(page):
    return page.evaluate("document.documentElement.scrollWidth - innerWidth")


def test_zoom(open_page, paths, problems):
    page = open_page(viewport={"width": 320, "height": 256})  # 1280 x 1024 at 400 %
    for path in paths["es"]:  # English ones: test_sizes.py
        visit(page, path, problems)
        assert (path, wider_than_the_screen(page)) == (path, 0)


def test_spacing(open_page, paths, problems):
    """WCAG 1.4.12."""
    page = open_page(viewport={"width": 360, "height": 740})
    for path in paths["es"]:  # English ones: test_sizes.py
        visit(page, path, problems)
        page.evaluate(
            """() => {
                const sheet = new CSSStyleSheet();
                sheet.replaceSync(`* { line-height: 1.5 !important; word-spacing: .16em !important;
                    letter-spacing: .12em !important; } p { margin-bottom: 2em !important; }`);
                document.adoptedStyleSheets = [sheet];
            }"""
        )
        assert (path, wider_than_the_screen(page)) == (path, 0)
        cut = page.evaluate(
            """() => [...document.querySelectorAll("body *:not(.hidden):not(svg *)")]
                .filter((one) => getComputedStyle(one).overflow === "hidden"
                    && one.scrollHeight > one.clientHeight + 1)
                .map((one) => one.outerHTML.slice(0, 90))"""
        )
        assert (path, cut) == (path, [])


def test_motion(page, paths, problems):
    for path in paths["en"]:
        visit(page, path, problems)
        moving = page.evaluate(
            """() => [...document.querySelectorAll("*")].filter((one) => {
                const style = getComputedStyle(one);
                return style.animationName !== "none" || style.transitionDuration !== "0s"
                    || style.scrollBehavior === "smooth";
            }).map((one) => one.tagName)"""
        )
        assert (path, moving) == (path, [])


def test_script(no_js_page, paths, problems):
    """Every page is whole without it; test_no_trace searches and test_exit leaves without it."""
    for path in paths["en"]:
        no_js_page.goto(path)
        assert no_js_page.locator("h1").count() == 1
        assert no_js_page.locator("a[href^='tel:']").first.is_visible()
        assert no_js_page.locator("a[data-exit]").is_visible()
    problems.clear()  # the missing page


def test_the_statement_says_what_is_tested():
    tested = {name.removeprefix("test_") for name in globals() if name.startswith("test_")}
    assert tested - {"the_statement_says_what_is_tested"} == {*TESTED}
