"""The folder of backups: their names, the newest, and which of them may go."""

import datetime
import os
import re
from pathlib import Path

NAME = re.compile(r"aware-missouri-(\d{4}-\d\d-\d\dT\d{6}Z)\.tar\.gz(\.age)?")
STAMP = "%Y-%m-%dT%H%M%SZ"
PART = ".part"  # the end of the name of one that is being made
MONTHS = 12
A_DAY = datetime.timedelta(days=1)


def name_of(at, is_encrypted):
    return f"aware-missouri-{at:{STAMP}}.tar.gz{'.age' if is_encrypted else ''}"


def moment_of(name):
    """When the backup of this name was made; None: it is not one of ours."""
    if found := NAME.fullmatch(name):
        try:
            return datetime.datetime.strptime(found[1], STAMP).replace(tzinfo=datetime.UTC)
        except ValueError:
            pass
    return None


def backups(folder):
    """[(when, path)], the oldest first. A name of ours is given to nothing but a checked backup."""
    with os.scandir(folder) as entries:
        found = [
            (moment, Path(entry.path))
            for entry in entries
            if (moment := moment_of(entry.name))
            and entry.is_file(follow_symlinks=False)
            and entry.stat().st_size
        ]
    return sorted(found)


def newest(folder, at):
    """(when, path) of the newest; None: there is none, or none that this account can see.

    One of tomorrow was made while the clock was wrong, and would look new for too long.
    """
    try:
        found = [backup for backup in backups(folder) if backup[0] <= at + A_DAY]
    except OSError:
        return None
    return found[-1] if found else None


def superfluous(found, days):
    """Of [(when, ...)] those that are neither of the newest ``days`` days nor the last of a month.

    It counts days and months that have a backup, not days from now: with a clock that is wrong,
    or after a year without one, nothing is thrown away for its age alone.
    """
    found = sorted(found)
    kept_days = sorted({when.date() for when, *_rest in found})[-days:]
    last_of_month = {(when.year, when.month): when for when, *_rest in found}
    kept_months = sorted(last_of_month.values())[-MONTHS:]
    return [
        (when, *rest)
        for when, *rest in found
        if when.date() not in kept_days and when not in kept_months
    ]


def tidy(folder, days, made=None):
    """Throw away what is superfluous. What was just ``made`` is never among it: those of a clock
    that was ahead look newer."""
    gone = [path for _when, path in superfluous(backups(folder), days) if path != made]
    for path in gone:
        path.unlink(missing_ok=True)
    return gone
