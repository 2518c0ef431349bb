"""Staff go from what they read to its form; nobody else's page has a letter more or less."""

import re

import pytest
from django.contrib.auth.models import Permission, User
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from pages.models import CallToAction, HelpLine, Section, SiteSettings, Update
from stats.models import Place
from tests import factories
from tests.desk.test_admin import address
from tests.html import read
from tests.web.test_pagecache import Answer, Django, one_connection, unwatched  # noqa: F401

LINK = re.compile(
    rb'<p class="crumb"><a href="/admin/[^"]+">[^<]+<span class="hidden">[^<]+</span></a></p>'
)
# One of each kind; what is read in Spanish, what is led on, not found, or no page at all.
PAGES = [
    "/",
    "/learn/",
    "/learn/all/",
    "/learn/signs/",
    "/safety/",
    "/about/",
    "/help/",
    "/updates/",
    "/donate/",
]
PAGES += ["/updates/welcome/", "/statistics/", "/statistics/missouri/", "/es/learn/signs/"]
PAGES += ["/learn", "/no/such/page/", "/statistics/data.csv", "/updates/feed.atom", "/sitemap.xml"]


@pytest.fixture
def site(starter):
    factories.appeal(heading="Please give", priority=9)
    factories.update(slug="welcome")


def who(name, *rights, **fields):
    """A client signed in as somebody with these rights ("change_section")."""
    user = User.objects.create_user(name, **fields)
    user.user_permissions.set(Permission.objects.filter(codename__in=rights))
    assert user.user_permissions.count() == len(rights)
    client = Client()
    client.force_login(user)
    return client


def links(response):
    """[(address, words)] of what leads into the admin."""
    found = read(response).all("a")
    return [
        (a.attrs["href"], a.text) for a in found if a.attrs.get("href", "").startswith("/admin/")
    ]


def form(row):
    return address(type(row), "change", row.pk)


# --- Nobody else -------------------------------------------------------------------------


@pytest.mark.slow
def test_nobody_elses_page_has_a_letter_more_or_less(client, admin_client, site, subtests):
    """Staff's own has the links more and nothing else; what any other page was is not changed."""
    everybody = [
        who("visitor", "change_section", "change_update", "change_helpline"),  # no staff
        who("staff", "view_section", "view_update", "view_helpline", is_staff=True),
        Client(headers={"cookie": "sessionid=made-up; csrftoken=x"}),
    ]
    for page in PAGES:
        with subtests.test(page=page):
            plain = client.get(page)
            for other in everybody:
                answer = other.get(page)
                assert (answer.status_code, answer.content) == (plain.status_code, plain.content)
                assert not answer.cookies
            if "feed" not in page:
                assert LINK.sub(b"", admin_client.get(page).content) == plain.content
            assert b"/admin/" not in plain.content


def test_whoever_has_no_session_is_asked_for_none(client, site, subtests):
    for page in PAGES:
        with subtests.test(page=page):
            with CaptureQueriesContext(connection) as asked:
                response = client.get(page)
            assert "cookie" not in response.get("Vary", "").lower()
            assert not [q for q in asked if "session" in q["sql"] or "auth_" in q["sql"]]
            assert not response.cookies
    assert Session.objects.count() == 0


def test_who_was_signed_in_once_gets_what_everybody_gets(client, admin_client, site):
    assert admin_client.cookies["sessionid"].value
    expired = {"expire_date": "2020-01-01T00:00Z"}
    for end in (lambda rows: rows.update(**expired), lambda rows: rows.delete()):
        end(Session.objects.all())
        with CaptureQueriesContext(connection) as asked:
            once, plain = admin_client.get("/help/"), client.get("/help/")
        assert (once.content, once.headers) == (plain.content, plain.headers)
        assert len([q for q in asked if "session" in q["sql"]]) == 1


def test_who_is_no_longer_staff_has_no_link(site):
    gone = who("gone", "change_section", is_staff=True)
    assert links(gone.get("/learn/signs/"))
    User.objects.filter(username="gone").update(is_active=False)
    assert links(gone.get("/learn/signs/")) == []


def test_nor_has_who_may_not_enter_the_admin_from_there(admin_client, site, settings):
    from ipaddress import ip_network

    assert links(admin_client.get("/learn/signs/"))
    settings.ADMIN_ALLOWED_IPS = [ip_network("192.0.2.0/24")]
    assert links(admin_client.get("/learn/signs/")) == []


# --- Staff -------------------------------------------------------------------------------


def test_a_link_leads_to_the_form_of_what_is_read_and_names_it(admin_client, site, subtests):
    for page, model, row, words in [
        ("/learn/signs/", Section, {"slug": "signs"}, "Edit this page"),
        ("/about/", Section, {"slug": "about"}, "Edit this page"),
        ("/updates/welcome/", Update, {"slug": "welcome"}, "Edit this page"),
        ("/learn/all/", Section, {"slug": "signs"}, "Edit this section"),
        ("/statistics/missouri/", Place, {"code": "US-MO"}, "Edit this place"),
        ("/", SiteSettings, {"pk": 1}, "Edit the site settings"),
        *(
            (page, CallToAction, {"heading": "Please give"}, "Edit this appeal")
            for page in ("/", "/learn/", "/updates/", "/updates/welcome/", "/donate/")
        ),
    ]:
        with subtests.test(page=page, model=model, row=row, words=words):
            item = model.objects.get(**row)
            there, said = form(item), f"{words}: {item}"
            assert (there, said) in links(admin_client.get(page))
            assert admin_client.get(there).status_code == 200


def test_each_part_of_a_page_has_its_own(admin_client, site):
    for page, rows, words in (
        ("/learn/all/", Section.objects.live().guide(), "Edit this section"),
        ("/safety/", Section.objects.live().safety(), "Edit this section"),
        ("/help/", HelpLine.objects.live().exclude(where="report"), "Edit this help line"),
    ):
        assert rows
        found = [link for link in links(admin_client.get(page)) if link[1].startswith(words)]
        assert sorted(found) == sorted((form(row), f"{words}: {row}") for row in rows)


def test_help_lines_have_none_on_other_pages(admin_client, site):
    for page in ("/", "/learn/", "/learn/signs/", "/donate/", "/no/such/page/"):
        assert not [there for there, _ in links(admin_client.get(page)) if "helpline" in there]


def test_only_what_somebody_may_change_has_a_link(site):
    page = who("writer", "change_calltoaction", is_staff=True).get("/updates/welcome/")
    assert [words for _, words in links(page)] == ["Edit this appeal: Please give"]


def test_before_there_is_a_row_the_link_makes_it(admin_client, db):
    ((there, _words),) = links(admin_client.get("/"))
    assert not SiteSettings.objects.exists()
    assert admin_client.get(there, follow=True).status_code == 200
    assert SiteSettings.objects.count() == 1


def test_a_page_with_links_is_for_one_reader_and_never_held(admin_client, site):
    cache = unwatched(Django())
    cache.look()
    cookie = f"sessionid={admin_client.cookies['sessionid'].value}"
    path = "/learn/signs/"
    for _ in range(2):
        staff = Answer(cache, path, cookie=cookie)
        assert LINK.search(staff.body)
        assert staff.headers["cache-control"] == "no-store"
        assert "cookie" in staff.headers["vary"].lower()
        assert "etag" not in staff.headers
        assert b"/admin/" not in Answer(cache, path).body
    assert [page.body for page in cache.pages.values() if b"/admin/" in page.body] == []
    assert len(cache.pages) == 1


def test_it_is_not_on_paper(admin_client, site):
    from awareness.web.inline import style

    (hidden,) = re.findall(r"(\.bar,[^{}]*)\{display:none !important;\}", style())
    assert ".crumb" in hidden.split(",")
    for page in ("/", "/learn/all/", "/help/", "/donate/", "/statistics/missouri/"):
        tree = read(admin_client.get(page))
        inside = [a for p in tree.all("p", class_="crumb") for a in p.all("a")]
        assert [a.attrs["href"] for a in inside if "/admin/" in a.attrs["href"]] == [
            there for there, _ in links(admin_client.get(page))
        ]
