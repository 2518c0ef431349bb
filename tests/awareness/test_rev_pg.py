"""Two people press Publish in the same moment (PostgreSQL lets both in)."""

import threading

import pytest
from django.contrib.auth.models import User
from django.db import connections
from django.test import Client

from awareness.desk.admin import DeskAdmin
from pages.models import Section
from tests import factories
from tests.awareness.test_admin import address, fields_of
from tests.html import read

pytestmark = pytest.mark.postgres


def client(name):
    user = User.objects.create_user(name, is_staff=True, is_superuser=True)
    c = Client()
    c.force_login(user)
    return c


@pytest.mark.django_db(transaction=True)
def test_the_second_of_two_at_once_is_told(monkeypatch):
    a, b = client("a"), client("b")
    row = factories.section(title="Old")
    form = address(Section, "change", row.pk)
    opened = [fields_of(read(c.get(form))) for c in (a, b)]
    barrier = threading.Barrier(2, timeout=3)
    real = DeskAdmin.save_related

    def slow(self, *args):
        try:
            barrier.wait()
        except threading.BrokenBarrierError:
            pass
        return real(self, *args)

    monkeypatch.setattr(DeskAdmin, "save_related", slow)
    codes = {}

    def post(c, sent, words):
        try:
            codes[words] = c.post(form, {**sent, "title_en": words, "_publish": "on"}).status_code
        finally:
            connections.close_all()

    ts = [threading.Thread(target=post, args=x) for x in zip((a, b), opened, ("A", "B"))]
    [t.start() for t in ts]
    [t.join() for t in ts]
    assert sorted(codes.values()) == [200, 302]
