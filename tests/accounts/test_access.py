"""Every address of the staff's, and who gets what there: access.txt is the table.

An address that has no row fails the test, and so does a row whose address is gone.
"""

import re
from http.cookies import SimpleCookie
from pathlib import Path

import pytest
import reversion
from django.apps import apps
from django.contrib.auth.models import Group, User
from django.core.cache import cache
from django.db import transaction
from django.template.response import SimpleTemplateResponse
from django.test import Client
from django.urls import get_resolver
from reversion.models import Version

from awareness.audit.models import Event
from awareness.desk.alerts import baseline
from pages.models import HelpLine
from tests import factories
from tests.accounts.signing_in import account

TABLE = Path(__file__).parent / "access.txt"
PEOPLE = ["anonymous", "Editor", "Publisher", "superuser", "removed"]

WORDS = {200: "page", 403: "no", 404: "none", 405: "method"}


def addresses(resolver, before=""):
    """Every pattern under /admin/ and /accounts/, written as in urls.py."""
    for entry in resolver.url_patterns:
        here = f"{before}{entry.pattern}"
        if hasattr(entry, "url_patterns"):
            yield from addresses(entry, here)
        elif here.startswith(("admin/", "accounts/")):
            yield here


def table():
    lines = [line for line in TABLE.read_text("utf-8").splitlines() if line and line[0] != "#"]
    rows = [re.split(r"\s{2,}", line.strip()) for line in lines]
    return {address: cells for address, *cells in rows}


def test_every_address_has_a_row_and_every_row_an_address():
    there = set(addresses(get_resolver()))
    assert len(there) > 150
    assert table().keys() == there
    assert all(len(cells) == len(PEOPLE) for cells in table().values())


# --- What each person gets -------------------------------------------------------------


@pytest.fixture
def versions(starter):
    """{model: (pk of a row, pk of its version, pk of a version of a deleted row)}"""
    factories.notice()
    factories.campaign_link()
    factories.picture()
    found = {
        "auth/user": (account("another").pk, 1, 1),
        "auth/group": (Group.objects.get(name="Editor").pk, 1, 1),
    }
    for label in ("pages", "stats"):
        for model in apps.get_app_config(label).get_models():
            row = model.objects.order_by("pk").first()
            if not reversion.is_registered(model) or row is None:
                continue
            with reversion.create_revision():
                reversion.add_to_revision(row)
            version = Version.objects.get_for_object(row).first()
            gone = Version.objects.get(pk=version.pk)
            gone.pk, gone.object_id = None, "999999"
            gone.save()
            found[f"{label}/{model._meta.model_name}"] = (row.pk, version.pk, gone.pk)
    baseline.look()
    HelpLine.objects.update(hours_en="At night")
    found["alert"] = baseline.look()[0].pk
    found["awareness/event"] = (Event.objects.create(kind=Event.Kind.CHANGED).pk, 1, 1)
    return found


def filled(address, versions):
    """The address with a real row in it."""
    path = re.sub(r"\(\?P<app_label>.*?\)", "pages", address).replace("(?P<url>.*)", "no/such/page")
    model = "/".join(path.split("/")[1:3])
    pk, version, gone = versions.get(model, (1, 1, 1))
    if "recover" in path:
        version = gone
    path = path.replace("<slug:button>", "unpublish").replace("([^/]+)", str(pk))
    path = path.replace(r"(\d+)", str(version)).replace("^", "").replace("$", "")
    path = path.replace("<path:content_type_id>/<path:object_id>", "1/1")
    path = re.sub(r"<(path:object_id|id|int:pk)>", str(pk), path)
    path = path.replace("<slug:uidb36>/<str:key>", "1/not-a-key")
    path = path.replace("<int:number>", str(versions["alert"]))
    assert not set("<>()^$") & set(path), path
    return f"/{path}"


def enter(who):
    """A new browser in which this person has signed in."""
    client = Client()
    if who != "anonymous":
        role = who if who in ("Editor", "Publisher") else None
        user = account("somebody", role, is_superuser=who in ("superuser", "removed"))
        client.force_login(user)
        if who == "removed":
            User.objects.filter(pk=user.pk).update(is_active=False)
    return client


def outcome(response):
    if response.status_code == 302:
        where = response["Location"]
        return "sign-in" if where.startswith(("/admin/login/", "/accounts/login/")) else "away"
    return WORDS.get(response.status_code, str(response.status_code))


def got(cookies, address, versions):
    """What they get for looking, and for sending an empty form: “page/no”."""
    cell = []
    for method in ("get", "post"):
        cache.clear()  # it is not about how often one may try
        with transaction.atomic():
            client = Client()
            client.cookies = SimpleCookie(cookies)
            answer = getattr(client, method)(filled(address, versions))
            cell.append(outcome(answer))
            transaction.set_rollback(True)
    return "/".join(cell)


@pytest.mark.slow
@pytest.mark.parametrize("who", PEOPLE)
def test_each_person_gets_what_the_table_says_and_no_more(who, versions, monkeypatch):
    # All of it is settled before a page is drawn; tests/desk/test_admin.py looks at each.
    monkeypatch.setattr(SimpleTemplateResponse, "rendered_content", "")
    column, publisher = PEOPLE.index(who), PEOPLE.index("Publisher")
    cookies = {name: cookie.value for name, cookie in enter(who).cookies.items()}
    wanted = {
        address: cells[column]
        for address, cells in table().items()
        if who != "superuser" or cells[column] != cells[publisher]  # who may less
    }
    found = {address: got(cookies, address, versions) for address in wanted}
    assert found == wanted
