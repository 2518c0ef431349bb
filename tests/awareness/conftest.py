import pytest
from django.contrib.auth.models import Group, User
from django.db import connections
from django.test import Client

from tests.starter import starter  # noqa: F401 - a fixture


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
