"""A backup that is no good is refused in one sentence, and every byte here stays as it was."""

import contextlib
import gzip
import hashlib
import io
import json
import shutil
import sqlite3
import subprocess
import sys
import tarfile
import zlib

import pytest

from awareness.backup import postgres
from awareness.backup.archive import Altered
from awareness.backup.manifest import Manifest
from tests.backup.places import Place, repack
from tests.environment import ROOT, clean_environment

NOT_WHOLE = "is not a whole backup of this site: "


def each(place, cases):
    """What is said of each of [[argument of `restore`]]; and that nothing was changed by any."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.backup.restore_each"],
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


def unpacked(path):
    with contextlib.suppress(OSError, EOFError, zlib.error):
        return gzip.decompress(path.read_bytes())
    return path.read_bytes()


# --- Cut short, altered ----------------------------------------------------------------


def places_in(path):
    """Some of every part: the first bytes, the last ones, and many between."""
    size = path.stat().st_size
    return sorted({*range(12), *range(size - 12, size), *range(12, size - 12, size // 16)})


@pytest.mark.parametrize("kind", ["backup", "sealed"])
def test_a_file_that_is_cut_short_anywhere_is_refused(request, untouched, secret, kind, tmp_path):
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
    assert all(NOT_WHOLE in said for said in each(untouched, cases))


@pytest.mark.parametrize("kind", ["backup", "sealed"])
def test_a_file_in_which_one_byte_is_another_is_refused(request, untouched, secret, kind, tmp_path):
    path = request.getfixturevalue(kind)
    key = tmp_path / "key.txt"
    key.write_text(str(secret))

    def flip(n):
        def change(data):
            data[n] ^= 0xFF
            return data

        return bent(path, n, tmp_path, change)

    files = [flip(n) for n in places_in(path)]
    # What is packed can be written in two ways: one byte may be another, and nothing has changed.
    files = files[:12] + [file for file in files[12:] if unpacked(file) != unpacked(path)]
    said = each(untouched, [[file, "--identity", key, "--overwrite", "yes"] for file in files])
    # In the head of an encrypted file stands for whom it is.
    assert all(NOT_WHOLE in each or "The key does not open" in each for each in said)
    assert sum(NOT_WHOLE in each for each in said) > len(said) / 2


def test_bytes_behind_the_end_are_refused(untouched, backup, tmp_path):
    other = gzip.compress(b"more", mtime=0)
    cases = [
        [bent(backup, n, tmp_path, lambda data, end=end: data + end), "--overwrite", "yes"]
        for n, end in enumerate([b"x", b"\0\0x", other])
    ]
    assert all(NOT_WHOLE in said for said in each(untouched, cases))


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


def endless(name, kind=tarfile.REGTYPE, **headers):
    """What tarfile would read to its end before it says that there is such a file."""
    info = member(name, kind)
    info.pax_headers = headers
    return lambda members: [(info, b"1\n" * 10**6), *members]


SPARSE = {"GNU.sparse.major": "1", "GNU.sparse.minor": "0"}
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
    "what a terminal obeys": (
        listed(files=lambda files: {**files, "media/\x1b[2J": [1, ""]}),
        "media/\\x1b[2J is not what it was",
    ),
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
    "headers without an end": (endless("media/h", tarfile.XHDTYPE), "holds 'media/h'"),
    "headers for all": (endless("media/h", tarfile.XGLTYPE), "holds 'media/h'"),
    "a name without an end": (endless("media/n", tarfile.GNUTYPE_LONGNAME), "holds 'media/n'"),
    "holes of old": (with_one_more(member("media/o", tarfile.GNUTYPE_SPARSE)), "holds 'media/o'"),
    "a list of holes": (endless("media/s", **SPARSE), "holds 'media/s'"),
    "two databases": (with_one_more(member("database.dump")), "holds no database"),
}


def test_each_part_is_what_it_was_and_no_other_is_there(untouched, backup, tmp_path):
    cases = []
    for number, (change, _why) in enumerate(ALTERED.values()):
        path = shutil.move(repack(backup, change), tmp_path / f"{number}.tar.gz")
        cases.append([path, "--overwrite", "yes"])
    found = each(untouched, cases)
    for (what, (_change, why)), said in zip(ALTERED.items(), found, strict=True):
        assert NOT_WHOLE in said, (what, said)
        assert why in said, (what, said)
    assert not (untouched.folder.parent / "out").exists()


def test_damage_that_the_hashes_do_not_know_is_found_in_the_database(untouched, backup, tmp_path):
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
    damaged, negative, missing = each(untouched, cases)
    assert "SQLite finds damage in its database: " in damaged
    assert "CHECK constraint failed in stats_figure" in negative
    assert "names another that is missing" in missing


def test_a_dump_with_rows_of_no_table_is_refused(monkeypatch):
    monkeypatch.setattr(postgres, "tool", lambda *_: ("pg_restore", 17))
    monkeypatch.setattr(postgres, "script", lambda *_: contextlib.nullcontext([b"COPY (\n"]))
    with pytest.raises(Altered, match="rows of no table"):
        postgres.check("dump", Manifest("", "", "postgresql", 17, {}, {}, []))


# --- Another version, another kind, nothing at all --------------------------------------


def test_what_does_not_fit_is_refused_in_one_sentence(untouched, backup, sealed, tmp_path):
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
    said = each(untouched, [[path, "--overwrite", "yes"] for path, _sentence in table])
    assert said == [sentence for _path, sentence in table]


def repack_as(folder, backup, change):
    return shutil.move(repack(backup, change), folder / f"{len(list(folder.iterdir()))}.tar.gz")


def test_without_a_file_the_newest_is_named(untouched):
    sentence = untouched.refused("restore")
    assert sentence.startswith("Which backup? `make restore FILE=")
    made = untouched.backup()
    assert untouched.refused("restore") == (
        f"Which backup? `make restore FILE={made}` puts one back."
    )
    shutil.rmtree(untouched.shelf)


def test_what_is_there_is_not_overwritten_unless_told(untouched, backup):
    """Nor is a word for it guessed."""
    there = f"a database at {untouched.file}, files in {untouched.media}"
    plain, guessed = each(untouched, [[backup], [backup, "--overwrite", "true"]])
    assert plain == (
        f"There is something here already ({there}): OVERWRITE=yes puts the backup in its place, "
        "after a backup of it. Nothing was changed."
    )
    assert guessed == "OVERWRITE must be yes, or not be there. Nothing was changed."


def test_uploads_alone_are_not_overwritten_either(untouched, backup, tmp_path):
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
