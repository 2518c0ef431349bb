"""A copy of the database that a release leaves behind, for tests/test_upgrades.py:

    .venv/bin/python -m tests.releases.make 0.5-desk c74fcf7

Takes the code of that commit, lets it make a site as `make run` would, lets an editor work in its
own screens (editor.py), and writes NAME.sql.gz beside this file. Needs git and the packages of
.venv; README.md tells the rest.
"""

import gzip
import io
import os
import sqlite3
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

from tests.environment import ROOT, clean_environment

HERE = Path(__file__).resolve().parent
PREPARE = (
    "import django; django.setup(); from awareness.management.commands.serve import Command; "
    "Command().prepare()"
)


def code_of(commit, folder):
    archive = subprocess.run(
        ["git", "archive", commit], cwd=ROOT, check=True, capture_output=True
    ).stdout
    with tarfile.open(fileobj=io.BytesIO(archive)) as files:
        files.extractall(folder, filter="data")


def make(name, commit):
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        code_of(commit, folder / "code")
        environment = clean_environment(
            VAR_DIR=str(folder / "var"),
            DJANGO_SETTINGS_MODULE="awareness.settings",
            SECRET_KEY="of a copy for tests, which signs nothing that anybody keeps",
            PYTHONPATH=str(folder / "code"),
            PYTHONDONTWRITEBYTECODE="1",
        )
        run = [sys.executable, "-P"]  # neither this folder nor that of the script
        for step in (["-c", PREPARE], [str(HERE / "editor.py")]):
            subprocess.run([*run, *step], cwd=folder / "code", env=environment, check=True)
        write(folder / "var" / "db.sqlite3", HERE / f"{name}.sql.gz")


def write(database, copy):
    """As SQL, without the sessions: nobody stays signed in."""
    with sqlite3.connect(database) as connection:
        connection.execute("DELETE FROM django_session")
        connection.commit()
        text = "\n".join(connection.iterdump()) + "\n"
    with copy.open("wb") as file, gzip.GzipFile("", "wb", 9, file, mtime=0) as packed:
        packed.write(text.encode())


if __name__ == "__main__":
    os.chdir(ROOT)
    make(*sys.argv[1:])
