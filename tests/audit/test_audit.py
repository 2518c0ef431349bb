"""The audit list: what happens stands in it, once, and nobody can change it."""

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from reversion.models import Version

from awareness.audit.models import Event
from awareness.audit.record import record
from pages.models import Section, SiteSettings
from stats.models import Break, Figure, Measure, Place, ReadingGuide, Source
from tests import factories
from tests.desk.test_admin import address, fields_of, fill
from tests.html import read, table
from tests.stats import csv_files

Kind = Event.Kind
LIST = address(Event, "changelist")


def happened(*kinds):
    """(kind, title, note) of each event but signing in, oldest first."""
    events = Event.objects.exclude(kind=Kind.SIGNED_IN).order_by("pk")
    events = events.filter(kind__in=kinds) if kinds else events
    return [(event.kind, event.title, event.note) for event in events]


def rows_of(page):
    return table(page.one("table", id="result_list"))


# --- What stands in it -----------------------------------------------------------------


def test_signing_in_is_written_down(client, admin_user):
    client.post("/accounts/login/", {"login": "admin", "password": "wrong"})
    assert not Event.objects.exists()
    client.post("/accounts/login/", {"login": "admin", "password": "password"})
    (event,) = Event.objects.all()
    assert (event.kind, event.user, event.who) == (Kind.SIGNED_IN, admin_user, "admin")


def one_of_each():
    figure = factories.figure()
    return {
        Place: (figure.place, "name_en"),
        Measure: (figure.measure, "name_en"),
        Source: (figure.source, "title"),
        Break: (Break.objects.create(year=2015, explanation="Other."), "explanation_en"),
        SiteSettings: (SiteSettings.objects.create(), "tagline_en"),
        ReadingGuide: (ReadingGuide.objects.create(), "caveat_en"),
    }


def test_a_change_is_written_down_in_words_and_no_change_is_not(admin_client, admin_user):
    for model, (row, field) in one_of_each().items():
        Event.objects.all().delete()
        where = address(model, "change", row.pk)
        assert fill(admin_client, where).status_code == 302
        assert happened() == [], model
        assert fill(admin_client, where, **{field: "Other words"}).status_code == 302
        row.refresh_from_db()
        label = model._meta.get_field(field.removesuffix("_en")).verbose_name
        label = label[:1].upper() + label[1:] + (" (English)" if field.endswith("_en") else "")
        assert happened() == [("changed", str(row), f"Changed {label}.")]
        assert Event.objects.latest("pk").user == admin_user


def test_what_is_added_is_written_down(admin_client, db):
    typed = {"title": "A report", "publisher": "A", "url": "https://a.example/", "kind": "own"}
    fill(admin_client, address(Source, "add"), **typed)
    assert happened() == [("changed", "A: A report", "Added.")]


@pytest.mark.parametrize("at_once", [False, True], ids=["by its form", "by the list's action"])
def test_each_deletion_is_written_down_with_its_name(admin_client, db, at_once):
    rows = [factories.source(title=title) for title in ("One", "Two")]
    if at_once:
        sent = {"action": "delete_selected", "_selected_action": [r.pk for r in rows], "post": "y"}
        admin_client.post(address(Source, "changelist"), sent)
    else:
        for row in rows:
            admin_client.post(address(Source, "delete", row.pk), {"post": "yes"})
    assert not Source.objects.exists()
    titles = [title for _kind, title, _note in happened(Kind.DELETED)]
    assert sorted(titles) == ["The hotline: One", "The hotline: Two"]


def test_going_back_is_written_down(admin_client, db):
    where = address(Source, "add")
    typed = {"title": "Good", "publisher": "A", "url": "https://a.example/", "kind": "own"}
    fill(admin_client, where, **typed)
    row = Source.objects.get()
    fill(admin_client, address(Source, "change", row.pk), title="Worse")
    first = Version.objects.get_for_object(row).last()
    admin_client.post(address(Source, "revision", row.pk, first.pk))
    assert Source.objects.get().title == "Good"
    (kind, title, note) = happened()[-1]
    assert (kind, title) == ("restored", "A: Good")
    assert note.startswith("As it was on ")
    admin_client.post(address(Source, "delete", row.pk), {"post": "yes"})
    last = Version.objects.get_for_model(Source).latest("pk")
    admin_client.post(address(Source, "recover", last.pk))
    assert Source.objects.get().title == "Good"
    assert [kind for kind, _title, _note in happened()[-2:]] == ["deleted", "recovered"]


def test_an_import_is_one_line_with_the_file_and_the_counts(admin_client, starter):
    data = csv_files.as_csv(csv_files.GOOD)
    csv_files.preview(admin_client, data)
    assert happened() == [], "a preview is no change"
    said = csv_files.bring_in(admin_client, data)
    assert said == "From figures.csv: 1 new, 0 changed, 0 as before."
    assert happened() == [("imported", "Figures", said)]


def test_each_figure_of_the_year_screen_is_written_down(admin_client, starter):
    place, source = Place.objects.get(code="US-MO"), Source.objects.first()
    where = "/admin/stats/figure/year/?place=US-MO&year=2022"
    sent = fields_of(read(admin_client.get(where)))
    typed = {"contacts-value": "1000", "contacts-as_of": "2024-01-05", "cases-value": "245"}
    admin_client.post(where, {**sent, **typed, "contacts-source": source.pk, "cases-value": "-1"})
    assert happened() == [], "nothing was saved"
    admin_client.post(where, {**sent, **typed, "contacts-source": source.pk})
    assert happened() == [
        ("published", f"{place} · {measure} · 2022", "Entered a year")
        for measure in ("Contacts", "Cases")
    ]


# --- The list --------------------------------------------------------------------------


@pytest.fixture
def told(db):
    """Four lines: by somebody, by the site itself, by an account that is gone, of a thing gone."""
    ann = User.objects.create_user("ann", is_staff=True)
    gone = User.objects.create_user("gone")
    section, other = factories.section(title="Signs"), factories.section(title="Away")
    record(Kind.PUBLISHED, ann, section, "As asked.")
    record(Kind.PUBLISHED, None, section, "As scheduled.")
    record(Kind.CHANGED, gone, section)
    record(Kind.CHANGED, ann, other)
    gone.delete()
    other.delete()
    return section


def test_the_list_says_when_who_what_to_what_and_why_newest_first(admin_client, told):
    page = listed(admin_client)
    assert [row[1:] for row in rows_of(page)] == [
        ["ann", "Changed", "Away", "–"],
        ["gone", "Changed", "Signs", "–"],
        ["the site itself", "Published", "Signs", "As scheduled."],
        ["ann", "Published", "Signs", "As asked."],
    ]
    year = str(timezone.localdate().year)
    assert all(year in row[0] for row in rows_of(page))


def links(page):
    body = page.one("table", id="result_list").one("tbody")
    return {a.text: a.attrs["href"] for a in body.all("a")}


def listed(client, **asked):
    """The list without the lines that the test itself made by signing in."""
    Event.objects.filter(kind=Kind.SIGNED_IN).delete()
    return read(client.get(LIST, asked))


def test_only_what_still_exists_and_may_be_seen_is_a_link(admin_client, client, told):
    assert links(read(admin_client.get(LIST))) == {"Signs": address(Section, "change", told.pk)}
    reader = User.objects.create_user("reader", is_staff=True)
    reader.user_permissions.add(Permission.objects.get(codename="view_event"))
    client.force_login(reader)
    page = listed(client)
    assert len(rows_of(page)) == 4
    assert links(page) == {}


def test_it_is_filtered_by_person_and_kind_and_day_and_searched(admin_client, told, subtests):
    for asked, found in [
        ({"who": "ann"}, 2),
        ({"who": "gone"}, 1),
        ({"who": "*"}, 1),
        ({"kind__exact": "published"}, 2),
        ({"q": "signs"}, 3),
        ({"q": "scheduled"}, 1),
        ({"q": "gone"}, 1),
        ({"at__year": "1999"}, 0),
    ]:
        with subtests.test(asked=asked, found=found):
            page = listed(admin_client, **asked)
            assert len(rows_of(page) if found else page.all("table", id="result_list")) == found


def test_nobody_adds_or_changes_or_deletes_a_line_of_it(admin_client, told):
    event, before = Event.objects.latest("pk"), list(Event.objects.values())
    assert admin_client.get(address(Event, "add")).status_code == 403
    where = address(Event, "change", event.pk)
    assert read(admin_client.get(where)).all("input", type="submit") == []
    assert admin_client.post(where, {"note": "x"}).status_code == 403
    assert admin_client.post(address(Event, "delete", event.pk), {"post": "y"}).status_code == 403
    sent = {"action": "delete_selected", "_selected_action": [event.pk], "post": "yes"}
    admin_client.post(LIST, sent)
    assert list(Event.objects.values()) == before


def test_a_longer_list_of_more_kinds_costs_no_more_questions(client, db):
    user = User.objects.create_user("ann", is_staff=True)
    user.groups.add(Group.objects.get(name="Publisher"))
    client.force_login(user)

    def count():
        with CaptureQueriesContext(connection) as asked:
            assert client.get(LIST).status_code == 200
        return len(asked)

    record(Kind.CHANGED, user, factories.section())
    few = count()
    makers = [factories.section, factories.update, factories.appeal, factories.help_line]
    makers += [factories.figure, factories.place, factories.measure, factories.source]
    for n in range(40):
        record(Kind.CHANGED, User.objects.create_user(f"user{n}"), makers[n % len(makers)]())
    record(Kind.IMPORTED, user, Figure)
    assert count() == few <= 10
