"""How gunicorn serves the site: ``gunicorn -c deploy/gunicorn.conf.py awareness.wsgi``.

What differs between machines is read in awareness/settings.py, so that each variable is
parsed, and refused, in one place.
"""

import contextlib
import gc
import os
import select
import signal
import socket
import stat
import struct
import sys
import threading
import time
from pathlib import Path

from gunicorn import util
from gunicorn.glogging import Logger
from gunicorn.http.errors import ParseException
from gunicorn.workers.gthread import _DEFER, ThreadWorker

chdir = str(Path(__file__).resolve().parent.parent)
sys.path.insert(0, chdir)

from awareness import settings  # noqa: E402 - found only now
from awareness.web.csp import EVERYWHERE, NO_PAGE_POLICY  # noqa: E402
from awareness.web.logs import Lines  # noqa: E402

STALLED = 5  # seconds in which a client that is being answered must take or send something
LINGER = 0.5  # seconds for a client to take the last of an answer
MOST_OF_A_HEAD = 32 * 1024  # bytes; one that is longer is gunicorn's to refuse


class Worker(ThreadWorker):
    """Answers what never reaches Django with the site's own page, which has the help lines on it.

    An address line over 8 kB, a control character in it, a header that is none: gunicorn
    would answer these itself, and write down who asked for what.
    """

    def init_signals(self):
        super().init_signals()
        # A terminal sends Ctrl-C, and word that it was closed, to every process. The first one
        # heeds it and tells the workers; a worker that hears it twice is reported as killed.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, STOP)  # see below

    def handle_quit(self, sig, frame):
        """Ctrl-C. gunicorn's own asks its threads to end, under a lock that it may hold already."""
        time.sleep(0.1)  # as there: for answers that are on their way
        os._exit(0)

    def handle(self, conn):
        """Give a thread to a request whose head is there as a whole.

        gunicorn would let a few slow or silent clients keep all threads waiting.
        """
        if not (conn.initialized and conn.parser.unreader.buf.getvalue()):
            with contextlib.suppress(OSError):  # a connection that broke: gunicorn closes it
                if not head_is_there(conn):
                    return _DEFER
                let_go_when_stalled(conn.sock)
        is_kept = super().handle(conn)
        if not is_kept:  # here: gunicorn lingers in the thread that all others wait for
            util.close_graceful(conn.sock, LINGER)
        return is_kept

    def handle_error(self, req, client, addr, exc):
        status, body = "500 Internal Server Error", b""
        headers = [("Content-Security-Policy", NO_PAGE_POLICY), *EVERYWHERE.items()]
        if isinstance(exc, ParseException):
            status, headers, body = self.bad_request(addr)
        else:
            self.log.exception("A request failed outside of Django.")
        head = [f"HTTP/1.1 {status}", "Connection: close", f"Content-Length: {len(body)}"]
        head += [f"{name}: {value}" for name, value in headers if name != "Content-Length"]
        util.write_nonblock(client, "\r\n".join([*head, "", ""]).encode("latin-1") + body)

    def bad_request(self, addr):
        """Django's answer to a host that is none: its page for 400, with every header."""
        start = []
        environ = {
            "REQUEST_METHOD": "GET",
            "PATH_INFO": "/",
            "HTTP_HOST": "/",
            "REMOTE_ADDR": addr[0] if addr else "",
            "SERVER_NAME": "/",
            "SERVER_PORT": "80",
            "wsgi.url_scheme": "https" if settings.HTTPS else "http",
            "wsgi.input": sys.stdin.buffer,
        }
        response = self.wsgi(environ, lambda *head: start.extend(head))
        body = b"".join(response)
        response.close()
        status, headers = start
        return status, headers, body


class Log(Logger):
    """gunicorn writes a path as it was decoded, line ends and all."""

    def setup(self, cfg):
        super().setup(cfg)
        for handler in [*self.error_log.handlers, *self.access_log.handlers]:
            handler.setFormatter(Lines(handler.formatter._fmt, handler.formatter.datefmt))


def let_go_when_stalled(sock):
    """A body that does not come, an answer that nobody takes: the kernel ends the waiting.

    A client that dribbles still holds a thread: nginx in front takes care of those.
    """
    limit = struct.pack("ll", STALLED, 0)  # struct timeval
    for option in (socket.SO_RCVTIMEO, socket.SO_SNDTIMEO):
        sock.setsockopt(socket.SOL_SOCKET, option, limit)


def said_of_the_site(record):
    """Whether a line of gunicorn's is about the site, and not about a client that stalled."""
    return not (record.exc_info and isinstance(record.exc_info[1], BlockingIOError))


def head_is_there(conn):
    """Looks without taking. True also when waiting on would bring no more."""
    try:
        seen = conn.sock.recv(MOST_OF_A_HEAD, socket.MSG_PEEK | socket.MSG_DONTWAIT)
    except BlockingIOError:
        return False
    before, conn.seen = getattr(conn, "seen", 0), len(seen)
    enough = b"\r\n\r\n" in seen or len(seen) in (0, before, MOST_OF_A_HEAD)
    # The kernel wakes us when there is more than we saw.
    conn.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVLOWAT, 1 if enough else len(seen) + 1)
    return enough


# A worker that is told to stop before it listens would never hear it: Python forgets what comes
# while it forks, and stopping would take all of graceful_timeout. So the signal has to wait.
STOP = {signal.SIGINT, signal.SIGQUIT, signal.SIGTERM}
os.register_at_fork(
    before=lambda: signal.pthread_sigmask(signal.SIG_BLOCK, STOP),
    after_in_parent=lambda: signal.pthread_sigmask(signal.SIG_UNBLOCK, STOP),
)

worker_class = Worker
bind = (
    f"[{settings.HOST}]:{settings.PORT}"
    if ":" in settings.HOST
    else f"{settings.HOST}:{settings.PORT}"
)
workers = settings.WEB_CONCURRENCY
threads = 4  # a slow phone holds a thread, not a process
limit_request_line = 8190  # as long as gunicorn can; a longer one gets the page for 400
keepalive = 5
timeout = 30
graceful_timeout = 30
max_requests = 200_000  # a leak never grows old; most requests are answered from memory
max_requests_jitter = 20_000

preload_app = True  # a mistake shows before the first visitor does; workers share memory
control_socket_disable = True  # it would write into the home folder
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108 - no disk waits
forwarded_allow_ips = ",".join(map(str, settings.TRUSTED_PROXIES))

logger_class = Log
loglevel = "warning"
# Off. Whoever turns it on with --access-logfile gets lines that say what was asked for, and not
# by whom: no address of the client, query, referrer or browser.
accesslog = None
access_log_format = "%(m)s %(U)s %(s)s %(b)s %(M)sms"


def on_starting(server):
    # A terminal that is closed stops the site as Ctrl-C does, unless it was started with nohup.
    # gunicorn's own is to start workers anew, with the code that is loaded already (preload_app).
    is_ignored = signal.getsignal(signal.SIGHUP) == signal.SIG_IGN
    server.handle_hup = (lambda: None) if is_ignored else server.handle_int


def notice_closed_terminal():
    """Where `make` leads the session (ssh -t), it alone is told, and waits for us."""
    terminal = select.poll()
    terminal.register(0, 0)  # no event but that it was closed
    if any(event & select.POLLHUP for _fd, event in terminal.poll()):  # macOS: NVAL of /dev/null
        signal.raise_signal(signal.SIGHUP)


def when_ready(server):
    """The important pages are there before the first visitor, in every worker."""
    # A terminal, even one that was closed while the site was starting, which is no tty any more.
    if stat.S_ISCHR(os.fstat(0).st_mode):
        threading.Thread(target=notice_closed_terminal, daemon=True).start()
    server.app.wsgi().prepare()
    gc.collect()
    gc.freeze()  # none of it is garbage: no worker looks through it, nor copies it by doing so


def post_worker_init(worker):
    worker.log.error_log.addFilter(said_of_the_site)
    worker.wsgi.watch()


def pre_fork(server, worker):
    """A database connection that two processes share corrupts what it reads."""
    from django.db import connections

    for connection in connections.all(initialized_only=True):
        connection.close()
        if hasattr(connection, "close_pool"):
            connection.close_pool()
