"""What the editor sends back unchanged is no change, in the history and for the translation."""


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
