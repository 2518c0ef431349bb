"""The publishing desk as two people use it, and how it looks to somebody who cannot see it well."""

import datetime
import re
from zoneinfo import ZoneInfo

import pytest

from tests.browser.axe import faults
from tests.browser.signing_in import come_in
from tests.browser.test_end_to_end import write
from tests.site import get, until_everywhere


@pytest.fixture
def sign_in(site, open_page):
    def sign_in(name, **options):
        page = open_page(**options)
        come_in(page, name, site.password)
        return page

    return sign_in


def open_section(page, title):
    page.goto("/admin/pages/section/")
    page.get_by_role("link", name=title, exact=True).first.click()  # not the word of that name
    page.locator(".cke_wysiwyg_div").first.wait_for()


def press(page, name):
    page.get_by_role("button", name=name, exact=True).first.click()
    page.locator(".messagelist .success").wait_for()


def said(page):
    return page.locator(".messagelist").inner_text()


def public(site, slug="who-is-vulnerable"):
    return get(site, f"/learn/{slug}/")[1]


@pytest.mark.slow
def test_a_change_is_drafted_returned_scheduled_and_taken_back(site, sign_in):
    ann, bob = sign_in("ann"), sign_in("bob")
    # The editor drafts, looks at it, and asks for a review.
    open_section(ann, "Who is vulnerable?")
    write(ann, "The first try.")
    assert ann.get_by_role("button", name="Publish", exact=True).count() == 0
    press(ann, "Save draft")
    assert "The first try." not in public(site)
    with ann.expect_popup() as opened:
        ann.get_by_role("link", name="Preview in a tab of its own").click()
    tab = opened.value
    frame = tab.frame_locator("iframe")
    frame.get_by_text("The first try.").wait_for()
    with tab.expect_navigation():
        tab.get_by_role("link", name="Phone").click()
    assert tab.locator("iframe").bounding_box()["width"] <= 362
    tab.get_by_role("link", name="Spanish").click()
    frame.get_by_role("heading", level=1, name="¿Quién").wait_for()
    tab.close()
    ann.get_by_label("Note for the publisher").fill("Is the second sentence right?")
    press(ann, "Save draft and ask for a review")

    # The publisher finds it on the first page, compares, and returns it with a note.
    bob.goto("/admin/")
    bob.get_by_role("link", name="Who is vulnerable?").first.click()
    assert "ann asks for a review." in bob.locator(".desk-state").inner_text()
    assert "Is the second sentence right?" in bob.locator(".desk-state").inner_text()
    assert "The first try." in bob.locator(".comparison ins").last.inner_text()
    bob.get_by_label("What should be changed").fill("Say “the second try”.")
    press(bob, "Return it with this note")

    ann.goto("/admin/")
    ann.get_by_role("link", name="Who is vulnerable?").first.click()
    assert "Say “the second try”." in ann.locator(".desk-state").inner_text()
    ann.locator(".cke_wysiwyg_div").first.wait_for()
    write(ann, "The second try.")
    press(ann, "Save draft and ask for a review")

    # Accepted, and timed: the public sees the old text until then, and the new one after it.
    open_section(bob, "Who is vulnerable?")
    moment = datetime.datetime.now(ZoneInfo("America/Chicago")) + datetime.timedelta(days=1)
    bob.locator("#id__when-at_0").fill(f"{moment:%Y-%m-%d}")
    bob.locator("#id__when-at_1").fill("12:00:00")
    press(bob, "Schedule")
    assert "will change." in said(bob)
    assert "The second try." not in public(site)
    site.ask("UPDATE awareness_draft SET apply_at = datetime('now') WHERE apply_at IS NOT NULL")
    until_everywhere(site, lambda: "The second try." in public(site))

    # And taken back by one press.
    open_section(bob, "Who is vulnerable?")
    bob.get_by_role("link", name="History").click()
    bob.get_by_role("row", name=re.compile("Starter content")).get_by_role("button").click()
    bob.locator(".messagelist .success").wait_for()
    until_everywhere(site, lambda: "The second try." not in public(site))
    bob.goto("/admin/awareness/event/")
    happened = bob.locator("#result_list").inner_text()
    for what in (
        "Returned to an earlier version",
        "Published",
        "Change scheduled",
        "Draft returned",
    ):
        assert what in happened


def test_two_at_once_lose_nothing(site, sign_in):
    bob, cleo = sign_in("bob"), sign_in("cleo")
    for page, words in ((bob, "Bob was here."), (cleo, "Cleo was here.")):
        open_section(page, "Labor trafficking")
        write(page, words)
    press(bob, "Publish")
    until_everywhere(site, lambda: "Bob was here." in public(site, "labor-trafficking"))
    cleo.get_by_role("button", name="Publish", exact=True).first.click()
    note = cleo.locator(".desk-overtaken")
    assert "bob saved this while you were writing." in note.inner_text()
    assert "Bob" in note.locator("del").last.inner_text()
    assert "Cleo" in note.locator("ins").last.inner_text()
    area = cleo.locator(".cke_wysiwyg_div").first
    area.wait_for()
    assert "Cleo was here." in area.inner_text()
    assert "Cleo was here." not in public(site, "labor-trafficking")
    write(cleo, "Bob was here.")  # both, as they see them side by side
    press(cleo, "Publish")
    until_everywhere(site, lambda: "Cleo was here." in public(site, "labor-trafficking"))
    assert "Bob was here." in public(site, "labor-trafficking")


def test_the_whole_desk_works_without_script(site, sign_in):
    bob = sign_in("bob", java_script_enabled=False)
    bob.goto("/admin/pages/helpline/")
    bob.locator("#result_list tbody th a").first.click()
    bob.get_by_label("Hours (English)").fill("Every day, all day")
    press(bob, "Save draft")
    press(bob, "Discard the draft")
    assert "was discarded" in said(bob)


def test_whoever_leaves_what_cannot_be_saved_is_asked(sign_in, problems):
    page, asked = sign_in("ann"), []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    open_section(page, "Child sex trafficking")
    page.wait_for_load_state()
    page.get_by_role("link", name="History").click()  # nothing was typed: nobody asks
    page.locator(".desk-history").wait_for()
    page.go_back()
    page.locator(".cke_wysiwyg_div").first.wait_for()
    where = page.url
    page.context.set_offline(True)
    write(page, "Not yet saved.")
    page.locator(".desk-saved", has_text="No connection").wait_for()
    with page.expect_event("dialog"):
        page.get_by_role("link", name="History").click(no_wait_after=True)
    assert (asked, page.url) == (["beforeunload"], where)
    page.context.set_offline(False)
    page.locator(".desk-saved", has_text="Saved ").wait_for()
    page.get_by_role("link", name="History").click()
    page.locator(".desk-history").wait_for()
    page.go_back()
    assert asked == ["beforeunload"]
    press(page, "Discard the draft")
    problems.clear()  # the browser speaks of the lost network


# Each template once, and each kind of field.
SCREENS = [
    "/admin/",
    "/admin/pages/section/",
    "/admin/pages/section/2/change/",
    "/admin/pages/section/2/history/",
    "/admin/pages/section/2/preview/",
    "/admin/pages/section/recover/",
    "/admin/stats/figure/1/change/",
    "/admin/awareness/event/",
    "/admin/auth/user/1/change/",
    "/admin/auth/user/add/",
    "/admin/auth/user/",
    "/admin/pages/correction/add/?update=1",
    "/accounts/",
    "/admin/auth/group/1/change/",
    "/admin/stats/figure/?place__id__exact=2&measure__id__exact=2",
    "/admin/stats/figure/year/?place=US-MO&year=2022",
    "/admin/pages/service/1/change/",
    "/admin/stats/figure/import/",
]


@pytest.mark.slow
def test_axe_finds_nothing_on_the_desk(site, staff):
    open_section(staff, "Sex trafficking")
    write(staff, "A draft.")
    press(staff, "Save draft")
    staff.goto("/admin/pages/section/2/history/")
    staff.get_by_role("button", name="Compare the two").click()
    found = {}
    for screen in [staff.url, *SCREENS]:
        staff.goto(screen)
        staff.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true; })")
        found |= faults(staff)
    assert found == {}


LONG = """
INSERT INTO awareness_event (at, kind, who, object_id, title, note)
VALUES (datetime('now'), 'changed', ?, '', ?, ?)
"""


def test_a_word_without_an_end_stays_in_its_box(site, sign_in):
    site.ask(LONG, "w" * 150, "t" * 150, "n" * 150)
    page = sign_in("bob")
    for width in (390, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        page.goto("/admin/awareness/event/")
        page.get_by_text("n" * 150).wait_for()
        for box in (".results", "#changelist-filter"):
            fits = page.locator(box).evaluate("e => e.scrollWidth <= e.clientWidth")
            assert fits, (width, box)


def test_a_new_item_opens_with_the_cursor_in_its_first_field(sign_in):
    page = sign_in("bob")
    for model, field in (("pages/update", "title_en"), ("stats/place", "name_en")):
        page.goto(f"/admin/{model}/add/")
        page.locator(f"#id_{field}:focus").wait_for()


def in_sight(page, where):
    box, height = page.locator(where).bounding_box(), page.viewport_size["height"]
    return box["y"] > -1 and box["y"] + min(box["height"], 44) <= height


def test_buttons_and_panel_stay_in_sight_and_cover_no_field(sign_in):
    page = sign_in("bob")
    for width, panel in ((390, False), (1280, True)):
        page.set_viewport_size({"width": width, "height": 844})
        open_section(page, "Sex trafficking")
        page.evaluate("window.scrollTo(0, 1200)")
        assert in_sight(page, ".submit-row [name=_publish]"), width
        assert in_sight(page, ".desk-panel") is panel, width
        assert page.get_by_label("Note for the publisher").is_visible() is panel, width
        assert page.evaluate("document.documentElement.scrollWidth") == width
        page.locator("#id_position").focus()
        bar = page.locator(".submit-row").bounding_box()["y"]
        for _ in range(8):
            page.keyboard.press("Tab")
            box = page.locator(":focus").bounding_box()
            assert box["y"] + box["height"] <= bar or page.locator(".submit-row :focus").count()


def test_an_error_leads_to_its_field(sign_in):
    page = sign_in("bob")
    open_section(page, "Sex trafficking")
    page.locator("#id_position").fill("")
    page.locator("#id_summary_en").fill("")
    page.get_by_role("button", name="Publish", exact=True).first.click()
    page.locator("#id_summary_en:focus").wait_for()
    page.get_by_role("link", name="Position: ").click()
    page.locator("#id_position:focus").wait_for()
    assert in_sight(page, "#id_position")


def test_the_filters_of_a_list_are_one_tap_away_on_a_phone(sign_in):
    page = sign_in("bob", viewport={"width": 390, "height": 844})
    page.goto("/admin/pages/section/")
    page.get_by_role("link", name="Filter", exact=True).click()
    assert in_sight(page, "#changelist-filter")
    assert page.evaluate("document.documentElement.scrollWidth") == 390
