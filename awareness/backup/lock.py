"""Who is at work with the site's files, so that nothing is put back under somebody's feet.

Whatever has loaded the site (its workers, a command) shares a lock on VAR_DIR; a restore holds it
alone. The kernel keeps it on the open folder itself and takes it back from whoever ends, however
that happens, so there is no file that could be left behind.
"""

import contextlib
import fcntl
import os
import time

from awareness.web.startup import Refusal

PATIENCE = 2  # seconds; whoever finishes an interrupted restore needs less
ALONE, SHARED = fcntl.LOCK_EX, fcntl.LOCK_SH

_held = {}  # folder: its descriptor, open for as long as this process lives


def hold(folder, is_unfinished, finish):
    """Count as one that uses the site from now on. What a restore left is finished before.

    Where the folder is not there yet, or cannot be locked, nothing can be put back either.
    """
    end = time.monotonic() + PATIENCE
    with contextlib.suppress(OSError):
        descriptor = opened(folder)
        while True:
            kind = ALONE if is_unfinished() else SHARED
            if lock(descriptor, kind):
                if kind == ALONE:
                    finish()
                elif not is_unfinished():
                    return
            # The kernel exchanges one kind for the other in two steps: another may come between.
            fcntl.flock(descriptor, fcntl.LOCK_UN)
            if time.monotonic() > end:
                raise Refusal(
                    f"A backup is just being put back into {folder}: wait until it is done."
                )
            time.sleep(0.05)


def alone(folder):
    """Nobody else uses the site, nor can begin to until this process ends."""
    if not lock(opened(folder), ALONE):
        raise Refusal(
            "The site is running, or a command of it is at work (a backup, `make staff`): "
            "stop it first. Nothing was changed."
        )


def opened(folder):
    if folder not in _held:
        _held[folder] = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    return _held[folder]


def lock(descriptor, kind):
    """Whether it could be had at once. One that is held already is exchanged for it."""
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


@contextlib.contextmanager
def only_one(folder):
    """Whether nobody else has this folder, which nobody else gets until the end."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield lock(descriptor, ALONE)
    finally:
        os.close(descriptor)
