"""The whole way: staff change something in the admin, and a visitor reads it."""

import re

from tests.site import get, until_everywhere


def write(page, words):
    """Type at the end of the first editor of the page."""
    area = page.locator(".cke_wysiwyg_div").first
    area.click()
    page.keyboard.press("Control+End")
    page.keyboard.press("Enter")
    page.keyboard.type(words)


def save(page, button="Publish"):
    page.get_by_role("button", name=button, exact=True).first.click()
    page.locator(".messagelist .success").wait_for()


def until_shown(site, words, *paths):
    """Each worker of the site learns of a change by itself."""
    until_everywhere(site, lambda: all(words in get(site, path)[1] for path in paths))


def test_a_section_is_changed_in_the_editor_and_read_without_script(site, staff, no_js_page):
    staff.get_by_role("link", name="Sections and pages", exact=True).click()
    staff.get_by_role("link", name="Who is vulnerable?").click()
    write(staff, "These words were typed in the editor.")
    save(staff)

    where = ("/learn/who-is-vulnerable/", "/learn/all/")
    until_shown(site, "These words were typed in the editor.", *where)
    for address in where:
        no_js_page.goto(address)
        assert no_js_page.get_by_text("These words were typed in the editor.").count() == 1


def test_an_update_is_published_and_read_without_script(site, staff, no_js_page):
    staff.goto("/admin/pages/update/add/")
    staff.get_by_label("Title (English)").press_sequentially("A training day in Springfield")
    assert staff.locator("#id_slug").input_value() == "a-training-day-in-springfield"
    staff.get_by_label("Summary (English)").fill("What it is, and who can come.")
    write(staff, "Everybody is welcome.")

    save(staff, "Save draft")
    no_js_page.goto("/updates/")
    assert no_js_page.get_by_text("A training day in Springfield").count() == 0

    save(staff)
    until_shown(site, "A training day in Springfield", "/updates/")
    no_js_page.reload()
    no_js_page.get_by_role("link", name="A training day in Springfield").click()
    assert re.search(r"/updates/a-training-day-in-springfield/$", no_js_page.url)
    no_js_page.get_by_text("Everybody is welcome.").wait_for()


def test_an_appeal_is_published_and_seen_without_script(site, staff, no_js_page):
    staff.goto("/admin/pages/calltoaction/add/")
    staff.get_by_label("Heading (English)").fill("Help us print posters")
    staff.get_by_label("Message (English)").fill("Posters reach people who have no other way.")
    staff.get_by_label("Words on the button (English)").fill("Give once")
    staff.get_by_label("Address of the donation page").fill("https://gifts.example.org/posters")
    staff.get_by_label("Priority").fill("5")
    staff.get_by_role("button", name="Add another Amount").click()
    staff.locator("input[name=amounts-0-dollars]").fill("25")
    staff.locator("input[name=amounts-0-pays_for_en]").fill("Prints 50 posters")
    save(staff)

    until_shown(site, "Prints 50 posters", "/", "/donate/")
    for address in ("/", "/donate/"):
        no_js_page.goto(address)
        button = no_js_page.get_by_role("link", name="Give once")
        assert button.get_attribute("href") == "https://gifts.example.org/posters"
        assert no_js_page.get_by_text("Prints 50 posters").is_visible()
    no_js_page.goto("/help/")
    assert no_js_page.get_by_text("Help us print posters").count() == 0


def test_a_refused_link_is_named_and_the_text_is_kept(staff):
    """The editor's own filter lets the address through; the server does not."""
    staff.goto("/admin/pages/update/add/")
    staff.get_by_label("Title (English)").fill("With a bad link")
    staff.get_by_label("Summary (English)").fill("One sentence.")
    staff.locator(".cke_wysiwyg_div").first.wait_for()
    staff.evaluate(
        """() => CKEDITOR.instances.id_body_en.setData(
            '<p>Words that must stay, <a href="//elsewhere.example/x">here</a>.</p>')"""
    )
    staff.get_by_role("button", name="Publish", exact=True).first.click()
    error = staff.locator(".field-body_en .errorlist")
    assert "//elsewhere.example/x" in error.inner_text()
    assert "Words that must stay" in staff.locator(".cke_wysiwyg_div").first.inner_text()
