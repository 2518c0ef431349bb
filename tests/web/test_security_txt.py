"""/.well-known/security.txt: valid by RFC 9116, or not there at all."""

import datetime
import re

import pytest
from django.utils import timezone

from awareness.web.security_txt import expires, security_txt
from pages.models import SiteSettings
from tests.html import read

ADDRESS = "/.well-known/security.txt"
DAY = datetime.date(2026, 11, 24)


@pytest.fixture
def with_email(db):
    SiteSettings(contact_email="we@example.org").save()


def fields(text):
    """The lines as the RFC has them: a name, a colon, a space, a value; each line ends."""
    assert text.endswith("\n")
    return [re.fullmatch(r"([A-Z][A-Za-z-]+): (\S.*)", line).groups() for line in text.splitlines()]


def test_it_says_whom_to_write_to_until_when_and_in_which_languages(client, with_email, settings):
    settings.SITE_URL = "https://aware.example.org"
    moved = client.get("/security.txt")
    assert (moved.status_code, moved["Location"]) == (302, ADDRESS)
    answer = client.get(ADDRESS)
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/plain; charset=utf-8")
    assert answer["Cache-Control"] == "no-store"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert not answer.cookies
    said = fields(answer.content.decode())
    said = dict(said)
    assert list(said) == ["Contact", "Expires", "Preferred-Languages", "Canonical"]
    assert said["Contact"] == "mailto:we@example.org"
    assert said["Preferred-Languages"] == "en, es"
    assert said["Canonical"] == f"https://aware.example.org{ADDRESS}"
    until = datetime.datetime.fromisoformat(said["Expires"])
    months = datetime.timedelta(days=150), datetime.timedelta(days=190)
    assert months[0] < until - timezone.now() < months[1]


def test_without_an_email_address_there_is_none_rather_than_a_wrong_one(client, starter):
    answer = client.get(ADDRESS)
    assert answer.status_code == 404
    assert read(answer).one("section", class_="card get-help")
    SiteSettings.objects.update(contact_email="we@example.org")
    assert client.get(ADDRESS).status_code == 200


def test_it_is_only_read(client, with_email):
    for method in (client.post, client.put, client.delete):
        for address in (ADDRESS, "/security.txt"):
            assert method(address).status_code == 405, (method, address)


def test_on_every_day_it_is_neither_past_nor_more_than_a_year_ahead():
    for offset in range(0, 800, 7):
        day = DAY + datetime.timedelta(days=offset)
        ahead = expires(day) - day
        assert datetime.timedelta(days=150) <= ahead <= datetime.timedelta(days=185), day


def test_no_address_adds_a_line_or_another_recipient():
    for email, contact in {
        "a+b@example.org": "mailto:a%2Bb@example.org",
        "a@example.org\nExpires: 2099": "mailto:a@example.org%0AExpires%3A%202099",
        "a?cc=b@example.org": "mailto:a%3Fcc%3Db@example.org",
    }.items():
        assert fields(security_txt(email, DAY))[0] == ("Contact", contact)
        assert len(fields(security_txt(email, DAY))) == 4
