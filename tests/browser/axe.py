"""What axe-core finds on a page."""

from axe_playwright_python.sync_playwright import Axe

WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# All that it asks about colors: in another scheme nothing else of a page is different.
OF_COLORS = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}
RUN = """([inside, options]) => axe.run(
    inside.length ? { include: inside } : document, { ...options, resultTypes: ["violations"] }
).then((found) =>
    found.violations.map((one) => [one.id, one.nodes.map((node) => node.target.join(" "))]))"""
# The admin's links take their time to change their color; what lies under its bar of buttons
# depends on where the page is scrolled to.
STILL = """() => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(`* { transition: none !important; }
        .submit-row { position: static !important; }`);
    document.adoptedStyleSheets = [sheet];
}"""

# Of what is many times alike, such as the rows of a table, the first three: colors and outlines
# come from the sheets, by name and class, and each element takes its time.
FEWER = """() => {
    for (const parent of document.querySelectorAll("main, main *")) {
        const alike = {};
        for (const child of [...parent.children]) {
            const kind = `${child.tagName} ${child.className.baseVal ?? child.className}`;
            alike[kind] = (alike[kind] ?? 0) + 1;
            if (alike[kind] > 3) child.remove();
        }
    }
}"""


def violations(page, inside=(), **options):
    """[[rule, [where]]]; ``inside``: selectors of the parts to look at, none is the whole page."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(Axe().axe_script)
    there = [[part] for part in inside if page.locator(part).count()]
    return page.evaluate(RUN, [there, {"runOnly": WCAG, **options}])


def faults(page, inside=()):
    """{where: what} is wrong with a page of the staff: in light and narrow, in dark and wide."""
    page.evaluate(STILL)
    screens = ((360, "light", WCAG), (1280, "dark", OF_COLORS))
    found = {}
    for width, _scheme, _rules in screens:
        page.set_viewport_size({"width": width, "height": 900})
        found[page.url, width] = page.evaluate(
            "document.documentElement.scrollWidth > innerWidth ? 'wider than the screen' : ''"
        )
    if not inside:
        page.evaluate(FEWER)
    for width, scheme, rules in screens:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)
        found[page.url, scheme] = violations(page, inside, runOnly=rules, preload=False)
    return {where: wrong for where, wrong in found.items() if wrong}
