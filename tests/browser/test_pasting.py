"""What is pasted from other programs, and what is saved of it. clipboard/ holds the HTML that each
puts on the clipboard."""

from pathlib import Path

import pytest

from awareness.content.richtext import canonical

CLIPBOARD = Path(__file__).parent / "clipboard"
PASTE = """(area, {html, picture}) => {
  const clipboardData = new DataTransfer();
  if (html) clipboardData.setData("text/html", html);
  if (picture) clipboardData.items.add(new File(["GIF89a"], "a.gif", {type: "image/gif"}));
  area.focus();
  area.dispatchEvent(new ClipboardEvent("paste", {clipboardData, bubbles: true, cancelable: true}));
}"""
DROP = """area => {
  const dataTransfer = new DataTransfer();
  dataTransfer.items.add(new File(["GIF89a"], "a.gif", {type: "image/gif"}));
  const {x, y} = area.getBoundingClientRect();
  const at = {dataTransfer, bubbles: true, cancelable: true, clientX: x + 20, clientY: y + 20};
  for (const type of ["dragover", "drop"]) area.dispatchEvent(new DragEvent(type, at));
}"""
BODY = (
    "<h2>Labor trafficking</h2><p>Work under <strong>threat</strong> is <em>force</em>.{note} See "
    '<a href="https://www.dol.gov/">the law</a>.</p><h2>Signs</h2><ul><li>No pay</li>'
    '<li>No papers</li></ul><ol start="3"><li>Call</li></ol>{rest}'
)
TABLE = (
    '<table><thead><tr><th scope="col">Year</th><th scope="col">Cases</th></tr></thead><tbody>'
    "<tr><td>2024</td><td>12</td></tr></tbody></table>"
)
NOTES = f"{TABLE}<p>1. Who is at risk</p><hr><p>[1] 18 U.S.C. 1589</p>"
CHOOSE = "To add a picture, press Picture."
SOURCES = {  # what stands where only some have anything, and what could not be kept
    "google_docs": ("", TABLE, "a picture and colors"),
    "gmail": ("", "", "a picture"),
    "page": ("", TABLE, "a picture and a video, form, or other embedded part"),
    "word": ("[1]", NOTES, "a picture, a comment, and 3 links that led nowhere"),
}


@pytest.fixture
def form(staff):
    staff.goto("/admin/pages/update/add/")
    staff.locator("#cke_id_body_en + [role=status]").wait_for(state="attached")
    return staff


def paste(page, **clipboard):
    page.locator("#cke_id_body_en .cke_wysiwyg_div").evaluate(PASTE, clipboard)
    left_out = page.locator("#cke_id_body_en + [role=status]")
    left_out.filter(has_text="Left out: ").wait_for()
    return left_out.inner_text()


@pytest.mark.parametrize("source", SOURCES)
def test_what_the_site_knows_survives_and_the_rest_is_named(form, source):
    note, rest, left_out = SOURCES[source]
    html = (CLIPBOARD / f"{source}.html").read_text()
    # Before pasting: the editor takes the focus while it does that.
    form.get_by_label("Title (English)").fill(f"From {source}")
    form.locator("#id_slug").fill(f"from-{source}")
    form.get_by_label("Summary (English)").fill("In short.")
    assert paste(form, html=html) == f"Left out: {left_out}. {CHOOSE}"
    form.locator("#cke_id_body_en").get_by_text("18 U.S.C." if note else "Call").wait_for()
    shown = form.evaluate("CKEDITOR.instances.id_body_en.getData()")
    form.get_by_role("button", name="Save draft", exact=True).first.click()
    form.locator(".messagelist .success").wait_for()
    saved = form.evaluate("document.getElementById('id_body_en').defaultValue")
    assert canonical(saved) == canonical(shown) == canonical(BODY.format(note=note, rest=rest))
    assert not [c for c in "\xa0\xad\u200b" if c in shown.replace("&nbsp;", "\xa0")]
    assert form.locator(".messagelist .info").count() == 0  # all was said at once


def test_more_than_a_text_may_hold_is_not_pasted_and_nothing_is_lost(form):
    area = form.locator("#cke_id_body_en .cke_wysiwyg_div")
    area.click()
    form.keyboard.type("Mine.")
    note = form.locator("#cke_id_body_en + [role=status]", has_text="Not pasted: ")
    for html in ("<p>Words to read again.</p>" * 9_000, "<p><b>a</b></p>" * 70_000):  # a megabyte
        area.evaluate(PASTE, {"html": html})
        assert "room for 200 kB" in note.inner_text()
        paste(form, html="<img>")
    assert form.evaluate("CKEDITOR.instances.id_body_en.getData()").strip() == "<p>Mine.</p>"


def test_a_pasted_or_dropped_picture_opens_the_library(form):
    area = form.locator("#cke_id_body_en .cke_wysiwyg_div")
    for put in (lambda: paste(form, picture=True), lambda: area.evaluate(DROP)):
        with form.expect_popup() as popup:
            put()
        assert "/admin/pages/image/?_popup=1" in popup.value.url
        popup.value.close()
        note = form.locator("#cke_id_body_en + [role=status]").inner_text()
        assert note == f"Left out: a picture. {CHOOSE}"
    assert form.evaluate("CKEDITOR.instances.id_body_en.getData()") == ""


def test_buttons_set_a_paragraph_or_a_list_apart_and_take_it_back(form):
    editor = "CKEDITOR.instances.id_body_en"
    form.wait_for_function(f"window.CKEDITOR && {editor}?.status === 'ready'")

    def press(body, part, *labels):
        form.evaluate(
            f"""([body, part]) => new Promise((done) => {editor}.setData(body, () => {{
                {editor}.focus();
                const range = {editor}.createRange();
                range.moveToElementEditStart({editor}.editable().findOne(part));
                range.select();
                done();
            }}))""",
            [body, part],
        )
        for label in labels:
            form.locator("#cke_id_body_en").get_by_role("button", name=label, exact=True).click()
        return canonical(form.evaluate(f"{editor}.getData()"))

    assert press("<p>One</p><p>Two</p>", "p", "Key fact") == '<p class="key">One</p><p>Two</p>'
    assert press("<p>One</p>", "p", "Myth", "Fact") == '<p class="fact">One</p>'
    assert press('<p class="key">One</p>', "p", "Key fact") == "<p>One</p>"
    for tag in ("ul", "ol"):
        bare, do, dont = (
            f"<{tag}{kind}><li>One</li></{tag}>" for kind in ("", ' class="do"', ' class="dont"')
        )
        assert press(bare, "li", "Do") == do
        assert press(do, "li", "Do not") == dont
        assert press(dont, "li", "Do not") == bare
    assert press("<p>One</p>", "p", "Do") == '<ul class="do"><li>One</li></ul>'
