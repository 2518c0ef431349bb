"""The home page as a picture: how far one has to scroll, and what is in sight at once."""

import pytest

# Without the notice that stands above it all here.
BEFORE_THE_FOOT = """() => {
    const [head, foot] = [".top", "footer"].map((each) => document.querySelector(each));
    return foot.getBoundingClientRect().top - head.getBoundingClientRect().top;
}"""


@pytest.mark.parametrize("path", ["/", "/es/"])
@pytest.mark.parametrize(("width", "most"), [(360, 2880), (1280, 3600)])
def test_it_is_no_longer_than_that(open_page, path, width, most):
    page = open_page(viewport={"width": width, "height": 740})
    page.goto(path)
    assert page.evaluate(BEFORE_THE_FOOT) <= most
    door, top = page.locator(".door b").first.bounding_box(), page.locator(".top").bounding_box()
    assert door["y"] + door["height"] - top["y"] <= 660  # a notice may stand above it all


def test_the_head_is_one_row_on_the_smallest_phone(open_page):
    page = open_page(viewport={"width": 320, "height": 568})
    for path in ("/", "/es/"):
        page.goto(path)
        assert page.locator(".top").bounding_box()["height"] < 70


def test_the_menu_is_one_row_or_one_button(open_page):
    for width in (360, 768, 1056, 1280):
        page = open_page(viewport={"width": width, "height": 740})
        for path in ("/", "/es/"):
            page.goto(path)
            summary, nav = page.locator(".menu summary"), page.locator(".menu nav")
            assert nav.is_visible() != summary.is_visible()
            if nav.is_visible():
                tops = nav.locator("a").evaluate_all(
                    "(all) => [...new Set(all.map((one) => one.getBoundingClientRect().top))]"
                )
                assert len(tops) == 1, (width, path)
            else:
                summary.click()
                assert nav.locator("a").first.is_visible()
