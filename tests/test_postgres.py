"""`make run` on PostgreSQL, in a database of this test's own beside the one that is named."""

import os

import psycopg
import pytest
from django.conf import settings

from tests.site import get, manage, running_site, until_everywhere

pytestmark = pytest.mark.postgres
NAME = f"aware_serve_{os.getpid()}"


@pytest.fixture
def address():
    """The DATABASE_URL of an empty database."""
    named = settings.DATABASES["default"]
    assert named["ENGINE"].endswith("postgresql"), "DATABASE_URL must name a PostgreSQL database."
    login = os.environ["DATABASE_URL"].rpartition("/")[0]
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as server:
        server.execute(f"CREATE DATABASE {NAME}")
        yield f"{login}/{NAME}"
        server.execute(f"DROP DATABASE {NAME} WITH (FORCE)")


def test_the_site_runs_on_it_and_the_next_start_changes_nothing(address, make_folder):
    with running_site(make_folder(), DATABASE_URL=address) as site:
        assert "Starter content loaded" in site.log
        site.add_staff()
    with psycopg.connect(address) as database:
        before = database.execute("SELECT count(*), max(updated_at) FROM pages_section").fetchone()
    with running_site(make_folder(), DATABASE_URL=address) as site:
        assert len(site.log.splitlines()) == 3
    with psycopg.connect(address) as database:
        after = database.execute("SELECT count(*), max(updated_at) FROM pages_section").fetchone()
    assert before == after


def test_a_database_from_a_newer_version_is_refused(address, tmp_path):
    with psycopg.connect(address) as database:
        database.execute(
            "CREATE TABLE django_migrations (id int, app text, name text, applied timestamptz)"
        )
        database.execute("INSERT INTO django_migrations VALUES (1, 'pages', '0999_later', now())")
    done = manage("serve", DATABASE_URL=address, VAR_DIR=str(tmp_path))
    assert done.returncode == 1
    assert done.stderr.startswith("The database is from a newer version of the site")


def test_the_hotline_survives_the_database_and_comes_back_by_itself(address, make_folder):
    with (
        running_site(make_folder(), DATABASE_URL=address) as site,
        psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as server,
    ):
        before = get(site, "/es/help/")
        server.execute(f"ALTER DATABASE {NAME} ALLOW_CONNECTIONS false")
        server.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [NAME]
        )
        until_everywhere(
            site, lambda: "held in memory, and still served" in get(site, "/healthz")[1]
        )
        assert [get(site, "/es/help/") for _ in range(10)] == [before] * 10
        assert [get(site, "/about/")[0] for _ in range(10)] == [503] * 10  # none waits for it

        server.execute(f"ALTER DATABASE {NAME} ALLOW_CONNECTIONS true")
        until_everywhere(site, lambda: get(site, "/about/")[0] == 200)
        with psycopg.connect(address) as database:
            database.execute("UPDATE pages_section SET title = 'New', title_en = 'New'")
        until_everywhere(site, lambda: "New" in get(site, "/about/")[1])
