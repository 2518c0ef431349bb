"""Events are updates with a time: what is coming up, calendar files, and when they are over."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone
from icalendar import Calendar

from awareness.content.publishing import next_moment
from pages.models import Update
from tests import factories
from tests.html import read

HOUR = datetime.timedelta(hours=1)


def event(begins, **fields):
    at = timezone.now().replace(microsecond=0) + begins
    return factories.update(starts_at=at, ends_at=at + 2 * HOUR, **fields)


def test_what_is_coming_up_comes_first_until_it_is_over(client, db):
    event(-HOUR, title="On now")
    later = event(100 * HOUR, title="Later", place="A library, Columbia")
    event(-50 * HOUR, title="Over")
    factories.update(title="News")
    coming = read(client.get("/updates/")).all("section")[0]
    assert [a.text for a in coming.one("ul").all("a")] == ["On now", "Later"]
    assert [a.text for a in coming.all("h3")] == ["On now", "Later"]
    assert "A library, Columbia" in coming.text
    news = [a.text for a in read(client.get("/updates/")).one("main").all("a")]
    assert (news.count("Over"), news.count("News"), news.count("Later")) == (1, 1, 1)
    Update.objects.exclude(pk=later.pk).delete()
    assert next_moment(timezone.now()) == later.ends_at


def test_the_newest_is_large_six_are_cards_and_the_rest_stand_by_year(client, db):
    first = timezone.now().replace(month=6, day=15)
    for n in range(22):
        factories.update(title=f"N{n}", slug=f"n{n}", publish_at=first - n * 30 * 24 * HOUR)
    main = read(client.get("/updates/")).one("main")
    assert [a.text for a in main.one("div", class_="newest").all("a")] == ["N0"]
    assert [a.text for a in main.one("ul", class_="news").all("a")] == [
        f"N{n}" for n in range(1, 7)
    ]
    years = main.all("section", class_="year")
    assert [a.text for year in years for a in year.all("a")] == [f"N{n}" for n in range(7, 20)]
    older = read(client.get("/updates/?page=2")).one("main")
    assert [a.text for a in older.one("section", class_="year").all("a")] == ["N20", "N21"]
    assert older.all("div", class_="newest") == []
    others = read(client.get("/updates/n1/")).one("section", class_="others")
    assert [a.text for a in others.all("a")] == ["N0", "N2", "N3"]


def test_its_page_says_when_and_where_and_how_to_sign_up(client, db):
    made = event(50 * HOUR, place="Online", sign_up_url="https://sign.example/up", slug="here")
    page = read(client.get("/updates/here/")).one("article")
    assert "Online" in page.one("div", class_="event").text
    links = [a.attrs["href"] for a in page.one("ul", class_="buttons").all("a")]
    assert links == ["https://sign.example/up", "/updates/here/event.ics"]
    made.starts_at, made.ends_at = made.starts_at - 100 * HOUR, made.ends_at - 100 * HOUR
    made.save()
    over = read(client.get("/updates/here/")).one("article")
    assert "(This event is over)" in over.text
    assert over.all("ul", class_="buttons") == []


def test_the_calendar_files_hold_what_is_live(client, db):
    made = event(50 * HOUR, title="Ünder; a, “bridge”", place="B", slug="here")
    event(60 * HOUR, title="Hidden", **factories.in_state("draft"))
    factories.update(slug="news")
    for address in ("/updates/events.ics", "/updates/here/event.ics"):
        answer = client.get(address)
        assert answer["Content-Type"] == "text/calendar; charset=utf-8"
        (found,) = Calendar.from_ical(answer.content).walk("VEVENT")
        assert found["SUMMARY"] == made.title
        assert found.decoded("DTSTART") == made.starts_at
        assert found.decoded("DTEND") == made.ends_at
        assert found["URL"].endswith("/updates/here/")
    assert client.get("/updates/news/event.ics").status_code == 404


@pytest.mark.parametrize(
    ("begins", "ends", "place", "field", "sentence"),
    [
        (2, 1, "", "ends_at", "This event ends before it begins. Check both times."),
        (1, None, "", "ends_at", "An event needs both: when it begins and when it ends."),
        (None, 1, "", "starts_at", "An event needs both: when it begins and when it ends."),
        (None, None, "Here", "starts_at", "Say when the event begins, or clear its place"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(db, begins, ends, place, field, sentence):
    row = Update(title_en="A", slug="a", summary_en="B", body_en="<p>C</p>", place_en=place)
    row.starts_at = begins and timezone.now() + begins * HOUR
    row.ends_at = ends and timezone.now() + ends * HOUR
    with pytest.raises(ValidationError) as error:
        row.full_clean()
    assert error.value.message_dict[field][0].startswith(sentence)


def test_the_archive_goes_by_missouris_years(client, db):
    """The last evening of a year in Missouri is in the next one by UTC."""
    for n in range(7):
        factories.update(publish_at=timezone.now() - n * factories.DAY)
    factories.update(publish_at="2020-01-01T03:00Z")
    page = read(client.get("/updates/")).one("main")
    assert [h.text for h in page.all("h2", "summary") if h.text.startswith("20")] == ["2019"]
