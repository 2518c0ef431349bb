"""A backup that is no good is refused in one sentence, and every byte here stays as it was."""

import contextlib
import gzip
import hashlib
import io
import json
import shutil
import tarfile
import zlib

from tests.backup.places import repack, tree

NOT_WHOLE = "is not a whole backup of this site: "


def state(place):
    return tree(place.folder), place.rows() if place.address else None


def each(place, cases):
    """What is said of each of [[argument of `restore`]]; and that nothing was changed by any."""
    before, found = state(place), []
    for case in cases:
        found.append(place.refused("restore", *case))
        assert state(place) == before, f"{case} changed something, and said: {found[-1]}"
        assert found[-1].endswith("."), found[-1]
    return found


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
    """Some of every part: the first bytes, the heads behind them, the last, and some between."""
    size = path.stat().st_size
    heads, ends = (0, 3, 8, 40, 100, 160), (size - n for n in (12, 8, 4, 1))
    return sorted({*heads, *ends, *range(200, size - 12, size // 6)})


def spoiled(path, folder, change):
    """Arguments for a copy of it for each of its places, with that one changed."""
    files = [bent(path, n, folder, lambda data, n=n: change(data, n)) for n in places_in(path)]
    # What is packed can be written in two ways: one byte may be another, and nothing has changed.
    files = [file for file in files if unpacked(file) != unpacked(path)]
    return [[file, "--identity", folder / "key.txt", "--overwrite", "yes"] for file in files]


def test_a_file_that_is_cut_short_anywhere_is_refused(untouched, backup, sealed, secret, tmp_path):
    (tmp_path / "key.txt").write_text(str(secret))
    for path in (backup, sealed):
        cases = spoiled(path, tmp_path, lambda data, n: data[:n])
        assert len(cases) > 12
        assert all(NOT_WHOLE in said for said in each(untouched, cases))


def flip(data, n):
    data[n] ^= 0xFF
    return data


def test_a_file_in_which_one_byte_is_another_is_refused(
    untouched, backup, sealed, secret, tmp_path
):
    (tmp_path / "key.txt").write_text(str(secret))
    for path in (backup, sealed):
        found = each(untouched, spoiled(path, tmp_path, flip))
        # In the head of an encrypted file stands for whom it is.
        assert all(NOT_WHOLE in said or "The key does not open" in said for said in found)
        assert sum(NOT_WHOLE in said for said in found) > len(found) / 2


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


def database_of(change):
    """The same files, with another database that the manifest names as it should."""

    def changed(members):
        (name, data), *rest, (manifest, text) = members
        data, said = change(data), json.loads(text)
        said["files"][name] = [len(data), hashlib.sha256(data).hexdigest()]
        return [(name, data), *rest, (manifest, json.dumps(said).encode())]

    return changed


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


def repack_as(folder, backup, change):
    return shutil.move(repack(backup, change), folder / f"{len(list(folder.iterdir()))}.tar.gz")


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
    files = [repack_as(tmp_path, backup, change) for change, _why in ALTERED.values()]
    found = each(untouched, [[file, "--overwrite", "yes"] for file in files])
    for (what, (_change, why)), said in zip(ALTERED.items(), found, strict=True):
        assert NOT_WHOLE in said, (what, said)
        assert why in said, (what, said)
    assert not (untouched.folder.parent / "out").exists()


def test_damage_that_the_hashes_do_not_know_is_found_in_the_database(untouched, backup, tmp_path):
    """A broken page, of which the list says that it should be so."""

    broken = database_of(lambda data: data[:20_480] + b"\xaa" * 2000 + data[22_480:])
    (said,) = each(untouched, [[repack_as(tmp_path, backup, broken), "--overwrite", "yes"]])
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


def test_uploads_alone_are_not_overwritten_either(place, backup, tmp_path):
    shutil.rmtree(place.folder)
    (place.media / "deep").mkdir(parents=True)
    (place.media / "deep" / "elsewhere").symlink_to(tmp_path)
    (linked,) = each(place, [[backup]])
    (place.media / "deep" / "elsewhere").unlink()
    (place.media / "deep" / "only copy").touch()
    said = each(place, [[backup], [backup, "--overwrite", "yes"]])
    assert f"(files in {place.media})" in said[0] == linked
    assert said[1].startswith("What is here cannot be kept in a backup, so nothing was changed.")
    assert f"{place.media} elsewhere" in said[1]
