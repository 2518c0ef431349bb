"""The site as people run it: `manage.py serve` in a process and with files of its own."""

import contextlib
import http.client
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from tests.environment import ROOT, clean_environment

PATIENCE = 300  # seconds: what has not happened by then never will, however busy the machine is


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def accepts(port):
    with socket.socket() as client:
        return client.connect_ex(("127.0.0.1", port)) == 0


def manage(*command, **variables):
    """Run a command of manage.py to its end."""
    return subprocess.run(
        [sys.executable, "manage.py", *command],
        cwd=ROOT,
        env=clean_environment(**variables),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )


@dataclass
class Site:
    folder: Path
    port: int
    process: subprocess.Popen = None
    variables: dict = field(default_factory=dict)
    username: str = "editor"
    password: str = "a password for tests alone"

    @property
    def url(self):
        return f"http://localhost:{self.port}"

    @property
    def log(self):
        """Everything that it has said."""
        return (self.folder / "log").read_text()

    def manage(self, *command, **variables):
        done = manage(*command, **self.variables, **variables)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def ask(self, statement, *values):
        """Past the site, and while it runs."""
        database = sqlite3.connect(self.folder / "db.sqlite3", timeout=PATIENCE)
        with contextlib.closing(database), database:
            return database.execute(statement, values).fetchall()

    def add_staff(self):
        self.manage(
            "staff",
            "--noinput",
            DJANGO_SUPERUSER_USERNAME=self.username,
            DJANGO_SUPERUSER_EMAIL="editor@example.org",
            DJANGO_SUPERUSER_PASSWORD=self.password,
        )

    def answers(self):
        """Whether it says of itself that it can serve, asked as its proxy would ask."""
        address = urlsplit(self.variables.get("SITE_URL", self.url))
        headers = {"Host": address.netloc, "X-Forwarded-Proto": address.scheme}
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        with contextlib.closing(connection), contextlib.suppress(ConnectionError, TimeoutError):
            connection.request("GET", "/healthz", headers=headers)
            return connection.getresponse().status == 200
        return False

    def wait(self):
        end = time.monotonic() + PATIENCE
        while not self.answers():
            assert self.process.poll() is None, f"The site ended:\n{self.log}"
            assert time.monotonic() < end, f"The site did not answer in time:\n{self.log}"
            time.sleep(0.05)

    def stop(self):
        """Ctrl-C, as a terminal sends it: to everything in the group. Returns the exit code."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGINT)
        try:
            return self.process.wait(timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            raise


@contextlib.contextmanager
def running_site(folder, **variables):
    """Start it in this folder, wait until it answers, and stop it at the end."""
    port = free_port()
    variables = {"VAR_DIR": str(folder), "PORT": str(port), "WEB_CONCURRENCY": "2", **variables}
    folder.mkdir(exist_ok=True)
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(
            [sys.executable, "manage.py", "serve"],
            cwd=ROOT,
            env=clean_environment(**variables),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        site = Site(folder, port, process, variables)
        try:
            site.wait()
            yield site
        finally:
            site.stop()


def get(site, path):
    """(status, body) over a connection of its own: any worker may take it."""
    connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=PATIENCE)
    connection.request("GET", path, headers={"Host": "localhost"})
    response = connection.getresponse()
    body = response.read().decode()
    connection.close()
    return response.status, body


def until(condition, seconds=PATIENCE):
    """What it returned once that was true."""
    end = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < end, "It did not happen in time."
        time.sleep(0.1)
    return found


def workers(site):
    """The process numbers of those that answer."""
    parent = site.process.pid
    return [int(pid) for pid in Path(f"/proc/{parent}/task/{parent}/children").read_text().split()]


@contextlib.contextmanager
def alone(worker, site):
    """Every connection goes to this worker: the others stand still meanwhile."""
    others = [pid for pid in workers(site) if pid != worker]
    try:
        for pid in others:
            os.kill(pid, signal.SIGSTOP)
        until(lambda: all("State:\tT" in Path(f"/proc/{pid}/status").read_text() for pid in others))
        yield
    finally:
        for pid in others:
            os.kill(pid, signal.SIGCONT)


def until_everywhere(site, condition, seconds=PATIENCE):
    """It holds for each worker, since each learns of a change by itself."""
    for worker in workers(site):

        def holds(worker=worker):
            with alone(worker, site):
                return condition()

        until(holds, seconds)
