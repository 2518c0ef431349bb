"""The swap of the old for the new: decided by the database, and finished by whoever loads the site.

A restore lays out the new uploads beside the old ones, in a folder that is named after a number.
The new database carries this number, and takes its place in one step (a rename on SQLite, a
transaction on PostgreSQL). Before that step, such a folder is left over and goes; after it, the
folder takes the place of the old uploads. awareness/apps.py looks for one before anything is read.
"""

import glob
import shutil
from pathlib import Path

from django.conf import settings
from django.db import connection

from awareness.backup.common import engine, sync, work
from awareness.web.startup import Refusal, reason


def media():
    return Path(settings.MEDIA_ROOT).resolve()


def beside(what):
    """A name in the same folder, so that one rename does it; nobody else would choose it."""
    return media().with_name(f".{media().name}.restore-{what}")


def unfinished():
    """The folders of a restore that was interrupted: the new uploads, or the old ones."""
    start = beside("")
    return sorted(start.parent.glob(f"{glob.escape(start.name)}*"))


def finish():
    """Do what remains to be done if the database is the new one, and take away what is left."""
    try:
        for folder in unfinished():
            mark = folder.name.rpartition("-")[2]
            if mark.isdecimal() and engine().carries(int(mark)):
                take_place(folder)
        clear()
    except (OSError, connection.Database.Error) as error:
        raise Refusal(
            f"A backup was being put back, and this cannot be finished ({reason(error)}): "
            "see to that, then run this again."
        ) from error


def take_place(new):
    # The help lines of before, which pages.site_context would fall back on.
    (settings.VAR_DIR / "site_context.json").unlink(missing_ok=True)
    if media().exists():
        media().rename(beside("old"))
    new.rename(media())
    sync(media().parent)


def clear():
    shutil.rmtree(work("restore"), ignore_errors=True)
    for folder in unfinished():
        shutil.rmtree(folder)
