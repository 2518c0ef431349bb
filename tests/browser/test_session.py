"""The session ends while somebody writes: nothing that they typed is lost."""

import pytest

from tests.browser.signing_in import DESK, type_in
from tests.browser.test_end_to_end import write

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


def lose_the_session(page, site):
    page.context.clear_cookies(name="sessionid")


def sign_in_again_in_another_tab(page, site):
    tab = sign_out_in_another_tab(page, site)
    tab.goto("/admin/")
    sign_in(tab, site)
    tab.get_by_role("heading", name=DESK).wait_for()


def press_save(page):
    page.get_by_role("button", name="Save draft", exact=True).first.click()


@pytest.mark.parametrize("end", [sign_out_in_another_tab, sign_in_again_in_another_tab])
def test_a_section_that_was_being_written_is_saved_after_all(staff, site, end):
    words = f"Typed before: {end.__name__}."
    staff.set_viewport_size({"width": 360, "height": 800})
    staff.goto("/admin/pages/section/")
    staff.get_by_role("link", name="Why it exists", exact=True).click()
    where = staff.url
    count = staff.locator("[name=citations-TOTAL_FORMS]").input_value()
    write(staff, words)
    end(staff, site)
    staff.get_by_role("button", name="Add another Citation").click()
    added = {"title": "A statute", "publisher": "Congress", "url": "https://law.example/"}
    for name, typed in added.items():
        staff.locator(f"[name=citations-{count}-{name}]").fill(typed)
    press_save(staff)

    if end is not sign_in_again_in_another_tab:
        assert staff.locator(".said .warning").inner_text() == SIGNED_OUT
        assert staff.evaluate("document.documentElement.scrollWidth <= innerWidth")
        sign_in(staff, site)
    note = staff.get_by_role("status").filter(has_text=BACK)
    note.wait_for()
    assert staff.url == where
    assert staff.locator(".errornote, .errorlist").count() == 0
    editor = staff.locator(".cke_wysiwyg_div").first
    editor.wait_for()
    assert words in editor.inner_text()
    assert staff.locator(f"[name=citations-{count}-title]").input_value() == "A statute"
    assert staff.evaluate("document.documentElement.scrollWidth <= innerWidth")

    press_save(staff)
    staff.locator(".messagelist .success").wait_for()
    staff.goto(where)
    assert note.count() == 0
    assert words in editor.inner_text()
    assert staff.locator(f"[name=citations-{count}-title]").input_value() == "A statute"
    staff.get_by_text("Review, times and more").click()  # folded on a phone
    staff.get_by_role("button", name="Discard the draft").click()
    staff.locator(".messagelist .success").wait_for()


@pytest.mark.parametrize("script", [True, False])
def test_a_text_is_thrown_away_only_by_its_own_button(site, open_page, script):
    page = open_page(java_script_enabled=script)
    page.goto("/admin/pages/helpline/add/")
    sign_in(page, site)
    page.get_by_label("Name (English)").fill("A line of ours")
    lose_the_session(page, site)
    press_save(page)
    sign_in(page, site)
    name = page.get_by_label("Name (English)")
    assert name.input_value() == "A line of ours"
    name.press("Enter")  # saves, as ever; something is still missing
    page.locator(".errornote").wait_for()
    assert name.input_value() == "A line of ours"
    page.goto("/admin/pages/helpline/add/")
    assert name.input_value() == "A line of ours"
    page.get_by_role("button", name="Discard it").click()
    said = page.locator(".messagelist .success").inner_text()
    assert said == "Your earlier text was discarded."
    assert name.input_value() == ""


def test_what_is_typed_outlives_a_closed_tab_a_lost_network_and_a_session(staff, site, problems):
    staff.goto("/admin/pages/section/")
    staff.get_by_role("link", name="Why it exists", exact=True).click()
    tab = staff.context.new_page()
    tab.goto(staff.url)
    tab.locator(".cke_wysiwyg_div").first.wait_for()
    tab.context.set_offline(True)
    write(tab, "Typed without a network.")
    tab.locator(".desk-kept", has_text="No connection").wait_for()
    tab.context.set_offline(False)
    tab.locator(".desk-kept", has_text="Kept for you at").wait_for()
    tab.close()  # by mistake, and nothing asks

    staff.reload()
    staff.locator(".kept-note").get_by_text(BACK).wait_for()
    assert "Typed without a network." in staff.locator("#id_body_en").input_value()
    tab = sign_out_in_another_tab(staff, site)
    write(staff, "Typed while signed out.")
    staff.locator(".desk-kept", has_text="You were signed out").wait_for()
    tab.goto("/admin/")
    sign_in(tab, site)
    tab.get_by_role("heading", name=DESK).wait_for()
    staff.evaluate("dispatchEvent(new Event('focus'))")  # somebody comes back to the tab
    staff.locator(".desk-kept", has_text="Kept for you at").wait_for()
    where = staff.url
    press_save(staff)
    staff.locator(".messagelist .success").wait_for()
    staff.goto(where)
    assert "Typed while signed out." in staff.locator("#id_body_en").input_value()
    assert staff.locator(".kept-note").count() == 0
    staff.get_by_role("button", name="Discard the draft").click()
    problems.clear()  # the browser speaks of the lost network
