"""What the address chooses, and the nearest sensible view of what it cannot mean."""

import datetime

from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from stats.choice import read_choice
from stats.models import Place
from tests import factories
from tests.html import read, table

TODAY = datetime.date.today()


def choose(query="", place=None):
    return read_choice(QueryDict(query), place)


def codes(rows):
    return [row.code for row in rows]


def test_without_a_word_it_is_all_there_is(starter):
    choice = choose()
    assert codes(choice.places) == ["US", "US-MO"]
    assert codes(choice.measures) == ["contacts", "cases", "victims"]
    assert (choice.first, choice.last, choice.as_of, choice.show) == (2008, 2024, None, "both")
    assert (choice.query, choice.is_made, choice.problems) == ("", False, [])


def test_a_choice_has_one_spelling(starter, subtests):
    for query, spelling in [
        ("place=US-MO", "place=US-MO"),
        ("place=us-mo&measure=CASES", "place=US-MO&measure=cases"),
        ("place=&measure=&from=2008&to=2024&as_of=&show=both&all=", "show=both"),
        ("to=2020&from=2015", "from=2015&to=2020"),
        ("from=2024&to=2024", "from=2024"),
        ("as_of=2024-06-01", "to=2021&as_of=2024-06-01"),
        ("show=table&all=1", "all=1&show=table"),
        ("all=0", "show=both"),
    ]:
        with subtests.test(query=query, spelling=spelling):
            choice = choose(query)
            if "as_of" in spelling:  # the years end with those of which something was known then
                assert choice.query == "as_of=2024-06-01"
                assert choice.last == 2021
            else:
                assert choice.query == spelling
            assert choice.problems == []
            assert choose(choice.query).query == choice.query


ALL = "show=both"  # the nearest sensible view


def test_what_cannot_be_is_said_in_a_sentence(client, starter, subtests):
    for query, spelling, problem in [
        ("place=US-KS", ALL, "There is no place called “US-KS”. Choose one of these: US, US-MO."),
        (
            "measure=calls",
            ALL,
            "There is no measure called “calls”. Choose one of these: contacts, cases, victims.",
        ),
        ("from=2020&to=2015", "from=2015&to=2020", "The first year, 2020, is later than the last"),
        ("from=1999", ALL, "The figures run from 2008 to 2024. Choose years in that range."),
        ("to=2031", ALL, "The figures run from 2008 to 2024"),
        ("from=12", ALL, "“12” is not a year. Write four digits, such as 2021."),
        ("from=٢٠٢١", ALL, "“٢٠٢١” is not a year"),
        ("as_of=yesterday", ALL, "“yesterday” is not a date. Write it like this: 2024-06-01."),
        ("as_of=2024-02-30", ALL, "“2024-02-30” is not a date"),
        (
            f"as_of={TODAY + 2 * factories.DAY}",
            ALL,
            "is in the future. Choose today or an earlier date.",
        ),
        ("show=pie", ALL, "“pie” is not a choice here. Choose one of these: both, chart, table."),
        ("all=yes", ALL, "“all” must be 1 or left out, not “yes”."),
    ]:
        with subtests.test(query=query, spelling=spelling, problem=problem):
            choice = choose(query)
            assert choice.query == spelling
            (said,) = choice.problems
            assert problem in said
            page = client.get(f"/statistics/?{query}")
            assert page.status_code == 200
            (notice,) = read(page).all("div", class_="notice")
            assert said in notice.text
            assert "Showing instead: United States, Missouri:" in notice.text
            others = ("data.json", "data.zip", "data.csv-metadata.json", "chart.svg")
            for address in ("data.csv", *(others if "US-KS" in query else ())):
                answer = client.get(f"/statistics/{address}?{query}")
                assert answer.status_code == 400
                assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
                assert answer.content.decode() == f"{said}\n"


def test_everything_wrong_at_once_is_all_named(starter):
    choice = choose("place=x&measure=y&from=a&to=b&as_of=c&show=d&all=e")
    assert len(choice.problems) == 7


class AnythingAtAll(TestCase):
    KEYS = st.sampled_from(["place", "measure", "from", "to", "as_of", "show", "all", "page", "x"])

    @given(st.dictionaries(KEYS, st.text(max_size=40)))
    def test_leads_to_a_view_that_has_one_spelling(self, pairs):
        choice = read_choice(pairs)
        assert choice.first <= choice.last
        assert choose(choice.query).problems == []
        assert choose(choice.query).query == choice.query


def test_the_path_names_the_place_and_nothing_overrules_it(client, starter):
    assert codes(choose("place=US", "missouri").places) == ["US-MO"]
    page = read(client.get("/statistics/missouri/?measure=cases&from=2019&to=2021&show=table"))
    assert page.all("svg", role="img") == []
    years, totals = page.all("table")
    assert [row[0] for row in table(years)] == ["2021", "2020", "2019"]
    assert [row[0] for row in table(totals)] == ["December 2007 to December 31, 2021"]


def test_the_form_holds_what_was_chosen_and_sends_it_as_the_address_does(client, starter):
    query = "place=US-MO&measure=victims&from=2015&to=2023&as_of=2026-01-01&show=chart"
    page = read(client.get(f"/statistics/?{query}"))
    (form,) = page.all("form", class_="choose")
    assert (form.attrs["method"], form.attrs["action"]) == ("get", "/statistics/")
    sent = {field.attrs["name"]: field.attrs["value"] for field in form.all("input")}
    for field in form.all("select"):
        (chosen,) = [o for o in field.all("option") if "selected" in o.attrs]
        sent[field.attrs["name"]] = chosen.attrs["value"]
    assert sent == dict(pair.split("=") for pair in query.split("&"))
    for field in [*form.all("input"), *form.all("select")]:
        assert (
            len([each for each in form.all("label") if each.attrs["for"] == field.attrs["id"]]) == 1
        )


def test_charts_or_tables(client, starter):
    for show, charts, tables in (("both", 1, 1), ("chart", 1, 0), ("table", 0, 1)):
        page = read(client.get(f"/statistics/?place=US&measure=victims&show={show}"))
        assert (len(page.all("svg", role="img")), len(page.all("table"))) == (charts, tables), show
    page = read(client.get("/statistics/?place=US&measure=victims&from=2008&to=2010&show=chart"))
    assert page.all("svg", role="img") == []
    said = "From 2008 to 2010, no yearly number of victims for the United States was found"
    assert f"{said} (known by January 31, 2026)." in page.text


def test_all_there_is_can_be_asked_for(client, starter):
    """The form as it stands, sent without a choice."""
    page = read(client.get("/statistics/?place=&measure=&from=2008&to=2024&show=both&as_of="))
    assert len(page.all("svg", role="img")) == 6
    assert page.one("input", id="share-address").attrs["value"].endswith("/?show=both")
    again = read(client.get("/statistics/?show=both"))
    assert [table(t) for t in again.all("table")] == [table(t) for t in page.all("table")]


def test_the_form_as_it_stands_goes_with_any_day(client, starter):
    choice = choose("place=US-MO&from=2008&to=2024&as_of=2024-06-01")
    assert choice.problems == []
    assert client.get("/statistics/data.csv?to=2024&as_of=2024-06-01").status_code == 200
    (problem,) = choose("from=2023&to=2024&as_of=2024-06-01").problems
    assert problem == "No figures from 2023 or later were known on June 1, 2024."


def test_back_to_the_newest_keeps_the_rest(client, starter):
    page = read(client.get("/statistics/missouri/?measure=cases&as_of=2024-06-01"))
    links = {a.text: a.attrs["href"] for a in page.all("a")}
    assert links["See the newest figures"] == "/statistics/missouri/?measure=cases"


def test_a_day_has_one_spelling(starter):
    for day in ("20240601", "2024-W22-6", "2024-6-1", " 2024-06-01"):
        assert len(choose(f"as_of={day}").problems) == 1, day


def test_the_address_to_share_and_the_other_language_keep_the_choice(client, starter):
    page = read(client.get("/statistics/?measure=cases&show=chart&place="))
    shared = page.one("input", id="share-address").attrs["value"]
    assert shared == "http://localhost:8000/statistics/?measure=cases&show=chart"
    links = {e.attrs.get("hreflang"): e.attrs["href"] for e in page.all("link", rel="alternate")}
    assert links["es"] == "http://localhost:8000/es/statistics/?measure=cases&show=chart"
    assert page.one("link", rel="canonical").attrs["href"] == "http://localhost:8000/statistics/"


def test_every_download_honours_the_choice(client, starter):
    page = read(client.get("/statistics/?place=US-MO&measure=cases&from=2015&as_of=2024-01-01"))
    links = [a.attrs["href"] for a in page.all("a") if "/data." in a.attrs.get("href", "")]
    links += [a.attrs["href"] for a in page.all("a") if "/chart." in a.attrs.get("href", "")]
    assert len(links) == 7
    for link in links:
        assert "place=US-MO&measure=cases&from=2015&as_of=2024-01-01" in link
        assert client.get(link).status_code == 200


def test_a_place_that_is_not_there_has_no_page_but_the_overview_is_there_without_any(client, db):
    factories.place(code="US", slug="united-states")
    for address in ("/statistics/nowhere/", "/statistics/data/", "/statistics/US/"):
        assert client.get(address).status_code == 404, address
    Place.objects.all().delete()
    assert client.get("/statistics/").status_code == 200
    assert client.get("/statistics/?place=US&as_of=2020-01-01").status_code == 200
    assert client.get("/statistics/changes/").status_code == 200
    assert client.get("/statistics/data.csv").content.count(b"\n") == 1
