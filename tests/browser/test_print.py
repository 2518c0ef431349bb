"""On paper: the way to help, where it was printed from and when, and nothing without use there."""

import datetime
import re

import pytest

USELESS = ", ".join(
    [".bar", ".top nav", ".tools", ".skip", ".share", ".crumb", ".pager", ".appeal:not(.stays)"]
    + [".buttons", ".foot", "form"]
)


@pytest.mark.slow
def test_every_page_on_paper(site, paths, page):
    """And nothing is cut at the right edge: 8.5 inches less the margins, at 96 pixels an inch."""
    page.set_viewport_size({"width": 696, "height": 900})
    page.emulate_media(media="print")
    for path in [*paths["en"], *paths["es"]]:
        if "/share/numbers/" in path:
            continue  # numbers alone, on paper too
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= 696, path
        box = page.locator(".print").inner_text()
        if not path.endswith("/help/"):  # which has all of them itself
            assert "1-888-373-7888" in box, path
            assert "233733" in box
            assert "911" in box
        assert site.url + path in box
        assert str(datetime.date.today().year) in box
        assert page.locator(USELESS).filter(visible=True).count() == 0, path


def sheets(page):
    return len(re.findall(rb"/Type\s*/Page\b", page.pdf(format="Letter")))


@pytest.mark.parametrize(
    ("path", "most"),
    [("/", 2), ("/statistics/missouri/", 4), ("/statistics/united-states/", 4)]
    + [("/learn/signs/", 1)],
)
def test_it_is_no_more_sheets_than_that_with_the_numbers_once_and_first(site, page, path, most):
    page.emulate_media(media="print")
    for address in (path, f"/es{path}"):
        page.goto(address)
        page.locator(".site-notice").evaluate("one => one.remove()")  # there for other tests
        words, box = (page.locator(each).inner_text() for each in ("body", "main > .print"))
        assert page.locator("main > :first-child").inner_text() == box
        for number in ("1-888-373-7888", "233733"):
            assert (words.count(number), box.count(number)) == (1, 1)
        assert sheets(page) <= most, address


def test_help_is_two_sheets_with_every_number_once(site, page):
    page.emulate_media(media="print")
    for path in ("/help/", "/es/help/"):
        page.goto(path)
        page.locator(".site-notice").evaluate("one => one.remove()")  # there for other tests
        words = page.locator("body").inner_text()
        shown = page.locator(".keys a, .number").all_inner_texts()
        numbers = re.findall(r"1-\d{3}-\d{3}-\d{4}", " ".join(shown))
        assert len(numbers) == len(set(numbers)) > 5
        assert [number for number in numbers if words.count(number) != 1] == []
        assert words.index("1-888-373-7888") < words.index(numbers[1])
        assert sheets(page) == 2
