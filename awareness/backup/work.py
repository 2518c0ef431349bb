"""What both making and putting back need: who may, where things lie meanwhile, plain words."""

import contextlib
import os
import shutil
import sqlite3
import tempfile
from pathlib import Path

import psycopg
from django.conf import settings
from django.db import connection

from awareness.backup import in_use, postgres, sqlite
from awareness.web.startup import Refusal, check_folder, reason


def engine():
    return postgres if connection.vendor == "postgresql" else sqlite


@contextlib.contextmanager
def said_plainly(failed):
    """Whatever a disk or a database says, as one sentence."""
    try:
        yield
    except (OSError, sqlite3.Error, psycopg.Error) as error:
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


@contextlib.contextmanager
def folder_for(what):
    """For what must lie somewhere meanwhile; what an interrupted run left there goes first."""
    start = f".{what}-"
    for old in settings.VAR_DIR.glob(f"{start}*"):
        with in_use.only_one(old) as is_left_behind:
            if is_left_behind:
                shutil.rmtree(old, ignore_errors=True)
    with (
        tempfile.TemporaryDirectory(prefix=start, dir=settings.VAR_DIR) as name,
        in_use.only_one(name),
    ):
        yield Path(name)


def private(path, flags):
    """For open(): nobody else may read it."""
    return os.open(path, flags, 0o600)
