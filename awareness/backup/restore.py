"""Puts a backup back: all is made ready beside what is there, and then changes places with it."""

import os
import secrets

from django.conf import settings
from django.core.cache import cache
from django.db import connection

from awareness.backup import archive, encryption, lock, swap
from awareness.backup.common import check_who, engine, refusing, work_folder
from awareness.backup.make import make
from awareness.backup.manifest import DATABASES, MEDIA
from awareness.web import startup
from awareness.web.startup import Refusal, reason

FAILED = "The backup could not be put back, and nothing was changed"
NAMES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


def restore(path, key_file=None, overwrite=False):
    """(its manifest, the path of the backup of what was there before or None)"""
    check_who()
    if not path.is_file():
        raise Refusal(f"There is no file {path}. Nothing was changed.")
    keys = encryption.keys_in(key_file) if key_file else []
    with refusing(FAILED):
        lock.alone(settings.VAR_DIR)
        swap.finish()
        try:
            with work_folder("restore") as work, encryption.opened(path, keys, work) as file:
                return put_back(file, work, overwrite)
        except archive.Damaged as error:
            raise Refusal(
                f"{path} is not a whole backup of this site: {error}. Nothing was changed."
            ) from error


def put_back(file, work, overwrite):
    mark = secrets.randbelow(2**31 - 1) + 1  # what SQLite has room for; it has 0 by itself
    try:
        is_there = check_room(overwrite)
        manifest, database = lay_out(file, work, swap.beside(mark))
        before = keep_what_is_there() if is_there else None
        forget_cache()
        os.sync()  # the uploads
    except BaseException:
        swap.clear()
        raise
    try:
        engine().replace(database, manifest, mark)
    finally:
        swap.finish()
    return manifest, before


def check_room(overwrite):
    """Whether something is there that is to be replaced, and may be."""
    media = swap.media()
    if media.is_mount():
        raise Refusal(
            f"{media} is a disk of its own, which nothing can take the place of: "
            "name a folder on it with MEDIA_ROOT. Nothing was changed."
        )
    there = [engine().described()] if engine().has_content() else []
    # A link is no folder of ours, wherever it leads: it would be gone.
    if any(path.is_symlink() or not path.is_dir() for path in media.rglob("*")):
        there.append(f"files in {media}")
    if there and not overwrite:
        raise Refusal(
            f"There is something here already ({', '.join(there)}): OVERWRITE=yes puts the "
            "backup in its place, after a backup of it. Nothing was changed."
        )
    return bool(there)


def lay_out(file, work, new_media):
    """Write everything beside the place where it belongs, and check it there."""
    new_media.mkdir(parents=True)

    def place(name):
        return new_media / name.removeprefix(MEDIA) if name.startswith(MEDIA) else work / name

    manifest = archive.read(file, place)
    for folder in (new_media, *new_media.rglob("*/")):
        folder.chmod(settings.FILE_UPLOAD_DIRECTORY_PERMISSIONS)  # nginx reads in them
    check_fits(manifest)
    database = work / DATABASES[connection.vendor]
    engine().check(database, manifest)
    return manifest, database


def check_fits(manifest):
    if manifest.engine != connection.vendor:
        raise Refusal(
            f"The backup is of {NAMES.get(manifest.engine, 'another database')}, and this site "
            f"uses {NAMES[connection.vendor]}: put it back where DATABASE_URL names the same kind. "
            "Nothing was changed."
        )
    if newer := startup.ahead(manifest.migrations.items()):
        raise Refusal(
            f"The backup is from a newer version of the site ({'.'.join(newer[0])} is not known "
            "here): update the site first. Nothing was changed."
        )


def keep_what_is_there():
    """The path of a backup of it."""
    try:
        return make(tidying=False)[0]
    except Refusal as refusal:
        raise Refusal(
            f"What is here cannot be kept in a backup, so nothing was changed. {refusal} To go on "
            f"without it, move {engine().described()}, with any -wal beside it, and "
            f"{swap.media()} elsewhere, or name others with DATABASE_URL and MEDIA_ROOT, "
            "then run this again."
        ) from refusal


def forget_cache():
    """What was remembered of the old site. A cache in the database is replaced with it."""
    if settings.CACHES["default"]["BACKEND"].endswith("DatabaseCache"):
        return
    try:
        cache.clear()
    except Exception as error:  # each kind of cache has errors of its own
        raise Refusal(
            f"The cache cannot be emptied ({reason(error)}): see to what CACHE_URL names. "
            "Nothing was changed."
        ) from error
