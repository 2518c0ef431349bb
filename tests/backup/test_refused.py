"""A backup that is no good is refused in one sentence, and every byte here stays as it was."""

import contextlib
import gzip
import hashlib
import io
import json
import shutil
import subprocess
import sys
import tarfile
import zlib

import pytest

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
    files = [file for file in files if unpacked(file) != unpacked(path)]
    said = each(untouched, [[file, "--identity", key, "--overwrite", "yes"] for file in files])
    # In the head of an encrypted file stands for whom it is.
    assert all(NOT_WHOLE in each or "The key does not open" in each for each in said)
    assert sum(NOT_WHOLE in each for each in said) > len(said) / 2


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
    "other rows": (
        listed(tables=lambda tables: {**tables, "pages_section": 1}),
        "its database does not hold the rows that its list says",
    ),
    "out of the folder": (with_one_more(member("media/../../out")), "holds 'media/../../out'"),
    "from the root": (with_one_more(member("/etc/cron.d/out")), "holds '/etc/cron.d/out'"),
    "beside the media": (with_one_more(member("restore.json")), "holds 'restore.json'"),
    "a link": (with_one_more(member("media/l", tarfile.SYMTYPE, "/etc"), b""), "holds 'media/l'"),
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
    """A broken page, of which the list says that it should be so."""

    def broken(members):
        (name, data), *rest, (manifest, text) = members
        data = data[: 5 * 4096] + b"\xaa" * 2000 + data[5 * 4096 + 2000 :]
        listing = json.loads(text)
        listing["files"][name] = [len(data), hashlib.sha256(data).hexdigest()]
        return [(name, data), *rest, (manifest, json.dumps(listing).encode())]

    path = shutil.move(repack(backup, broken), tmp_path / "broken.tar.gz")
    (said,) = each(untouched, [[path, "--overwrite", "yes"]])
    assert "SQLite finds damage in its database: " in said


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
        (other_tar, f"{other_tar} {NOT_WHOLE}no backup of ours holds 'readme'." + nothing),
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
    there = f"the database {untouched.file}, files in {untouched.media}"
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
    assert said[1].startswith("What is here cannot be kept in a backup, so nothing was changed.")
    assert f"{empty.media} elsewhere" in said[1]
