"""Putting a backup back: under nobody's feet, and with all that belongs to it."""

import os
import shutil

from awareness.backup import lock
from tests.backup.places import tree

# --- While others are at work -----------------------------------------------------------


def test_nothing_is_put_back_under_a_tool_that_has_the_database_open(place, backup):
    with place.connected() as tool:
        tool.execute("PRAGMA journal_mode=WAL")
        tool.execute("SELECT count(*) FROM pages_section").fetchone()
        before = place.all()
        said = place.refused("restore", backup, "--overwrite", "yes")
        assert said == (
            "The backup could not be put back, and nothing was changed (database is locked)."
        )
        assert place.all() == before


def test_the_site_does_not_start_while_a_backup_is_put_back(untouched):
    lock.alone(untouched.folder)
    said = untouched.refused("serve")
    os.close(lock._held.pop(untouched.folder))
    assert said == (
        f"A backup is just being put back into {untouched.folder}: wait until it is done."
    )


# --- What a restore does ----------------------------------------------------------------


def test_overwriting_keeps_what_was_there_in_a_backup(place, backup):
    """No page from before is taken for one of now: workers know a state by its number, and the
    new one is higher than either was."""
    version = "SELECT version FROM awareness_contentversion"
    for _ in range(5):
        place.ask("UPDATE pages_section SET title = title")
    (place.media / "b.png").write_bytes(b"newer")
    place.ask("UPDATE pages_section SET title = 'Newer', title_en = 'Newer'")
    (place.folder / "site_context.json").write_text("the help lines of before")
    newer = place.all()
    ((highest,),) = place.ask(version)
    said = place.restore(backup, "--overwrite", "yes")
    assert place.ask(version) == [(highest + 1,)]
    assert [path.name for path in place.media.iterdir()] == ["a.png"]
    assert ("Newer",) not in place.ask("SELECT title FROM pages_section")
    assert not (place.folder / "site_context.json").exists()
    assert not list(place.folder.glob(".*"))
    (before,) = place.shelf.iterdir()
    assert f"What was here before is kept in {before}" in said
    place.restore(before, "--overwrite", "yes")
    assert place.all() == newer
    assert place.ask(version) == [(highest + 2,)]


def test_the_backup_that_is_put_back_is_not_thrown_away_for_its_age(place, backup):
    place.shelf.mkdir()
    old = place.shelf / "aware-missouri-2020-01-01T000000Z.tar.gz"
    shutil.copy(backup, old)
    for day in range(1, 20):
        (place.shelf / f"aware-missouri-2026-01-{day:02}T000000Z.tar.gz").write_bytes(b"x")
    place.restore(old, "--overwrite", "yes")
    assert len(list(place.shelf.iterdir())) == 21


def test_the_log_of_another_database_is_not_read_into_the_new_one(place, backup, tmp_path):
    """A crash left it: the file is gone, its log is not."""
    with place.connected() as database:
        database.execute("PRAGMA journal_mode=WAL")
        database.execute("UPDATE pages_section SET title = 'From the log'")
        log = tree(place.folder)["db.sqlite3-wal"]
    place.file.unlink()
    (place.folder / "db.sqlite3-wal").write_bytes(log)
    shutil.rmtree(place.media)
    place.restore(backup)
    assert ("From the log",) not in place.ask("SELECT title FROM pages_section")
    assert place.ask("PRAGMA integrity_check") == [("ok",)]


def test_a_damaged_database_is_never_replaced_without_a_copy(place, backup):
    place.file.write_bytes(b"damaged" * 5000)
    log = place.folder / "db.sqlite3-wal"
    log.touch()
    before = tree(place.folder)
    said = place.refused("restore", backup, "--overwrite", "yes")
    assert said.startswith("What is here cannot be kept in a backup, so nothing was changed.")
    assert said.endswith(
        f"To go on without it, move the database {place.file}, with any -wal beside it, and "
        f"{place.media} elsewhere, or name others with DATABASE_URL and MEDIA_ROOT, "
        "then run this again."
    )
    log.touch()  # SQLite takes an empty one away
    assert tree(place.folder) == before
    left = place.folder / ".media.restore-5"  # by a restore, of which this database knows no more
    left.mkdir()
    assert place.refused("check").startswith(
        "A backup was being put back, and this cannot be finished ("
    )
    place.file.rename(place.folder / "damaged")
    shutil.rmtree(place.media)
    place.restore(backup)
    assert place.ask("PRAGMA integrity_check") == [("ok",)]
