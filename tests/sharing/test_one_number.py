"""One help line is changed: what people pass on has the new number at once, and none the old."""

import json

import pytest
from django.test import RequestFactory

from awareness.sharing import previews
from pages.models import HelpLine
from tests import factories
from tests.html import read
from tests.public import words_of

OLD, NEW = "1-888-373-7888", "1-888-555-0100"
PASSED_ON = [
    *(f"/share/{sheet}.pdf" for sheet in ("poster", "flyer", "cards", "sticker", "signs")),
    *("/share/numbers/", "/share/texts/", "/share/kit.zip?in=en"),
    *("/embed/badge.svg", "/embed/help/"),
    *("/updates/feed.atom", "/updates/feed.json", "/llms.txt", "/help/"),
]


def passed_on(client):
    """{what it is: the words in it}"""
    found = {address: words_of(client.get(address)) for address in PASSED_ON}
    graph = read(client.get("/")).one("script", type="application/ld+json")
    found["JSON-LD"] = "".join(graph.children)
    found["preview"] = json.dumps(previews.data_at("/help/", RequestFactory().get("/")))
    return found


@pytest.mark.slow
@pytest.mark.also_postgres
def test_a_changed_number_is_the_one_in_all_that_is_passed_on(client, starter):
    line = HelpLine.objects.get(number=OLD)
    factories.notice(text="The chat is closed today.", help_line=line)
    drawn = {}
    for number, other in ((OLD, NEW), (NEW, OLD)):
        line.number = number
        line.save()
        for what, words in passed_on(client).items():
            assert (what, number in words, other in words) == (what, True, False)
        drawn[number] = client.get("/share/preview.png?page=/help/").content
    assert drawn[OLD] != drawn[NEW]
