"""What a backup holds, made while the site is at work; and that it all comes back."""

import json
import os
import shutil
import sqlite3
import threading

from awareness.backup import lock
from tests.backup.places import Place, rows_of, tree, unpacked
from tests.site import get, running_site, until

PAIR = ("pages_section", "pages_update")  # always changed together by the writer below


class Busy:
    """Somebody who writes all the time: two tables in one transaction, and files."""

    def __init__(self, place):
        self.place, self.rounds, self.stopped = place, 0, threading.Event()
        self.thread = threading.Thread(target=self.write)

    def write(self):
        place = self.place
        with place.connected() as database:
            while not self.stopped.is_set():
                self.rounds += 1
                database.execute("BEGIN")
                for table in PAIR:
                    title = f"Round {self.rounds}"
                    database.execute(f"UPDATE {table} SET title = '{title}', title_en = '{title}'")
                database.execute("COMMIT")
                with (place.media / "grows.log").open("ab") as file:
                    file.write(os.urandom(1_000))
                (place.media / "comes-and-goes").write_bytes(b"here")
                (place.media / "comes-and-goes").unlink()

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *error):
        self.stopped.set()
        self.thread.join()


def drill(place):
    """Back up under writes, destroy, restore, compare; under a running site nothing is put back.
    Returns a title that has to be there."""
    with running_site(place.folder, **place.variables, DATABASE_URL=place.address) as site:
        # What help lines are compared with is written once, soon after the first start.
        until(lambda: place.ask("SELECT 1 FROM awareness_baseline"))
        with Busy(place) as busy:
            before = busy.rounds
            under_writes = place.backup()
            assert busy.rounds > before, "nobody wrote meanwhile"
            assert get(site, "/learn/")[0] == 200
        before = place.all()
        assert place.refused(
            "restore", under_writes, "--overwrite", "yes", PORT=str(site.port)
        ) == (
            "The site is running, or a command of it is at work (a backup, `make staff`): "
            "stop it first. Nothing was changed."
        )
        assert place.all() == before
        assert site.answers()
        at_rest = place.backup()
    kept = place.all()
    safe = place.folder.with_name("elsewhere")
    shutil.move(place.shelf, safe)
    for path in (under_writes, at_rest):
        destroy(place)
        assert "Everybody is signed out." in place.restore(safe / path.name)
        titles = {title for table in PAIR for (title,) in place.ask(f"SELECT title FROM {table}")}
        assert len(titles) == 1, "half of a transaction"
    assert place.all() == kept
    return titles.pop()


def destroy(place):
    """All but the collected static files, which take long to make and are not the site's own."""
    for path in place.folder.iterdir():
        if path.is_dir() and path.name != "static":
            shutil.rmtree(path)
        elif path.is_file() and path.name != "static.stamp":
            path.unlink()
    if place.address:
        place.ask("DROP SCHEMA public CASCADE")
        place.ask("CREATE SCHEMA public")


def test_what_was_backed_up_under_writes_comes_back_row_by_row(make_folder):
    """That a site starts with what was put back is in test_upgrades.py."""
    place = Place(make_folder())
    place.media.mkdir()
    (place.media / "señal.png").write_bytes(os.urandom(70_000))
    drill(place)


def test_the_file_opens_with_the_tools_of_every_computer(place, tmp_path):
    """And says what it holds: its own list agrees with what others count in it."""
    path = place.backup()
    folder = unpacked(path, tmp_path / "unpacked")
    manifest = json.loads((folder / "manifest.json").read_text())
    assert rows_of(folder / "database.sqlite3") == place.rows()
    assert tree(folder / "media") == place.uploads()
    with sqlite3.connect(folder / "database.sqlite3") as database:
        for table, rows in manifest["tables"].items():
            assert database.execute(f"SELECT count(*) FROM {table}").fetchone() == (rows,), table
    sizes = {name: size for name, (size, _hash) in manifest["files"].items()}
    assert sizes == {name: len(data) for name, data in tree(folder).items() if name in sizes}
    assert set(tree(folder)) - set(sizes) == {"manifest.json"}
    assert len({place.backup(), place.backup(), path}) == 3, "each has a name of its own"


def test_only_the_sites_own_account_can_read_it(place, secret):
    """Nothing else lies in the folder, or is left where it was made: nor in the clear."""

    def files():  # but for what SQLite keeps beside a database that is in use
        return {name for name in tree(place.folder) if not name.endswith(("-wal", "-shm"))}

    for recipient in ("", str(secret.to_public())):
        before = files()
        path = place.backup(BACKUP_RECIPIENT=recipient)
        assert path.stat().st_mode & 0o777 == 0o600
        assert path.parent.stat().st_mode & 0o777 == 0o700
        assert files() - before == {f"backups/{path.name}"}
        assert not list(place.folder.glob(".*"))


def test_no_session_secret_or_unsaved_text_is_in_it(place, tmp_path):
    """Whoever was signed out would be signed in again, and who gets the file could sign with the
    key of .env. Deleted words do not linger either."""
    place.ask("INSERT INTO django_session VALUES ('stolen-key', 'data', '2030-01-01')")
    place.ask(
        "INSERT INTO awareness_keptform (token, path, data, at) "
        "VALUES ('a-token', '/admin/', '{}', '2026-01-01')"
    )
    place.ask("UPDATE pages_section SET body = 'a-deleted-word' || hex(randomblob(20000))")
    place.ask("UPDATE pages_section SET body = 'x'")
    path = place.backup(SECRET_KEY="the-secret-that-signs")
    held = b"".join(tree(unpacked(path, tmp_path / "unpacked")).values())
    for word in (b"stolen-key", b"a-token", b"a-deleted-word", b"the-secret-that-signs"):
        assert word not in held
    place.restore(path, "--overwrite", "yes")
    assert place.ask("SELECT * FROM django_session") == []
    assert place.ask("SELECT * FROM awareness_keptform") == []


def test_a_cache_in_the_database_comes_back_empty(ready):
    """It holds limits and the like, of that hour."""
    place = ready("cached", CACHE_URL="dbcache://held")
    assert place.run("createcachetable").returncode == 0
    place.ask("INSERT INTO held VALUES ('a key', 'a value', '2030-01-01')")
    place.restore(place.backup(), "--overwrite", "yes")
    assert place.ask("SELECT * FROM held") == []


def test_root_does_not_make_what_the_site_could_not_read(place):
    if os.geteuid() == 0:
        os.chown(place.folder, 65534, 65534)
        for command in (["backup"], ["restore", "a-file"]):
            assert place.refused(*command) == (
                f"{place.folder} does not belong to root: run this as the account that it belongs "
                "to (put setpriv --reuid=65534 --regid=65534 --init-groups before it)."
            )
    else:
        place.backup()


def test_a_link_is_left_out_and_what_an_interrupted_one_left_is_swept_away(place, tmp_path):
    (tmp_path / "elsewhere").write_text("not an upload")
    (place.media / "link").symlink_to(tmp_path / "elsewhere")
    os.mkfifo(place.media / "pipe")
    place.shelf.mkdir()
    part = place.shelf / "aware-missouri-2026-01-01T000000Z.tar.gz.part"
    part.write_text("half")
    theirs = place.shelf / "notes.part"
    theirs.write_text("somebody's")
    (place.folder / ".db.sqlite3.backup").mkdir()
    with lock.only_one(place.shelf):
        assert place.refused("backup") == (
            f"Another backup is just being made in {place.shelf}: wait for it."
        )
    assert set(place.shelf.iterdir()) == {part, theirs}
    *said, last = place.run("backup").stdout.splitlines()
    assert said == [
        f"Left out, since it is a link and no file: {place.media / name}"
        for name in ("link", "pipe")
    ]
    assert last.startswith("Backup made and checked (")
    assert not part.exists()
    assert theirs.exists()
    assert not (place.folder / ".db.sqlite3.backup").exists()
