"""A help line's number that somebody changed is brought back by one click on the first page."""

from tests.browser.axe import faults
from tests.site import get, until, until_everywhere


def change_by_hand(site, number):
    """As somebody would who got past the desk. Returns the number of before."""
    first = "FROM pages_helpline WHERE kind = 'call' ORDER BY position, id LIMIT 1"
    ((pk, before),) = site.ask(f"SELECT id, number {first}")
    site.ask("UPDATE pages_helpline SET number = ? WHERE id = ?", number, pk)
    return before


def public(site):
    return get(site, "/help/")[1]


def find_it(page, number):
    """The entry on the first page. It is noticed within a second or two."""
    entry = page.locator("#desk-alerts li").filter(has_text=number).first
    until(lambda: (page.goto("/admin/"), entry.count())[1])
    return entry


def test_one_click_brings_the_number_back(site, staff):
    number = "1-900-555-0360"
    before = change_by_hand(site, number)
    entry = find_it(staff, number)
    assert f"{before}" in entry.inner_text()
    until_everywhere(site, lambda: number in public(site))
    assert faults(staff, ["#desk-alerts"]) == {}
    find_it(staff, number).get_by_role("button", name=f"Make it {before} again").click()
    staff.get_by_text("is back to what it was before").wait_for()
    until_everywhere(site, lambda: before in public(site))
    assert number not in public(site)
    assert not staff.locator("#desk-alerts").count(), "what is as it was raises no alarm"


def test_it_needs_no_script(site, staff, open_page):
    page = open_page(java_script_enabled=False)
    page.context.add_cookies(staff.context.cookies())
    before = change_by_hand(site, "1-900-555-0001")
    find_it(page, "1-900-555-0001").get_by_role("button", name=f"Make it {before} again").click()
    page.get_by_text("is back to what it was before").wait_for()
    until_everywhere(site, lambda: before in public(site))
