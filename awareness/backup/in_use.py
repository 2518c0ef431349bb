"""Who is at work with the site's files, so that nothing is put back under somebody's feet.

Whatever has loaded the site (its workers, a command) shares a lock on VAR_DIR; a restore holds it
alone. The kernel keeps it on the open folder itself and takes it back from whoever ends, however
that happens, so there is no file that could be left behind.
"""

import contextlib
import fcntl
import os
import time

from awareness.web.startup import Refusal, reason

PATIENCE = 2  # seconds; whoever finishes an interrupted restore needs less
ALONE, SHARED = fcntl.LOCK_EX, fcntl.LOCK_SH
BUSY = "A backup is just being put back into %s: wait until it is done."

_held = {}  # folder: its descriptor, open for as long as this process lives


def hold(folder, finish, is_half):
    """Count as one that uses the site from now on; ``finish()`` is called first by the only one.

    Where the folder is not there yet, or cannot be locked, nothing can be put back either.
    """
    with contextlib.suppress(OSError):
        descriptor = opened(folder)
        end = time.monotonic() + PATIENCE
        while wait_for(descriptor, folder, ALONE, SHARED) == SHARED:
            if not is_half():
                return
            # A restore that could not finish shares the folder for the moment that it takes to
            # end, and one that is killed lets go of it between our two questions.
            fcntl.flock(descriptor, fcntl.LOCK_UN)
            if time.monotonic() > end:
                raise Refusal(BUSY % folder)
            time.sleep(0.05)
        finish()
        wait_for(descriptor, folder, SHARED)


@contextlib.contextmanager
def alone(folder):
    """Nobody else uses the site, nor can begin to."""
    try:
        descriptor = opened(folder)
        if not lock(descriptor, ALONE):
            raise Refusal(
                "The site is running, or a command of it is at work (a backup, `make staff`): "
                "stop it first. Nothing was changed."
            )
    except OSError as error:
        raise Refusal(
            f"The folder {folder} cannot be locked ({reason(error)}): "
            "name one on a local disk with VAR_DIR."
        ) from error
    try:
        yield
    finally:
        lock(descriptor, SHARED)


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


def wait_for(descriptor, folder, *kinds):
    """The first of these that can be had."""
    end = time.monotonic() + PATIENCE
    while True:
        for kind in kinds:
            if lock(descriptor, kind):
                return kind
        if time.monotonic() > end:
            raise Refusal(BUSY % folder)
        time.sleep(0.05)


@contextlib.contextmanager
def only_one(folder):
    """Whether nobody else has this folder, which nobody else gets until the end."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield lock(descriptor, ALONE)
    finally:
        os.close(descriptor)
