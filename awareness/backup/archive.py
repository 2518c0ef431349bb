"""The archive: a gzipped tar that any computer can open, and that is checked as a whole.

database.sqlite3 or database.dump
media/...                           what staff uploaded
manifest.json                       last, so that a file that was cut short has none
"""

import contextlib
import gzip
import hashlib
import io
import os
import shutil
import stat
import tarfile
import zlib
from pathlib import Path

from awareness.backup.manifest import DATABASES, MEDIA, NAME, Manifest

AT_ONCE = 2**20  # bytes
LONGEST = 64 * 2**20  # bytes of a manifest, which is read into memory: half a million uploads
SPOILED = (EOFError, zlib.error, gzip.BadGzipFile, tarfile.TarError)


class Damaged(Exception):
    """What is wrong with the file, as the end of a sentence."""


class HashingReader:
    """A file whose size and hash are known when it has been read."""

    def __init__(self, file):
        self.file, self.size, self.hash = file, 0, hashlib.sha256()

    def read(self, most=-1):
        data = self.file.read(most)
        self.size += len(data)
        self.hash.update(data)
        return data

    @property
    def facts(self):
        return [self.size, self.hash.hexdigest()]


def write(out, manifest, database, media):
    """Returns what is no file and was left out: a link, say."""
    left_out = []
    # Without a time in its head, since an earlier release puts back no other.
    with (
        gzip.GzipFile(filename="", mode="wb", compresslevel=6, fileobj=out, mtime=0) as packed,
        tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as tar,
    ):
        manifest.files[database.name] = add(tar, database.name, database)
        for path in uploads(media):
            name = MEDIA + path.relative_to(media).as_posix()
            with contextlib.suppress(FileNotFoundError):  # it was removed meanwhile
                if stat.S_ISREG(path.lstat().st_mode):
                    manifest.files[name] = add(tar, name, path)
                else:
                    left_out.append(path)
        info, text = tarfile.TarInfo(NAME), manifest.written()
        info.size = len(text)
        tar.addfile(info, io.BytesIO(text))
    return left_out


def uploads(media):
    """Every file below, and links to folders; a folder that cannot be read is an error."""
    for folder, folders, files in os.walk(media, onerror=refuse):
        links = [name for name in folders if Path(folder, name).is_symlink()]
        yield from (Path(folder, name) for name in sorted([*links, *files]))


def refuse(error):
    if not isinstance(error, FileNotFoundError):  # nobody has uploaded anything yet
        raise error


def add(tar, name, path):
    """As long as it is now, should it grow meanwhile."""
    with path.open("rb") as file:
        facts, info, hashing = os.fstat(file.fileno()), tarfile.TarInfo(name), HashingReader(file)
        info.size, info.mtime = facts.st_size, int(facts.st_mtime)
        info.mode = stat.S_IMODE(facts.st_mode)
        tar.addfile(info, hashing)
    return hashing.facts


def read(file, place=None):
    """The manifest of this file, all of which is as it says; otherwise Damaged, or a Refusal.

    ``place(name)`` says where to write what is in it, if it is to be written at all.
    """
    file.seek(0)
    if file.read(2) != b"\x1f\x8b":
        raise Damaged("it is another kind of file")
    file.seek(0)
    text, files = None, {}
    try:
        with gzip.GzipFile(fileobj=file) as packed:
            with tarfile.open(fileobj=packed, mode="r|") as tar:
                for member in tar:
                    check(member)
                    content = HashingReader(tar.extractfile(member))
                    if member.name == NAME:
                        text = content.read()
                        continue
                    extract(content, place(member.name) if place else None, member)
                    files[member.name] = content.facts
            while packed.read(AT_ONCE):  # to the end: there stands the checksum
                pass
    except SPOILED as error:
        raise Damaged("it is cut short, or was changed") from error
    if text is None:
        raise Damaged("it is cut short: its last part is missing")
    try:
        manifest = Manifest.read(text)
    except (ValueError, TypeError, KeyError) as error:
        raise Damaged("its list of contents cannot be read") from error
    names = {*files, *manifest.files}
    wrong = [name for name in names if files.get(name) != manifest.files.get(name)]
    if wrong:
        raise Damaged(f"{min(wrong)} is not what it was when the backup was made")
    return manifest


def check(member):
    """A file of ours, which cannot lead out of the folder into which it is written."""
    name, parts = member.name, member.name.split("/")
    is_upload = name.startswith(MEDIA) and {"", ".", ".."}.isdisjoint(parts)
    is_long = name == NAME and member.size > LONGEST
    if is_long or not member.isreg() or not (is_upload or name in (NAME, *DATABASES.values())):
        raise Damaged(f"no backup of ours holds {name!r}")


def extract(content, path, member):
    if path is None:
        while content.read(AT_ONCE):
            pass
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("xb") as file:
        shutil.copyfileobj(content, file, AT_ONCE)
    path.chmod(member.mode & 0o644 | 0o600)
    os.utime(path, (member.mtime, member.mtime))
