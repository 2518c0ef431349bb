"""Backup and restore on a real PostgreSQL server, in a database of this test's own."""

import contextlib
import os
import shutil
from pathlib import Path

import psycopg
import pytest

from tests.backup.places import Place
from tests.backup.test_killed import killed
from tests.backup.test_make import drill
from tests.backup.test_refused import (
    NOT_WHOLE,
    bent,
    database_of,
    each,
    flip,
    listed,
    places_in,
    repack_as,
)
from tests.site import get, running_site

pytestmark = pytest.mark.postgres


@pytest.fixture(scope="module")
def server():
    """(connected, the start of an address there)"""
    address = os.environ["DATABASE_URL"]
    assert address.startswith("postgres"), "DATABASE_URL must name a PostgreSQL database."
    with psycopg.connect(address, autocommit=True) as server:
        yield server, address.rpartition("/")[0]


@contextlib.contextmanager
def database(server, name, template="template1"):
    server.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
    try:
        yield
    finally:
        server.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="module")
def filled(server, tmp_path_factory):
    """The name of a database with the starter content, to be copied."""
    name = f"aware_filled_{os.getpid()}"
    with database(server[0], name):
        place = Place(tmp_path_factory.mktemp("filled") / "var", f"{server[1]}/{name}")
        for command in ("migrate", "load_starter"):
            assert place.run(command).returncode == 0
        yield name


@pytest.fixture
def place(server, filled, tmp_path):
    name = f"aware_backup_{os.getpid()}"
    with database(server[0], name, filled):
        place = Place(tmp_path / "var", f"{server[1]}/{name}")
        place.media.mkdir(parents=True)
        (place.media / "a.png").write_bytes(os.urandom(30_000))
        yield place


@pytest.fixture
def backup(place, tmp_path):
    return Path(shutil.move(place.backup(), tmp_path))


def test_what_was_backed_up_under_writes_comes_back_row_by_row(place):
    title = drill(place)
    kept = place.rows()
    with running_site(place.folder, DATABASE_URL=place.address) as site:
        assert "Starter content" not in site.log
        assert title in get(site, "/updates/")[1]
        assert place.rows() == kept
        site.add_staff()  # its number is the next one, and taken by nobody


def test_sessions_and_a_cache_in_the_database_come_back_empty(place):
    place.variables["CACHE_URL"] = "dbcache://held"
    assert place.run("createcachetable").returncode == 0
    place.ask("INSERT INTO held VALUES ('a key', 'a value', '2030-01-01')")
    place.ask("INSERT INTO django_session VALUES ('stolen-key', 'data', '2030-01-01')")
    path = place.backup()
    place.restore(path, "--overwrite", "yes")
    assert place.ask("SELECT 1 FROM held UNION ALL SELECT 1 FROM django_session") == []


def test_it_goes_into_an_empty_database_of_another_name(place, backup, server, tmp_path):
    kept = place.all()
    other = Place(tmp_path / "other", f"{place.address}_other")
    with database(server[0], other.address.rpartition("/")[2]):
        other.restore(backup)
        assert other.all() == kept


def test_what_was_there_is_kept_in_a_backup_and_comes_back(place, backup):
    place.ask("UPDATE pages_section SET title = 'Newer'")
    (place.media / "a.png").write_bytes(b"newer")
    newer = place.all()
    version = "SELECT version FROM awareness_contentversion"
    before = place.ask(version)
    assert "There is something here already (the database " in (
        place.refused("restore", str(backup))
    )
    assert place.all() == newer
    place.restore(backup, "--overwrite", "yes")
    assert place.all() != newer
    assert place.ask(version) > before
    (kept,) = place.shelf.iterdir()
    place.restore(kept, "--overwrite", "yes")
    assert place.all() == newer


def test_what_is_spoiled_or_does_not_fit_changes_nothing(place, backup, tmp_path):
    size = backup.stat().st_size
    files = [bent(backup, n, tmp_path, lambda data, n=n: data[:n]) for n in places_in(backup)[::3]]
    for n in (3, size // 3, size // 2, size - 3):
        files.append(bent(backup, f"flipped-{n}", tmp_path, lambda data, n=n: flip(data, n)))
    said = each(place, [[file, "--overwrite", "yes"] for file in files])
    assert all(NOT_WHOLE in each for each in said)
    cut = database_of(lambda data: data[: len(data) * 2 // 3])
    table = [
        (cut, "its database"),
        (listed(tables=lambda old: {**old, "pages_section": 1}), "does not hold the rows"),
        (listed(engine="sqlite"), "The backup is of SQLite, and this site uses PostgreSQL"),
        (listed(migrations={"pages": "0999_later"}), "from a newer version of the site"),
    ]
    files = [repack_as(tmp_path, backup, change) for change, _why in table]
    said = each(place, [[file, "--overwrite", "yes"] for file in files])
    for (_change, why), sentence in zip(table, said, strict=True):
        assert why in sentence


def test_a_site_on_another_machine_is_not_pulled_away(place, backup):
    """It is seen in the database alone: it has no folder here."""
    before = place.all()
    with psycopg.connect(place.address):
        assert place.refused("restore", str(backup), "--overwrite", "yes") == (
            "Something else is connected to the database (1 times): stop the site on every "
            "machine that runs it. Nothing was changed."
        )
    assert place.all() == before


def test_tables_of_others_stand_in_the_way(place, backup):
    """They may be of a newer version of the site, or somebody's own: nobody here can tell."""
    place.ask("CREATE TABLE ledger (id int)")
    assert place.refused("restore", str(backup), "--overwrite", "yes") == (
        "The database holds tables that this version of the site does not know (ledger): "
        "name an empty one with DATABASE_URL. Nothing was changed."
    )
    assert place.ask("SELECT * FROM ledger") == []


def stand_in(folder, name, text):
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return {"PATH": f"{folder}:{os.environ['PATH']}"}


def test_tools_that_are_missing_are_named(place, tmp_path):
    assert place.refused("backup", PATH=str(tmp_path)) == (
        "pg_dump is missing: install PostgreSQL's tools "
        "(on Debian and Ubuntu: apt-get install postgresql-client)."
    )
    assert not list(place.shelf.glob("*"))


def test_the_password_stands_on_no_command_line(place, tmp_path):
    real, seen = shutil.which("pg_dump"), tmp_path / "seen"
    spy = stand_in(tmp_path / "bin", "pg_dump", f'echo "$@" >>{seen}; exec {real} "$@"')
    place.backup(DATABASE_URL=place.address.replace("@", ":hunter2@"), **spy)
    assert "--format=custom" in seen.read_text()
    assert "hunter2" not in seen.read_text()


def test_a_dump_that_fails_leaves_nothing(place, tmp_path):
    broken = stand_in(
        tmp_path / "bin",
        "pg_dump",
        "echo 'pg_dump: error: No space left on device' >&2; exit 1",
    )
    assert place.refused("backup", **broken) == (
        "The backup could not be made, and nothing of it was kept "
        "(pg_dump: error: No space left on device)."
    )
    assert list(place.shelf.iterdir()) == []
    assert not list(place.folder.glob(".*"))


def test_a_restore_that_is_killed_leaves_the_old_or_the_new(place, backup, server, tmp_path):
    place.ask("UPDATE pages_section SET title = 'Old'")
    (place.media / "a.png").unlink()
    (place.media / "old.png").write_bytes(os.urandom(9_000))
    pristine = tmp_path / "pristine"
    shutil.copytree(place.folder, pristine)
    name = place.address.rpartition("/")[2]
    with database(server[0], f"{name}_pristine", name):
        steps = killed(place, "restore", backup, pristine)
    old, new = steps[0][2], steps[-1][2]
    assert old != new
    order = [digest for _step, _at, digest, _rest, _backups in steps]
    assert set(order) == {old, new}
    assert order == sorted(order, key=[old, new].index), "the old came back after the new"
    assert "commit" in {at for _step, at, *_rest in steps}
