"""When something is wrong: a page with the help lines, whatever else is gone."""

import resource
import secrets
import sys

import pytest
from django.db import connections
from django.http import HttpResponse
from django.urls import path

from awareness import errors
from awareness.health import BROKEN, READ_ONLY, SILENT
from awareness.urls import handler400, handler403, handler404, handler500  # noqa: F401
from awareness.urls import urlpatterns as site_urls
from pages import site_context
from pages.models import HelpLine, SiteSettings
from tests import factories, public
from tests.accounts.signing_in import may_enter, sign_in, signed_in
from tests.desk.test_admin import fill
from tests.html import read

pytestmark = pytest.mark.also_postgres

OWN, OWN_HREF = "1-800-555-0142", "tel:+18005550142"


def broken(_request):
    raise ZeroDivisionError


def no_room(request):
    """A session that does not fit into the database."""
    request.session["x"] = secrets.token_hex(100_000)
    return HttpResponse()


urlpatterns = [path("broken/", broken), path("no-room/", no_room), *site_urls]


def test_an_error_among_the_staffs_addresses_has_the_sites_look(admin_client, starter):
    policies = [
        admin_client.get(address)["Content-Security-Policy"]
        for address in ("/admin/no/such/page/", "/no/such/page/")
    ]
    assert policies[0] == policies[1]
    assert "style-src 'sha256-" in policies[0]


@pytest.fixture
def own_line(db):
    return factories.help_line(name="Our own line", number=OWN)


def numbers(response):
    """What the page's own help panel leads to, its bar and its footer aside."""
    panel = read(response).one("section", class_="card get-help")
    return [link.attrs["href"] for link in panel.all("a")]


def starter_numbers():
    lines = site_context.SiteContext(SiteSettings(), site_context.starter_help_lines())
    return [lines.emergency.href, lines.call.href, lines.text.href, "/help/"]


def new_process(monkeypatch):
    monkeypatch.setattr(site_context, "_held", None)


def test_every_error_page_shows_the_help_lines_and_the_ways_out(client, own_line):
    client.get("/")
    headings = {}
    for name, response in public.error_pages(client).items():
        assert response.status_code == int(name)
        page = read(response)
        assert numbers(response) == [OWN_HREF, "/help/"]
        assert page.one("meta", name="robots").attrs["content"] == "noindex"
        assert page.all("details", class_="share") == []
        assert page.one("li", class_="leave").one("a").attrs["href"] == SiteSettings().exit_url
        headings[name] = page.one("h1").text
    assert len(set(headings.values())) == len(headings)


def test_a_fault_of_ours_is_a_500_page(client, own_line, settings):
    client.get("/")
    settings.ROOT_URLCONF = __name__
    client.raise_request_exception = False
    response = client.get("/broken/")
    assert response.status_code == 500
    assert read(response).one("h1").text == "Something went wrong"
    assert numbers(response) == [OWN_HREF, "/help/"]


def test_a_session_for_which_there_is_no_room_is_an_outage(client, own_line, settings):
    if connections["default"].vendor != "sqlite":
        return  # a server's disk is not ours to fill
    client.get("/")
    settings.ROOT_URLCONF = __name__
    client.raise_request_exception = False
    database = connections["default"].connection  # Django's own asks nothing more after a fault
    database.execute("PRAGMA max_page_count = 1")  # as many as there are
    response = client.get("/no-room/")
    database.execute("PRAGMA max_page_count = 4294967294")
    assert response.status_code == 503
    assert numbers(response) == [OWN_HREF, "/help/"]


def test_signing_in_on_a_full_disk_is_an_outage(
    ann, client, own_line, settings, tmp_path, monkeypatch
):
    """Tries are counted in files, none of which may grow here: as when the disk is full."""
    files = {"BACKEND": "awareness.web.shared_cache.SharedFiles", "LOCATION": tmp_path / "cache"}
    settings.CACHES = {"default": files}
    client.get("/")
    monkeypatch.setattr(sys, "dont_write_bytecode", True)  # Python would keep half of it, for good
    limit, most = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, most))
    try:
        response = sign_in("ann").last
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, most))
    assert response.status_code == 503
    assert numbers(response) == [OWN_HREF, "/help/"]
    assert may_enter(sign_in("ann"))


def test_the_pages_for_a_broken_site_ask_the_database_nothing(
    client, own_line, django_assert_num_queries
):
    client.get("/")
    with django_assert_num_queries(0):
        errors.server_error(None)
        errors.error_page(503, site_context=site_context.held_context())


def test_a_form_that_was_open_too_long_gets_a_page(db, own_line):
    from django.test import Client

    response = Client(enforce_csrf_checks=True).post("/admin/login/", {"username": "x"})
    assert response.status_code == 403
    assert numbers(response) == [OWN_HREF, "/help/"]


# --- Without a database --------------------------------------------------------------


def test_without_its_database_the_site_says_so_with_the_last_help_lines(client, own_line, gone):
    client.get("/")
    gone()
    for address in [*public.PAGES, "/learn/signs/", "/statistics/missouri/"]:
        response = client.get(address)
        assert response.status_code == 503, address
        assert read(response).one("h1").text == "The site is not available right now", address
        assert numbers(response) == [OWN_HREF, "/help/"], address


def test_the_other_pages_that_need_none_still_answer(client, own_line, gone):
    client.get("/")
    gone()
    for response, status in [
        (client.get("/no/such/page/here/"), 404),
        (client.post("/"), 405),
        (client.get("/", headers={"host": "forged.example"}), 400),
    ]:
        assert response.status_code == status
        assert numbers(response) == [OWN_HREF, "/help/"]
    assert client.get("/robots.txt").status_code == 200


def test_a_database_without_tables_is_none(client, own_line, replace_database, tmp_path):
    client.get("/")
    if connections["default"].vendor != "sqlite":
        return  # a server's database is made by whoever runs the server
    replace_database(NAME=str(tmp_path / "empty.sqlite3"))
    response = client.get("/")
    assert response.status_code == 503
    assert numbers(response) == [OWN_HREF, "/help/"]


def test_the_staff_see_it_too(admin_client, gone):
    gone()
    admin_client.raise_request_exception = False
    assert admin_client.get("/admin/").status_code == 503


def health(client):
    response = client.get("/healthz")
    return response.status_code, response.content.decode().strip()


def test_health_says_which_part_is_ill(client, own_line, gone, monkeypatch):
    """Nothing is held here: a visitor gets no help lines as long as their page cannot be made."""
    assert health(client) == (200, "ok")
    with monkeypatch.context() as patched:
        patched.setattr(HelpLine, "href", property(broken))
        assert health(client) == (503, f"{BROKEN} Nor is it held in memory.")
    gone()
    assert health(client) == (503, f"{SILENT} Nor is it held in memory.")


def test_a_database_that_may_only_be_read_serves_pages_and_tells_the_desk(
    make_folder, replace_database
):
    if connections["default"].vendor != "sqlite":
        return
    file = make_folder() / "db.sqlite3"
    replace_database(NAME=str(file))
    publisher = signed_in("publisher", "Publisher")
    form = f"/admin/pages/helpline/{HelpLine.objects.first().pk}/change/"
    connections["default"].close()
    replace_database(NAME=f"file:{file}?mode=ro")
    assert health(publisher) == (200, READ_ONLY)
    for address in ("/", "/help/", "/es/help/", "/admin/", form):
        assert publisher.get(address).status_code == 200, address
    response = fill(publisher, form, name_en="Another name")
    assert response.status_code == 503
    assert read(response).one("div", class_="lead").text.startswith("Nothing was saved, because")
    assert HelpLine.objects.filter(name_en="Another name").count() == 0


def test_without_the_file_it_shows_the_starter_lines(client, own_line, gone, monkeypatch):
    client.get("/")
    new_process(monkeypatch)
    site_context.context_file().unlink()
    gone()
    assert numbers(client.get("/")) == starter_numbers()


NO_SENSE = [
    *(b"", b"[]", b"null", b"{}", b"7", b"\xff\xfe\x00garbage"),
    b'[{"model": "pages.helpline"',
    b'[{"model": "no.such", "pk": 1, "fields": {}}]',
    b'[{"model": "pages.sitesettings", "pk": 1, "fields": {"no_such_field": "x"}}]',
]


def test_a_file_that_makes_no_sense_is_passed_over(client, gone, monkeypatch):
    gone()
    for content in NO_SENSE:
        new_process(monkeypatch)
        site_context.context_file().write_bytes(content)
        response = client.get("/")
        assert response.status_code == 503, content
        assert numbers(response) == starter_numbers(), content


# --- What is held ---------------------------------------------------------------------


def test_the_held_lines_are_the_last_that_were_read(client, own_line, gone):
    client.get("/")
    own_line.number = "1-800-555-0199"
    own_line.save()
    client.get("/learn/")
    gone()
    assert numbers(client.get("/")) == ["tel:+18005550199", "/help/"]


@pytest.mark.parametrize("change", ["number", "unpublish", "delete", "site"])
def test_the_file_follows_every_change(client, own_line, gone, monkeypatch, change):
    client.get("/")
    if change == "number":
        own_line.number = "1-800-555-0199"
        own_line.save()
    elif change == "unpublish":
        own_line.published = False
        own_line.save()
    elif change == "delete":
        own_line.delete()
    else:
        SiteSettings(exit_url="https://exit.example/").save()
    client.get("/")
    new_process(monkeypatch)
    gone()
    page = read(client.get("/"))
    calls = [a.attrs["href"] for a in page.one("nav", class_="bar").all("a")]
    assert (
        calls
        == {
            "number": ["https://www.weather.gov/", "tel:+18005550199"],
            "unpublish": ["https://www.weather.gov/"],
            "delete": ["https://www.weather.gov/"],
            "site": ["https://exit.example/", OWN_HREF],
        }[change]
    )


def test_a_page_does_not_write_the_file_again_when_nothing_changed(client, own_line):
    client.get("/")
    before = site_context.context_file().stat()
    client.get("/learn/")
    assert site_context.context_file().stat() == before


def test_a_folder_that_cannot_be_written_is_no_fault_of_the_page(
    client, own_line, settings, tmp_path
):
    settings.VAR_DIR = tmp_path / "no" / "such" / "folder"
    response = client.get("/")
    assert response.status_code == 200
    assert OWN in response.content.decode()


def test_a_new_page_stands_in_the_footer_of_an_error(client, db):
    factories.plain_page(title="Our helpers", slug="helpers")
    assert "Our helpers" in read(client.get("/no/such/page/")).one("footer").text
