"""Putting a backup back: what is refused, in which words, and that it leaves every byte alone."""

import contextlib
import gzip
import hashlib
import io
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tarfile

import pyrage
import pytest

from awareness.backup import journal
from tests.backups import Place, repack, rows_of, tree
from tests.environment import ROOT, clean_environment
from tests.site import running_site

NOT_WHOLE = "is not a whole backup of this site: "


@pytest.fixture(scope="module")
def place(make_folder):
    """A site with content. Nothing here may change it: each test of this module finds it whole."""
    place = Place(make_folder())
    place.media.mkdir()
    (place.media / "a.png").write_bytes(os.urandom(30_000))
    return place


@pytest.fixture(scope="module")
def backup(place, tmp_path_factory):
    path = place.backup()
    return shutil.move(path, tmp_path_factory.mktemp("backups") / path.name)


@pytest.fixture(scope="module")
def secret():
    return pyrage.x25519.Identity.generate()


@pytest.fixture(scope="module")
def sealed(place, secret, tmp_path_factory):
    path = place.backup(BACKUP_RECIPIENT=str(secret.to_public()))
    return shutil.move(path, tmp_path_factory.mktemp("sealed") / path.name)


def each(place, cases):
    """What is said of each of [[argument of `restore`]]; and that nothing was changed by any."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.awareness.restore_each"],
        cwd=ROOT,
        env=clean_environment(DJANGO_SETTINGS_MODULE="awareness.settings", **place.environment),
        input=json.dumps([[str(part) for part in case] for case in cases]),
        capture_output=True,
        text=True,
        timeout=600,
    )
    assert done.returncode == 0, done.stderr
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(answers) == len(cases)
    for case, (said, unchanged) in zip(cases, answers, strict=True):
        assert unchanged, f"{case} changed something, and said: {said}"
        assert "\n" not in said
        assert said.endswith("."), said
    return [said for said, _unchanged in answers]


def bent(path, number, folder, change):
    """A copy with other bytes in it."""
    data = bytearray(path.read_bytes())
    new = folder / f"{number}-{path.name}"
    new.write_bytes(change(data))
    return new


# --- Cut short, altered ----------------------------------------------------------------


def places_in(path):
    """Some of every part: the first bytes, the last ones, and many between."""
    size = path.stat().st_size
    return sorted({*range(12), *range(size - 12, size), *range(12, size - 12, size // 16)})


@pytest.mark.parametrize("kind", ["backup", "sealed"])
def test_a_file_that_is_cut_short_anywhere_is_refused(request, place, secret, kind, tmp_path):
    path = request.getfixturevalue(kind)
    key = tmp_path / "key.txt"
    key.write_text(str(secret))
    cases = [
        [
            bent(path, n, tmp_path, lambda data, n=n: data[:n]),
            "--identity",
            key,
            "--overwrite",
            "yes",
        ]
        for n in places_in(path)
    ]
    assert all(NOT_WHOLE in said for said in each(place, cases))


@pytest.mark.parametrize("kind", ["backup", "sealed"])
def test_a_file_in_which_one_byte_is_another_is_refused(request, place, secret, kind, tmp_path):
    path = request.getfixturevalue(kind)
    key = tmp_path / "key.txt"
    key.write_text(str(secret))

    def flip(n):
        def change(data):
            data[n] ^= 0xFF
            return data

        return bent(path, n, tmp_path, change)

    cases = [[flip(n), "--identity", key, "--overwrite", "yes"] for n in places_in(path)]
    said = each(place, cases)
    # In the head of an encrypted file stands for whom it is.
    assert all(NOT_WHOLE in each or "The key does not open" in each for each in said)
    assert sum(NOT_WHOLE in each for each in said) > len(said) / 2


def test_bytes_behind_the_end_are_refused(place, backup, tmp_path):
    other = gzip.compress(b"more", mtime=0)
    cases = [
        [bent(backup, n, tmp_path, lambda data, end=end: data + end), "--overwrite", "yes"]
        for n, end in enumerate([b"x", b"\0\0x", other])
    ]
    assert all(NOT_WHOLE in said for said in each(place, cases))


def replaced(name, data):
    """The same files, one of them with other contents and its old hash."""
    return lambda members: [(each, data if each == name else old) for each, old in members]


def listed(**changes):
    """The same files, with another manifest."""

    def change(members):
        *files, (name, text) = members
        said = json.loads(text)
        for key, value in changes.items():
            said[key] = value(said[key]) if callable(value) else value
        return [*files, (name, json.dumps(said).encode())]

    return change


def member(name, kind=tarfile.REGTYPE, link=""):
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, link
    return info


HOLE = member("media/hole")
HOLE.pax_headers = {"GNU.sparse.map": "0,1", "GNU.sparse.size": str(10**15)}


def with_one_more(info, data=b"text"):
    """One more file, which the manifest names as it should, before it."""

    def change(members):
        *files, (name, text) = members
        said = json.loads(text)
        said["files"][info.name] = [len(data), hashlib.sha256(data).hexdigest()]
        return [*files, (info, data), (name, json.dumps(said).encode())]

    return change


def without(name):
    return lambda members: [(each, data) for each, data in members if each != name]


ALTERED = {
    "database": (replaced("database.sqlite3", b"x" * 4096), "database.sqlite3 is not what it was"),
    "upload": (replaced("media/a.png", b"x"), "media/a.png is not what it was"),
    "an upload that is gone": (without("media/a.png"), "media/a.png is not what it was"),
    "database that is gone": (without("database.sqlite3"), "database.sqlite3 is not what it was"),
    "no manifest": (without("manifest.json"), "it is cut short: its last part is missing"),
    "a manifest that is none": (replaced("manifest.json", b"[]"), "its list of contents"),
    "a manifest in no language": (replaced("manifest.json", b"\xff{"), "its list of contents"),
    "a manifest with less": (listed(files=list), "its list of contents"),
    "a manifest that nests": (replaced("manifest.json", b"[" * 100_000), "its list of contents"),
    "other rows": (
        listed(tables=lambda tables: {**tables, "pages_section": 1}),
        "its database does not hold the rows that its list says",
    ),
    "a table less": (
        listed(tables=lambda tables: {"pages_section": tables["pages_section"]}),
        "its database does not hold the rows that its list says",
    ),
    "a file that nobody named": (
        lambda members: [("media/b.png", b"x"), *members],
        "media/b.png is not what it was",
    ),
    "a file behind the manifest": (
        lambda members: [*members, ("media/b.png", b"x")],
        "no backup of ours holds 'media/b.png'",
    ),
    "a file twice": (lambda members: [members[0], *members], "holds 'database.sqlite3'"),
    "out of the folder": (with_one_more(member("media/../../out")), "holds 'media/../../out'"),
    "from the root": (with_one_more(member("/etc/cron.d/out")), "holds '/etc/cron.d/out'"),
    "beside the media": (with_one_more(member("restore.json")), "holds 'restore.json'"),
    "a link": (with_one_more(member("media/l", tarfile.SYMTYPE, "/etc"), b""), "holds 'media/l'"),
    "a hard link": (
        with_one_more(member("media/l", tarfile.LNKTYPE, "manifest.json"), b""),
        "holds 'media/l'",
    ),
    "a device": (with_one_more(member("media/d", tarfile.CHRTYPE), b""), "holds 'media/d'"),
    "a folder": (with_one_more(member("media/f", tarfile.DIRTYPE), b""), "holds 'media/f'"),
    "a hole without an end": (with_one_more(HOLE), "holds 'media/hole'"),
    "two databases": (with_one_more(member("database.dump")), "holds no database"),
}


def test_each_part_is_what_it_was_and_no_other_is_there(place, backup, tmp_path):
    cases = []
    for number, (change, _why) in enumerate(ALTERED.values()):
        path = shutil.move(repack(backup, change), tmp_path / f"{number}.tar.gz")
        cases.append([path, "--overwrite", "yes"])
    found = each(place, cases)
    for (what, (_change, why)), said in zip(ALTERED.items(), found, strict=True):
        assert NOT_WHOLE in said, (what, said)
        assert why in said, (what, said)
    assert not (place.folder.parent / "out").exists()


def test_damage_that_the_hashes_do_not_know_is_found_in_the_database(place, backup, tmp_path):
    """A file that lies about everything: a broken page, a figure that the database would have
    refused, a row that names one that is missing."""

    def broken(members):
        (name, data), *rest = members
        data = bytearray(data)
        data[5 * 4096 : 5 * 4096 + 2000] = b"\xaa" * 2000
        return as_listed([(name, bytes(data)), *rest])

    def refused(members):
        rules = "PRAGMA ignore_check_constraints=ON"
        return changed(members, rules, "UPDATE stats_figure SET value = -5")

    def lost(members):
        rules = "PRAGMA foreign_keys=OFF"
        return changed(members, rules, "UPDATE pages_citation SET section_id = 987654")

    def changed(members, *statements):
        (name, data), *rest = members
        file = tmp_path / "changed.sqlite3"
        file.write_bytes(data)
        with contextlib.closing(sqlite3.connect(file, isolation_level=None)) as database:
            for statement in statements:
                database.execute(statement)
        return as_listed([(name, file.read_bytes()), *rest])

    def as_listed(members):
        (name, data), *rest, (manifest, text) = members
        said = json.loads(text)
        said["files"][name] = [len(data), hashlib.sha256(data).hexdigest()]
        return [(name, data), *rest, (manifest, json.dumps(said).encode())]

    cases = [
        [shutil.move(repack(backup, change), tmp_path / f"{n}.tar.gz"), "--overwrite", "yes"]
        for n, change in enumerate([broken, refused, lost])
    ]
    damaged, negative, missing = each(place, cases)
    assert "SQLite finds damage in its database: " in damaged
    assert "CHECK constraint failed in stats_figure" in negative
    assert "names another that is missing" in missing


# --- Another version, another kind, nothing at all --------------------------------------


def test_what_does_not_fit_is_refused_in_one_sentence(place, backup, sealed, tmp_path):
    text, folder = tmp_path / "notes.tar.gz", tmp_path / "folder"
    text.write_text("not a backup")
    folder.mkdir()
    other_tar = tmp_path / "other.tar.gz"
    with gzip.GzipFile(other_tar, "wb") as packed, tarfile.open(fileobj=packed, mode="w") as tar:
        tar.addfile(tarfile.TarInfo("readme"), io.BytesIO())
    newer = {"pages": "0999_later"}
    nothing = " Nothing was changed."
    table = [
        (
            repack_as(tmp_path, backup, listed(migrations=lambda old: {**old, **newer})),
            "The backup is from a newer version of the site (pages.0999_later is not known here): "
            "update the site first." + nothing,
        ),
        (
            repack_as(tmp_path, backup, listed(migrations=lambda old: {**old, "maps": "0001_a"})),
            "The backup is from a newer version of the site (maps.0001_a is not known here): "
            "update the site first." + nothing,
        ),
        (
            repack_as(tmp_path, backup, listed(format=2)),
            "The backup is from a newer version of the site, which makes another kind of file: "
            "update the site first." + nothing,
        ),
        (
            repack_as(tmp_path, backup, listed(engine="postgresql")),
            "The backup is of PostgreSQL, and this site uses SQLite: put it back where "
            "DATABASE_URL names the same kind." + nothing,
        ),
        (text, f"{text} {NOT_WHOLE}it is another kind of file." + nothing),
        (other_tar, f"{other_tar} {NOT_WHOLE}its beginning was changed." + nothing),
        (tmp_path / "nowhere", f"There is no file {tmp_path / 'nowhere'}." + nothing),
        (folder, f"There is no file {folder}." + nothing),
    ]
    said = each(place, [[path, "--overwrite", "yes"] for path, _sentence in table])
    assert said == [sentence for _path, sentence in table]


def repack_as(folder, backup, change):
    return shutil.move(repack(backup, change), folder / f"{len(list(folder.iterdir()))}.tar.gz")


def test_without_a_file_the_newest_is_named(place):
    sentence = place.refused("restore")
    assert sentence.startswith("Which backup? `make restore FILE=")
    made = place.backup()
    assert place.refused("restore") == (f"Which backup? `make restore FILE={made}` puts one back.")
    shutil.rmtree(place.shelf)


def test_what_is_there_is_not_overwritten_unless_told(place, backup):
    """Nor is a word for it guessed."""
    there = f"a database at {place.file}, files in {place.media}"
    plain, guessed = each(place, [[backup], [backup, "--overwrite", "true"]])
    assert plain == (
        f"There is something here already ({there}): OVERWRITE=yes puts the backup in its place, "
        "after a backup of it. Nothing was changed."
    )
    assert guessed == "OVERWRITE must be yes, or not be there. Nothing was changed."


def test_uploads_alone_are_not_overwritten_either(place, backup, tmp_path):
    empty = Place(tmp_path / "var")
    (empty.media / "deep").mkdir(parents=True)
    (empty.media / "deep" / "elsewhere").symlink_to(tmp_path)
    (linked,) = each(empty, [[backup]])
    (empty.media / "deep" / "elsewhere").unlink()
    (empty.media / "deep" / "only copy").touch()
    said = each(empty, [[backup], [backup, "--overwrite", "yes"]])
    assert f"(files in {empty.media})" in said[0] == linked
    assert said[1] == (
        f"There are files in {empty.media}, but no database that a backup of them could be made "
        "with: move them elsewhere, then run this again. Nothing was changed."
    )


# --- While others are at work -----------------------------------------------------------


def test_nothing_is_put_back_under_a_running_site(make_folder, backup):
    with running_site(make_folder()) as site:
        running = Place(site.folder, variables={"PORT": str(site.port)})
        before = running.all()
        assert running.refused("restore", str(backup), "--overwrite", "yes") == (
            "The site is running, or a command of it is at work (a backup, `make staff`): "
            "stop it first. Nothing was changed."
        )
        assert running.all() == before
        assert site.answers()


def test_nothing_is_put_back_under_a_tool_that_has_the_database_open(make_folder, backup):
    place = Place(make_folder())
    with place.connected() as tool:
        tool.execute("PRAGMA journal_mode=WAL")
        tool.execute("SELECT count(*) FROM pages_section").fetchone()
        before = place.all()
        said = place.refused("restore", str(backup), "--overwrite", "yes")
        assert said == (
            "The backup could not be put back, and nothing was changed (database is locked)."
        )
        assert place.all() == before


def test_the_site_does_not_start_while_a_backup_is_put_back(place):
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(place.folder)],
        cwd=ROOT,
        env=clean_environment(DJANGO_SETTINGS_MODULE="awareness.settings"),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    with holder:
        holder.stdout.readline()
        for command in ("serve", "backup", "check"):
            assert place.refused(command) == (
                f"A backup is just being put back into {place.folder}: wait until it is done."
            )
        holder.stdin.close()


HOLD = """
import sys
from pathlib import Path
import django
django.setup()
from awareness.backup import in_use
with in_use.alone(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_the_site_does_not_start_in_the_moment_in_which_a_restore_that_failed_ends(place):
    """The database is the new one, the uploads are not: whoever starts now waits, and finishes."""
    file = place.folder / journal.NAME
    holder = subprocess.Popen(
        [sys.executable, "-c", FAIL, str(place.folder)],
        cwd=ROOT,
        env=clean_environment(DJANGO_SETTINGS_MODULE="awareness.settings", **place.environment),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    with holder:
        holder.stdout.readline()
        assert place.refused("check") == (
            f"A backup is just being put back into {place.folder}: wait until it is done."
        )
        assert file.exists()
        holder.stdin.close()
    assert place.run("check").returncode == 0
    assert not file.exists()


FAIL = """
import sys
from pathlib import Path
import django
django.setup()
from awareness.backup import in_use, journal
folder = Path(sys.argv[1])
try:
    with in_use.alone(folder):
        journal.begin(folder, "a mark", folder / "db.sqlite3")
        raise OSError
except OSError:
    print("failed", flush=True)
    sys.stdin.read()
"""


# --- What a restore does ----------------------------------------------------------------


def test_overwriting_keeps_what_was_there_in_a_backup(make_folder, backup):
    place = Place(make_folder())
    place.media.mkdir()
    (place.media / "b.png").write_bytes(b"newer")
    place.ask("UPDATE pages_section SET title = 'Newer', title_en = 'Newer'")
    (place.folder / "frame.json").write_text("the help lines of before")
    newer = place.all()
    said = place.restore(backup, "--overwrite", "yes")
    assert [path.name for path in place.media.iterdir()] == ["a.png"]
    assert ("Newer",) not in place.ask("SELECT title FROM pages_section")
    assert not (place.folder / "frame.json").exists()
    assert not list(place.folder.glob(".*"))
    (before,) = place.shelf.iterdir()
    assert f"What was here before is kept in {before}" in said
    place.restore(before, "--overwrite", "yes")
    assert place.all() == newer


def test_the_backup_that_is_put_back_is_not_thrown_away_for_its_age(make_folder, backup):
    place = Place(make_folder())
    place.shelf.mkdir()
    old = place.shelf / "aware-missouri-2020-01-01T000000Z.tar.gz"
    shutil.copy(backup, old)
    for day in range(1, 20):
        (place.shelf / f"aware-missouri-2026-01-{day:02}T000000Z.tar.gz").write_bytes(b"x")
    place.restore(old, "--overwrite", "yes", BACKUP_KEEP="1")
    assert len(list(place.shelf.iterdir())) == 21


def test_no_page_from_before_is_taken_for_one_of_now(make_folder, backup):
    """Workers know a state by its number: the new one is higher than either was."""
    place = Place(make_folder())
    version = "SELECT version FROM awareness_contentversion"
    for _ in range(5):
        place.ask("UPDATE pages_section SET title = title")
    ((highest,),) = place.ask(version)
    place.restore(backup, "--overwrite", "yes")
    assert place.ask(version) == [(highest + 1,)]
    place.restore(backup, "--overwrite", "yes")
    assert place.ask(version) == [(highest + 2,)]


def test_the_log_of_another_database_is_not_read_into_the_new_one(make_folder, backup, tmp_path):
    """A crash left it: the file is gone, its log is not."""
    place = Place(make_folder())
    with place.connected() as database:
        database.execute("PRAGMA journal_mode=WAL")
        database.execute("UPDATE pages_section SET title = 'From the log'")
        log = tree(place.folder)["db.sqlite3-wal"]
    place.file.unlink()
    (place.folder / "db.sqlite3-wal").write_bytes(log)
    place.restore(backup)
    assert ("From the log",) not in place.ask("SELECT title FROM pages_section")
    assert place.ask("PRAGMA integrity_check") == [("ok",)]


def test_an_older_backup_is_brought_up_to_date_by_the_next_start(make_folder, tmp_path):
    """As if the step that made the last table of the desk had come with an upgrade since."""
    old = Place(make_folder())
    done = old.run("migrate", "awareness", "0001", "-v", "0")
    assert done.returncode == 0, done.stderr
    path = shutil.move(old.backup(), tmp_path)
    new = Place(make_folder())
    new.restore(path, "--overwrite", "yes")
    assert "awareness_draft" not in rows_of(new.file)
    with running_site(new.folder) as site:
        assert "The database was brought up to date." in site.log
    assert "awareness_draft" in rows_of(new.file)
    assert new.rows()["pages_section"] == old.rows()["pages_section"]


def test_a_damaged_database_is_never_replaced_without_a_copy(make_folder, backup):
    place = Place(make_folder())
    place.file.write_bytes(b"damaged" * 5000)
    before = tree(place.folder)
    said = place.refused("restore", str(backup), "--overwrite", "yes")
    assert said.startswith("What is here cannot be kept in a backup, so nothing was changed.")
    way_out = f"move {place.file}, and db.sqlite3-wal where there is one, elsewhere"
    assert said.endswith(f"To go on without it, {way_out}, then run this again.")
    (place.folder / "db.sqlite3-wal").touch()  # SQLite takes an empty one away
    assert tree(place.folder) == before
    place.file.rename(place.folder / "damaged")
    place.restore(backup)
    assert place.ask("PRAGMA integrity_check") == [("ok",)]


def test_a_journal_that_cannot_be_finished_stops_the_start(place):
    file = place.folder / journal.NAME
    file.write_text("{")
    said = place.refused("serve")
    file.unlink()
    assert said.startswith("A backup was being put back, and this cannot be finished (")
    assert str(file) in said
