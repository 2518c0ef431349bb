"""A second step is set up and used in a real Chromium: an app's codes, and a passkey."""

import pytest

from tests.accounts.signing_in import code_of
from tests.browser.axe import faults
from tests.browser.signing_in import DESK, sign_in, type_in
from tests.site import Site

PASSWORD = Site.password


@pytest.fixture
def device(open_page):
    """A page of a browser on a device that knows its owner by a finger."""
    page = open_page()
    chromium = page.context.new_cdp_session(page)
    chromium.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    added = chromium.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    page.authenticator = added["authenticatorId"]
    page.chromium = chromium
    return page


def at_the_desk(page):
    page.get_by_role("heading", name=DESK).wait_for()


def sign_out(page):
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("heading", name="Sign in", exact=True).wait_for()


def add_app(page):
    page.get_by_role("link", name="Add one now").click()
    page.get_by_role("link", name="Add the app").click()
    page.get_by_text("Can't scan the picture?").click()
    secret = page.locator("code.key").inner_text()
    page.get_by_label("Code").fill(code_of(secret))
    page.get_by_role("button", name="Add the app").click()
    page.get_by_role("heading", name="Recovery codes").wait_for()
    codes = page.locator(".codes code").all_inner_texts()
    page.get_by_role("link", name="I saved them: go to the desk").click()
    at_the_desk(page)
    return secret, codes


@pytest.mark.parametrize(("name", "script"), [("with-script", True), ("without", False)])
def test_an_app_is_added_and_asked_for(open_page, name, script):
    page = open_page(java_script_enabled=script)
    sign_in(page, name, PASSWORD)
    at_the_desk(page)
    _secret, codes = add_app(page)
    assert page.locator(".second-step-waits").count() == 0
    sign_out(page)
    type_in(page, name, PASSWORD)
    page.get_by_role("heading", name="Second step").wait_for()
    page.get_by_label("Code").fill("000000")
    page.get_by_role("button", name="Sign in", exact=True).click()
    assert "This code is wrong" in page.locator(".wrong:visible").first.inner_text()
    page.get_by_label("Code").fill(codes[0])
    page.get_by_role("button", name="Sign in", exact=True).click()
    at_the_desk(page)


def test_a_passkey_is_added_and_signs_in_alone(device):
    sign_in(device, "with-passkey", PASSWORD)
    at_the_desk(device)
    device.get_by_role("link", name="Add one now").click()
    device.get_by_role("link", name="Add a passkey").click()
    device.get_by_label("Name").fill("My laptop")
    device.get_by_role("button", name="Add a passkey").click()
    device.get_by_role("heading", name="Recovery codes").wait_for()
    device.get_by_role("link", name="I saved them: go to the desk").click()
    at_the_desk(device)
    sign_out(device)

    device.get_by_role("button", name="Sign in with a passkey").click()
    at_the_desk(device)
    sign_out(device)

    type_in(device, "with-passkey", PASSWORD)  # and in the place of a code
    device.get_by_role("button", name="Use your passkey").click()
    at_the_desk(device)

    device.goto("/accounts/second-step/passkeys/")
    assert "My laptop" in device.locator(".rows").inner_text()
    assert "signs you in on its own" in device.locator(".rows").inner_text()
    device.get_by_role("link", name="Rename My laptop").click()
    device.get_by_label("Name").fill("My old laptop")
    device.get_by_role("button", name="Save").click()
    device.get_by_role("link", name="Remove My old laptop").click()
    device.get_by_role("button", name="Remove a passkey").click()
    device.get_by_text("None yet.").wait_for()


def test_a_passkey_of_somebody_unknown_is_refused_in_words(device):
    device.goto("/accounts/login/")
    device.get_by_role("button", name="Sign in with a passkey").click()
    device.get_by_text("The passkey was not used").wait_for()
    type_in(device, "keyboard", PASSWORD)
    at_the_desk(device)


def test_by_keyboard_alone_and_a_mistake_leads_to_its_field(open_page):
    page = open_page()
    page.goto("/accounts/login/")
    page.keyboard.press("Tab")
    assert page.locator(":focus").inner_text() == "Skip to content"
    page.get_by_label("Username").focus()
    page.keyboard.type("keyboard")
    page.keyboard.press("Tab")
    page.keyboard.type("wrong")
    page.keyboard.press("Enter")
    page.get_by_role("alert").filter(has_text="do not match").wait_for()
    assert page.get_by_label("Username").input_value() == "keyboard"
    page.get_by_label("Password").focus()
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    at_the_desk(page)


PAGES = [
    "/accounts/",
    "/accounts/sessions/",
    "/accounts/second-step/app/add/",
    "/accounts/second-step/passkeys/add/",
    "/accounts/logout/",
]
OPEN = ["/accounts/password/reset/", "/es/accounts/login/"]


def test_axe_finds_nothing_and_nothing_is_too_wide(open_page):
    page = open_page()

    def look(where):
        page.goto(where)
        assert faults(page) == {}

    for where in OPEN:
        look(where)
    page.goto("/accounts/login/")
    type_in(page, "looker", "wrong")
    page.get_by_role("alert").first.wait_for()
    assert faults(page) == {}
    type_in(page, "looker", PASSWORD)
    at_the_desk(page)
    for where in PAGES:
        look(where)
    page.goto("/admin/")
    add_app(page)
    for where in ("/accounts/second-step/", "/accounts/second-step/codes/"):
        look(where)
    page.goto("/admin/")
    sign_out(page)
    type_in(page, "looker", PASSWORD)
    page.get_by_role("heading", name="Second step").wait_for()
    assert faults(page) == {}
