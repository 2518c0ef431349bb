"""Makes a backup while the site runs, and gives it a name only when it has been read again."""

import datetime
import os
import tempfile
import time

from django.conf import settings
from django.db import connection

from awareness.backup import archive, encryption, lock, shelf
from awareness.backup.common import check_who, engine, refusing, sync, work_folder
from awareness.backup.manifest import DATABASES, Manifest
from awareness.backup.swap import media
from awareness.web.startup import Refusal

FAILED = "The backup could not be made, and nothing of it was kept"


def make(tidying=True):
    """(its path, its manifest, what was no file and was left out)"""
    check_who()
    folder = settings.BACKUP_DIR
    with refusing(FAILED):
        folder.mkdir(parents=True, exist_ok=True)
        with lock.only_one(folder) as is_free:
            if not is_free:
                raise Refusal(f"Another backup is just being made in {folder}: wait for it.")
            for path in folder.iterdir():
                if path.suffix == shelf.PART and shelf.moment_of(path.stem):
                    path.unlink()  # of a run that was interrupted
            with work_folder("backup") as work:
                made = make_in(folder, work)
    if tidying:
        with refusing(f"{made[0]} was made, but older ones could not be removed"):
            shelf.tidy(folder, settings.BACKUP_KEEP, made[0])
    return made


def make_in(folder, work):
    now = datetime.datetime.now(datetime.UTC).replace(microsecond=0)
    while (path := folder / shelf.name_of(now, bool(settings.BACKUP_RECIPIENT))).exists():
        time.sleep(0.1)  # each has a second of its own
        now = datetime.datetime.now(datetime.UTC).replace(microsecond=0)
    kind, database = connection.vendor, work / DATABASES[connection.vendor]
    facts = engine().snapshot(database)
    manifest = Manifest(made_at=now.isoformat(), site=settings.SITE_URL, engine=kind, **facts)
    part = path.with_name(path.name + shelf.PART)
    try:
        engine().check(database, manifest)
        with part.open("xb") as out:
            left_out, keys = write(out, manifest, database, work)
            out.flush()
            os.fsync(out.fileno())
        with encryption.opened(part, keys, work) as file:  # from the disk, as a restore would
            if archive.read(file) != manifest:
                raise archive.Damaged("it reads otherwise than it was written")
        part.replace(path)
        sync(folder)
    except archive.Damaged as error:
        raise Refusal(f"{FAILED}: {error}.") from error
    finally:
        part.unlink(missing_ok=True)
    return path, manifest, left_out


def write(out, manifest, database, work):
    """Returns what was left out, and the keys that open it now."""
    if not settings.BACKUP_RECIPIENT:
        return archive.write(out, manifest, database, media()), []
    with tempfile.TemporaryFile(dir=work) as plain:
        left_out = archive.write(plain, manifest, database, media())
        return left_out, [encryption.encrypt(plain, out, settings.BACKUP_RECIPIENT)]
