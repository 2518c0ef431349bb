"""On paper: the way to help, where it was printed from and when, and nothing without use there."""

import datetime
import re

USELESS = ", ".join(
    [".bar", ".top nav", ".tools", ".skip", ".share", ".crumb", ".pager", ".appeal:not(.stays)"]
    + [".buttons", ".foot", "form"]
)


def test_every_page_on_paper(site, paths, page):
    """And nothing is cut at the right edge: 8.5 inches less the margins, at 96 pixels an inch."""
    page.set_viewport_size({"width": 696, "height": 900})
    page.emulate_media(media="print")
    for path in [*paths["en"], *paths["es"]]:
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= 696, path
        box = page.locator(".print").inner_text()
        assert "1-888-373-7888" in box, path
        assert "233733" in box
        assert "911" in box
        assert site.url + path in box
        assert str(datetime.date.today().year) in box
        assert page.locator(USELESS).filter(visible=True).count() == 0, path
    page.goto("/help/")
    sheet = page.pdf(format="Letter")
    assert 1 <= len(re.findall(rb"/Type\s*/Page\b", sheet)) <= 12
