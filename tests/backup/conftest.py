import os
import shutil

import pyrage
import pytest

from tests.backup.places import Place


@pytest.fixture
def place(make_folder):
    place = Place(make_folder())
    (place.media / "2026").mkdir(parents=True)
    (place.media / "2026" / "señal.png").write_bytes(os.urandom(70_000))
    (place.media / "empty.txt").touch()
    return place


@pytest.fixture(scope="module")
def untouched(make_folder):
    """A site with content. Nothing here may change it: each test of this module finds it whole."""
    place = Place(make_folder())
    place.media.mkdir()
    (place.media / "a.png").write_bytes(os.urandom(30_000))
    return place


@pytest.fixture(scope="module")
def backup(untouched, tmp_path_factory):
    path = untouched.backup()
    return shutil.move(path, tmp_path_factory.mktemp("backups") / path.name)


@pytest.fixture(scope="module")
def secret():
    return pyrage.x25519.Identity.generate()


@pytest.fixture(scope="module")
def sealed(untouched, secret, tmp_path_factory):
    path = untouched.backup(BACKUP_RECIPIENT=str(secret.to_public()))
    return shutil.move(path, tmp_path_factory.mktemp("sealed") / path.name)
