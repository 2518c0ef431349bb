"""Every change of a figure: what was said, what is said since, why, when and by whom."""

import datetime
import xml.etree.ElementTree as ElementTree
from html import unescape

from stats.changes import ON_A_PAGE, changed_figures, with_old
from stats.vocabulary import Status
from tests import factories
from tests.html import read

ATOM = "{http://www.w3.org/2005/Atom}"


def revise(row, **fields):
    given = {"value": 20, "as_of": row.as_of + factories.DAY, **fields}
    same = {"place": row.place, "measure": row.measure}
    return factories.figure(**same, first_day=row.first_day, last_day=row.last_day, **given)


def listed():
    return [(change.old.value, change.new.value) for change in with_old(changed_figures())]


def test_the_real_ones_stand_there_newest_first(client, starter):
    assert listed() == [(260, 270), (249, 247), (365, 366), (67, 69)]
    page = read(client.get("/statistics/changes/"))
    articles = page.all("article")
    assert [a.one("h2").text for a in articles] == [
        "Missouri, cases, 2020: 260 became 270",
        "Missouri, cases, 2023: 249 became 247",
        "Missouri, contacts, 2015: 365 became 366",
        "Missouri, cases, 2015: 67 became 69",
    ]
    first = articles[0].text
    assert "counted 270 cases for Missouri (as of January 11, 2026)." in first
    assert "Before, it was 260 (known by the end of 2021)." in first
    assert "ABC 17 News (KMIZ)" in first
    assert "parentsecurityonline.com reprint" in first
    assert "No reason was given." in first


def test_only_what_says_something_else_is_a_change(db):
    row = factories.figure(value=10)
    said_again = revise(row, value=10)
    assert listed() == []
    withdrawn = revise(said_again, value=None, status=Status.NOT_PUBLISHED)
    assert listed() == [(10, None)]
    still = revise(withdrawn, value=None, status=Status.NOT_PUBLISHED)
    assert listed() == [(10, None)]
    suppressed = revise(still, value=None, status=Status.SUPPRESSED)
    assert listed() == [(None, None), (10, None)]
    revise(suppressed, value=0)
    assert listed() == [(None, 0), (None, None), (10, None)]


def test_a_page_holds_some_of_them_and_asks_few_questions(
    client, db, django_assert_max_num_queries
):
    row = factories.figure()
    for n in range(ON_A_PAGE + 1):
        revise(row, value=100 + n, as_of=row.as_of + (n + 1) * factories.DAY)
    client.get("/statistics/changes/")
    with django_assert_max_num_queries(8):
        first = read(client.get("/statistics/changes/"))
    assert len(first.all("article")) == ON_A_PAGE
    assert len(read(client.get("/statistics/changes/?page=2")).all("article")) == 1
    assert first.one("a", rel="next").attrs["href"] == "?page=2"


def test_the_feed_says_the_same(client, starter):
    answer = client.get("/statistics/changes/feed.atom")
    assert answer.headers["Content-Type"] == "application/atom+xml; charset=utf-8"
    feed = ElementTree.fromstring(answer.content)
    entries = feed.findall(f"{ATOM}entry")
    page = read(client.get("/statistics/changes/"))
    assert [e.find(f"{ATOM}title").text for e in entries] == [
        a.one("h2").text for a in page.all("article")
    ]
    anchors = {a.attrs["id"] for a in page.all("article")}
    for entry in entries:
        address = entry.find(f"{ATOM}link").attrib["href"]
        assert address.startswith("http://localhost:8000/statistics/changes/#")
        assert address.partition("#")[2] in anchors
        assert "as of" in entry.find(f"{ATOM}summary").text
        assert datetime.datetime.fromisoformat(entry.find(f"{ATOM}updated").text)
    before = {e.find(f"{ATOM}id").text for e in entries}
    assert len(before) == len(entries) == 4
    revise(factories.figure())  # a newer one: each keeps its address
    feed = ElementTree.fromstring(client.get("/statistics/changes/feed.atom").content)
    assert before < {e.find(f"{ATOM}id").text for e in feed.findall(f"{ATOM}entry")}


def test_page_and_entry_say_why_and_by_whom_in_plain_words(client, db):
    reason = "R&D <b>counted</b> again, <5 left out"
    said = {"change": "revision", "reason": reason}
    revise(factories.figure(), **said, source=factories.source(title="Report"))
    (article,) = read(client.get("/statistics/changes/")).all("article")
    feed = ElementTree.fromstring(client.get("/statistics/changes/feed.atom").content)
    summary = feed.find(f"{ATOM}entry/{ATOM}summary")
    assert summary.attrib["type"] == "html"
    words = unescape(summary.text)
    assert f"{reason}. Source: The hotline: Report." in words
    for each in (words, article.text):
        assert "Revision: the source counted again or knows more." in each
        assert reason in each
    assert "<b>" not in summary.text


def test_markup_and_control_characters_stay_text(client, db):
    place = factories.place(name="<script>x</script>\x0b")
    revise(factories.figure(place=place), reason="<img src=x>\x0b")
    page = client.get("/statistics/changes/").content.decode()
    assert "<script>x" not in page
    assert "<img" not in page
    ElementTree.fromstring(client.get("/statistics/changes/feed.atom").content)
