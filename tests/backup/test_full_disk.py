"""A disk that is full, at every size: the old or the new as a whole, and one sentence."""

import contextlib
import os
import resource
import shutil
import subprocess
import sys

import pytest

from tests.backup.places import Place, tree
from tests.environment import ROOT, clean_environment
from tests.site import PATIENCE

KILOBYTE = 1024


@pytest.fixture(scope="module")
def whole(make_folder):
    """A site, and a backup of it."""
    place = Place(make_folder())
    shutil.rmtree(place.folder / "static")
    place.media.mkdir()
    (place.media / "a.png").write_bytes(os.urandom(200 * KILOBYTE))
    with place.connected() as database:  # one file, so that sizes are what they seem
        database.execute("PRAGMA journal_mode=DELETE")
    made = place.backup()
    backup = shutil.move(made, place.folder.parent / made.name)
    shutil.rmtree(place.shelf)
    return place, backup


@pytest.fixture
def place(whole, tmp_path):
    """A copy of it, to spoil."""
    return Place(shutil.copytree(whole[0].folder, tmp_path / "var"))


@pytest.fixture
def backup(whole):
    return whole[1]


def with_room(place, size, *command):
    """Run where no file may grow beyond this: what a full disk does, without being root."""

    def limit():
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))

    return subprocess.run(
        [sys.executable, "manage.py", *map(str, command)],
        cwd=ROOT,
        env=clean_environment(**place.environment),
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        preexec_fn=limit,
    )


def sentence(done):
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1, done.stderr
    assert "Traceback" not in done.stderr
    return done.stderr


# Below the smallest file, between them, just short of the largest; and enough.
SIZES = [1, 100, 300, 600, None]


@pytest.mark.parametrize("kilobytes", SIZES)
def test_a_backup_for_which_there_is_no_room_leaves_nothing(place, kilobytes):
    before = place.all()
    done = with_room(place, size_of(place, kilobytes), "backup")
    if done.returncode == 0:
        assert kilobytes is None
        assert len(list(place.shelf.iterdir())) == 1
    else:
        assert "and nothing of it was kept (" in sentence(done)
        assert tree(place.shelf) == {}
    assert place.all() == before
    assert not list(place.folder.glob(".*"))


@pytest.mark.parametrize("kilobytes", SIZES)
def test_a_restore_for_which_there_is_no_room_changes_nothing(place, backup, kilobytes):
    new = place.all()
    place.ask("UPDATE pages_section SET title = 'Old'")
    (place.media / "a.png").write_bytes(b"old")
    old = place.all()
    size = size_of(place, kilobytes)
    done = with_room(place, size, "restore", backup, "--overwrite", "yes")
    if done.returncode == 0:
        assert kilobytes is None
        assert place.all() == new
    else:
        assert "nothing was changed" in sentence(done)
        assert place.all() == old
        assert tree(place.shelf) == {}
    assert not list(place.folder.glob(".*"))


def size_of(place, kilobytes):
    """None: enough, but not much more than the largest file needs while it is made."""
    return kilobytes * KILOBYTE if kilobytes else 3 * place.file.stat().st_size


def test_a_restore_into_an_empty_place_without_room_leaves_it_empty(backup, tmp_path):
    empty = Place(tmp_path / "empty")
    done = with_room(empty, 300 * KILOBYTE, "restore", backup)
    assert "nothing was changed" in sentence(done)
    assert tree(empty.folder) == {}


# --- A real one ------------------------------------------------------------------------


@contextlib.contextmanager
def small_disk(folder, kilobytes):
    """Whether one could be had: mounting needs rights that not every machine gives."""
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={kilobytes}k", "tmpfs", folder]
    is_there = shutil.which("mount") and not subprocess.run(mount, capture_output=True).returncode
    try:
        yield is_there
    finally:
        if is_there:
            subprocess.run(["umount", folder], check=True)


@pytest.mark.parametrize("spare", [500, 2500, 9000])
def test_on_a_small_disk(place, backup, tmp_path, spare):
    """Where there is none to be had, the limits above have said it already."""
    new = place.all()
    place.ask("UPDATE pages_section SET title = 'Old'")
    old = place.all()
    needed = sum(len(data) for data in tree(place.folder).values()) // KILOBYTE
    with small_disk(tmp_path / "disk", needed + 100 + spare) as is_there:
        if not is_there:
            return
        site = Place(tmp_path / "disk" / "var")
        shutil.copytree(place.folder, site.folder)
        done = site.run("backup")
        assert done.returncode == 0 or "nothing of it was kept (" in sentence(done)
        made = len(list(site.shelf.iterdir()))
        assert made == (1 if done.returncode == 0 else 0)
        done = site.run("restore", str(backup), "--overwrite", "yes")
        if done.returncode == 0:
            assert site.all() == new
        else:
            assert "nothing was changed" in sentence(done)
            assert site.all() == old
        assert (done.returncode == 0) == (spare == 9000)
        assert not list(site.folder.glob(".*"))
