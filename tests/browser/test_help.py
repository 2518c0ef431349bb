"""The help page on a phone: what somebody in danger sees first."""

SEEN = """() => {
    const bar = document.querySelector(".bar").getBoundingClientRect();
    return [...document.querySelectorAll(".trace, .keys a")].map((one) => {
        const box = one.getBoundingClientRect();
        return box.top >= 0 && box.bottom <= bar.top && box.height >= 44;
    });
}"""


ADDRESSES = [
    *("/safety/#spyware", "/es/safety/#calls-and-texts"),
    *("/questions/#who-answers", "/es/questions/#myth-kidnapped"),
]


def test_every_first_number_is_on_the_first_screen(open_page):
    """And above them what a call leaves behind. All of it is short, before anything is opened."""
    page = open_page(viewport={"width": 360, "height": 800})
    page.goto("/help/")
    page.locator(".site-notice").evaluate("one => one.remove()")  # there for other tests
    assert page.evaluate(SEEN) == [True] * 5
    for width, most in ((360, 6480), (1280, 4500)):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollHeight") <= most


def test_a_link_to_a_folded_part_opens_it(page):
    for address in ADDRESSES:
        page.goto(address)
        slug = address.partition("#")[2]
        assert page.locator("main details[open]:not(.share) > div").evaluate_all(
            "parts => parts.map((part) => part.id)"
        ) == [slug]
        assert page.locator(f"#{slug}").is_visible()
