"""Puts a backup back: all is made ready beside what is there, and then changes places with it."""

import os
import secrets
from pathlib import Path

from django.conf import settings
from django.core.cache import caches

from awareness.backup import archive, in_use, journal, postgres, sealed, sqlite
from awareness.backup.archive import Altered
from awareness.backup.journal import beside, media, sync
from awareness.backup.make import make
from awareness.backup.manifest import MEDIA
from awareness.backup.work import check_who, engine, folder_for, said_plainly
from awareness.web import startup
from awareness.web.startup import Refusal, reason

FAILED = "The backup could not be put back, and nothing was changed"


def restore(path, key_file=None, overwrite=False):
    """(its manifest, the path of the backup of what was there before or None)"""
    check_who()
    if not path.is_file():
        raise Refusal(f"There is no file {path}. Nothing was changed.")
    keys = sealed.keys_in(key_file) if key_file else []
    folder = settings.VAR_DIR
    with said_plainly(FAILED), in_use.alone(folder):
        journal.finish(folder)
        clear()
        try:
            with folder_for("restore") as work, sealed.opened(path, keys, work) as file:
                manifest = archive.read(file)
                check_fits(manifest)
                is_there = check_room(manifest, overwrite)
                new = lay_out(file, manifest, work)
                before = keep_what_is_there() if is_there else None
                exchange(folder, manifest, new)
        except Altered as error:
            raise Refusal(
                f"{path} is not a whole backup of this site: {error}. Nothing was changed."
            ) from error
        finally:
            if not (folder / journal.NAME).exists():
                clear()
    return manifest, before


def clear():
    """What was laid out, or is left of an interrupted run."""
    journal.clear(media())
    if engine() is sqlite:
        for end in ("", *sqlite.BESIDE):
            Path(f"{beside(sqlite.place(), 'new')}{end}").unlink(missing_ok=True)


# --- Whether it may be -----------------------------------------------------------------


def check_fits(manifest):
    names = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
    here = "postgresql" if engine() is postgres else "sqlite"
    if manifest.engine != here:
        raise Refusal(
            f"The backup is of {names.get(manifest.engine, 'another database')}, and this site "
            f"uses {names[here]}: put it back where DATABASE_URL names the same kind. "
            "Nothing was changed."
        )
    if newer := startup.ahead(manifest.migrations.items()):
        raise Refusal(
            f"The backup is from a newer version of the site ({'.'.join(newer[0])} is not known "
            "here): update the site first. Nothing was changed."
        )
    if media().is_mount():
        raise Refusal(
            f"{media()} is a disk of its own, which nothing can take the place of: "
            "name a folder on it with MEDIA_ROOT. Nothing was changed."
        )


def check_room(manifest, overwrite):
    """Whether something is there that is to be replaced, and may be."""
    has_database = engine().has_content()
    # A link is no folder of ours, wherever it leads: it would be gone.
    has_media = any(path.is_symlink() or not path.is_dir() for path in media().rglob("*"))
    there = [engine().described()] if has_database else []
    there += [f"files in {media()}"] if has_media else []
    if there and not overwrite:
        raise Refusal(
            f"There is something here already ({', '.join(there)}): OVERWRITE=yes puts the "
            "backup in its place, after a backup of it. Nothing was changed."
        )
    if there and not has_database:
        raise Refusal(
            f"There are files in {media()}, but no database that a backup of them could be made "
            "with: move them elsewhere, then run this again. Nothing was changed."
        )
    if engine() is postgres:  # said before the work begins, and looked at again in the midst of it
        with postgres.connected() as database:
            postgres.refuse_others(database, manifest)
    return bool(there)


def keep_what_is_there():
    """The path of a backup of it."""
    try:
        path, _manifest, links = make(tidying=False)
    except Refusal as refusal:
        raise Refusal(
            f"What is here cannot be kept in a backup, so nothing was changed. {refusal} To go on "
            f"without it, {engine().way_out()}, then run this again."
        ) from refusal
    if links:
        raise Refusal(
            f"{links[0]} is a link, which no backup holds: move it elsewhere, then run this again. "
            "Nothing was changed."
        )
    return path


# --- Doing it --------------------------------------------------------------------------


def lay_out(file, manifest, work):
    """Write everything beside the place where it belongs, and check it there."""
    on_server = engine() is postgres
    new = work / postgres.FILE if on_server else beside(sqlite.place(), "new")
    new_media = beside(media(), "new")
    new.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    new_media.mkdir(parents=True)

    def place(name):
        return new if name == manifest.database else new_media / name.removeprefix(MEDIA)

    if archive.read(file, place) != manifest:
        raise Altered("it changed while it was read")
    engine().check(new, manifest)
    return new


def exchange(folder, manifest, new):
    mark = f"restore {secrets.token_hex(16)}"
    forget_cache()
    os.sync()  # the uploads
    if engine() is sqlite:
        sqlite.raise_version(new)
        sync(new)
        if sqlite.has_content():
            sqlite.close_log()
        journal.begin(folder, mark, sqlite.place())
        journal.finish(folder)
        return
    journal.begin(folder, mark)
    try:
        postgres.load(new, manifest, mark)
    except BaseException:
        # The last word of a database that went away may have been yes.
        if not journal.finish(folder):
            raise
    else:
        journal.finish(folder)


def forget_cache():
    """What was remembered of the old site. A cache in the database is replaced with it."""
    for name, cache in settings.CACHES.items():
        if not cache["BACKEND"].endswith("DatabaseCache"):
            try:
                caches[name].clear()
            except Exception as error:  # each kind of cache has errors of its own
                raise Refusal(
                    f"The cache cannot be emptied ({reason(error)}): see to what CACHE_URL names. "
                    "Nothing was changed."
                ) from error
