def test_a_visitor_without_script_reads_the_home_page_and_the_guide(no_js_page):
    for address in ("/", "/learn/", "/help/"):
        assert no_js_page.goto(address).status == 200
        assert no_js_page.locator("a[href^='tel:']").first.is_visible()
    assert no_js_page.context.cookies() == []
