"""Search finds what is live, forgives slips, and puts help first for whoever needs it."""

import pytest
from django.utils import timezone, translation

from awareness.content.publishing import State
from awareness.search import asks_for_help, normal, search
from pages.models import HelpLine
from tests import factories
from tests.html import read

pytestmark = pytest.mark.also_postgres


def titles(query):
    return [result.title for result in search(query)]


def test_the_best_result_comes_first(starter):
    for query, first in {
        "labor trafficking": "Labor trafficking",
        "labor trafficing": "Labor trafficking",  # a slip
        "LÁBOR": "Labor trafficking",  # an accent too many
        "vulnrable": "Who is vulnerable?",
        "what happens when I call": "What happens when you call",
        "spyware": "Spyware",
        "befree": "National Human Trafficking Hotline: text",
    }.items():
        assert titles(query)[0] == first, query


def test_accents_that_never_end_take_no_longer_than_they_are_long():
    """A published body of 200 kB of them let every search of a visitor take ten seconds."""
    accents = "\u0300\u0316" * 500_000
    assert normal(f"L\u0131\u0301nea{accents} \u0344\uac01\u0f73{accents}Á") == normal(
        "L\u0131nea \uac01Á"
    )


def test_figures_are_found_as_whole_sentences(starter):
    (best, *_rest) = search("missouri victims 2024")
    assert best.title == (
        "In 2024, the National Human Trafficking Hotline counted 539 victims for Missouri "
        "(as of January 7, 2026)."
    )
    assert best.url == "/statistics/missouri/#series-victims"


def test_spanish_is_searched_in_spanish(starter):
    with translation.override("es"):
        for query in ("linea de ayuda", "línea de ayuda", "LINEA"):
            found = search(query)
            assert any("Línea" in result.title for result in found), query
            assert all(r.url.startswith("/es/") for r in found), query


def test_both_languages_are_searched_on_every_page(starter):
    assert titles("señales")[0] == "Signs that someone may be trafficked"
    with translation.override("es"):
        assert titles("spyware") != []


def test_the_newest_figures_come_first_and_leave_room(starter):
    found = titles("missouri cases")
    assert found[0].startswith("In 2024")
    assert len([title for title in found if "counted" in title]) <= 6


def test_words_on_both_sides_of_a_tag_are_two(db):
    factories.section(title="A list", body="<ul><li>zebra</li><li>yak&amp;gnu</li></ul>")
    assert titles("zebra") == titles("yak") == titles("gnu") == ["A list"]
    assert titles("zebrayak") == titles("amp") == []


@pytest.mark.parametrize("query", ["donate", "donar"])
def test_the_fixed_pages_are_found(starter, query):
    assert "/donate/" in [result.url for result in search(query)]


@pytest.mark.parametrize("state", [State.DRAFT, State.SCHEDULED, State.EXPIRED])
def test_what_is_not_live_is_not_found(db, state):
    hidden = factories.in_state(state)
    factories.section(title="Zebra", **hidden)
    factories.update(title="Zebra", **hidden)
    factories.help_line(name="Zebra", **hidden)
    assert titles("zebra") == []


def test_a_search_reads_what_is_live_once_for_each_version_and_language(
    starter, django_assert_num_queries
):
    for language in ("en", "es"):
        with translation.override(language):
            kinds = {str(result.kind) for result in search("trafficking")}
            with django_assert_num_queries(1):  # whether anything has changed
                assert {str(result.kind) for result in search("trafficking")} == kinds
    line = factories.help_line(name="Zebra")
    assert [(result.title, result.line) for result in search("zebra")] == [("Zebra", line)]
    HelpLine.objects.filter(pk=line.pk).update(published=False)
    assert titles("zebra") == []


def test_a_search_follows_the_dates_also_when_the_clock_is_set_back(db):
    now, hour = timezone.now(), timezone.timedelta(hours=1)
    factories.section(title="Zebra", publish_at=now + hour, expire_at=now + 3 * hour)
    for hours, live in ((0, False), (1, True), (2.9, True), (3, False), (2, True), (0.9, False)):
        assert len(search("zebra", now + hours * hour)) == live, hours


def test_nothing_is_found_without_a_fault(starter):
    for query in ("", "the", "?!", "xyzzyx", "%", "\x00", "a" * 10_000, "' OR 1=1"):
        assert len(search(query)) <= 20, query


def test_asking_for_help_is_heard_and_for_something_else_is_not():
    heard = ["leave", "I am afraid", "how do I escape?", "ayuda", "Ayúdeme", "tengo miedo"]
    heard += ["helpp", "he hits me", "i want to get out", "run away", "they took my passport"]
    heard += ["my boss keeps my pay"]
    others = ["statistics", "labor laws", "donar", "posters"]
    assert [query for query in [*heard, *others] if asks_for_help(query)] == heard


@pytest.mark.parametrize("language", ["", "/es"])
def test_the_help_lines_come_before_the_results(client, starter, language):
    page = read(client.post(f"{language}/search/", {"words": "miedo afraid"}))
    results = page.one("div", id="results").text
    assert results.index("1-888-373-7888") < results.index("result")
    assert page.one("input", id="words").attrs["value"] == "miedo afraid"


def test_no_result_dials_but_the_number_beside_it(client, starter):
    results = read(client.post("/es/search/", {"words": "befree"})).one("ol", class_="results")
    assert [(a.text, a.attrs["href"]) for a in results.one("li").all("a")] == [
        (HelpLine.objects.get(number="233733").name_es, "/es/help/"),
        ("Mandar texto 233733", "sms:233733"),
    ]


def test_the_words_of_an_address_are_not_searched(client, starter):
    assert client.get("/search/?words=labor")["Location"] == "/search/"


def test_what_was_typed_is_text(client, starter):
    response = client.post("/search/", {"words": '"><script>alert(1)</script>'})
    assert b"<script>alert" not in response.content
    assert response.cookies == {}
