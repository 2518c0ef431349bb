import os
import shutil

import pyrage
import pytest

from tests.backup.places import Commands, Place


@pytest.fixture(scope="session")
def ready(first_start, tmp_path_factory):
    """`ready(name)`: a place of this name, which begins anew each time. It has no static files."""
    places = {}

    def ready(name, **variables):
        if name not in places:
            folder = tmp_path_factory.mktemp(name) / "var"
            place = places[name] = Place(folder, variables=variables)
            place.commands = Commands(place.environment)
        place = places[name]
        shutil.rmtree(place.folder, ignore_errors=True)
        without = shutil.ignore_patterns("static*", "log")
        shutil.copytree(first_start.folder, place.folder, ignore=without)
        place.media.mkdir()
        return place

    yield ready
    for place in places.values():
        place.commands.close()


@pytest.fixture
def place(ready):
    place = ready("spoiled")
    (place.media / "2026").mkdir()
    (place.media / "2026" / "señal.png").write_bytes(os.urandom(70_000))
    (place.media / "empty.txt").touch()
    return place


@pytest.fixture(scope="session")
def untouched(ready):
    """A site with content. Nothing here may change it: each test finds it whole."""
    place = ready("untouched")
    (place.media / "a.png").write_bytes(os.urandom(30_000))
    return place


@pytest.fixture(scope="session")
def backup(untouched, tmp_path_factory):
    path = untouched.backup()
    return shutil.move(path, tmp_path_factory.mktemp("backups") / path.name)


@pytest.fixture(scope="session")
def secret():
    return pyrage.x25519.Identity.generate()


@pytest.fixture(scope="session")
def sealed(untouched, secret, tmp_path_factory):
    path = untouched.backup(BACKUP_RECIPIENT=str(secret.to_public()))
    return shutil.move(path, tmp_path_factory.mktemp("sealed") / path.name)
