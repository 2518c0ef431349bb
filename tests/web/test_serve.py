"""`manage.py serve`, run for real: what it makes, what it refuses, what it leaves alone."""

import contextlib
import fcntl
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import termios
import time
import weakref
from pathlib import Path

import pytest

from awareness.management.commands.serve import repeat_interrupt
from awareness.web import startup
from tests.environment import ROOT, clean_environment
from tests.site import PATIENCE, free_port, manage, running_site, until

pytestmark = pytest.mark.slow


@pytest.fixture
def folder(make_folder):
    return make_folder()


def refusal(folder, **variables):
    """Serve in this folder, which must be refused; returns the sentence."""
    variables = {"VAR_DIR": str(folder), "PORT": str(free_port()), **variables}
    done = manage("serve", **variables)
    assert done.returncode == 1, done.stdout + done.stderr
    assert done.stderr.count("\n") == 1, done.stderr
    return done.stderr.strip()


def rights(path):
    return path.stat().st_mode & 0o777


def everything(folder):
    """Every row of every table, as text."""
    with sqlite3.connect(folder / "db.sqlite3") as database:
        return list(database.iterdump())


def times(folder):
    return {path: path.stat().st_mtime_ns for path in (folder / "static").rglob("*")}


def children(process):
    return Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()


def test_the_first_start_makes_everything_and_says_where_it_is(first_start):
    site = first_start
    assert site.log.splitlines()[-3:] == [
        f"Aware Missouri is at {site.url}",
        f"Staff sign in at {site.url}/admin/ (`make staff` creates an account).",
        "Ctrl-C stops it.",
    ]
    assert "Starter content loaded" in site.log
    assert (site.folder / "static" / "staticfiles.json").exists()


def test_the_next_start_changes_nothing(folder):
    """Nor brings back what staff removed. It says three lines, and ends with its terminal."""
    with sqlite3.connect(folder / "db.sqlite3") as database:
        database.execute("DELETE FROM pages_update")
    rows, files = everything(folder), times(folder)
    with running_site(folder) as site:
        workers = children(site.process)
        os.killpg(site.process.pid, signal.SIGHUP)
        assert site.process.wait(timeout=PATIENCE) == 0
        until(lambda: not any(Path(f"/proc/{worker}").exists() for worker in workers))
    assert len(site.log.splitlines()) == 3
    assert everything(folder) == rows
    assert times(folder) == files


# What the files of the database are open to when SQLite has just opened it, and after that.
PRIVATE = """
import os, stat
from django.conf import settings
from django.db.backends.signals import connection_created
from awareness.management.commands.serve import repeat_interrupt
from awareness.web import startup
def look(**_):
    for file in settings.VAR_DIR.glob("db.sqlite3*"):
        print(file.name[10:] or "db", oct(stat.S_IMODE(file.stat().st_mode)))
connection_created.connect(look)
startup.check_database()
look()
"""


def test_not_a_byte_of_the_database_was_ever_open_to_others(tmp_path, folder):
    (tmp_path / "new").mkdir(mode=0o755)
    for file in folder.glob("db.sqlite3*"):
        file.chmod(0o644)  # as earlier versions left it
    umask = os.umask(0o022)
    try:
        done = [
            manage("shell", "--no-imports", "-c", PRIVATE, VAR_DIR=str(var))
            for var in (tmp_path / "new", folder)
        ]
    finally:
        os.umask(umask)
    for each in done:
        seen = {tuple(line.split()) for line in each.stdout.splitlines()}
        assert seen == {("db", "0o600"), ("-wal", "0o600"), ("-shm", "0o600")}, each


def test_it_stops_where_make_alone_is_told_that_the_terminal_was_closed(folder):
    """As by `ssh -t`, here while it still starts. make then waits for what it has started."""
    (folder / "Makefile").write_text(f"run:\n\t@exec {sys.executable} manage.py serve\n")
    ours, theirs = os.openpty()
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(
            ["make", "-f", folder / "Makefile", "run"],
            cwd=ROOT,
            env=clean_environment(VAR_DIR=str(folder), PORT=str(free_port()), WEB_CONCURRENCY="1"),
            stdin=theirs,
            stdout=log,
            stderr=log,
            start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
        )
    os.close(theirs)
    try:
        until(lambda: "Ctrl-C" in (folder / "log").read_text())
        os.close(ours)
        process.wait(timeout=PATIENCE)
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)


def address_noted_in(folder, settings):
    settings.VAR_DIR = folder
    return startup.address_on()


def test_a_running_site_is_private_and_asks_for_nginx(folder, tmp_path, settings):
    """And nohup keeps it running. A port in use is named before anything is made. Whoever asks
    where the site is hears the PORT that `make run` was given."""
    assert rights(folder / "db.sqlite3") == 0o600
    (folder / "db.sqlite3").chmod(0o644)  # as earlier versions left it
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)  # as nohup does for what it starts
    try:
        with (
            running_site(folder, HOST="0.0.0.0") as site,
            socket.create_server(("127.0.0.1", 0)) as other,
        ):
            assert {rights(each) for each in folder.glob("db.sqlite3*")} == {0o600}
            port = other.getsockname()[1]
            taken = refusal(tmp_path / "var", PORT=str(port))
            assert refusal(folder, PORT=str(port)) == taken  # the site runs, on another port
            assert refusal(folder, PORT=str(site.port)) == (
                f"Port {site.port} is in use by this site, which is running already: open "
                f"{site.url}, or choose another with `make run PORT={site.port + 1}`."
            )
            assert address_noted_in(folder, settings) == site.url
            workers = children(site.process)
            os.killpg(site.process.pid, signal.SIGHUP)
            site.process.send_signal(signal.SIGTTIN)  # one worker more: heeded after the other
            until(lambda: len(children(site.process)) > len(workers))
            assert set(workers) < set(children(site.process))
    finally:
        signal.signal(signal.SIGHUP, before)
    assert taken == (
        f"Port {port} is in use by something else: choose another with `make run PORT={port + 1}`."
    )
    assert list((tmp_path / "var").iterdir()) == []
    assert address_noted_in(folder, settings) == ""
    assert site.log.splitlines()[0] == (
        "Others can reach HOST=0.0.0.0: put nginx in front (docs/deploy.md), or a few slow "
        "visitors keep all others waiting."
    )
    assert len(site.log.splitlines()) == 4


LATER = "INSERT INTO django_migrations (app, name, applied) VALUES ('pages', '0999_later', '2030')"
# As after an upgrade whose migration meets a table that somebody made by hand.
FAILS = "DELETE FROM django_migrations WHERE app IN ('awareness', 'stats', 'pages')"


def test_a_database_that_is_newer_or_cannot_be_brought_up_to_date_stays_as_it_was(folder):
    for spoil, begins, ends in (
        (
            LATER,
            "The database is from a newer version of the site (pages.0999_later is not "
            "known here): update the site, ",
            "or name another database with DATABASE_URL.",
        ),
        (
            FAILS,
            "The database could not be brought up to date (table ",
            "; it was put back as it was.",
        ),
    ):
        with sqlite3.connect(folder / "db.sqlite3") as database:
            database.execute(spoil)
        rows = everything(folder)
        said = refusal(folder)
        assert said.startswith(begins), said
        assert said.endswith(ends), said
        assert everything(folder) == rows, said


def test_a_database_that_is_none_or_does_not_answer_is_refused(tmp_path):
    (tmp_path / "db.sqlite3").write_text("not a database" * 100)
    address = f"postgres://a:hunter2@127.0.0.1:{free_port()}/a"
    for said in (refusal(tmp_path), refusal(tmp_path, DATABASE_URL=address)):
        assert said.startswith("The database cannot be used (")
        assert "hunter2" not in said


def test_a_folder_or_an_address_that_is_not_ours_is_refused(tmp_path):
    """/proc is somebody else's for root too."""
    (tmp_path / "var").write_text("in the way")
    assert refusal(tmp_path / "var") == (
        f"The folder {tmp_path}/var cannot be written to (File exists): "
        "give yourself the right to, or name another with VAR_DIR."
    )
    with pytest.raises(startup.Refusal, match="cannot be written to"):
        startup.check_folder(Path("/proc/aware"))
    with pytest.raises(startup.Refusal) as refused:
        startup.check_port("192.0.2.1", 8000)
    assert str(refused.value) == (
        "The site cannot be at port 8000 of HOST=192.0.2.1 (Cannot assign requested address): "
        "choose another with `make run PORT=8001`, or name an address of this machine as HOST."
    )


def test_an_interruption_on_the_way_is_finished_by_the_next_start(folder):
    (folder / "db.sqlite3").unlink()
    with subprocess.Popen(
        [sys.executable, "manage.py", "serve"],
        cwd=ROOT,
        env=clean_environment(VAR_DIR=str(folder), PORT=str(free_port())),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    ) as process:
        while not (folder / "db.sqlite3").exists():
            assert process.poll() is None
        os.killpg(process.pid, signal.SIGINT)
        try:
            output, _ = process.communicate(timeout=PATIENCE)
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)  # so that a failure is one, and no hanging
    assert process.returncode == 130, output
    assert "Traceback" not in output
    with running_site(folder) as site:
        assert "Starter content loaded" in site.log


def test_ctrl_c_counts_while_python_clears_up(monkeypatch):
    monkeypatch.setattr(sys, "unraisablehook", repeat_interrupt)

    def clear_up():
        weakref.finalize(set(), signal.raise_signal, signal.SIGINT)
        time.sleep(PATIENCE)

    with pytest.raises(KeyboardInterrupt):
        clear_up()


def test_static_files_are_collected_when_they_are_others_or_were_not_whole(settings, tmp_path):
    source, settings.STATIC_ROOT = tmp_path / "source", tmp_path / "static"
    source.mkdir()
    (source / "a.css").write_text("a {}")
    settings.STATICFILES_DIRS = [source]
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    storage = {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": storage}
    assert [startup.collect_static() for _ in range(2)] == [True, False]
    (source / "a.css").write_text("a { color: red }")
    assert [startup.collect_static() for _ in range(2)] == [True, False]
    (tmp_path / "static.stamp").unlink()  # as an interruption leaves it
    (settings.STATIC_ROOT / "staticfiles.json").write_text("{")
    assert [startup.collect_static() for _ in range(2)] == [True, False]


def test_a_staff_account_needs_a_site_first(tmp_path):
    done = manage("staff", VAR_DIR=str(tmp_path))
    assert done.returncode == 1
    assert done.stderr == "There is no site yet: run `make run` first, and keep it running.\n"
