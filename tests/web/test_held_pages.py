"""The real server with pages in memory: a change reaches every worker, a lost database none."""

import os
import signal
import sqlite3

import pytest

from awareness.health import SILENT
from tests.html import read_text
from tests.site import get, running_site, until, until_everywhere, workers

IMPORTANT = ["/", "/help/", "/es/", "/es/help/", "/statistics/", "/safety/"]


@pytest.fixture
def site(make_folder):
    with running_site(make_folder(), WEB_CONCURRENCY="3") as site:
        yield site


def change(site, statement, *values):
    with sqlite3.connect(site.folder / "db.sqlite3", timeout=20) as database:
        database.execute(statement, values)


def test_the_hotline_survives_the_database(site, tmp_path):
    before = {path: get(site, path) for path in IMPORTANT}
    assert all(status == 200 for status, _body in before.values())
    file, away = site.folder / "db.sqlite3", tmp_path / "away.sqlite3"
    file.rename(away)
    # By then every worker knows.
    until_everywhere(site, lambda: get(site, "/no/such/page/")[0] == 503)
    status, health = get(site, "/healthz")
    assert status == 200, "a visitor gets the help lines"
    assert health.startswith(f"{SILENT} It is held in memory, and still served")
    for _ in range(10):
        assert {path: get(site, path) for path in IMPORTANT} == before
    for path in ("/learn/signs/", "/no/such/page/", "/admin/"):
        # A thread may hold the file that it opened for a second more (CONN_MAX_AGE).
        (body,) = until(lambda path=path: [body for code, body in [get(site, path)] if code == 503])
        assert read_text(body).one("h1").text == "The site is not available right now"
        assert 'href="tel:' in body
    assert not file.exists(), "an empty database was made in its place"

    victim = workers(site)[0]  # a worker that starts without a database has what the others have
    os.kill(victim, signal.SIGKILL)
    until(lambda: victim not in workers(site) and len(workers(site)) == 3)
    until(lambda: sum("database" in line for line in site.log.splitlines()) == 4)
    assert {path: get(site, path) for _ in range(10) for path in IMPORTANT} == before

    away.rename(file)
    said = [line for line in site.log.splitlines() if "database" in line]
    assert len(said) == 4, "each worker says once that the database is gone"
    until(lambda: get(site, "/healthz") == (200, "ok\n"))
    until_everywhere(site, lambda: get(site, "/learn/signs/")[0] == 200)
    reword = "UPDATE pages_section SET summary_en = ?, summary = ?"
    for words in ("New words", "Newer words"):  # each reaches every worker for good
        assert words not in get(site, "/learn/signs/")[1]
        change(site, reword, words, words)
        until_everywhere(site, lambda words=words: words in get(site, "/learn/signs/")[1])

    # It goes again, right after a publish: before the pages are made anew.
    change(site, reword, "Newest", "Newest")
    until(lambda: "Newest" in get(site, "/learn/signs/")[1])
    file.rename(away)
    until(lambda: site.log.count("The database does not answer") == 7)
    for _ in range(10):
        assert {path: get(site, path)[0] for path in IMPORTANT} == dict.fromkeys(IMPORTANT, 200)
