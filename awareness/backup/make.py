"""Makes a backup while the site runs, and gives it a name only when it has been read again."""

import datetime
import os
import tempfile
import time

from django.conf import settings

from awareness.backup import archive, in_use, sealed, shelf
from awareness.backup.archive import Altered
from awareness.backup.journal import media, sync
from awareness.backup.manifest import Manifest
from awareness.backup.work import check_who, engine, folder_for, private, said_plainly
from awareness.web.startup import Refusal

FAILED = "The backup could not be made, and nothing of it was kept"


def make(tidying=True):
    """(its path, its manifest, what was no file and was left out)"""
    check_who()
    folder = settings.BACKUP_DIR
    with said_plainly(FAILED):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with in_use.only_one(folder) as is_free, folder_for("backup") as work:
            if not is_free:
                raise Refusal(f"Another backup is just being made in {folder}: wait for it.")
            for name in folder.iterdir():
                if name.suffix == shelf.PART and shelf.moment_of(name.stem):
                    name.unlink()  # of a run that was interrupted
            made = make_in(folder, work)
    if tidying:
        with said_plainly(f"{made[0]} was made, but older ones could not be removed"):
            shelf.tidy(folder, settings.BACKUP_KEEP, made[0])
    return made


def make_in(folder, work):
    now = datetime.datetime.now(datetime.UTC).replace(microsecond=0)
    while (path := folder / shelf.name_of(now, bool(settings.BACKUP_RECIPIENT))).exists():
        time.sleep(0.1)  # each has a second of its own
        now = datetime.datetime.now(datetime.UTC).replace(microsecond=0)
    database, facts = engine().snapshot(work)
    manifest = Manifest(made_at=now.isoformat(), site=settings.SITE_URL, **facts)
    part = path.with_name(path.name + shelf.PART)
    try:
        engine().check(database, manifest)
        with open(part, "xb", opener=private) as out:
            left, keys = write(out, manifest, database, work)
            out.flush()
            os.fsync(out.fileno())
        with sealed.opened(part, keys, work) as file:  # from the disk, as a restore would
            if archive.read(file) != manifest:
                raise Altered("it reads otherwise than it was written")
        part.replace(path)
        sync(folder)
    except Altered as error:
        raise Refusal(f"{FAILED}: {error}.") from error
    finally:
        part.unlink(missing_ok=True)
    return path, manifest, left


def write(out, manifest, database, work):
    """Returns what was left out, and the keys that open it now."""
    if not settings.BACKUP_RECIPIENT:
        return archive.write(out, manifest, database, media(), work), []
    with tempfile.TemporaryFile(dir=work) as plain:
        left = archive.write(plain, manifest, database, media(), work)
        return left, [sealed.seal(plain, out, settings.BACKUP_RECIPIENT)]
