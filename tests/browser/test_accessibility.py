"""What the accessibility statement says, each sentence of it.

Each template is opened once on each screen, and every check looks at it there.
"""

import pytest

from awareness.content.accessibility import TESTED
from tests.browser.axe import FEWER, violations

PARTS = range(4)  # of the pages, for as many workers
MISSING = {"en": "/there-is-no-such-page/", "es": "/es/no-existe/"}
# Colors apart: of few of what is alike.
STRUCTURE = {"color-contrast": {"enabled": False}}
COLORS = {"type": "rule", "values": ["color-contrast"]}
ENHANCED = {"type": "rule", "values": ["color-contrast-enhanced", "link-in-text-block"]}
SCHEMES = [{"color_scheme": "light"}, {"color_scheme": "dark"}]

CONTROLS = '"a[href], button, input, select, textarea, summary"'
SMALL_TARGETS = """() => [...document.querySelectorAll(CONTROLS)]
    .filter((one) => one.checkVisibility() && !one.classList.contains("skip"))
    .filter((one) => {  // a link within a sentence may be as high as its line
        const around = one.closest("p, dd, li, figcaption, td, .cite");
        const own = one.innerText || one.value || "";
        return !around || around.innerText.trim() === own.trim();
    })
    .map((one) => {  // some lie over the whole card around them
        const over = getComputedStyle(one, "::after").position === "absolute";
        const target = over ? one.offsetParent : one;
        return [one.outerHTML.slice(0, 90), target.getBoundingClientRect()];
    })
    .filter(([, box]) => box.height < 43.9 || box.width < 43.9)
    .map(([html, box]) => `${Math.round(box.width)}x${Math.round(box.height)} ${html}`)"""
SMALL_TARGETS = SMALL_TARGETS.replace("CONTROLS", CONTROLS)
EVERYTHING = """() => [...document.querySelectorAll(CONTROLS)]
    .filter((one) => one.checkVisibility()).map((one) => one.outerHTML.slice(0, 90))"""
EVERYTHING = EVERYTHING.replace("CONTROLS", CONTROLS)
MOVING = """() => [...document.querySelectorAll("*")].filter((one) => {
    const style = getComputedStyle(one);
    return style.animationName !== "none" || style.transitionDuration !== "0s"
        || style.scrollBehavior === "smooth";
}).map((one) => one.tagName)"""
# WCAG 1.4.12
SPACING = """() => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(`* { line-height: 1.5 !important; word-spacing: .16em !important;
        letter-spacing: .12em !important; } p { margin-bottom: 2em !important; }`);
    document.adoptedStyleSheets = [sheet];
}"""
CUT = """() => [...document.querySelectorAll("body *:not(.hidden):not(svg *)")]
    .filter((one) => getComputedStyle(one).overflow === "hidden"
        && one.scrollHeight > one.clientHeight + 1)
    .map((one) => one.outerHTML.slice(0, 90))"""
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


def axe(page):
    return violations(page, rules=STRUCTURE)


def colors(page):
    return violations(page, runOnly=COLORS)


def contrast(page):
    found = {}
    for scheme in SCHEMES:
        page.emulate_media(**scheme)
        if wrong := violations(page, runOnly=ENHANCED):
            found[str(scheme)] = wrong
    page.emulate_media(color_scheme="light")
    return found


def targets(page):
    return page.evaluate(SMALL_TARGETS)


def keyboard(page):
    """What Tab does not reach, reaches besides, or reaches unseen."""
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
    what = [one["what"] for one in reached]
    if 'class="skip"' not in what[0] or "data-exit" not in what[1]:
        return what[:2]
    unlike = {*what}.symmetric_difference(everything)
    if not unlike and sorted(what) != sorted(everything):
        return "something is reached twice"
    return [*unlike, *(one for one in reached if one["covered"] or not one["marked"])]


def zoom(page):
    """320 pixels are 1280 at 400 %."""
    return page.evaluate("document.documentElement.scrollWidth - innerWidth")


def spacing(page):
    page.evaluate(SPACING)
    return zoom(page) or page.evaluate(CUT)


def motion(page):
    return page.evaluate(MOVING)


def fewer(page):
    page.evaluate(FEWER)


# In this order: some leave marks. In Spanish, whose words are longer, on the narrow screen.
NARROW = [zoom, targets, axe, fewer, colors, keyboard, spacing]
WIDE = [motion, targets, fewer, axe, keyboard, contrast]


def walk(page, paths, looks, problems):
    """{(path, check): what is wrong}"""
    found = {}
    for path in paths:
        page.goto(path)
        page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
        found |= {(path, look.__name__): wrong for look in looks if (wrong := look(page))}
    problems[:] = [one for one in problems if "404" not in one]  # of the page that is missing
    return found


@pytest.mark.slow
@pytest.mark.parametrize("part", PARTS)
def test_narrow(open_page, paths, problems, part):
    page = open_page(viewport={"width": 320, "height": 700})
    all_of_them = [MISSING["es"], *paths["es"]]
    assert walk(page, all_of_them[part :: len(PARTS)], NARROW, problems) == {}


@pytest.mark.slow
@pytest.mark.parametrize("part", PARTS)
def test_wide(open_page, paths, problems, part):
    page = open_page(viewport={"width": 1280, "height": 700})
    all_of_them = [MISSING["en"], *paths["en"]]
    assert walk(page, all_of_them[part :: len(PARTS)], WIDE, problems) == {}


def test_colors_that_the_visitor_chose(open_page):
    """Where boxes, charts and drawings have colors of ours, which these replace."""
    page = open_page(color_scheme="dark", forced_colors="active")
    for path in ("/", "/help/", "/statistics/missouri/", "/es/learn/signs/"):
        page.goto(path)
        page.evaluate(FEWER)
        assert (path, violations(page, runOnly=ENHANCED)) == (path, [])


def test_script(no_js_page, paths, problems):
    """Every page is whole without it; test_no_trace searches and test_exit leaves without it."""
    for path in [*paths["en"], MISSING["en"]]:
        no_js_page.goto(path)
        assert no_js_page.locator("h1").count() == 1
        assert no_js_page.locator("a[href^='tel:']").first.is_visible()
        assert no_js_page.locator("a[data-exit]").is_visible()
    problems.clear()  # the missing page


def test_the_statement_says_what_is_tested():
    looks = {look.__name__ for look in [*NARROW, *WIDE]}
    assert looks - {"fewer", "colors"} | {"script"} == {*TESTED}
