"""The main menu, in the colors that a visitor has set for everything."""

import io

from PIL import Image


def is_underlined(link):
    """Whether a line runs through its picture, almost from edge to edge."""
    picture = Image.open(io.BytesIO(link.screenshot())).convert("L")
    rows = [picture.crop((0, y, picture.width, y + 1)).getcolors() for y in range(picture.height)]
    paper = picture.getpixel((0, picture.height // 2))
    return any(count > 0.8 * picture.width and tone != paper for row in rows for count, tone in row)


def test_forced_colors_mark_the_current_page_alone(open_page):
    page = open_page(forced_colors="active")
    page.goto("/statistics/")
    links = page.locator(".top nav a").all()
    assert len(links) > 1
    assert [link.inner_text() for link in links if is_underlined(link)] == ["Statistics"]
