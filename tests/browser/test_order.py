"""The order of items by keyboard and without script; and the box that searches."""

import re
import threading
import urllib.parse
import urllib.request

from tests.browser.axe import faults
from tests.browser.signing_in import come_in
from tests.site import PATIENCE

MEASURES = "/admin/stats/measure/order/"
SEARCH = "/admin/search/?q=help"
OWN = ["#content-main.order", "#content-main.found"]  # around it: test_publishing_desk


def titles(page, number=0):
    rows = page.locator(".order ol").nth(number)
    return rows.locator("a").all_inner_texts()


def said(page):
    return page.locator("#said").inner_text()


def focused(page):
    return page.locator(":focus").get_attribute("aria-label")


def pressed(page, key="Enter"):
    page.locator("button:focus").wait_for()  # autofocus may come after the page's load event
    with page.expect_navigation():
        page.keyboard.press(key)


def put_back(page, before):
    """Other tests read these pages of the same site."""
    for place, title in enumerate(before):
        while titles(page).index(title) > place:
            with page.expect_navigation():
                page.get_by_role("button", name=f"Move up: {title}", exact=True).click()


def test_a_key_moves_an_item_again_and_again(staff):
    staff.goto("/admin/stats/measure/")
    with staff.expect_navigation():
        staff.get_by_role("link", name="Change the order").click()
    before = titles(staff)
    last, all_of_them = before[-1], len(before)
    staff.get_by_role("button", name=f"Move up: {last}", exact=True).focus()
    for number in range(all_of_them - 1, 0, -1):
        pressed(staff)
        assert said(staff) == f"“{last}” is now {number} of {all_of_them}."
        if number > 1:
            assert focused(staff) == f"Move up: {last}"
    assert titles(staff) == [last, *before[:-1]]
    assert focused(staff) == f"Move down: {last}"
    for _ in before[1:]:
        pressed(staff, "Space")
    assert titles(staff) == before


def test_it_works_without_script(site, no_js_page):
    come_in(no_js_page, site.username, site.password)
    no_js_page.goto(MEASURES)
    before = titles(no_js_page)
    no_js_page.get_by_role("button", name=f"Move down: {before[0]}", exact=True).focus()
    pressed(no_js_page)
    assert titles(no_js_page) == [before[1], before[0], *before[2:]]
    assert focused(no_js_page) == f"Move down: {before[0]}"
    put_back(no_js_page, before)


def test_of_several_at_once_one_moves_and_nothing_is_lost(site, staff):
    staff.goto(MEASURES)
    before = titles(staff)
    fields = {name: staff.locator(f"#content-main [name={name}]").first.get_attribute("value")
              for name in ("csrfmiddlewaretoken", "shown")}  # fmt: skip
    cookies = "; ".join(f"{c['name']}={c['value']}" for c in staff.context.cookies())
    pks = fields["shown"].split(",")
    answers, start = [], threading.Barrier(8)

    def move(pk, to):
        data = urllib.parse.urlencode({**fields, "move": f"{pk}:{to}"}).encode()
        request = urllib.request.Request(site.url + MEASURES, data, {"Cookie": cookies})
        start.wait()
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
            answers.append(answer.url)

    moves = [(pks[0], 2), (pks[1], 1), (pks[1], 3), (pks[2], 2)] * 2
    threads = [threading.Thread(target=move, args=one) for one in moves]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted("moved=" in url for url in answers) == [False] * 7 + [True]
    staff.goto(MEASURES)
    assert sorted(titles(staff)) == sorted(before)
    assert titles(staff) != before
    put_back(staff, before)


# --- How it looks ----------------------------------------------------------------------


def test_axe_finds_nothing_and_nothing_is_too_wide(staff):
    staff.goto(SEARCH)
    assert faults(staff, OWN) == {}
    staff.goto(MEASURES)
    before = titles(staff)
    staff.get_by_role("button", name=re.compile("^Move up")).first.click()
    staff.locator("#said").wait_for()
    assert faults(staff, OWN) == {}
    put_back(staff, before)


def test_a_word_is_looked_for_from_any_page(staff):
    staff.goto(MEASURES)
    staff.get_by_label("Search everything").last.fill("hotline")
    staff.keyboard.press("Enter")
    staff.get_by_role("heading", name="Search").wait_for()
    found = staff.locator(".found")
    assert "result" in found.get_by_role("status").inner_text()
    found.locator("li a").first.click()
    staff.locator("#content-main form").first.wait_for()
