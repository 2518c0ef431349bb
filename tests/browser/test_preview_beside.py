"""What somebody types is seen beside it as a visitor would see it, and what is to be mended."""

import time

from tests.browser.axe import faults, violations
from tests.browser.test_end_to_end import write
from tests.site import until

BAD = '<p>Go <a href="/hlep/">here</a>, as we rescue.</p>'
IN_FRAME = """(told) => {
    const frame = document.querySelector("#desk-live iframe").contentWindow;
    if (told) frame.scrollTo(0, told);
    const { backgroundColor } = frame.getComputedStyle(frame.document.body);
    return [frame.scrollY, frame.innerWidth, backgroundColor];
}"""


def open_form(page, title="Sex trafficking"):
    page.goto("/admin/pages/section/")
    page.get_by_role("link", name=title, exact=True).first.click()
    page.locator(".cke_wysiwyg_div").first.wait_for()


def press(page, name):
    page.get_by_role("button", name=name, exact=True).click()


def test_what_is_typed_is_seen_within_a_second_and_nobody_loses_their_place(staff):
    page = staff
    page.set_viewport_size({"width": 1280, "height": 900})
    open_form(page)
    press(page, "Preview")
    seen = page.frame_locator("#desk-live iframe")
    seen.get_by_role("heading", level=1, name="Sex trafficking").wait_for()
    assert page.locator("#id_title_en").is_visible()
    assert page.evaluate(IN_FRAME, 400)[0] == 400
    page.locator("#id_title_en").fill("Typed")
    began = time.monotonic()
    seen.get_by_role("heading", level=1, name="Typed").wait_for()
    assert time.monotonic() - began < 5  # a second on a machine that does nothing else
    assert page.evaluate(IN_FRAME)[0] == 400
    press(page, "Dark")
    until(lambda: page.evaluate(IN_FRAME)[2] == "rgb(20, 24, 26)")
    press(page, "Spanish")
    seen.get_by_role("heading", level=1, name="Trata sexual").wait_for()
    for screen, wide in (("Phone", 360), ("Tablet", 768), ("Computer", 1280)):
        press(page, screen)
        assert page.evaluate(IN_FRAME)[1] == wide, screen
        box = page.locator("#desk-live iframe").bounding_box()
        assert box["x"] + box["width"] <= 1280, screen
    with page.expect_popup() as opened:
        page.get_by_role("link", name="Preview in a tab of its own").click()
    tab = opened.value
    there = tab.frame_locator("iframe")
    there.get_by_role("heading", level=1, name="Typed").wait_for()
    write(page, "Seen in both.")
    there.get_by_text("Seen in both.").wait_for()
    assert violations(page, ["#desk-live", "#desk-check"]) == []


def test_notes_stand_beside_the_form_and_at_their_place_and_lead_to_the_field(staff):
    page = staff
    open_form(page)
    status = page.locator("#desk-check [role=status]")
    status.get_by_text("Nothing to mend in what is written.").wait_for()
    page.evaluate("(html) => CKEDITOR.instances.id_body_en.insertHtml(html)", BAD)
    status.get_by_text("3 notes").wait_for()
    page.set_viewport_size({"width": 390, "height": 844})
    press(page, "Preview")
    marks = page.frame_locator("#desk-live iframe").locator("mark")
    marks.nth(2).wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    assert not page.locator(".desk-text").is_visible()
    page.get_by_role("link", name="No public page has the address “/hlep/”.").click()
    page.locator(".cke_wysiwyg_div:focus").first.wait_for()
    press(page, "Publish")
    page.get_by_text("Something must be mended first").wait_for()
    page.locator("#desk-check .is-error").wait_for()  # one alone
    assert faults(page, ["#content-main"]) == {}
