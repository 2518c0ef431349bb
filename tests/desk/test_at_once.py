"""Two who press in the same moment: the second acts on what the first has left."""

import threading

import pytest
from django.contrib.auth.models import User
from django.db import connection, connections
from django.utils import timezone

from awareness.audit.models import Event
from awareness.desk import timetable
from awareness.desk.item_version import ItemVersion
from awareness.desk.models import Draft
from awareness.desk.preview import as_if_public
from pages.models import Section
from stats.imports import as_row
from stats.models import Figure
from tests import factories
from tests.desk.at_once import (
    WITH_THREADS,
    at_once,
    own_connections,  # noqa: F401 - a fixture
    superuser,
)
from tests.desk.test_admin import address, fields_of, fill
from tests.desk.test_bulk import press
from tests.desk.test_drafts import step
from tests.html import read
from tests.stats.csv_files import as_csv, confirm, preview

pytestmark = [WITH_THREADS, pytest.mark.usefixtures("own_connections")]
DRAFT = r'(UPDATE|DELETE FROM|INSERT INTO) "awareness_draft"'


@pytest.fixture
def one():
    return superuser("one")


@pytest.fixture
def two():
    return superuser("two")


@pytest.fixture
def row(one):
    """A live section with a draft that is scheduled."""
    row = factories.section(title="Old")
    day = timezone.localtime() + factories.DAY
    later = {"_when-at_0": f"{day:%Y-%m-%d}", "_when-at_1": "12:00:00"}
    fill(one, address(Section, "change", row.pk), "_schedule", title_en="New", **later)
    return row


def opened(client, row):
    return fields_of(read(client.get(address(type(row), "change", row.pk))))


def publisher_of(client, row):
    sent = {**opened(client, row), "_publish": "on", "_anyway": "1"}
    return lambda: client.post(address(type(row), "change", row.pk), sent).status_code


def title(row):
    return Section.objects.get(pk=row.pk).title


@pytest.mark.parametrize("name", ["return", "unschedule"])
@pytest.mark.parametrize("is_first", [True, False], ids=["first", "second"])
def test_a_published_draft_does_not_come_back(one, two, row, name, is_first):
    def do():
        return step(one, row, name, _note="Not yet.").status_code

    pair = [do, publisher_of(two, row)]
    at_once(*(pair if is_first else pair[::-1]), DRAFT)
    assert title(row) == "New"
    assert not Draft.objects.exists()


def test_nor_when_its_time_comes_while_somebody_returns_it(one, row):
    at = Draft.objects.get().apply_at
    at_once(lambda: step(one, row, "return", _note="No."), lambda: timetable.apply_due(at), DRAFT)
    assert title(row) == "Old"
    assert Draft.objects.get().state == Draft.State.RETURNED


def test_a_discarded_draft_is_not_published(one, two, row):
    _done, code = at_once(lambda: step(one, row, "discard"), publisher_of(two, row), DRAFT)
    assert code == 200  # with the sentence that somebody else was here
    assert title(row) == "Old"


def test_what_is_returned_to_is_not_what_somebody_else_has_just_changed(one, two):
    """Both are saved, one after the other, and each is in the history."""
    row = factories.section(title="First")
    fill(one, address(Section, "change", row.pk), title_en="Second")
    fill(one, address(Section, "change", row.pk), title_en="Third")
    history = read(one.get(address(Section, "history", row.pk)))
    goal = history.all("form", method="post")[-1].attrs["action"]
    back = (lambda: one.post(goal).status_code, publisher_of(two, row))
    codes = at_once(*back, 'UPDATE "pages_section"')
    assert codes[0] == 302
    assert title(row) == "Second"


def test_what_two_bring_back_at_once_is_brought_back_once(one, two):
    gone = factories.section(title="Old", slug="old")
    one.post(address(Section, "delete", gone.pk), {"post": "yes"})
    (link,) = read(one.get(address(Section, "recoverlist"))).one("tbody").all("a")
    where = link.attrs["href"]
    pair = (lambda: one.post(where), lambda: two.post(where))
    answers = at_once(*pair, 'INSERT INTO "pages_section"')
    assert [answer.status_code for answer in answers] == [302, 302]
    assert Section.objects.get().slug == "old"
    assert Event.objects.filter(kind="recovered").count() == 1


@pytest.mark.parametrize("way", ["demote", "delete"])
def test_two_who_may_do_everything_do_not_shut_out_each_other(one, two, way):
    def do(client, name):
        pk = User.objects.get(username=name).pk
        if way == "delete":
            return lambda: client.post(address(User, "delete", pk), {"post": "yes"})
        form = address(User, "change", pk)
        sent = fields_of(read(client.get(form)))
        sent.pop("is_superuser")
        return lambda: client.post(form, sent)

    at_once(do(one, "two"), do(two, "one"), '(UPDATE|DELETE FROM) "auth_user" ')
    left = User.objects.filter(is_superuser=True, is_active=True, is_staff=True)
    assert [user.username for user in left] == ["one"]


def test_a_preview_keeps_nobody_waiting(one, row):
    """While it is open, somebody else saves the same item, and need not wait a moment."""
    said = []

    def save():
        impatient = {"sqlite": "PRAGMA busy_timeout = 0", "postgresql": "SET lock_timeout = 500"}
        with connection.cursor() as cursor:
            cursor.execute(impatient[connection.vendor])
        try:
            said.append(Section.objects.filter(pk=row.pk).update(title_en="Saved", title="Saved"))
        except Exception as error:
            said.append(error)
        finally:
            connections.close_all()

    copy = ItemVersion.of(Section.objects.get(pk=row.pk))
    copy.item.title_en = "Seen by one"
    with as_if_public(copy):
        assert title(row) == "Seen by one"
        thread = threading.Thread(target=save)
        thread.start()
        thread.join()
        assert title(row) == "Seen by one"
    assert said == [1]
    assert title(row) == "Saved"
    with connection.cursor() as cursor:  # nothing of it stays in this connection
        cursor.execute("SELECT title_en FROM pages_section")
        assert cursor.fetchall() == [("Saved",)]


def importing(client, rows):
    changed = [{**as_row(row), "note": "From the file"} for row in rows]
    page = preview(client, as_csv(*changed), assurance="I looked.")
    return lambda: confirm(client, page)


@pytest.mark.parametrize("way", ["import", "list"])
def test_many_at_once_and_one_form_do_not_wait_for_each_other(one, two, way):
    """On PostgreSQL each would hold what the other needs, and one of them would be refused."""
    if way == "import":
        first = factories.figure(year=2019)
        rows = [first, factories.figure(year=2020, place=first.place, measure=first.measure)]
        many, typed = importing(one, rows), {"counted_en": "By hand", "assurance": "Sure."}
    else:
        rows = [factories.section(title=f"Old {n}", position=n) for n in (1, 2)]
        for row in rows:
            fill(one, address(Section, "change", row.pk), "_draft", summary_en="New")
        many = lambda: press(one, "publish_selected", *rows, _confirmed="1")  # noqa: E731
        typed = {"title_en": "By hand"}
    last, table = rows[-1], rows[-1]._meta.db_table
    form, sent = address(type(last), "change", last.pk), {**opened(two, last), **typed}
    save = lambda: two.post(form, {**sent, "_publish": "on", "_anyway": "1"})  # noqa: E731
    done, answer = at_once(many, save, f'UPDATE "{table}"', after=1)
    assert done.status_code == 302
    assert answer.status_code in (200, 302)  # saved, or told that somebody else was here
    if way == "import":
        assert {row.note for row in Figure.objects.all()} == {"From the file"}
    else:
        assert {row.summary for row in Section.objects.all()} == {"New"}


def test_of_two_who_begin_a_draft_the_second_hears_of_the_first(one, two):
    row = factories.section(title="Old")

    def types(client, title):
        sent = {**opened(client, row), "title_en": title, "_autosave": "1"}
        return lambda: client.post(address(Section, "change", row.pk), sent).json()["message"]

    first, second = at_once(types(one, "One"), types(two, "Two"), DRAFT)
    assert first.startswith("Saved ")
    assert second.startswith("one saved this while you were writing.")
    assert Draft.objects.get().copy[0]["fields"]["title_en"] == "One"
