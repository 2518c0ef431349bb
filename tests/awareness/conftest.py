import pytest
from django.contrib.auth.models import Group, User
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
