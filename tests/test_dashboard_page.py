"""The admin's first page as it is sent: what it shows, to whom, and what it costs."""

import pytest
from django.contrib.auth.models import Permission, User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from awareness.audit.models import Event
from awareness.audit.record import Kind, record
from awareness.content.publishing import State
from awareness.dashboard import cards
from pages.models import Section, Update
from tests import factories
from tests.desk.test_admin import address
from tests.html import read
from tests.test_dashboard import (
    DAY,
    MAKE,
    NOW,
    aged,
    draft,
    keys_of,
    person,
    quiet,
    said,
)


@pytest.fixture
def boss(db):
    return User.objects.create_superuser("boss", "boss@example.org", "a password")


def card_of(page, key):
    return page.one("section", id=f"desk-{key}")


def test_a_card_shows_eight_and_leads_to_the_list_of_all(client, boss):
    updates = [aged(factories.update(published=False), n + 1) for n in range(9)]
    section = aged(factories.section(published=False), 30)
    client.force_login(boss)
    card = card_of(read(client.get("/admin/")), "drafts")
    assert [a.text for item in card.all("li") for a in item.all("a")] == [
        str(row) for row in updates[:8]
    ]
    assert card.one("h3").text == "Drafts 10"
    links = {a.text: a.attrs["href"] for a in card.one("p", class_="desk-all").all("a")}
    assert list(links) == ["All 9: updates", "All 1: sections and pages"]
    all_updates, all_sections = links.values()
    assert keys_of(client.get(all_updates), Update) == {row.pk for row in updates}
    assert keys_of(client.get(all_sections), Section) == {section.pk}


@pytest.mark.slow
def test_every_entry_leads_to_a_page_that_opens(client, boss):
    for model in MAKE:
        MAKE[model](published=False)
        draft(MAKE[model](), "writing")
    factories.figure(year=2019)
    client.force_login(boss)
    page = read(client.get("/admin/"))
    links = {
        a.attrs["href"] for card in page.all("section", class_="desk-card") for a in card.all("a")
    }
    assert len(links) > 10
    for link in links:
        assert client.get(link).status_code == 200, link


def test_with_nothing_to_do_the_page_says_so_in_one_sentence(client, boss):
    quiet()
    Section.objects.update(
        title_es="a", summary_es="b", body_es="<p>c</p>", updated_at=timezone.now()
    )
    client.force_login(boss)
    page = read(client.get("/admin/"))
    assert [
        page.one("section", id=key).one("p").text for key in ("desk-begun", "desk-attention")
    ] == [
        "Nothing is waiting for you.",
        "Everything is up to date. Thank you.",
    ]


def test_the_actions_come_first_then_what_waits_then_the_menu(client, boss):
    client.force_login(boss)
    page = read(client.get("/admin/"))
    assert [(h.tag, h.text) for h in page.all("h1", "h2")] == [
        ("h1", "What would you like to do?"),
        ("h2", "Waiting for you"),
        ("h2", "What needs attention"),
        ("h2", "Everything on the site"),
    ]
    names = [h.text for h in page.one("nav", id="desk-menu").all("h3")]
    assert names == ["Content", "Figures", "Pictures", "People", "Site"]
    actions = {a.one("strong").text: a.attrs["href"] for a in actions_of(page)}
    assert list(actions) == ACTIONS
    for words, link in actions.items():
        assert client.get(link).status_code == 200, words


ACTIONS = ["Write an update", "Add an appeal", "Enter a year", "Change a help line"]


def actions_of(page):
    return page.one("ul", class_="desk-actions").all("a")


def test_an_action_is_there_for_whoever_may_do_it(client, db):
    ann = User.objects.create_user("ann", is_staff=True)
    rights = {
        "Write an update": "add_update",
        "Add an appeal": "add_calltoaction",
        "Enter a year": "add_figure",
        "Change a help line": "change_helpline",
    }
    for words, right in rights.items():
        ann.user_permissions.set([Permission.objects.get(codename=right)])
        client.force_login(ann)
        page = read(client.get("/admin/"))
        assert [a.one("strong").text for a in actions_of(page)] == [words]
    ann.user_permissions.clear()
    page = read(client.get("/admin/"))
    assert actions_of(page) == page.all("section") == []
    assert "role" in page.one("nav", id="desk-menu").one("p").text


def test_nobody_sees_the_card_of_what_they_may_not_see(client, db):
    user = User.objects.create_user("ann", is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="view_update"))
    draft(quiet(title="A section"), "review", note="A secret.")
    draft(quiet(Update, title="An update"), "review")
    factories.section(published=False)
    factories.figure(year=2019)
    record(Kind.CHANGED, None, factories.section())
    assert said(user) == {
        "waiting": [("An update", "Asked by a former account, October 8, 2025, noon", "")]
    }
    assert [e.title for c in cards(user, NOW) if c.key == "spanish" for e in c.entries] == [
        "Updates: 1"
    ]
    client.force_login(user)
    response = client.get("/admin/")
    assert "secret" not in response.content.decode()
    assert not read(response).all("h2", id="desk-happened")


def test_what_happened_last_is_eight_lines_with_links_and_no_signing_in(client, boss):
    client.force_login(boss)
    section, gone = factories.section(title="Signs"), factories.section(title="Away")
    for n in range(6):
        record(Kind.CHANGED, boss, factories.update(title=f"Update {n}"))
    record(Kind.PUBLISHED, None, section)
    record(Kind.DELETED, boss, gone)
    gone.delete()
    record(Kind.SIGNED_IN, boss)
    Event.objects.update(at=NOW)
    page = read(client.get("/admin/"))
    box = next(s for s in page.all("section") if s.attrs.get("aria-labelledby") == "desk-happened")
    lines = [item.text for item in box.all("li")]
    assert len(lines) == 8
    assert lines[:2] == [
        "Deleted: Away boss, October 9, 2025, noon",
        "Published: Signs the site itself, October 9, 2025, noon",
    ]
    links = [a.attrs["href"] for a in box.all("a")]
    assert links[0] == address(Section, "change", section.pk)
    assert links[-1] == address(Event, "changelist")
    assert not page.all("div", id="recent-actions-module")


def one_of_each(author):
    for model, make in MAKE.items():
        draft(make(), "writing", author=author)
        draft(make(), "review", author=author, note_by=author)
        draft(make(), "scheduled", author=author, apply_at=timezone.now() + DAY)
        for state in (State.DRAFT, State.SCHEDULED, State.LIVE):
            make(**factories.in_state(state))
        row = make(expire_at=timezone.now() + DAY)
        model.objects.filter(pk=row.pk).update(updated_at=NOW - 800 * DAY)
        record(Kind.CHANGED, author, row)
    factories.citation(Section.objects.first(), read_on=None)
    record(Kind.CHANGED, author, factories.figure(year=2019))


@pytest.mark.slow
def test_the_page_asks_twenty_questions_at_most_whatever_there_is(db):
    people = {role: (Client(), person(role)) for role in ("Editor", "Publisher")}

    def count(role):
        client, user = people[role]
        client.force_login(user)
        with CaptureQueriesContext(connection) as asked:
            assert client.get("/admin/").status_code == 200
        return len(asked)

    one_of_each(User.objects.create_user("user"))
    few = {role: count(role) for role in people}
    for n in range(12):  # more than a card shows
        one_of_each(User.objects.create_user(f"user{n}"))
    assert {role: count(role) for role in people} == few
    assert max(few.values()) <= 20


def test_only_staff_see_it(client, db):
    assert client.get("/admin/")["Location"].startswith("/admin/login/")
    client.force_login(User.objects.create_user("visitor"))
    assert client.get("/admin/")["Location"] == "/accounts/login/"
