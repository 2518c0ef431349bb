"""Signing in by hand, as staff do."""

DESK = "What would you like to change?"


def sign_in(page, username, password):
    page.goto("/admin/")
    type_in(page, username, password)


def type_in(page, username, password):
    """On the page that asks for them."""
    page.get_by_label("Username").fill(username)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in", exact=True).click()
