"""What both making and putting back need: who may, where things lie meanwhile, plain words."""

import contextlib
import importlib
import os
import shutil

from django.conf import settings
from django.db import connection

from awareness.web.startup import Refusal, check_folder, reason


def engine():
    """Imported when it is needed: every process of the site reads this file."""
    name = "postgres" if connection.vendor == "postgresql" else "sqlite"
    return importlib.import_module(f"awareness.backup.{name}")


@contextlib.contextmanager
def refusing(failed):
    """Whatever a disk or a database says, as one sentence."""
    try:
        yield
    except (OSError, connection.Database.Error) as error:
        where = f": {name}" if (name := getattr(error, "filename", None)) else ""
        raise Refusal(f"{failed} ({reason(error)}{where}).") from error


def check_who():
    """What root makes, the site's own account could not read."""
    check_folder(settings.VAR_DIR)
    owner = settings.VAR_DIR.stat()
    if os.geteuid() == 0 != owner.st_uid:
        raise Refusal(
            f"{settings.VAR_DIR} does not belong to root: run this as the account that it belongs "
            f"to (put setpriv --reuid={owner.st_uid} --regid={owner.st_gid} --init-groups "
            "before it)."
        )


def work(what):
    """Where things lie meanwhile: a database that is a file takes its place from there."""
    return settings.DATABASE_FILE.with_name(f".{settings.DATABASE_FILE.name}.{what}")


@contextlib.contextmanager
def work_folder(what):
    """What an interrupted run left there goes first."""
    folder = work(what)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def sync(path):
    """On the disk, not only on its way there."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
