"""What stands on every page is read once for each generation of the content, and never after."""

import time

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from awareness.content import reading
from awareness.content.reading import current_generation, read_once
from pages.models import HelpLine, Section, SiteSettings, Update
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def content():
    row = factories.figure(place=factories.place(), measure=factories.measure(), year=2015)
    factories.headline(row)
    factories.citation(factories.section(slug="signs"))
    factories.plain_page()
    factories.update()
    factories.help_line()
    factories.appeal(amounts=[(10, False, "paper")])
    SiteSettings.load().save()


def ask(client, path="/"):
    """The page, and how many questions it asked the database."""
    with CaptureQueriesContext(connection) as asked:
        page = client.get(path).content.decode()
    return page, len(asked)


def test_what_did_not_change_is_not_read_again(client, content):
    for path in ("/", "/learn/all/"):
        first, many = ask(client, path)
        assert many > 3, path
        assert ask(client, path) == (first, 1), f"{path} reads more than the content version"
        other = f"/es{path}"
        assert ask(client, other)[1] == 1, f"{other} is made of the same rows"


def test_a_change_shows_on_the_next_page(client, content):
    ask(client)
    changes = {
        "800-555-0199": lambda: HelpLine.objects.update(number="800-555-0199"),
        "Another name": lambda: SiteSettings.objects.update(site_name="Another name"),
        "Another title": lambda: Section.objects.filter(slug="signs").update(title="Another title"),
        "An update of today": lambda: factories.update(title="An update of today"),
    }
    for words, change in changes.items():
        assert words not in ask(client)[0]
        change()
        assert words in ask(client)[0], words
    Update.objects.all().delete()
    assert "An update of today" not in ask(client)[0]


def test_what_begins_or_ends_by_its_date_does_so(client, content, monkeypatch):
    hour = timezone.timedelta(hours=1)
    now = timezone.now()
    factories.update(title="Begins", publish_at=now + hour)
    factories.update(title="Ends", publish_at=now - hour, expire_at=now + hour)
    for later, begun in ((0 * hour, False), (2 * hour, True), (0 * hour, False)):
        at = now + later  # and the clock is set back
        monkeypatch.setattr(timezone, "now", lambda at=at: at)
        monkeypatch.setattr(time, "time", at.timestamp)
        page = ask(client)[0]
        assert ("Begins" in page, "Ends" in page) == (begun, not begun), later


def test_nothing_is_kept_of_what_a_transaction_sees(rf):
    request = rf.get("/")
    assert read_once(request, Section.objects.count) == 0
    with transaction.atomic():
        factories.section()
        assert read_once(rf.get("/"), Section.objects.count) == 1
        transaction.set_rollback(True)
    assert read_once(rf.get("/"), Section.objects.count) == 0


def test_one_request_sees_one_generation(rf):
    request, counted = rf.get("/"), Section.objects.count
    assert read_once(request, counted) == 0
    factories.section()
    assert read_once(request, counted) == 0
    assert read_once(rf.get("/"), counted) == 1


def test_a_generation_ends_with_a_change_or_after_five_minutes(monkeypatch):
    before = current_generation()
    assert current_generation() is before
    factories.section()
    after = current_generation()
    assert after is not before
    assert after.version > before.version
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + reading.MAX_AGE)
    assert current_generation() is not after
