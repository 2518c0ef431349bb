"""Encryption as the tool `age` does it: whoever has the site's server cannot open its backups."""

import contextlib
import re
import tempfile

import pyrage

from awareness.backup.archive import Damaged
from awareness.web.startup import Refusal, reason

HEADER = b"age-encryption.org/"


def encrypt(plain, out, recipients):
    """Returns a key of this moment that opens it too, to check it with and forget."""
    passing = pyrage.x25519.Identity.generate()
    readers = [pyrage.x25519.Recipient.from_str(each) for each in recipients]
    plain.seek(0)
    try:
        pyrage.encrypt_io(plain, out, [*readers, passing.to_public()])
    except pyrage.EncryptError as error:  # the disk's word, with the number of the error before it
        raise OSError(re.sub(r"^OSError: (\[.*?\] )?", "", str(error))) from error
    return passing


@contextlib.contextmanager
def opened(path, keys, work):
    """The backup as a file to read. What is encrypted is read from a copy without a name, which
    goes with this process."""
    with path.open("rb") as file:
        is_plain = file.read(len(HEADER)) != HEADER
        file.seek(0)
        if is_plain:
            yield file
            return
        if not keys:
            raise Refusal(
                "The backup is encrypted: name the file with its key, "
                "`make restore FILE=… IDENTITY=/path/to/key.txt`. Nothing was changed."
            )
        with tempfile.TemporaryFile(dir=work) as plain:
            decrypt(file, plain, keys)
            yield plain


def decrypt(file, plain, keys):
    try:
        pyrage.decrypt_io(file, plain, keys)
    except (pyrage.DecryptError, OSError) as error:
        if getattr(error, "errno", None):  # the disk's
            raise
        if "matching" not in str(error):
            raise Damaged("it is cut short, or was changed") from error
        raise Refusal(
            "The key does not open this backup: it was made for another one. Nothing was changed."
        ) from error


def keys_in(path):
    """The keys of a file as `age-keygen` makes it."""
    try:
        lines = [line.strip() for line in path.read_text().splitlines()]
        wanted = [line for line in lines if line and not line.startswith("#")]
        keys = [pyrage.x25519.Identity.from_str(line) for line in wanted]
    except OSError as error:
        raise Refusal(f"The key file {path} cannot be read ({reason(error)}).") from error
    except (ValueError, pyrage.IdentityError):
        keys = []
    if not keys:
        raise Refusal(
            f"{path} holds no key that `age-keygen` made: its line starts with AGE-SECRET-KEY-."
        )
    return keys
