"""The admin's first page: what waits for somebody, once and in the right place, and no more."""

import datetime

import pytest
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.utils import timezone

from awareness.content.publishing import State
from awareness.dashboard import cards, due_year
from awareness.desk.item_version import ItemVersion
from awareness.desk.models import Draft
from pages.models import CallToAction, HelpLine, Notice, Section, Update
from tests import factories
from tests.accounts.signing_in import account
from tests.desk.test_admin import address
from tests.html import read

DAY = datetime.timedelta(days=1)
# Long past, so that what is live then is live for the pages, which go by the clock.
NOW = timezone.make_aware(datetime.datetime(2025, 10, 9, 12))
MAKE = {
    Section: factories.section,
    Update: factories.update,
    CallToAction: factories.appeal,
    HelpLine: factories.help_line,
    Notice: factories.notice,
}


@pytest.fixture
def boss(db):
    return account("boss", is_superuser=True, first_name="Bo", last_name="Sims")


def person(role):
    return account(role.lower(), role)


def quiet(model=Section, **fields):
    """A row that no card speaks of: live, checked, changed lately."""
    given = {"checked_on": NOW.date(), **fields} if model is HelpLine else fields
    row = MAKE[model](**{**factories.in_state(State.LIVE, NOW), **given})
    return aged(row, 10)


def aged(row, days):
    type(row)._base_manager.filter(pk=row.pk).update(updated_at=NOW - days * DAY)
    row.refresh_from_db()
    return row


def draft(row, state, **fields):
    if fields.get("apply_at"):
        fields["copy"] = ItemVersion.of(row).as_copy()
    kind = ContentType.objects.get_for_model(row)
    given = {"title": str(row), "saved_at": NOW - DAY, **fields}
    return Draft.objects.create(content_type=kind, object_id=row.pk, state=state, **given)


def said(user, at=NOW, without=("spanish",)):
    """{card: [(title, detail, note)]}; what is said of translations has tests of its own."""
    return {
        card.key: [(entry.title, entry.detail, entry.note) for entry in card.entries]
        for card in cards(user, at)
        if card.key not in without
    }


def titles(user, at=NOW):
    return {key: [entry[0] for entry in entries] for key, entries in said(user, at).items()}


# --- Drafts, and what changes by itself ------------------------------------------------


def test_what_needs_nothing_is_on_no_card(boss):
    for model in MAKE:
        quiet(model)
        MAKE[model](**factories.in_state(State.EXPIRED, NOW))
        assert said(boss) == {}, model


def test_drafts_say_who_and_when_and_those_returned_say_why(boss):
    ann = User.objects.create_user("ann")
    signs, laws = quiet(title="Signs"), quiet(Update, title="Laws")
    draft(signs, "writing", author=ann)
    draft(laws, "returned", author=ann, note_by=boss, note="No source.")
    assert said(boss) == {
        "drafts": [
            ("Laws", "Returned by Bo Sims; saved October 8, 2025, noon", "No source."),
            ("Signs", "Saved by ann, October 8, 2025, noon", ""),
        ]
    }


def test_what_is_not_published_is_a_draft_too_but_never_twice(boss):
    words = "Not published; last changed October 7, 2025, noon"
    for model in MAKE:
        row = aged(MAKE[model](published=False), 2)
        assert said(boss) == {"drafts": [(str(row), words, "")]}
        waiting = draft(row, "review", note_by=boss)
        assert list(titles(boss)) == ["waiting"], model
        waiting.delete()
        assert list(titles(boss)) == ["drafts"], model
        row.delete()


def test_whoever_waits_longest_for_a_review_comes_first(boss):
    late, early = quiet(title="Late"), quiet(Update, title="Early")
    draft(late, "review", note="Please look.", note_by=boss)
    draft(early, "review", saved_at=NOW - 5 * DAY)
    assert said(boss) == {
        "waiting": [
            ("Early", "Asked by a former account, October 4, 2025, noon", ""),
            ("Late", "Asked by Bo Sims, October 8, 2025, noon", "Please look."),
        ]
    }


def test_what_is_scheduled_stands_in_the_order_of_its_time(boss):
    changes = quiet(title="Changes")
    draft(changes, "scheduled", apply_at=NOW + 2 * DAY)
    for n, title in ((1, "First"), (3, "Last")):
        aged(factories.update(title=title, published=True, publish_at=NOW + n * DAY), 1)
    assert said(boss) == {
        "scheduled": [
            ("First", "Appears on October 10, 2025, noon", ""),
            ("Changes", "Changes on October 11, 2025, noon", ""),
            ("Last", "Appears on October 12, 2025, noon", ""),
        ]
    }


@pytest.mark.parametrize("model", MAKE, ids=lambda model: model.__name__)
def test_what_expires_within_thirty_days(boss, model):
    for days, listed in ((-1, False), (1, True), (30, True), (31, False), (None, False)):
        begun, never = {"publish_at": NOW - 5 * DAY}, NOW + 400 * DAY if model is Notice else None
        row = quiet(model, **begun, expire_at=never if days is None else NOW + days * DAY)
        assert titles(boss) == ({"expiring": [str(row)]} if listed else {}), days
        type(row).objects.update(published=False)
        assert list(titles(boss)) == ["drafts"], days
        row.delete()


# --- What is due -----------------------------------------------------------------------


def test_a_help_line_is_checked_every_half_year(boss):
    never, long_ago = "Never checked", "Last checked April 11, 2025"
    for checked, words in ((None, never), (181, long_ago), (180, None), (0, None)):
        day = None if checked is None else NOW.date() - checked * DAY
        line = quiet(HelpLine, checked_on=day)
        assert said(boss) == ({"help-lines": [("A line", words, "")]} if words else {})
        HelpLine.objects.filter(pk=line.pk).update(published=False)
        assert list(titles(boss)) == ["drafts"], "nobody sees it: it is not due"
        HelpLine.objects.filter(pk=line.pk).update(published=True, kind="emergency")
        assert titles(boss) == {}, "911 needs no check"
        line.delete()


def test_a_section_that_nobody_looked_after_for_a_year_is_read_again(boss):
    for changed, read_on, due in (
        (366, [], True),
        (364, [], False),
        (366, [None], True),
        (366, [400, None, 367], True),
        (366, [400, 300, None], False),
        (10, [400], False),
    ):
        section = quiet(title="Signs")
        for days in read_on:
            day = None if days is None else NOW.date() - days * DAY
            factories.citation(section, read_on=day)
        aged(section, changed)
        assert titles(boss) == ({"texts": ["Signs"]} if due else {}), (changed, read_on)
        section.delete()


def test_the_figures_of_a_year_are_asked_for_from_july_on():
    for day, year in (("2026-06-30", 2024), ("2026-07-01", 2025), ("2027-01-01", 2025)):
        assert due_year(datetime.date.fromisoformat(day)) == year, day


def test_a_place_without_figures_of_the_year_leads_to_the_screen_for_it(boss, client):
    place = factories.place(name="Missouri", code="US-MO")
    factories.place(name="No figures at all")
    answered = factories.figure(year=2024).place
    said_none = factories.figure(year=2024, value=None, status="not_published", source=None)
    for old in (place, answered, said_none.place):
        factories.figure(place=old, year=2023)
    days = {"first_day": datetime.date(2024, 1, 1), "last_day": datetime.date(2024, 6, 30)}
    factories.figure(place=place, **days)  # half a year is not the year
    words = "Nothing has been entered for 2024 yet"
    assert said(boss) == {"figures": [("Missouri, 2024", words, "")]}
    (entry,) = cards(boss, NOW)[0].entries
    assert entry.link == "/admin/stats/figure/year/?place=US-MO&year=2024"
    client.force_login(boss)
    assert "Missouri" in read(client.get(entry.link)).one("form", class_="choose").text
    assert said(boss, NOW.replace(month=6)) == {}


def test_who_may_not_enter_a_year_is_not_asked_to(boss):
    factories.figure(year=2019)
    assert [card.key for card in cards(boss, NOW)] == ["figures"]
    assert cards(person("Editor"), NOW) == []


@pytest.mark.parametrize("model", MAKE, ids=lambda model: model.__name__)
def test_spanish_that_is_missing_or_older_leads_to_the_list_of_it(client, boss, model):
    missing = [quiet(model) for _ in range(2)]
    older = quiet(model)
    for name in type(older).translated_fields():
        setattr(older, f"{name}_es", "Palabras" if getattr(older, f"{name}_en") else "")
    older.save()
    then = {"original_changed_at": NOW, "translation_changed_at": NOW - DAY}
    model.objects.filter(pk=older.pk).update(**then)
    aged(older, 1)
    (card,) = cards(boss, NOW)
    name = str(model._meta.verbose_name_plural).capitalize()
    assert [(entry.title, entry.what) for entry in card.entries] == [
        (f"{name}: 2", "Missing"),
        (f"{name}: 1", "Older than the English"),
    ]
    client.force_login(boss)
    for entry, rows in zip(card.entries, (missing, [older]), strict=True):
        assert keys_of(client.get(entry.link), model) == {row.pk for row in rows}


def keys_of(response, model):
    """Which rows a list in the admin shows."""
    where = address(model, "changelist")
    links = read(response).one("table", id="result_list").one("tbody").all("a")
    found = [a.attrs["href"] for a in links if a.attrs["href"].startswith(where)]
    return {int(link.removeprefix(where).split("/")[0]) for link in found}


def test_accounts_that_can_do_or_hear_nothing_are_asked_about(boss):
    ann = account("ann", "Editor")
    account("cy", "Editor", is_active=False)
    User.objects.filter(username__in=["ann", "cy"]).update(email="")
    bea = account("bea")
    quiet()
    new = account("dan", "Publisher")
    new.set_unusable_password()
    new.save()
    assert said(boss) == {
        "accounts": [
            (str(ann), "No e-mail address: gets no mail", ""),
            (str(bea), "No role: can do nothing", ""),
            (str(new), "Has not used the invitation yet", ""),
        ]
    }
    assert said(ann) == {}
