import pytest
from django.contrib.auth.models import Group, User
from django.db import connections
from django.test import Client

from awareness.desk.guard.watch import look
from tests import factories
from tests.awareness.signing_in import account, code_of
from tests.html import read


def signed_in(name, role):
    user = User.objects.create_user(name, is_staff=True)
    user.groups.add(Group.objects.get(name=role))
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def editor(db):
    return signed_in("editor", "Editor")


@pytest.fixture
def publisher(db):
    return signed_in("publisher", "Publisher")


@pytest.fixture
def other_publisher(db):
    return signed_in("other", "Publisher")


@pytest.fixture
def ann(db):
    """A publisher who has a password, and no second step."""
    return account("ann", "Publisher")


@pytest.fixture
def public_site(settings):
    """As on a public address."""
    settings.IS_LOCAL = False


@pytest.fixture
def enrol(django_capture_on_commit_callbacks):
    def enrol(client):
        """As a person does it, right after signing in."""
        page = read(client.get("/accounts/second-step/app/add/"))
        secret = page.one("code", class_="key").text
        with django_capture_on_commit_callbacks(execute=True):
            done = client.post("/accounts/second-step/app/add/", {"code": code_of(secret)})
        assert done["Location"] == "/accounts/second-step/codes/"
        codes = [code.text for code in read(client.get(done["Location"])).all("code")]
        assert len(codes) == 10

    return enrol


@pytest.fixture
def lines(db):
    """Three help lines that the guard has seen."""
    made = [factories.help_line(name=f"Line {n}", position=n * 10) for n in (1, 2, 3)]
    assert look() == []
    return made


@pytest.fixture
def line(lines):
    return lines[1]


@pytest.fixture
def replace_database(db):
    """A function that puts another database in the place of the site's, until the test ends."""
    working = connections["default"]

    def replace(**differently):
        lost = connections.create_connection("default")
        lost.settings_dict = {**working.settings_dict, "OPTIONS": {}, **differently}
        connections["default"] = lost

    yield replace
    if connections["default"] is not working:
        connections["default"].close()
        connections["default"] = working


@pytest.fixture
def gone(replace_database, tmp_path):
    """A function after which the site's database cannot be reached."""
    if connections["default"].vendor == "sqlite":
        return lambda: replace_database(NAME=str(tmp_path / "no-such-folder" / "db.sqlite3"))
    return lambda: replace_database(HOST="127.0.0.1", PORT="1")
