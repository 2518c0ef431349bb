"""Two at once, each in a thread with a connection of its own: on PostgreSQL, or a SQLite file."""

import os
import re
import threading

import psycopg
import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.db import connection, connections
from django.test import Client

from tests.site import until

ON_POSTGRES = os.environ["DATABASE_URL"].startswith("postgres")
# What a test on SQLite's file has written is gone with the file.
WITH_THREADS = pytest.mark.django_db(transaction=ON_POSTGRES)


@pytest.fixture
def own_connections(request, monkeypatch, tmp_path):
    """For a test that is marked WITH_THREADS: each thread has a connection of its own."""
    if ON_POSTGRES:
        return
    file = tmp_path / "db.sqlite3"
    connection.ensure_connection()
    file.write_bytes(connection.connection.serialize())
    monkeypatch.setitem(
        connections.settings, "default", {**connection.settings_dict, "NAME": str(file)}
    )
    request.getfixturevalue("replace_database")(
        NAME=file, OPTIONS=connection.settings_dict["OPTIONS"]
    )


def superuser(name):
    """Groups are gone once a test has emptied the tables."""
    client = Client()
    client.force_login(User.objects.create_superuser(name))
    return client


def somebody_waits():
    """Whether anything in this database waits for a row that another holds."""
    named = settings.DATABASES["default"]
    login = {name: named[name.upper()] for name in ("host", "port", "user", "password")}
    with psycopg.connect(dbname=named["NAME"], **login) as server:
        waiting = "SELECT 1 FROM pg_stat_activity WHERE datname = %s AND wait_event_type = 'Lock'"
        return server.execute(waiting, [named["NAME"]]).fetchone() is not None


def in_a_thread(press, answers, wrapper):
    def run():
        try:
            with connection.execute_wrapper(wrapper):
                answers.append(press())
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def at_once(first, second, statement, after=0):
    """The answers of both. ``first`` stops before the statement that matches ``after`` others did,
    until ``second`` is done or waits for what ``first`` holds."""
    matched = []
    stopped, begun, done = (threading.Event() for _ in range(3))
    answers = [], []

    def has_to_wait():
        return somebody_waits() if ON_POSTGRES else connection.in_atomic_block and begun.is_set()

    def stop(execute, sql, *rest):
        if re.match(statement, sql):
            matched.append(sql)
        if len(matched) > after and not stopped.is_set():
            stopped.set()
            until(lambda: done.is_set() or has_to_wait())
        return execute(sql, *rest)

    def begin(execute, sql, *rest):
        if not sql.startswith("SELECT"):  # on SQLite, whatever writes waits
            begun.set()
        return execute(sql, *rest)

    def press():
        try:
            return second()
        finally:
            done.set()

    one = in_a_thread(first, answers[0], stop)
    until(lambda: stopped.is_set() or not one.is_alive())
    other = in_a_thread(press, answers[1], begin)
    for thread in (one, other):
        thread.join()
    assert stopped.is_set(), "The first never came to that statement."
    return answers[0][0], answers[1][0]
