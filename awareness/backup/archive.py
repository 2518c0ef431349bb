"""The one file: a gzipped tar that any computer can open, and that is checked as a whole.

database.sqlite3 or database.dump
media/...                           what staff uploaded
manifest.json                       last, so that a file that was cut short has none
"""

import gzip
import hashlib
import io
import os
import shutil
import stat
import struct
import tarfile
import tempfile
import zlib
from pathlib import Path

from awareness.backup.manifest import MEDIA, NAME, Manifest

# What gzip writes before the data has no checksum: this is all that we ever write there.
HEAD = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"
IN_MEMORY = 4 * 2**20  # bytes; a larger upload waits on the disk while it is read
AT_ONCE = 2**20  # bytes
LONGEST = 64 * 2**20  # bytes of a manifest: half a million uploads
LONGEST_NAME = 64 * 2**10  # bytes that tar needs for one, where it does not fit into its header
DATABASES = ("database.sqlite3", "database.dump")
SPOILED = (EOFError, zlib.error, gzip.BadGzipFile, tarfile.TarError, struct.error)
MISREAD = (ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError)


class Altered(Exception):
    """What is wrong with the file, as the end of a sentence."""


class Member(tarfile.TarInfo):
    """Refuses what tarfile would read into memory as it comes, and what we never write."""

    @classmethod
    def frombuf(cls, buf, encoding, errors):
        member = super().frombuf(buf, encoding, errors)
        is_long = member.type != tarfile.REGTYPE and member.size > LONGEST_NAME
        if is_long or member.type == tarfile.GNUTYPE_SPARSE:
            raise Altered(f"no backup of ours holds {member.name!r}")
        return member

    def _proc_gnusparse_10(self, member, *_headers):
        # tarfile's own name. The list of a sparse file's parts stands before it, and has no end.
        raise Altered(f"no backup of ours holds {member.name!r}")


class Counted:
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


# --- Writing ---------------------------------------------------------------------------


def write(out, manifest, database, media, work):
    """Returns what is no file and was left out: a link, say."""
    left_out = []
    with (
        gzip.GzipFile(filename="", mode="wb", compresslevel=6, fileobj=out, mtime=0) as packed,
        tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as tar,
    ):
        with database.open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            manifest.files[database.name] = add(tar, database.name, file, size)
        for path in uploads(media, left_out):
            try:
                descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
            except FileNotFoundError:
                continue  # it was removed meanwhile
            with os.fdopen(descriptor, "rb") as file, spool(work) as copy:
                facts = os.fstat(descriptor)
                if not stat.S_ISREG(facts.st_mode):
                    left_out.append(path)
                    continue
                # It may grow or shrink while it is read: what was read is what counts.
                shutil.copyfileobj(file, copy, AT_ONCE)
                size = copy.tell()
                copy.seek(0)
                name = MEDIA + path.relative_to(media).as_posix()
                manifest.files[name] = add(tar, name, copy, size, facts)
        text = manifest.written()
        add(tar, NAME, io.BytesIO(text), len(text))
    return left_out


def spool(work):
    return tempfile.SpooledTemporaryFile(IN_MEMORY, dir=work)


def uploads(media, left_out):
    """Every file below, in the same order each time; a folder that cannot be read is an error."""
    for folder, folders, files in os.walk(media, onerror=refuse):
        folders.sort()
        left_out += [path for name in folders if (path := Path(folder, name)).is_symlink()]
        for name in sorted(files):
            path = Path(folder, name)
            if path.is_symlink():
                left_out.append(path)
            else:
                yield path


def refuse(error):
    if not isinstance(error, FileNotFoundError):  # nobody has uploaded anything yet
        raise error


def add(tar, name, file, size, facts=None):
    info = tarfile.TarInfo(name)
    info.size = size
    info.mode = stat.S_IMODE(facts.st_mode) if facts else 0o600
    info.mtime = int(facts.st_mtime) if facts else 0
    counted = Counted(file)
    tar.addfile(info, counted)
    return counted.facts


# --- Reading ---------------------------------------------------------------------------


def read(file, place=None):
    """The manifest of this file, all of which is as it says; otherwise Altered, or a Refusal.

    ``place(name)`` says where to write what is in it, if it is to be written at all.
    """
    file.seek(0)
    if (head := file.read(len(HEAD))) != HEAD:
        is_other = head[:3] != HEAD[:3]
        raise Altered("it is another kind of file" if is_other else "its beginning was changed")
    file.seek(0)
    try:
        with gzip.GzipFile(fileobj=file) as packed:
            with tarfile.open(fileobj=packed, mode="r|", tarinfo=Member) as tar:
                text, files, strange = contents(tar, place)
            while rest := packed.read(AT_ONCE):  # to the end: there stands the checksum
                if rest.strip(b"\0"):
                    raise Altered("something was put behind its end")
        if text is None:
            raise Altered("it is cut short: its last part is missing")
        manifest = Manifest.read(text)
    except SPOILED as error:
        raise Altered("it is cut short, or was changed") from error
    except MISREAD as error:
        raise Altered("its list of contents cannot be read") from error
    if strange or sum(name in manifest.files for name in DATABASES) != 1:
        raise Altered(f"no backup of ours holds {strange or 'no database'}")
    if files != manifest.files:
        names = {*files, *manifest.files}
        wrong = [name for name in names if files.get(name) != manifest.files.get(name)]
        raise Altered(f"{min(wrong)} is not what it was when the backup was made")
    return manifest


def contents(tar, place):
    """(the manifest's text or None, {name: facts}, the name of something that does not belong)."""
    text, files, strange = None, {}, None
    for member in tar:
        name = member.name
        is_file = member.type == tarfile.REGTYPE and not member.issparse()  # holes have no end
        if not is_file or not is_ours(name) or name in files or text is not None:
            strange = strange or repr(name)
        elif name == NAME and member.size > LONGEST:
            strange = strange or f"{name} of {member.size:,} bytes"
        elif name == NAME:
            text = tar.extractfile(member).read()
        else:
            counted = Counted(tar.extractfile(member))
            keep(counted, place(name) if place else None, member)
            files[name] = counted.facts
    return text, files, strange


def is_ours(name):
    """Nothing that could lead out of the folder into which it is written."""
    parts = name.split("/")
    in_media = parts[0] == MEDIA.rstrip("/") and len(parts) > 1
    return (in_media or name in (NAME, *DATABASES)) and {"", ".", ".."}.isdisjoint(parts)


def keep(counted, path, member):
    if path is None:
        while counted.read(AT_ONCE):
            pass
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "xb", opener=private) as file:  # never through a link, never over another
        shutil.copyfileobj(counted, file, AT_ONCE)
        os.fchmod(file.fileno(), member.mode & 0o644 | 0o600)
    os.utime(path, (member.mtime, member.mtime))


def private(path, flags):
    return os.open(path, flags, 0o600)
