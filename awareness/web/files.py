"""Files that several processes keep in ``var/``, for when the database or the site is away."""

import logging
import os
from contextlib import suppress

log = logging.getLogger(__name__)


def keep(file, text, rights=0o600):
    """As a whole or not at all, and not again when it is there; that it cannot be stops nobody."""
    keep_bytes(file, text.encode(), rights)


def keep_bytes(file, data, rights=0o600):
    draft = file.with_suffix(f".{os.getpid()}")
    with suppress(OSError):
        if file.read_bytes() == data:
            return
    try:
        draft.write_bytes(data)
        draft.chmod(rights)
        draft.replace(file)
    except OSError as error:
        log.warning("%s could not be kept: %s", file, error)
