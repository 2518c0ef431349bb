"""Files that several processes keep in ``var/``, for when the database or the site is away."""

import logging
import os

log = logging.getLogger(__name__)


def keep(file, text, rights=0o600):
    """As a whole or not at all, and not again when it is there; that it cannot be stops nobody."""
    draft = file.with_suffix(f".{os.getpid()}")
    try:
        if file.exists() and file.read_text("utf-8") == text:
            return
        draft.write_text(text, "utf-8")
        draft.chmod(rights)
        draft.replace(file)
    except OSError as error:
        log.warning("%s could not be kept: %s", file, error)
