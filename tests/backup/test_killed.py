"""Killed at each step: either the old or the new is there as a whole, and the next start serves."""

import json
import os
import shutil
import subprocess
import sys

import pytest

from tests.environment import ROOT, clean_environment


def killed(place, *arguments):
    """[[step, at what, digest, what does not belong, how many backups]]"""
    done = subprocess.run(
        [sys.executable, "-m", "tests.backup.killed", *map(str, arguments)],
        cwd=ROOT,
        env=clean_environment(DJANGO_SETTINGS_MODULE="awareness.settings", **place.environment),
        capture_output=True,
        text=True,
        timeout=1200,
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.fixture
def sites(ready, tmp_path):
    """(a site, the folder that it begins from each time, a backup of another state of it)"""
    place = ready("killed")
    (place.media / "new.png").write_bytes(os.urandom(9_000))
    backup = shutil.move(place.backup(), tmp_path)
    shutil.rmtree(place.shelf)
    place.ask("UPDATE pages_section SET title = 'Old'")
    (place.media / "new.png").unlink()
    (place.media / "old").mkdir()
    (place.media / "old" / "old.png").write_bytes(os.urandom(9_000))
    pristine = tmp_path / "pristine"
    shutil.copytree(place.folder, pristine)
    return place, pristine, backup


def test_a_restore_that_is_killed_leaves_the_old_or_the_new(sites):
    place, pristine, backup = sites
    steps = killed(place, "restore", backup, pristine)
    old, new = steps[0][2], steps[-1][2]
    assert old != new
    assert steps[-1][1] == "the end"
    order = [digest for _step, _at, digest, _rest, _backups in steps]
    assert set(order) == {old, new}
    assert order == sorted(order, key=[old, new].index), "the old came back after the new"
    assert all(backups == 1 for *_, digest, _rest, backups in steps if digest == new)


def test_a_finish_that_is_killed_is_finished_by_the_next(sites):
    place, pristine, backup = sites
    place.restore(backup, "--overwrite", "yes")
    new = place.all()
    shutil.rmtree(place.folder)
    shutil.copytree(pristine, place.folder)
    # The database is the new one, and the uploads have not changed places yet.
    lay_out = place.run("shell", "-c", LAY_OUT.format(path=str(backup)))
    assert lay_out.returncode == 0, lay_out.stderr
    assert list(place.folder.glob(".media.restore-*"))
    shutil.rmtree(pristine)
    shutil.move(place.folder, pristine)
    shutil.copytree(pristine, place.folder)
    steps = killed(place, "finish", "", pristine)
    assert {"rename", "unlink", "rmdir"} <= {at for _step, at, *_rest in steps}
    assert len({(digest, str(rest)) for _step, _at, digest, rest, _backups in steps}) == 1
    assert steps[0][3] == [], "nothing is left lying about"
    assert place.all() == new


LAY_OUT = """
from pathlib import Path
from awareness.backup import restore, sqlite, swap
from awareness.backup.common import work_folder
with Path({path!r}).open("rb") as file, work_folder("restore") as work:
    manifest, database = restore.lay_out(file, work, swap.beside(5))
    sqlite.replace(database, manifest, 5)
"""


def test_a_backup_that_is_killed_leaves_whole_ones_alone(sites):
    place, pristine, _backup = sites
    steps = killed(place, "backup", "", pristine)
    assert len({digest for _step, _at, digest, _rest, _backups in steps}) == 1
    assert {backups for *_rest, backups in steps} == {0, 1}
    assert not list(place.folder.glob(".*"))
