"""One test that knows every public page and everything that can be hidden from it."""

from itertools import product

import pytest
from django.apps import apps
from django.db import connection
from django.utils import timezone

from awareness.content.publishing import Publishable, State
from pages.models import (
    Amount,
    CallToAction,
    CampaignLink,
    Citation,
    HelpLine,
    LanguageCard,
    Notice,
    Section,
    Service,
    Update,
)
from tests import factories, public
from tests.factories import DAY
from tests.html import read

HIDDEN = [State.DRAFT, State.SCHEDULED, State.EXPIRED]
KINDS = {
    "guide": (Section, {"kind": "guide"}),
    "guide on the help page": (Section, {"kind": "guide", "on_help_page": True}),
    "plain page": (Section, {"kind": "page"}),
    "plain page on the help page": (Section, {"kind": "page", "on_help_page": True}),
    **{f"section: {kind}": (Section, {"kind": kind}) for kind in Section.Kind.values[1:]},
    "update": (Update, {}),
    "appeal": (CallToAction, {"placement": "everywhere", "priority": 1000}),
    "appeal on home": (CallToAction, {"placement": "home", "priority": 1000}),
    "appeal on donate": (CallToAction, {"placement": "donate", "priority": 1000}),
    "notice": (Notice, {}),
    "short address": (CampaignLink, {}),
    "service": (Service, {"counties": "Boone"}),
    "language card": (LanguageCard, {}),
    **{
        f"help line: {kind}": (HelpLine, {"kind": kind, "position": 0})
        for kind in HelpLine.Kind.values
    },
}


def make(kind, state, mark="zq"):
    """A row of this kind in this state with all that hangs on it, and {field: word}."""
    model, fields = KINDS[kind]
    row, words = factories.marked(model, mark, **fields, **factories.in_state(state))
    if model is Section:
        _row, more = factories.marked(Citation, f"{mark}citation", section=row)
        words |= {f"citation {name}": word for name, word in more.items()}
    if model is CallToAction:
        _row, more = factories.marked(Amount, f"{mark}amount", appeal=row, dollars=987_654)
        words |= {f"amount {name}": word for name, word in more.items()}
    return row, words


LLMS, TEXTS = "/llms.txt", "/share/texts/"
QUIET = public.in_both("/share/numbers/")  # on which nothing says what the site is about


def everything(client, answers):
    """{address: text} of these answers and of the error pages."""
    answers = {**answers, **public.error_pages(client)}
    return {address: public.words_of(answer) for address, answer in answers.items()}


def test_every_address_of_the_site_is_known_here():
    assert set(public.routes()) == public.ROUTES


def test_every_kind_that_can_be_hidden_is_known_here():
    publishable = {model for model in apps.get_models() if issubclass(model, Publishable)}
    assert {model for model, _fields in KINDS.values()} == publishable


# On PostgreSQL a test that empties the tables may come before: then content types are others than
# those of the starter's rows.
@pytest.mark.django_db(transaction=connection.vendor == "sqlite")
@pytest.mark.also_postgres
@pytest.mark.slow
def test_what_is_not_live_stands_nowhere(client, starter):
    """All kinds and states at once, so that one walk through the whole site is enough."""
    times = {"starts_at": timezone.now() + DAY, "ends_at": timezone.now() + 2 * DAY}
    factories.update(**times)  # the starter's are drafts
    hidden = {
        f"zq{number}{state}q": (kind, *make(kind, state, f"zq{number}{state}q"))
        for number, kind in enumerate(KINDS)
        for state in HIDDEN
    }
    answers = public.visit(client)
    for answer in answers.values():
        if answer.headers.get("Content-Type", "").startswith("text/html") and answer.content:
            read(answer)  # every tag is closed where it should be
    visited = {answer.wsgi_request.resolver_match.route for answer in answers.values()}
    everywhere = public.ROUTES | {f"es/{route}" for route in public.IN_EVERY_LANGUAGE}
    needs = public.NEEDS_EMAIL | public.NEEDS_PICTURE | public.NEEDS_WORD
    assert visited == everywhere - needs, "a visit comes to every address"

    rows = (row for _kind, row, _words in hidden.values())
    own = (row.get_absolute_url() for row in rows if hasattr(row, "get_absolute_url"))
    pages = everything(client, {**answers, **{address: client.get(address) for address in own}})
    whole = "\n".join({*pages.values()})
    found = {
        (kind, name, address)
        for mark, (kind, _row, words) in hidden.items()
        if mark in whole
        for name, word in words.items()
        for spelling in {word, word.replace("-", "")}
        for address, text in pages.items()
        if spelling in text
    }
    assert found == set()


def test_its_own_address_answers_like_one_that_never_was(client, db):
    for kind, state in product(["guide", "plain page", "update"], HIDDEN):
        row, _words = make(kind, state, f"zq{kind[0]}{state}")
        hidden = client.get(row.get_absolute_url())
        never = client.get(row.get_absolute_url().replace(row.slug, "never-was"))
        assert (hidden.status_code, hidden.content) == (404, never.content), (kind, state)


def where(client, *kinds):
    """{kind: {field: the addresses where its word stands}} with these live, and every page to read.

    What is translated stands on English pages alone, and its Spanish on the same in Spanish.
    """
    rows = {kind: make(kind, State.LIVE, f"zq{n}") for n, kind in enumerate(kinds)}
    # What is drawn is made of help lines and figures: tests/sharing/test_one_number.py.
    pages = everything(client, public.visit(client, pictures=False))
    every = {a for a, t in pages.items() if t.startswith("<!doctype") and "/embed/" not in a}
    stands = {}
    for kind, (_row, words) in rows.items():
        found = stands[kind] = {
            name: {address for address, text in pages.items() if word in text}
            for name, word in words.items()
        }
        for name in ("translation_reviewed_by", "citation staff_note"):
            assert found.pop(name, set()) == set(), (kind, name)
        for name in [name for name in found if name.endswith("_es")]:
            english = {a for a in found[f"{name.removesuffix('_es')}_en"] if a.startswith("/")}
            english.discard(LLMS)  # there in English alone
            assert found.pop(name) == {f"/es{address}" for address in english}, (kind, name)
    return stands, every


def english(pages):
    return {address for address in pages if not address.startswith("/es/")}


@pytest.mark.slow
def test_what_is_live_stands_where_it_belongs(client, db):
    kinds = ("guide", "plain page", "update", "notice", "short address", "help line: call")
    stands, every = where(client, *kinds, "appeal")
    quiet = every - QUIET
    own, whole = "/learn/zq0slug/", "/learn/all/"
    listed = {"/", "/learn/", whole, own}
    assert stands["guide"] == {
        "title_en": {*listed, LLMS, TEXTS},
        "summary_en": {*listed, LLMS, TEXTS} - {"/"},  # there stand the titles alone, by group
        "body_en": {whole, own},
        "slug": {*public.in_both(*listed, TEXTS), "/sitemap.xml", LLMS},
        "citation note_en": {whole, own},
        **{
            f"citation {name}": public.in_both(whole, own) for name in ("title", "publisher", "url")
        },
    }

    found, own = stands["plain page"], "/zq1slug/"  # in every footer
    assert every > {own, "/es/help/", "404"}
    assert found["title_en"] == {*english(quiet), LLMS}
    assert found["slug"] == {*quiet, "/sitemap.xml", LLMS}
    assert found["body_en"] == {own}
    assert found["summary_en"] == {own, LLMS, TEXTS}
    assert found["citation title"] == public.in_both(own)

    own, feeds = "/updates/zq2slug/", {"/updates/feed.atom", "/updates/feed.json"}
    assert stands["update"] == {
        "title_en": {"/", "/updates/", own, TEXTS, *feeds},
        "summary_en": {"/", "/updates/", own, TEXTS, *feeds},
        "body_en": {own},
        "place_en": set(),  # no event
        "sign_up_url": set(),
        "slug": {*public.in_both("/", "/updates/", own, TEXTS, *feeds), "/sitemap.xml"},
    }

    files = {f"/statistics/data.{form}" for form in ("json", "csv-metadata.json")}
    feeds |= {"/statistics/changes/feed.atom"}
    assert stands["notice"] == {
        "text_en": english(quiet) | files | feeds | {"/embed/help/"},
        "page": set(),
    }
    assert stands["short address"] == {"slug": set(), "page": set(), "staff_note": set()}

    found, pages = stands["help line: call"], {"/help/", "/help/near/"}  # none knows help nearby
    embeds = public.in_both("/embed/help/", "/embed/badge.svg")
    assert found["number"] == {*every, LLMS} | embeds
    assert found["name_en"] == {*english(quiet), LLMS}
    assert found["description_en"] == found["leaves_behind_en"] == pages
    assert found["languages_en"] == {*pages, "/share/numbers/"}
    assert found["hours_en"] == {*pages, "/share/numbers/", "/embed/help/", LLMS}
    assert found["source_url"] == public.in_both(*pages)

    pages = {"/", "/learn/", "/updates/", "/updates/zq2slug/", "/donate/"}
    is_appeal(stands["appeal"], pages)


def is_appeal(found, pages):
    for address in ("url", "amount url"):
        assert found.pop(address) == public.in_both(*pages)
    # The home page asks in few words: its monthly amounts lead there, one button is enough.
    assert found.pop("monthly_url") == public.in_both(*pages - {"/"})
    assert set(map(frozenset, found.values())) == {frozenset(pages)}


@pytest.mark.slow
def test_so_does_what_is_placed_somewhere(client, db):
    stands, _every = where(client, "guide on the help page", "appeal on home", "appeal on donate")
    found, pages = stands["guide on the help page"], {"/learn/all/", "/learn/zq0slug/"}
    assert found["body_en"] == pages
    assert found["title_en"] == {"/", "/learn/", "/help/", LLMS, TEXTS, *pages}
    assert found["summary_en"] == {"/learn/", "/help/", LLMS, TEXTS, *pages}
    is_appeal(stands["appeal on home"], {"/", "/donate/"})
    is_appeal(stands["appeal on donate"], {"/donate/"})
