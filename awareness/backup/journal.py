"""The step from the old to the new: written down, then done, and finished by whoever finds it.

Up to the moment at which the journal stands on the disk, all is as it was. From then on the new
files take their places: each in one step, each as often as it takes. Whatever loads the site
looks for a journal first (awareness/apps.py), so nobody ever sees half.

On PostgreSQL the database decides: the mark that it carries says whether the restore was done.
"""

import contextlib
import json
import os
import shutil
from pathlib import Path

from django.conf import settings
from django.db import connection

from awareness.backup import sqlite
from awareness.web.startup import Refusal, reason

NAME = "restore.json"


def beside(path, what):
    """A name in the same folder, so that one rename does it; nobody else would choose it."""
    return path.with_name(f".{path.name}.restore-{what}")


def media():
    return Path(settings.MEDIA_ROOT).resolve()


def sync(path):
    """On the disk, not only on its way there."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def begin(folder, mark, database=None):
    """Write it down. ``database`` is the place of a file; a mark stands for one on a server."""
    said = {"mark": mark, "database": str(database or ""), "media": str(media())}
    part = folder / f"{NAME}.part"
    try:
        with part.open("w") as file:
            json.dump(said, file)
            file.flush()
            os.fsync(file.fileno())
        part.replace(folder / NAME)
        sync(folder)
    except OSError:
        for path in (part, folder / NAME):
            path.unlink(missing_ok=True)
        raise


def finish(folder):
    """Do what is written down, or undo it if the database says that nothing was done.

    Whether the new is in its place now.
    """
    journal = folder / NAME
    if not journal.exists():
        return False
    try:
        said = json.loads(journal.read_text())
        place = Path(said["media"])
        if said["database"]:
            database = Path(said["database"])
            sqlite.put(beside(database, "new"), database)
            sync(database.parent)
        is_done = bool(said["database"]) or is_in_database(said["mark"])
        if is_done:
            swap(place)
            # The help lines of before, which pages.site_context would fall back on.
            (folder / "frame.json").unlink(missing_ok=True)
        clear(place, ignore_errors=True)  # once more, and strictly, before the next restore
        journal.unlink()
        sync(folder)
        return is_done
    except (OSError, ValueError, LookupError, TypeError, connection.Database.Error) as error:
        raise Refusal(
            f"A backup was being put back, and this cannot be finished ({reason(error)}): "
            f"see to that, then run this again. {journal} says what is under way."
        ) from error


def is_in_database(mark):
    if connection.vendor != "postgresql":
        raise ValueError("it was into PostgreSQL, which DATABASE_URL does not name any more")
    from awareness.backup import postgres  # each process reads this file, and few need that one

    return postgres.carries(mark)


def swap(place):
    new, old = beside(place, "new"), beside(place, "old")
    if not new.exists():
        return
    if place.exists() and not old.exists():
        place.rename(old)
    new.rename(place)
    sync(place.parent)


def clear(place, ignore_errors=False):
    """What an interrupted restore, or a finished one, left beside the media."""
    for what in ("old", "new"):
        with contextlib.suppress(FileNotFoundError):
            shutil.rmtree(beside(place, what), ignore_errors)
