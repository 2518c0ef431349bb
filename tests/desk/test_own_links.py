"""Links to pages of ours that lead nowhere are named on saving, beside what was left out."""

from pages.models import Update
from tests import factories
from tests.desk.test_admin import GOOD, address, fill
from tests.html import read


def said(client, body, button="_draft"):
    """The warnings and notes after this was saved."""
    sent = {**GOOD[Update], "body_en": body}
    response = fill(client, address(Update, "add"), button, **sent)
    page = read(client.get(response["Location"]))
    found = page.one("ul", class_="messagelist").all("li")
    return [item.text for item in found if item.attrs["class"] != "success"]


def nowhere(*addresses):
    named = ", ".join(f"“{address}”" for address in addresses)
    return [
        f"Text (English): no public page has this address: {named}. Check the link for "
        "typos, or publish the page it leads to."
    ]


def test_own_links_that_lead_nowhere_are_named_and_all_others_are_not(publisher, settings):
    there = factories.section(slug="signs")
    settings.SITE_URL = "https://localhost"
    factories.section(slug="later", **factories.in_state("draft"))
    gone = ["/hlep/", "/Help", "/learn/later/", "/learn/signs/more/", "/admin/", "/año/x/"]
    fine = ["/help/", "/es/help/", there.get_absolute_url(), "/statistics/?from=2012", "/"]
    fine += ["?page=2", "https://example.org/hlep/", "tel:911", "/help/#signs"]
    links = [*gone, *fine, f"{settings.SITE_URL}/help/", f"{settings.SITE_URL}/nowhere/"]
    body = "".join(f'<p><a href="{link}">x</a></p>' for link in links)
    assert said(publisher, body) == nowhere(*gone, "/nowhere/")


def test_a_page_that_leads_to_itself_is_there_once_it_is_published(publisher):
    body = f'<p><a href="/updates/{GOOD[Update]["slug"]}/">x</a></p>'
    assert said(publisher, body, "_publish") == []


def test_one_message_says_what_was_left_out(publisher):
    body = "<h1>x</h1><p style='color: red'>y <a href='#z'>z</a></p>"
    assert said(publisher, body) == [
        "Text (English): "
        "Heading 1 became Heading 2, because the page’s title is already Heading 1. "
        "Colors, fonts, and other styling were left out: the site has its own. "
        "A link that led nowhere became plain text."
    ]
