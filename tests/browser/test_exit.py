"""Leaving, and what the Back button shows afterwards."""

import base64
import io

import pytest
from PIL import Image

ELSEWHERE = "https://www.weather.gov/"


@pytest.fixture
def visit(open_page):
    """A page for which another company's weather page is there, without asking the network."""

    def visit(**options):
        page = open_page(allow=ELSEWHERE, **options)
        page.context.route(
            f"{ELSEWHERE}**",
            lambda route: route.fulfill(
                content_type="text/html", body="<title>Weather</title><p>Sunny, 70 degrees"
            ),
        )
        return page

    return visit


def is_elsewhere(page):
    page.wait_for_url(f"{ELSEWHERE}**")
    return page.inner_text("body") == "Sunny, 70 degrees"


def go_back(page):
    """As the browser's button does; page.go_back() waits for a load that a kept page has not."""
    page.evaluate("setTimeout(() => history.back())")
    page.wait_for_timeout(500)


def press_shift(page, times, key="Shift"):
    for _ in range(times):
        page.keyboard.press(key)


def test_without_script_the_link_leaves(visit):
    page = visit(java_script_enabled=False)
    page.goto("/help/")
    exit_link = page.get_by_role("link", name="Leave this site")
    assert exit_link.get_attribute("rel") == "nofollow noreferrer noopener"
    exit_link.click()
    page.wait_for_url(f"{ELSEWHERE}**")


def test_a_click_hides_the_page_at_once_and_leaves(visit):
    page = visit()
    page.goto("/learn/")
    # The other page is slow: what is seen until it comes?
    page.context.unroute(f"{ELSEWHERE}**")
    page.context.route(f"{ELSEWHERE}**", lambda route: None)
    shown = page.evaluate(
        """() => {
            document.querySelector('a[data-exit]').click();
            return {
                title: document.title,
                words: document.body.innerText,
                announced: document.querySelector('[role=alert]').innerText,
                stored: [...Object.keys(sessionStorage), ...Object.keys(localStorage)],
            };
        }"""
    )
    assert shown == {
        "title": "Loading",
        "words": "Loading",
        "announced": "Loading",
        "stored": ["left"],
    }


def test_no_referrer_reaches_the_other_page(visit):
    page = visit()
    page.goto("/help/")
    with page.expect_request(f"{ELSEWHERE}**") as asked:
        page.get_by_role("link", name="Leave this site").click()
    assert "referer" not in asked.value.headers


@pytest.mark.parametrize("keys", [["Shift"] * 3, ["ShiftLeft", "ShiftRight", "ShiftLeft"]])
def test_shift_three_times_leaves(visit, keys):
    page = visit()
    page.goto("/")
    for key in keys[:2]:
        page.keyboard.press(key)
    progress = page.locator("#exit-progress")
    assert progress.inner_text() == "Press Shift once more to leave."
    assert progress.get_attribute("role") == "status"
    page.keyboard.press(keys[2])
    assert is_elsewhere(page)


@pytest.mark.parametrize(
    "keys",
    [
        "Shift Shift a Shift",
        "Shift+A Shift+B Shift+C Shift+D",
        "Control+Shift Control+Shift Control+Shift",
    ],
)
def test_other_keys_and_capitals_do_not_leave(visit, keys):
    page = visit()
    page.goto("/search/")
    page.get_by_label("What are you looking for?").focus()
    for key in keys.split():
        page.keyboard.press(key)
    page.wait_for_timeout(200)
    assert page.url.endswith("/search/")


def test_shift_is_forgotten_after_five_seconds(visit):
    page = visit()
    page.clock.install()
    page.goto("/")
    press_shift(page, 2)
    page.clock.run_for(5100)
    assert "still here" in page.locator("#exit-progress").inner_text()
    press_shift(page, 2)
    assert page.url.endswith("/")
    press_shift(page, 1)
    assert is_elsewhere(page)


def test_typing_on_a_touch_screen_never_leaves(visit):
    page = visit(has_touch=True, is_mobile=True, viewport={"width": 360, "height": 740})
    page.goto("/search/")
    page.get_by_label("What are you looking for?").focus()
    press_shift(page, 5)
    page.wait_for_timeout(200)
    assert page.url.endswith("/search/")


class Frames:
    """What Chromium painted, as pictures that it sends for every frame."""

    def __init__(self, page):
        self.session = page.context.new_cdp_session(page)
        self.pictures = []
        self.session.on("Page.screencastFrame", self.take)

    def start(self):
        self.session.send("Page.startScreencast", {"format": "png", "everyNthFrame": 1})

    def take(self, frame):
        self.pictures.append(frame["data"])
        self.session.send("Page.screencastFrameAck", {"sessionId": frame["sessionId"]})

    def showing(self, colour):
        """How many of them hold a pixel of this colour."""
        count = 0
        for data in self.pictures:
            picture = Image.open(io.BytesIO(base64.b64decode(data))).convert("RGB")
            count += colour in {found for _number, found in picture.getcolors(1 << 24)}
        return count


BAR = (11, 74, 80)  # --bar-paper: on every page of ours, and on no other


@pytest.mark.parametrize("cache", ["browser", "keeping_browser"])
def test_back_shows_no_frame_of_ours(request, visit, cache):
    page = visit(using=request.getfixturevalue(cache))
    page.goto("/")
    page.evaluate("window.kept = true")
    page.goto("/help/")
    go_back(page)
    assert page.evaluate("window.kept === true") == (cache == "keeping_browser")
    page.get_by_role("link", name="Read the guide").click()
    page.wait_for_url("**/learn/")
    page.get_by_role("link", name="Statistics").first.click()
    page.wait_for_url("**/statistics/")

    frames = Frames(page)
    frames.start()
    page.wait_for_timeout(300)
    assert frames.showing(BAR) > 0  # the method sees our pages when they are there
    page.get_by_role("link", name="Leave this site").click()
    assert is_elsewhere(page)
    page.wait_for_timeout(500)
    frames.pictures.clear()

    for _ in range(4):
        go_back(page)
        # Before the first page lies the empty one that the test began with.
        assert page.url == "about:blank" or is_elsewhere(page)
    assert page.url == "about:blank"
    assert frames.showing(BAR) == 0

    page.goto("/")  # typed again, it works as usual, and so does Back among the new pages
    page.goto("/help/")
    go_back(page)
    assert page.get_by_role("link", name="Read the guide").is_visible()
    page.get_by_role("link", name="Leave this site").click()
    assert is_elsewhere(page)
    frames.pictures.clear()
    go_back(page)
    assert frames.showing(BAR) == 0


def test_back_after_coming_again_shows_nothing_from_before(visit):
    page = visit()
    page.goto("/learn/")
    page.goto("/help/")
    page.get_by_role("link", name="Leave this site").click()
    assert is_elsewhere(page)
    page.goto("/updates/")
    go_back(page)  # where the help page was
    assert is_elsewhere(page)
    go_back(page)  # where the guide was
    assert is_elsewhere(page)
