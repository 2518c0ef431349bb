"""Leaving, and what the Back button shows afterwards."""

import base64
import io
import time

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
    with page.expect_event("framenavigated"):
        page.evaluate("setTimeout(() => history.back())")


def press_all(page, keys):
    for key in keys.split():
        page.keyboard.press(key)


def press_shift(page, times):
    press_all(page, "Shift " * times)


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


def while_held(page, do):
    page.keyboard.down("Shift")
    do()
    page.keyboard.up("Shift")


def turn_wheel(page):
    """Until the page has heard of it: Chromium sends turns on a way of their own."""
    page.evaluate(
        "() => { window.turn = new Promise((r) => addEventListener('wheel', r, { once: true })); }"
    )
    page.mouse.wheel(0, 40)
    page.evaluate("turn.then(() => {})")


def overlapping(page, first, second):
    """Both Shift keys down, and up in this order."""
    page.keyboard.down("ShiftLeft")
    page.keyboard.down("ShiftRight")
    page.keyboard.up(first)
    page.keyboard.up(second)


# Done four times over, none of it leaves.
NOT_SHIFT_ALONE = {
    "a letter in between": lambda page: press_all(page, "Shift Shift a"),
    "capitals": lambda page: press_all(page, "Shift+A Shift+B"),
    "Control": lambda page: press_all(page, "Control+Shift"),
    "Control later": lambda page: press_all(page, "Shift+Control"),
    "the wheel": lambda page: while_held(page, lambda: turn_wheel(page)),
    "a click": lambda page: while_held(page, lambda: page.mouse.click(5, 300)),
    "the right button": lambda page: while_held(
        page, lambda: page.mouse.click(5, 300, button="right")
    ),
    "dragging": lambda page: (page.mouse.down(), page.keyboard.press("Shift"), page.mouse.up()),
    "the wheel in between": lambda page: (press_all(page, "Shift Shift"), turn_wheel(page)),
    "another window": lambda page: while_held(
        page, lambda: page.evaluate("dispatchEvent(new Event('blur'))")
    ),
    "words without a key": lambda page: while_held(page, lambda: page.keyboard.insert_text("a")),
    "left first": lambda page: overlapping(page, "ShiftLeft", "ShiftRight"),
    "right first": lambda page: overlapping(page, "ShiftRight", "ShiftLeft"),
}


def test_only_shift_alone_leaves(visit):
    page = visit()
    page.goto("/search/")
    field = page.get_by_label("What are you looking for?")
    for what, do in NOT_SHIFT_ALONE.items():
        field.focus()
        for _ in range(4):
            do(page)
        assert (what, page.locator("#exit-progress").all_text_contents()) == (what, [""])
    press_shift(page, 3)
    assert is_elsewhere(page)


def test_words_about_the_keys_go_when_something_else_is_done(visit):
    page = visit()
    page.goto("/help/")
    height = page.locator(".bar").bounding_box()["height"]
    page.keyboard.press("Shift")
    progress = page.locator("#exit-progress")
    assert progress.inner_text() == "Press Shift two more times to leave."
    assert page.locator(".bar").bounding_box()["height"] == height  # nothing on the page moves
    turn_wheel(page)
    assert progress.inner_text() == ""


def test_shift_is_forgotten_after_five_seconds(visit):
    page = visit()
    page.clock.install()
    page.goto("/")
    press_shift(page, 2)
    page.clock.run_for(5100)
    assert "still on this page" in page.locator("#exit-progress").inner_text()
    press_shift(page, 2)
    assert page.url.endswith("/")
    press_shift(page, 1)
    assert is_elsewhere(page)


def test_typing_on_a_touch_screen_never_leaves(visit):
    page = visit(has_touch=True, is_mobile=True, viewport={"width": 360, "height": 740})
    page.goto("/search/")
    page.get_by_label("What are you looking for?").focus()
    press_shift(page, 5)
    assert page.locator("#exit-progress").inner_text() == ""
    page.get_by_role("link", name="Leave this site").focus()
    press_shift(page, 3)  # those before were heard: these alone leave
    assert is_elsewhere(page)


BAR = (11, 74, 80)  # --bar-paper: on every page of ours, and on no other
MARK = (1, 2, 3)


class Frames:
    """What Chromium painted, as pictures that it sends for every frame, one after the other."""

    def __init__(self, page):
        self.page = page
        self.colours = []
        self.session = page.context.new_cdp_session(page)
        self.session.on("Page.screencastFrame", self.take)
        self.session.send("Page.startScreencast", {"format": "png", "everyNthFrame": 1})

    def take(self, frame):
        picture = Image.open(io.BytesIO(base64.b64decode(frame["data"]))).convert("RGB")
        self.colours.append({colour for _number, colour in picture.getcolors(1 << 24)})
        self.session.send("Page.screencastFrameAck", {"sessionId": frame["sessionId"]})

    def showed(self, colour):
        return any(colour in colours for colours in self.colours)

    def wait_for(self, colour, seconds=30):
        end = time.monotonic() + seconds
        while not self.showed(colour):
            assert time.monotonic() < end, "It was not painted in time."
            self.page.wait_for_timeout(20)  # lets the pictures in

    def showed_bar(self):
        """Since the last time asked, and up to now: a colour painted now comes after the rest."""
        self.page.evaluate(f"document.documentElement.style.background = 'rgb{MARK}'")
        self.wait_for(MARK)
        answer = self.showed(BAR)
        self.colours.clear()
        return answer


@pytest.mark.slow
@pytest.mark.parametrize("cache", ["whole_browser", "keeping_browser"])
def test_back_shows_no_frame_of_ours(request, visit, cache):
    page = visit(using=request.getfixturevalue(cache), viewport={"width": 400, "height": 300})
    page.goto("/")
    page.evaluate("window.kept = true")
    page.goto("/help/")
    go_back(page)
    assert page.evaluate("window.kept === true") == (cache == "keeping_browser")
    page.get_by_text("Menu", exact=True).click()
    page.get_by_role("link", name="Learn", exact=True).click()
    page.wait_for_url("**/learn/")
    page.get_by_text("Menu", exact=True).click()
    page.get_by_role("link", name="Statistics").first.click()
    page.wait_for_url("**/statistics/")

    frames = Frames(page)
    frames.wait_for(BAR)  # the method sees our pages when they are there
    page.get_by_role("link", name="Leave this site").click()
    assert is_elsewhere(page)
    assert frames.showed_bar()

    for _ in range(2):
        go_back(page)
        assert is_elsewhere(page)
    go_back(page)  # before the first page lies the empty one that the test began with
    assert page.url == "about:blank"
    assert not frames.showed_bar()

    page.goto("/")  # typed again, it works as usual, and so does Back among the new pages
    page.goto("/help/")
    go_back(page)
    page.get_by_text("Menu", exact=True).click()
    page.get_by_role("link", name="Learn", exact=True).click()
    page.wait_for_url("**/learn/")
    page.get_by_role("link", name="Leave this site").click()
    assert is_elsewhere(page)
    assert frames.showed_bar()
    go_back(page)
    assert is_elsewhere(page)
    assert not frames.showed_bar()


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
