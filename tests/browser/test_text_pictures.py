"""Pictures from the library in a text: chosen, given a caption, saved, opened again, looked at."""

from awareness.content.richtext import FIGURE, canonical
from tests import factories
from tests.browser.axe import violations
from tests.browser.test_end_to_end import save, write

EDITOR = "CKEDITOR.instances.id_body_en"
WORDS = {
    "Title:": "Rolla",
    "What it shows (English)": "A poster.",
    "Credit": "Photo: Ana Ruiz",
    "License": "Our own",
}


def open_library(page):
    with page.expect_popup() as popup:
        button = page.locator("#cke_id_body_en").get_by_role("button", name="Picture", exact=True)
        button.click()
    return popup.value


def add_picture(library):
    library.get_by_role("link", name="Add picture").click()
    for label, words in WORDS.items():
        library.get_by_label(label).fill(words)
    photo = {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": factories.photo().read()}
    library.get_by_label("File").set_input_files(photo)
    library.get_by_label("Both are true of this picture").check()
    with library.expect_event("close"):
        library.get_by_role("button", name="Save", exact=True).first.click()


def data(page):
    return canonical(page.evaluate(f"{EDITOR}.getData()"))


def test_a_picture_is_chosen_given_a_caption_saved_and_opened_again_unchanged(staff):
    staff.goto("/admin/pages/update/add/")
    staff.get_by_label("Title (English)").press_sequentially("Pictures")
    staff.get_by_label("Summary (English)").fill("In short.")
    write(staff, "Before it.")
    add_picture(open_library(staff))
    staff.locator("figure[data-picture] figcaption").wait_for()
    staff.keyboard.type("Seen in Rolla")
    staff.keyboard.press("Enter")
    staff.keyboard.type("After it.")
    written = data(staff)
    ((number, caption),) = FIGURE.findall(written)
    assert caption == "Seen in Rolla"
    around = FIGURE.sub("|", written)
    assert around == "<p>Before it.</p>|<p>After it.</p>"

    save(staff, "Save draft")
    shown = staff.locator("figure[data-picture] img")
    shown.wait_for()
    stored = staff.evaluate("document.getElementById('id_body_en').defaultValue")
    assert (canonical(stored), data(staff)) == (written, written)
    assert shown.evaluate("image => image.decode().then(() => image.naturalWidth)") == 480
    assert violations(staff, ["#cke_id_body_en"]) == []

    # Taken out, and back; a browser that opens no window.
    shown.click()
    staff.keyboard.press("Delete")
    assert data(staff) == around.replace("|", "")
    staff.keyboard.press("Control+z")
    assert data(staff) == written
    staff.evaluate("window.open = () => null")
    staff.locator("#cke_id_body_en .cke_button__picture").click()
    assert data(staff) == written

    with staff.expect_popup() as opened:
        staff.get_by_role("link", name="Preview in a tab of its own").click()
    figure = opened.value.frame_locator("iframe").locator("figure.picture")
    assert figure.locator("figcaption").inner_text() == "Seen in Rolla Photo: Ana Ruiz"
    image = figure.locator("img")
    image.evaluate("one => one.scrollIntoView()")
    assert image.evaluate("image => image.decode().then(() => image.alt)") == "A poster."
