"""The quieter page: what somebody who looks over a shoulder, or at a message, may learn from it."""

import re

import pytest

from pages.models import HelpLine
from tests import factories
from tests.html import read

pytestmark = pytest.mark.also_postgres
TOPIC = re.compile("traffick|trata|hotline|línea|aware|survivor|help line|victim", re.IGNORECASE)


def test_its_title_address_preview_and_words_show_no_topic(client, starter):
    """Of a notice it shows only that a number may not answer."""
    words = "One of these may not answer just now."
    assert words not in read(client.get("/share/numbers/")).one("main").text
    factories.notice(text="The trafficking hotline is down.")
    assert words in read(client.get("/share/numbers/")).one("main").text
    for prefix, title in {"": "Numbers", "/es": "Números"}.items():
        page = read(client.get(f"{prefix}/share/numbers/"))
        assert page.one("title").text == title
        about = {
            m.attrs.get("property") or m.attrs.get("name"): m.attrs.get("content")
            for m in page.all("meta")
        }
        about = {name: words for name, words in about.items() if name not in (None, "viewport")}
        assert about == {"robots": "noindex", "og:title": title}
        assert TOPIC.findall(page.one("body").text) == []
        links = [a.attrs["href"] for a in page.one("main").all("a")]
        assert links == ["tel:911", "tel:+18883737888", "sms:233733", f"{prefix}/help/"]


def test_its_numbers_are_those_of_the_help_lines(client, starter):
    HelpLine.objects.filter(number="1-888-373-7888").update(number="1-888-555-0100")
    assert "1-888-555-0100" in read(client.get("/share/numbers/")).one("main").text
    HelpLine.objects.all().delete()
    assert "There is no number here yet." in read(client.get("/share/numbers/")).one("main").text
