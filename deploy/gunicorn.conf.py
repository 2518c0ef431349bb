"""How gunicorn serves the site: ``gunicorn -c deploy/gunicorn.conf.py awareness.wsgi``.

What differs between machines is read in awareness/settings.py, so that each variable is
parsed, and refused, in one place.
"""

import gc
import os
import select
import signal
import stat
import sys
import threading
import time
from pathlib import Path
from wsgiref.util import setup_testing_defaults

from gunicorn.glogging import Logger
from gunicorn.http.errors import ParseException
from gunicorn.workers.gthread import ThreadWorker

chdir = str(Path(__file__).resolve().parent.parent)
sys.path.insert(0, chdir)

from awareness import settings  # noqa: E402 - found only now
from awareness.web.logs import LinesWithoutAddresses  # noqa: E402

signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl-C while it loads ends it without a traceback
NOHUP = signal.getsignal(signal.SIGHUP) == signal.SIG_IGN  # asked before gunicorn sets its own

# Python forgets signals that come while it forks, and gunicorn sends each only once: a worker told
# to stop before it can hear would keep all others waiting for graceful_timeout. So they wait.
STOP = {signal.SIGHUP, signal.SIGINT, signal.SIGQUIT, signal.SIGTERM}
os.register_at_fork(
    before=lambda: signal.pthread_sigmask(signal.SIG_BLOCK, STOP),
    after_in_parent=lambda: signal.pthread_sigmask(signal.SIG_UNBLOCK, STOP),
)


class Worker(ThreadWorker):
    """gunicorn, but for one method: docs/architecture.md, "Private APIs that we use"."""

    def handle_error(self, req, client, addr, exc):
        """Answer what never reaches Django with the site's page, which has the help lines.

        gunicorn's own answer to a head that is none is bare, and it logs who asked for what.
        """
        answer = ["HTTP/1.1 400 Bad Request", "Connection: close"]
        if not isinstance(exc, ParseException):
            self.log.exception("A request failed outside of Django.")
            answer[0] = "HTTP/1.1 500 Internal Server Error"
        environ = {"HTTP_HOST": "/", "REMOTE_ADDR": ""}  # no host: Django answers 400
        environ["wsgi.url_scheme"] = "https" if settings.HTTPS else "http"
        setup_testing_defaults(environ)

        def start(_status, headers):
            answer.extend(f"{name}: {value}" for name, value in headers)

        response = self.wsgi(environ, start)
        body = b"".join(response)
        response.close()
        client.sendall("\r\n".join([*answer, "", ""]).encode("latin-1") + body)


class Log(Logger):
    def setup(self, cfg):
        super().setup(cfg)
        error = LinesWithoutAddresses(self.error_fmt, self.datefmt)
        access = LinesWithoutAddresses(self.access_fmt)
        for log, formatter in ((self.error_log, error), (self.access_log, access)):
            for handler in log.handlers:
                handler.setFormatter(formatter)


host = f"[{settings.HOST}]" if ":" in settings.HOST else settings.HOST
bind = f"{host}:{settings.PORT}"
worker_class = Worker
workers = settings.WEB_CONCURRENCY
threads = 4  # whoever is slow holds one of them: docs/deploy.md, "Slow clients"
limit_request_line = 8190  # as long as gunicorn can; a longer one gets the page for 400
keepalive = 5
timeout = 30
graceful_timeout = 10
max_requests = 200_000  # a leak never grows old; most requests are answered from memory
max_requests_jitter = 20_000

preload_app = True  # a mistake shows before the first visitor does; workers share memory
control_socket_disable = True  # it would write into the home folder
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108 - no disk waits
forwarded_allow_ips = ",".join(map(str, settings.TRUSTED_PROXIES))

logger_class = Log
loglevel = "warning"
# Off. Whoever turns it on with --access-logfile gets lines that say what was asked for, and not
# by whom: no query, referrer or browser, and no address whatever the format asks for.
accesslog = None
access_log_format = "%(m)s %(U)s %(s)s %(b)s %(M)sms"


def on_starting(server):
    """The important pages are there before the first visitor, in every worker."""
    from django.db import connections

    server.app.wsgi().prepare()
    # A database connection that two processes share corrupts what it reads.
    for connection in connections.all(initialized_only=True):
        connection.close()
        if hasattr(connection, "close_pool"):
            connection.close_pool()
    gc.collect()
    gc.freeze()  # none of it is garbage: no worker looks through it, nor copies it by doing so


def when_ready(server):
    """A terminal that is closed stops the site as Ctrl-C does, unless it was started with nohup.
    gunicorn would start its workers anew, with the code that is loaded already (preload_app)."""
    if NOHUP:
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
        return
    signal.signal(signal.SIGHUP, lambda *_: signal.raise_signal(signal.SIGINT))
    # A terminal, even one that was closed while the site was starting, which is no tty any more.
    if stat.S_ISCHR(os.fstat(0).st_mode):
        threading.Thread(target=notice_closed_terminal, daemon=True).start()


def notice_closed_terminal():
    """Where `make` leads the session (ssh -t), it alone is told, and waits for us."""
    terminal = select.poll()
    terminal.register(0, 0)  # no event but that it was closed
    if any(event & select.POLLHUP for _fd, event in terminal.poll()):  # macOS: NVAL of /dev/null
        signal.raise_signal(signal.SIGHUP)


def post_worker_init(worker):
    # A terminal tells every process. The first one heeds it, and tells the workers by SIGQUIT.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    signal.signal(signal.SIGQUIT, leave)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, STOP)
    worker.wsgi.watch()


def leave(_signal, _frame):
    """Ctrl-C. gunicorn's own asks its threads to end, under a lock that it may hold already, and
    would wait for each that waits for a slow client."""
    time.sleep(0.1)  # for answers that are on their way
    os._exit(0)
