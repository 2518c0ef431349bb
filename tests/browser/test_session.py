"""What somebody types is saved by itself, and nothing that may happen meanwhile takes it away."""

import pytest

from tests.browser.signing_in import DESK, come_in, type_in
from tests.browser.test_end_to_end import write
from tests.site import get, until_everywhere

BACK = "Your earlier text is back. It has not been saved yet. Look at it, and save."
SIGNED_OUT = (
    "You were signed out. Sign in, and your text will be back in the form; "
    "it has not been saved yet."
)


def sign_in(page, site):
    type_in(page, site.username, site.password)


def sign_out_in_another_tab(page, site):
    tab = page.context.new_page()
    tab.goto("/admin/")
    tab.get_by_role("button", name="Sign out").click()
    tab.get_by_role("heading", name="Sign in", exact=True).wait_for()
    return tab


def lose_the_session(page):
    page.context.clear_cookies(name="sessionid")


def press_save(page):
    page.get_by_role("button", name="Save draft", exact=True).first.click()


def told(page, words):
    page.locator(".desk-saved", has_text=words).wait_for()


def test_without_script_what_is_sent_after_the_session_comes_back(site, open_page):
    page = open_page(java_script_enabled=False)
    sign_in_at(page, site, "/admin/pages/section/")
    page.get_by_role("link", name="Why it exists", exact=True).click()
    where = page.url
    page.get_by_label("Summary (English)").fill("Typed before.")
    lose_the_session(page)
    press_save(page)
    assert page.locator(".said .warning").inner_text() == SIGNED_OUT
    sign_in(page, site)
    page.get_by_role("status").filter(has_text=BACK).wait_for()
    assert page.url == where
    assert page.locator(".errornote, .errorlist").count() == 0
    press_save(page)
    page.locator(".messagelist .success").wait_for()
    assert page.get_by_label("Summary (English)").input_value() == "Typed before."
    page.get_by_role("button", name="Discard the draft").click()


def sign_in_at(page, site, where):
    page.goto(where)
    sign_in(page, site)


@pytest.mark.parametrize("script", [True, False])
def test_a_text_is_thrown_away_only_by_its_own_button(site, open_page, script):
    page = open_page(java_script_enabled=script)
    sign_in_at(page, site, "/admin/pages/helpline/add/")
    page.get_by_label("Name (English)").fill("A line of ours")
    lose_the_session(page)
    press_save(page)
    sign_in(page, site)
    for _ in range(2):
        name = page.get_by_label("Name (English)")
        assert name.input_value() == "A line of ours"
        page.goto("/admin/pages/helpline/add/")
    page.get_by_role("button", name="Discard it").click()
    said = page.locator(".messagelist .success").inner_text()
    assert said == "Your earlier text was discarded."
    assert name.input_value() == ""


def test_nothing_is_lost_on_the_way_to_a_published_update(staff, site, problems, no_js_page):
    """Without a network, signed out, in a closed tab: what is typed becomes the draft."""
    staff.goto("/admin/pages/update/add/")
    staff.locator(".cke_wysiwyg_div").first.wait_for()
    staff.get_by_label("Summary (English)").fill("What we did.")
    told(staff, "Saved ")
    where = staff.url
    assert "?draft=" in where
    staff.context.set_offline(True)
    write(staff, "Typed without a network.")
    told(staff, "No connection")
    staff.context.set_offline(False)
    told(staff, "Saved ")
    tab = sign_out_in_another_tab(staff, site)
    write(staff, "Typed while signed out.")
    told(staff, "You were signed out")
    sign_in_at(tab, site, "/admin/")
    tab.get_by_role("heading", name=DESK).wait_for()
    staff.evaluate("dispatchEvent(new Event('focus'))")  # somebody comes back to the tab
    told(staff, "Saved ")
    # The browser forgets everything of ours.
    staff.context.clear_cookies()
    write(staff, "Typed without cookies.")
    told(staff, "You were signed out: what you typed stays in this page.")
    sign_in_at(tab, site, "/admin/")
    told(staff, "Saved ")
    # A day that is none, and a tab that is closed by mistake.
    staff.locator("#id_starts_at_0").fill("2027-01-02")
    told(staff, "all but what is marked: Begins: Enter a valid time.")
    staff.locator("#id_starts_at_0").fill("")
    write(staff, "Typed last.")
    staff.close(run_before_unload=True)  # and nothing asks

    tab.goto("/admin/pages/update/")
    own = f"a[href='{where.removeprefix(site.url)}']"  # other tests begin things, too
    tab.locator(own, has_text="Without a title").click()
    tab.get_by_role("button", name="Publish", exact=True).first.click()
    tab.get_by_role("link", name="Title (English): This field is required.").click()
    tab.locator("#id_title_en:focus").wait_for()
    tab.keyboard.type("How nothing was lost")
    tab.locator("#id_slug").fill("nothing-lost")
    tab.get_by_role("button", name="Publish", exact=True).first.click()
    tab.locator(".messagelist .success").wait_for()
    until_everywhere(site, lambda: get(site, "/updates/nothing-lost/")[0] == 200)
    no_js_page.goto("/updates/nothing-lost/")
    for words in (
        "Typed without a network.",
        "Typed while signed out.",
        "Typed without cookies.",
        "Typed last.",
    ):
        assert words in no_js_page.locator("main").inner_text()
    problems.clear()  # the browser speaks of the lost network


def test_who_else_is_there_is_said_and_nothing_of_theirs_is_overwritten(site, staff, open_page):
    other = open_page()
    come_in(other, "bob", site.password)
    for page in (staff, other):
        page.goto("/admin/pages/section/")
        page.get_by_role("link", name="Why it exists", exact=True).click()
        page.locator(".cke_wysiwyg_div").first.wait_for()
    other.locator(".desk-here", has_text="editor has this open too.").wait_for()
    other.get_by_label("Summary (English)").fill("Of Bob.")
    told(other, "Saved ")
    staff.get_by_label("Summary (English)").fill("Of the editor.")
    told(staff, "bob saved this while you were writing.")
    staff.locator(".desk-here", has_text="bob has this open too.").wait_for()
    press_save(staff)
    staff.locator(".desk-overtaken").wait_for()
    staff.get_by_label("Summary (English)").press_sequentially(" And of Bob.")
    told(staff, "You and somebody else changed this.")
    press_save(staff)
    staff.locator(".messagelist .success").wait_for()
    staff.get_by_role("button", name="Discard the draft").click()
