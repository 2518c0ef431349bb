"""A disk that is full, at every size: the old or the new as a whole, and one sentence."""

import contextlib
import os
import shutil
import subprocess

import pytest

from tests.backup.places import tree

KILOBYTE = 1024
PICTURE = os.urandom(200 * KILOBYTE)
# Below the smallest file, between them, just short of the largest; and enough.
SIZES = [1, 100, 300, 600, None]


@pytest.fixture(scope="module")
def begin_anew(ready):
    def begin_anew():
        place = ready("full")
        with place.connected() as database:  # one file, so that sizes are what they seem
            database.execute("PRAGMA journal_mode=DELETE")
        (place.media / "a.png").write_bytes(PICTURE)
        return place

    return begin_anew


@pytest.fixture(scope="module")
def backup(begin_anew, tmp_path_factory):
    made = begin_anew().backup()
    return shutil.move(made, tmp_path_factory.mktemp("backups"))


@pytest.fixture
def changed(begin_anew, backup):
    """A function: (a site that has changed since that backup, how it was, how it is)"""

    def changed():
        place = begin_anew()
        new = place.all()
        place.ask("UPDATE pages_section SET title = 'Old'")
        (place.media / "a.png").write_bytes(b"old")
        return place, new, place.all()

    return changed


def size_of(place, kilobytes):
    """None: enough, but not much more than the largest file needs while it is made."""
    return kilobytes * KILOBYTE if kilobytes else 3 * place.file.stat().st_size


def sentence(done):
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1, done.stderr
    assert "Traceback" not in done.stderr
    return done.stderr


def test_a_backup_for_which_there_is_no_room_leaves_nothing(begin_anew):
    for kilobytes in SIZES:
        place = begin_anew()
        before = place.all()
        done = place.run("backup", longest=size_of(place, kilobytes))
        if kilobytes:
            assert "and nothing of it was kept (" in sentence(done), kilobytes
            assert tree(place.shelf) == {}, kilobytes
        else:
            assert len(list(place.shelf.iterdir())) == 1
        assert place.all() == before, kilobytes
        assert not list(place.folder.glob(".*")), kilobytes


def test_a_restore_for_which_there_is_no_room_changes_nothing(changed, backup):
    for kilobytes in SIZES:
        place, new, old = changed()
        size = size_of(place, kilobytes)
        done = place.run("restore", backup, "--overwrite", "yes", longest=size)
        if kilobytes:
            assert "nothing was changed" in sentence(done), kilobytes
            assert tree(place.shelf) == {}, kilobytes
        assert place.all() == (old if kilobytes else new), kilobytes
        assert not list(place.folder.glob(".*")), kilobytes


def test_a_restore_into_an_empty_place_without_room_leaves_it_empty(begin_anew, backup):
    place = begin_anew()
    shutil.rmtree(place.folder)
    done = place.run("restore", backup, longest=300 * KILOBYTE)
    assert "nothing was changed" in sentence(done)
    assert tree(place.folder) == {}


# --- A real one ------------------------------------------------------------------------


@contextlib.contextmanager
def small_disk(folder, kilobytes):
    """Whether one could be had: mounting needs rights that not every machine gives."""
    mount = ["mount", "-t", "tmpfs", "-o", f"size={kilobytes}k", "tmpfs", folder]
    is_there = shutil.which("mount") and not subprocess.run(mount, capture_output=True).returncode
    try:
        yield is_there
    finally:
        if is_there:
            subprocess.run(["umount", folder], check=True)


def test_on_a_small_disk(changed, backup, tmp_path):
    """Where there is none to be had, the limits above have said it already."""
    for spare in (500, 2500, 9000):
        place, new, old = changed()
        files = shutil.copytree(place.folder, tmp_path / str(spare))
        needed = sum(len(data) for data in tree(files).values()) // KILOBYTE
        with small_disk(place.folder, needed + 100 + spare) as is_there:
            if not is_there:
                return
            shutil.copytree(files, place.folder, dirs_exist_ok=True)
            done = place.run("backup")
            assert done.returncode == 0 or "nothing of it was kept (" in sentence(done)
            assert len(list(place.shelf.iterdir())) == (done.returncode == 0), spare
            done = place.run("restore", backup, "--overwrite", "yes")
            assert done.returncode == 0 or "nothing was changed" in sentence(done)
            assert place.all() == (old if done.returncode else new), spare
            assert (done.returncode == 0) == (spare == 9000)
            assert not list(place.folder.glob(".*")), spare
