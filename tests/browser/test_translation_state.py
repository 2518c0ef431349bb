"""What the editor sends back unchanged is no change, in the history and for the translation."""

from tests.browser.axe import violations
from tests.browser.signing_in import come_in


def test_only_the_english_summary_was_changed(staff):
    page = staff
    page.goto("/admin/pages/section/?q=labor")
    page.get_by_role("link", name="Labor trafficking", exact=True).first.click()
    page.locator(".cke_wysiwyg_div").first.wait_for()
    page.get_by_label("Summary (English)").fill("Other words than before.")
    page.get_by_role("button", name="Publish", exact=True).first.click()
    page.locator(".messagelist .success").wait_for()

    page.get_by_role("link", name="History").click()
    history = page.locator(".desk-history").inner_text()
    assert "Changed Summary (English)." in history

    page.goto("/admin/pages/section/?translation=older")
    assert page.get_by_role("link", name="Labor trafficking", exact=True).first.is_visible()


def shown(page, name="title"):
    return [page.locator(f"#id_{name}_{code}").is_visible() for code in ("en", "es")]


def test_spanish_stands_beside_english_or_behind_a_switch(site, staff, no_js_page):
    page, where = staff, "/admin/pages/section/2/change/"
    page.set_viewport_size({"width": 1600, "height": 900})
    page.goto(where)
    boxes = [page.locator(f"#id_summary_{code}").bounding_box() for code in ("en", "es")]
    assert boxes[0]["y"] == boxes[1]["y"]
    assert boxes[0]["x"] + boxes[0]["width"] < boxes[1]["x"]
    switch = page.get_by_role("group", name="Languages of this form")
    assert not switch.is_visible()
    assert page.locator(".desk-translation").inner_text().startswith("Spanish: ")

    for width in (390, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        for name, seen in (
            ("English", [True, False]),
            ("Español", [False, True]),
            ("Both", [True, True]),
        ):
            switch.get_by_role("button", name=name).click()
            assert (shown(page), shown(page, "summary")) == (seen, seen), (width, name)
            assert page.locator("#id_slug").is_visible()
            assert page.evaluate("document.documentElement.scrollWidth") == width
        assert violations(page, [".desk-text"]) == []

    # What is wrong in a language that is not shown shows it, and has the cursor.
    switch.get_by_role("button", name="English").click()
    page.locator("#id_title_es").evaluate("(field) => { field.value = 'x'.repeat(200); }")
    page.get_by_role("button", name="Save draft", exact=True).first.click()
    page.locator("#id_title_es:focus").wait_for()
    assert shown(page) == [True, True]
    switch.get_by_role("button", name="English").click()
    page.get_by_role("link", name="Title (Spanish): ").click()
    page.locator("#id_title_es:focus").wait_for()

    come_in(no_js_page, site.username, site.password)
    no_js_page.set_viewport_size({"width": 390, "height": 900})
    no_js_page.goto(where)
    assert shown(no_js_page) == [True, True]
    assert not no_js_page.get_by_role("group", name="Languages of this form").is_visible()
