"""What the editor makes of what is typed: lists, links, and how to take that back."""

import pytest

from awareness.content.richtext import canonical
from tests.browser.axe import violations

EDITOR = "CKEDITOR.instances.id_body_en"


@pytest.fixture
def form(staff):
    staff.goto("/admin/pages/update/add/")
    staff.locator("#cke_id_body_en + [role=status]").wait_for(state="attached")
    return staff


def typed(page, *keys):
    """The text after these: words, or the name of a key between < and >."""
    page.evaluate(f"() => new Promise(done => {EDITOR}.setData('', done))")
    page.locator("#cke_id_body_en .cke_wysiwyg_div").click()
    for one in keys:
        if one.startswith("<"):
            page.keyboard.press(one.strip("<>"))
        else:
            page.keyboard.type(one)
    return canonical(page.evaluate(f"{EDITOR}.getData()"))


def test_lists_and_links_come_from_what_is_typed_and_go_back_to_it(form):
    link = '<a href="https://www.dol.gov/a?b=1">https://www.dol.gov/a?b=1</a>'
    for keys, text in [
        (["- one", "<Enter>", "two"], "<ul><li>one</li><li>two</li></ul>"),
        (["* one"], "<ul><li>one</li></ul>"),
        (["1. one", "<Enter>", "two"], "<ol><li>one</li><li>two</li></ol>"),
        (["1. ", "<Backspace>", "May"], "<p>1. May</p>"),
        (["- ", "<Control+z>", "x"], "<p>- x</p>"),
        (["2. one"], "<p>2. one</p>"),
        (["a - b"], "<p>a - b</p>"),
        (["See (https://www.dol.gov/a?b=1). Or"], f"<p>See ({link}). Or</p>"),
        (["https://www.dol.gov/a?b=1", "<Enter>", "x"], f"<p>{link}</p><p>x</p>"),
        (
            ["https://www.dol.gov/a?b=1 ", "<Backspace>", "x"],
            "<p>https://www.dol.gov/a?b=1 x</p>",
        ),
        (["http://www.dol.gov/ x"], "<p>http://www.dol.gov/ x</p>"),
    ]:
        assert typed(form, *keys) == text, keys


def test_a_page_of_the_site_is_found_by_its_words_and_linked_by_keyboard(form):
    for width in (390, 1280):
        form.set_viewport_size({"width": width, "height": 844})
        typed(form, "About ")
        form.wait_for_timeout(300)  # CKEditor looks where the cursor is a little later
        form.locator("#cke_id_body_en .cke_button__link").click()
        box = form.get_by_role("combobox", name="Where it leads")
        box.press_sequentially("señales de que alguien")  # of the Spanish title
        found = form.get_by_role("option")
        found.filter(has_text="Signs that someone").wait_for()
        box.fill("signs of control")
        form.get_by_text("1 found").wait_for()
        assert "Signs that someone" in found.inner_text()  # the page of the heading
        assert violations(form, [".cke_dialog"]) == []
        assert form.evaluate("document.documentElement.scrollWidth") == width
        box.press("ArrowDown")
        assert found.first.get_attribute("aria-selected") == "true"
        assert box.get_attribute("aria-activedescendant") == found.first.get_attribute("id")
        box.press("Enter")
        assert form.get_by_label("Words to show").input_value() == "Signs of control"
        form.get_by_text("Leads to “Signs that someone").wait_for()
        box.press("Enter")
        box.wait_for(state="hidden")
        link = '<a href="/learn/signs/#on--signs-of-control">Signs of control</a>'
        assert canonical(form.evaluate(f"{EDITOR}.getData()")) == f"<p>About {link}</p>"
