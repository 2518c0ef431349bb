"""Signing in by hand, as staff do."""

DESK = "What would you like to do?"
_sessions = {}  # {username: cookies} of the site that runs for these tests


def sign_in(page, username, password):
    page.goto("/admin/")
    type_in(page, username, password)


def come_in(page, username, password):
    """With the session of somebody who signed in for an earlier test, as long as it lasts."""
    page.context.add_cookies(_sessions.get(username, []))
    page.goto("/admin/")
    if "/accounts/login/" in page.url:
        type_in(page, username, password)
    page.get_by_role("heading", name=DESK).wait_for()
    _sessions[username] = [one for one in page.context.cookies() if one["name"] == "sessionid"]


def type_in(page, username, password):
    """On the page that asks for them."""
    page.get_by_label("Username").fill(username)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in", exact=True).click()
