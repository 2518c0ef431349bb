"""`make run` on PostgreSQL, in a database of this test's own beside the one that is named."""

import os

import psycopg
import pytest
from django.conf import settings

from tests.site import manage, running_site

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
