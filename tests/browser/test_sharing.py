"""The panel for passing a page on, in a browser."""


def opened(page, address):
    page.goto(address)
    panel = page.locator("details.share")
    panel.locator("summary").click()
    return panel


def test_what_the_device_offers_is_offered_and_what_is_copied_is_the_address(page):
    page.add_init_script("navigator.share = async (what) => { window.shared = what; }")
    panel = opened(page, "/es/learn/signs/")
    own = panel.locator("input").input_value()
    share, copy = panel.get_by_role("button").all()
    share.click()
    assert page.evaluate("window.shared") == {"url": own}
    copy.click()
    assert panel.get_by_role("status").inner_text() == "Copiado."
    page.evaluate("document.body.append(document.createElement('textarea'))")
    page.locator("textarea").press("Control+V")
    assert page.locator("textarea").input_value() == own


def test_what_the_device_cannot_do_is_not_offered(page, no_js_page):
    page.add_init_script("delete Navigator.prototype.share")
    assert opened(page, "/help/").get_by_role("button").count() == 1
    assert opened(no_js_page, "/help/").get_by_role("button").count() == 0
