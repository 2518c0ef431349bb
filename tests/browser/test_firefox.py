"""What people do most, once more in a real Firefox, by mouse and keys."""

import pytest

from tests.browser.firefox import BACKSPACE, CONTROL, END, ENTER, SHIFT, firefox
from tests.browser.signing_in import DESK
from tests.site import get, until, until_everywhere

pytestmark = pytest.mark.firefox


@pytest.fixture
def browser(tmp_path):
    with firefox(tmp_path) as browser:
        yield browser


def sign_in(tab, site, where):
    tab.go(f"{site.url}{where}")
    tab.fill("[name=login]", site.username)
    tab.fill("[name=password]", site.password)
    tab.click("main button", "Sign in")


def told(tab, words):
    tab.sees(".desk-saved", words)


def offline(tab, is_off):
    network = {"type": "offline"} if is_off else None
    given = {"networkConditions": network, "contexts": [tab.context]}
    tab.firefox.ask("emulation.setNetworkConditions", **given)


def write_an_update(browser, tab):
    tab.click("a", "Write an update")
    tab.fill("#id_title_en", "Written in Firefox")
    tab.fill("#id_summary_en", "What we did.")
    tab.click(".cke_wysiwyg_div")
    tab.type("See https://www.example.org/ for more.")
    tab.click("#cke_id_body_en .cke_button__table")
    tab.until(
        "document.activeElement.closest('.cke_dialog input') !== null"
    )  # else it is not ready
    tab.click(".cke_dialog_ui_button_ok")
    tab.until("getSelection().anchorNode.parentElement.closest('table') !== null")
    tab.type("Year")
    tab.type(END, held=[CONTROL])
    tab.click("#cke_id_body_en .cke_button__picture")
    until(lambda: len(browser.tabs()) == 2)
    library = browser.tabs()[1]
    library.click("#result_list tbody th a")
    until(lambda: len(browser.tabs()) == 1)
    tab.sees("figure[data-picture] figcaption")
    tab.type(f"Seen in Rolla{ENTER}Written at first. ")


def test_nothing_is_lost_on_the_way_to_a_published_update(site, browser):
    """As tests/browser/test_session.py, with a picture, a link and a table."""
    (tab,) = browser.tabs()
    sign_in(tab, site, "/admin/")
    tab.sees("h1, h2", DESK)
    write_an_update(browser, tab)
    told(tab, "Saved ")
    offline(tab, True)
    tab.type("Typed without a network. ")
    told(tab, "No connection")
    offline(tab, False)
    told(tab, "Saved ")

    other = browser.new_tab()
    other.go(f"{site.url}/admin/")
    other.click("button", "Sign out")
    other.sees("h1", "Sign in")
    tab.ask("browsingContext.activate")
    tab.type("Typed while signed out. ")
    told(tab, "You were signed out")
    sign_in(other, site, "/admin/pages/update/")
    other.sees("a", "Written in Firefox")
    tab.ask("browsingContext.activate")
    tab.run("dispatchEvent(new Event('focus'))")
    told(tab, "Saved ")
    tab.type("Typed last.")
    tab.close()
    until(lambda: site.ask("SELECT 1 FROM awareness_draft WHERE copy LIKE '%Typed last.%'"))

    other.go(f"{site.url}/admin/pages/update/")
    other.click("a", "Written in Firefox")
    other.fill("#id_summary_en", BACKSPACE)
    other.click("[name=_publish]")
    other.click(".desk-errors a", "Summary (English)")
    other.until("document.activeElement.id === 'id_summary_en'")
    other.type("What we did.")
    other.click("[name=_publish]")
    other.sees(".errorlist, .errornote", "or check “Publish anyway” there.")
    other.sees(".desk-notes", "“https://www.example.org/” is a bare address")
    other.click("#desk-anyway")
    other.click("[name=_publish]")
    other.sees(".messagelist .success")
    until_everywhere(site, lambda: get(site, "/updates/written-in-firefox/")[0] == 200)
    other.go(f"{site.url}/updates/written-in-firefox/")
    words = other.run("document.querySelector('main').innerText")
    for said in ("at first.", "without a network.", "while signed out.", "last.", "Seen in Rolla"):
        assert said in words
    assert other.run("document.querySelector('main th').innerText") == "Year"
    assert other.run("document.querySelector('main a[href=\"https://www.example.org/\"]') !== null")


def test_leaving_and_what_back_shows(site, browser):
    """Where one leaves to does not answer here, which is as well: no frame of ours is shown."""
    (tab,) = browser.tabs()
    for path in ("/", "/learn/", "/help/"):
        tab.go(f"{site.url}{path}")
    tab.type(SHIFT * 3)
    is_away = "!window.was && document.documentURI.startsWith('about:neterror')"
    tab.until(is_away)
    for _ in range(2):
        tab.run("window.was = setTimeout(() => history.back())")
        tab.until(is_away)
    tab.go(f"{site.url}/learn/")
    assert tab.run("document.querySelector('h1').checkVisibility()")
