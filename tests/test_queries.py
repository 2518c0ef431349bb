"""A page asks the database a fixed number of questions, however much there is."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import factories, public

ADDRESSES = [
    *public.PAGES,
    "/learn/a-section/",
    "/statistics/a-place/",
    "/statistics/?show=table",
    "/statistics/?measure=none&as_of=2016-01-01",
    "/statistics/changes/",
    "/statistics/changes/feed.atom",
    "/statistics/data.csv",
    "/statistics/data.json?all=1",
    "/statistics/data.zip",
    "/updates/an-update/",
    "/a-page/",
    "/updates/feed.atom",
    "/sitemap.xml",
    "/no/such/page/",
]


def count(client, address):
    with CaptureQueriesContext(connection) as asked:
        response = client.get(address)
    assert response.status_code == (404 if "such" in address else 200)
    return len(asked)


def counts(client):
    return {address: count(client, address) for address in ADDRESSES}


def add(sections=0, figures=0, others=0):
    """So many more rows, each with all that hangs on it."""
    for _ in range(sections):
        factories.citation(factories.section(on_help_page=True))
    for _ in range(figures // 30):  # ten years of three measures in a place
        place, source = factories.place(), factories.source()
        for measure in (factories.measure(), factories.measure(), factories.measure()):
            for year in range(2010, 2020):
                row = factories.figure(place=place, measure=measure, source=source, year=year)
        factories.headline(row)
    for n in range(others):
        factories.plain_page()
        factories.update()
        factories.help_line(position=n)
        factories.notice()
        factories.appeal(amounts=[(10, False, "paper"), (20, True, "ink")], priority=n)


@pytest.fixture
def small(db):
    """One of everything; twelve sections and thirty figures."""
    factories.section(slug="a-section")
    factories.plain_page(slug="a-page")
    factories.update(slug="an-update")
    factories.place(slug="a-place")
    add(sections=11, figures=30, others=1)


def test_the_home_page_asks_nine_questions_at_most(client, small, django_assert_max_num_queries):
    with django_assert_max_num_queries(9):
        client.get("/")


@pytest.mark.slow
def test_more_rows_cost_no_more_questions(client, small):
    before = counts(client)
    add(sections=24, figures=90, others=12)
    assert counts(client) == before


@pytest.mark.parametrize("address", [a for a in ADDRESSES if a.startswith("/statistics/")])
def test_statistics_ask_nine_questions_at_most(
    client, small, address, django_assert_max_num_queries
):
    # For the notice that stands around each page, the JSON reads all that does.
    with django_assert_max_num_queries(10 if "json" in address else 9):
        client.get(address)


def test_no_page_asks_many(client, starter):
    assert max(count(client, address) for address in public.STARTER_PAGES) <= 10
