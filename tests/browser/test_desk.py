"""The desk of figures in a real browser: nothing on it breaks the policy of the admin."""

from tests.browser.signing_in import come_in

COLUMNS = [
    ("place", "US-MO"),
    ("measure", "cases"),
    ("first_day", "2011-01-01"),
    ("last_day", "2011-12-31"),
    ("value", "{}"),
    ("status", "published"),
    ("as_of", "2017-05-03"),
    ("source_title", "A report"),
    ("source_publisher", "The hotline"),
    ("source_url", "https://report.example/"),
    ("source_kind", "own"),
]
ROWS = "\r\n".join(";".join(cells) for cells in zip(*COLUMNS, strict=True))


def said(page):
    return page.locator(".messagelist .success").inner_text()


def choose(page, text, assurance=""):
    file = {"name": "figures.csv", "mimeType": "text/csv", "buffer": text.encode()}
    page.get_by_label("CSV file").set_input_files(file)
    page.get_by_label("Why unusual numbers are right").fill(assurance)
    page.get_by_role("button", name="Show what would change").click()


def test_a_year_is_entered_with_a_new_source_by_keyboard(staff):
    staff.goto("/admin/stats/figure/")
    staff.get_by_role("link", name="Enter a year").click()
    staff.get_by_label("Place").select_option("US-MO")
    staff.get_by_label("Year").fill("2022")
    staff.get_by_role("button", name="Show", exact=True).click()

    contacts = staff.get_by_role("group", name="Contacts")
    contacts.get_by_label("Value").fill("1000")
    with staff.expect_popup() as popup:
        contacts.locator(".add-related").click()
    source = popup.value
    source.get_by_label("Title").fill("Missouri in 2022")
    source.get_by_label("Publisher").fill("The hotline")
    source.get_by_label("Address").fill("https://hotline.example/missouri/2022")
    source.get_by_label("Kind").select_option("own")
    with source.expect_event("close"):
        source.get_by_role("button", name="Save", exact=True).first.click()
    chosen = contacts.get_by_label("Source").locator("option:checked")
    assert chosen.inner_text() == "The hotline: Missouri in 2022"
    contacts.get_by_label("As of").fill("2024-01-05")

    staff.bring_to_front()  # the other window may still have the keyboard
    cases = staff.get_by_role("group", name="Cases")
    cases.get_by_label("Value").press_sequentially("1000")
    assert cases.get_by_label("Value").input_value() == "1000"
    cases.get_by_label("Value").press("Enter")
    question = cases.get_by_label("Why an unusual number is right")
    question.wait_for()
    assert contacts.get_by_label("Value").input_value() == "1000"
    question.fill("The report says so twice.")
    staff.keyboard.press("Enter")
    assert said(staff) == "Saved for Missouri, 2022: Contacts and Cases."
    assert "Now: 1,000 (Published)" in contacts.inner_text()


def test_a_csv_is_previewed_and_brought_in(staff):
    staff.set_viewport_size({"width": 360, "height": 800})
    # The second is a change of the first.
    for value, scheme, why, counts in (
        ("47", "light", "", "1 new, 0 changed"),
        ("49", "dark", "It was typed wrongly.", "0 new, 1 changed"),
    ):
        staff.emulate_media(color_scheme=scheme)
        staff.goto("/admin/stats/figure/")
        staff.get_by_role("link", name="Import a CSV").click()
        choose(staff, ROWS.format("1.103"))
        assert staff.locator(".import-rows tbody").inner_text().startswith("2\t")
        choose(staff, ROWS.format(value), why)
        assert value in staff.locator(".import-rows").inner_text()
        assert staff.evaluate("document.documentElement.scrollWidth <= innerWidth")
        staff.get_by_role("button", name="Import them").click()
        assert said(staff) == f"From figures.csv: {counts}, 0 as before."

        with staff.expect_download() as download:
            staff.get_by_role("link", name="Export as CSV").click()
        text = download.value.path().read_text("utf-8-sig")
        assert f"US-MO,cases,2011-01-01,2011-12-31,{value},,published" in text


def test_a_year_is_entered_without_script(site, no_js_page):
    come_in(no_js_page, site.username, site.password)
    no_js_page.set_viewport_size({"width": 360, "height": 900})
    no_js_page.goto("/admin/stats/figure/year/?place=US-MO&year=2010")
    assert no_js_page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    cases = no_js_page.get_by_role("group", name="Cases")
    cases.get_by_label("Value").fill("40")
    cases.get_by_label("Source").select_option(index=1)
    cases.get_by_label("As of").fill("2017-05-03")
    no_js_page.get_by_role("button", name="Save", exact=True).click()
    assert said(no_js_page) == "Saved for Missouri, 2010: Cases."
