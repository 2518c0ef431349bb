"""A site's folder and database to back up, spoil and put back, on SQLite and PostgreSQL alike."""

import contextlib
import gzip
import io
import json
import sqlite3
import subprocess
import sys
import tarfile
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

from tests.environment import ROOT, clean_environment
from tests.site import manage

# What a restore changes on purpose, and what a backup leaves out.
LEFT_OUT = {"awareness_contentversion", "awareness_keptform", "django_session"}


class Commands(contextlib.ExitStack):
    """commands.py at work: `manage.py` for whoever is in this environment."""

    def __init__(self, environment, *modules):
        super().__init__()
        self.environment = environment
        folder = Path(self.enter_context(tempfile.TemporaryDirectory()))
        self.outputs = [folder / "said", folder / "errors"]
        variables = {"DJANGO_SETTINGS_MODULE": "awareness.settings", **environment}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.backup.commands", *modules],
            cwd=ROOT,
            env=clean_environment(**variables),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.enter_context(self.process)  # which ends with its input
        assert self.process.stdout.readline() == "ready\n"

    def run(self, command, longest):
        told = json.dumps([command, longest, *map(str, self.outputs)])
        print(told, file=self.process.stdin, flush=True)
        code = int(self.process.stdout.readline())
        return subprocess.CompletedProcess(command, code, *(o.read_text() for o in self.outputs))


@dataclass
class Place:
    folder: Path  # VAR_DIR
    address: str = ""  # DATABASE_URL; without one a file in the folder
    variables: dict = field(default_factory=dict)
    commands: Commands = None  # without it, each command is a process of its own

    @property
    def environment(self):
        return {"VAR_DIR": str(self.folder), "DATABASE_URL": self.address, **self.variables}

    @property
    def file(self):
        return self.folder / "db.sqlite3"

    @property
    def media(self):
        return self.folder / "media"

    @property
    def shelf(self):
        return self.folder / "backups"

    def run(self, *command, longest=None, **more):
        """``longest``: no file can become longer (bytes), as if the disk were full then."""
        environment = {**self.environment, **more}
        if self.commands and self.commands.environment == environment:
            return self.commands.run([*map(str, command)], longest)
        assert longest is None
        return manage(*map(str, command), **environment)

    def backup(self, **more):
        """The path of a new backup."""
        done = self.run("backup", **more)
        assert (done.returncode, done.stderr) == (0, ""), done.stderr
        return Path(done.stdout.rpartition("): ")[2].splitlines()[0])

    def restore(self, path, *options, **more):
        """What it said."""
        done = self.run("restore", path, *options, **more)
        assert (done.returncode, done.stderr) == (0, ""), done.stderr
        return done.stdout

    def refused(self, *command, **more):
        """The one sentence with which it refuses."""
        done = self.run(*command, **more)
        assert (done.returncode, done.stdout) == (1, ""), done.stdout + done.stderr
        assert done.stderr.count("\n") == 1, done.stderr
        return done.stderr.strip()

    def connected(self):
        if self.address:
            return psycopg.connect(self.address, autocommit=True)
        return contextlib.closing(sqlite3.connect(self.file, timeout=20, isolation_level=None))

    def ask(self, statement, *values):
        mark = "%s" if self.address else "?"
        with self.connected() as database:
            cursor = database.execute(statement.replace("?", mark), values)
            return cursor.fetchall() if cursor.description else []

    def rows(self):
        """{table: every row as text}, but for what no backup brings back."""
        if not self.address:
            return rows_of(self.file)
        tables = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
        with self.connected() as database:
            return {
                name: sorted(row for (row,) in database.execute(f'SELECT t::text FROM "{name}" t'))
                for (name,) in database.execute(tables).fetchall()
                if name not in LEFT_OUT
            }

    def uploads(self):
        return tree(self.media)

    def all(self):
        return self.rows(), self.uploads()


def rows_of(file):
    with contextlib.closing(sqlite3.connect(file)) as database:
        tables = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT GLOB 'sqlite_*'"
        return {
            name: sorted(map(repr, database.execute(f'SELECT * FROM "{name}"')))
            for (name,) in database.execute(tables).fetchall()
            if name not in LEFT_OUT
        }


def tree(folder):
    """{path: bytes} of every file below."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def unpacked(path, folder):
    """By the tools of every computer, not by ours."""
    folder.mkdir()
    subprocess.run(["tar", "-xf", path, "-C", folder], check=True)
    return folder


def repack(path, members):
    """A file of the same make that holds ``members(old)``: [(name or TarInfo, bytes)]."""
    with tarfile.open(path) as tar:
        old = [(member.name, tar.extractfile(member).read()) for member in tar]
    new = path.with_name("repacked.tar.gz")
    with (
        new.open("wb") as out,
        gzip.GzipFile(filename="", mode="wb", compresslevel=6, fileobj=out, mtime=0) as packed,
        tarfile.open(fileobj=packed, mode="w") as tar,
    ):
        for name, data in members(old):
            info = tarfile.TarInfo(name) if isinstance(name, str) else name
            info.size = len(data)
            tar.addfile(info, io.BytesIO(data))
    return new
