"""Nothing that comes from outside writes a line of its own into a log."""

import contextlib
import http.client
import logging
import socket
from urllib.parse import urlencode

from awareness.web.logs import Lines
from tests.site import PATIENCE, until

FORGED = "ERROR forged"
BREAKS = ["\n", "\r", "\r\n", "\x0b", "\x0c", "\x1c", "\x1d", "\x1e", "\x85", "\u2028", "\u2029"]


def written(message, *args, exception=None):
    record = logging.LogRecord("site", logging.ERROR, "", 0, message, args, None)
    if exception:
        try:
            raise exception
        except type(exception) as raised:
            record.exc_info = type(raised), raised, raised.__traceback__
    return Lines("%(levelname)s %(name)s: %(message)s").format(record)


def test_a_line_end_in_a_message_is_written_out():
    for end in BREAKS:
        line = written("Asked for %s", f"/a{end}{FORGED}")
        assert line.startswith("ERROR site: Asked for /a\\"), repr(end)
        assert len(line.splitlines()) == 1, repr(end)


def test_what_comes_with_an_exception_stands_below_it():
    for end in BREAKS:
        text = written("It failed", exception=ValueError(f"no{end}{FORGED}"))
        first, *rest = text.splitlines()
        assert first == "ERROR site: It failed", repr(end)
        assert rest[0] == "    Traceback (most recent call last):", repr(end)
        assert all(line.startswith("    ") for line in rest), repr(end)
        assert FORGED in text, repr(end)


def test_what_would_play_with_a_terminal_is_written_out():
    for odd in ["\x1b[2J", "\x07", "\u202e", "\u200b", "\0", "\ud800"]:
        line = written("Asked for %s", odd)
        assert odd not in line, repr(odd)
        assert line.isprintable(), repr(odd)


def test_words_stay_words():
    assert written("¿Qué es? 漢字 100 %").endswith("¿Qué es? 漢字 100 %")


# --- The real server, with its access log on --------------------------------------------------


def send(site, request):
    with socket.create_connection(("127.0.0.1", site.port), timeout=PATIENCE) as connection:
        connection.sendall(request)
        with contextlib.suppress(ConnectionError):
            while connection.recv(65536):
                pass


def head(*lines):
    return b"\r\n".join([*lines, b"Host: localhost", b"Connection: close", b"", b""])


def sign_in_as(site, name, path="/admin/login/"):
    connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=PATIENCE)
    with contextlib.closing(connection):
        body = urlencode({"username": name, "login": name, "password": f"{name}\n{name}"})
        kind = {"Content-Type": "application/x-www-form-urlencoded", "Host": "localhost"}
        connection.request("POST", path, body, kind)
        connection.getresponse().read()


def test_no_request_writes_a_line_of_its_own(logged_site):
    mark = FORGED.encode()
    for end in (b"%0A", b"%0D%0A", b"%0D", b"%0B", b"%C2%85", b"%E2%80%A8", b"%1B[2J"):
        send(logged_site, head(b"GET /a" + end + mark.replace(b" ", b"%20") + b" HTTP/1.1"))
        send(logged_site, head(b"GET /admin/" + end + mark.replace(b" ", b"%20") + b"/ HTTP/1.1"))
    for name in (b"User-Agent", b"Referer", b"X-Forwarded-For", b"Cookie"):
        send(logged_site, head(b"GET / HTTP/1.1", name + b": a\n" + mark))
        send(logged_site, head(b"GET / HTTP/1.1", name + b": a\r\n " + mark))
        send(logged_site, head(b"GET / HTTP/1.1", name + b": a\r" + mark))
    send(logged_site, head(b"GET /\n" + mark + b" HTTP/1.1"))
    send(logged_site, head(b"GET\n" + mark + b" / HTTP/1.1"))
    send(logged_site, b"GET / HTTP/1.1\r\nHost: a\n" + mark + b"\r\n\r\n")
    sign_in_as(logged_site, f"editor\n{FORGED}")
    sign_in_as(logged_site, f"editor\r\n{FORGED}", "/accounts/login/")
    send(logged_site, head(b"GET /the/end/ HTTP/1.1"))
    until(lambda: "GET /the/end/" in logged_site.log)
    assert f"/a\\n{FORGED}" in logged_site.log  # its line end is written out
    lines = (logged_site.folder / "log").read_bytes().decode().splitlines()
    assert [line for line in lines if line.startswith(FORGED.split()[0])] == []
    assert not any(line.lstrip().startswith(FORGED) for line in lines)
    assert "\x1b" not in logged_site.log
