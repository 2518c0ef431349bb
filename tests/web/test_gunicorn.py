"""What gunicorn would answer itself is answered with the site's own page."""

import inspect
import socket

from gunicorn.workers.gthread import ThreadWorker

from tests.site import PATIENCE, until


def answer(site, request):
    """The status, head and body that these bytes are answered with."""
    received = b""
    with socket.create_connection(("127.0.0.1", site.port), timeout=PATIENCE) as connection:
        connection.sendall(request)
        while part := connection.recv(65536):
            received += part
    head, _, body = received.decode().partition("\r\n\r\n")
    return head.split()[1], head, body


def get(target, *headers):
    lines = [b"GET " + target + b" HTTP/1.1", *headers, b"Connection: close", b"", b""]
    return b"\r\n".join(lines)


HOST = b"Host: localhost"
ODD = {
    "10 kB query": (get(b"/?" + b"a" * 10_000, HOST), "400"),
    "7 kB query": (get(b"/statistics/?from=" + b"2" * 7_000, HOST), "200"),
    "NUL byte": (get(b"/learn/\0/", HOST), "400"),
    "encoded NUL byte": (get(b"/learn/no%00such/", HOST), "404"),
    "large header": (get(b"/", HOST, b"X: " + b"a" * 10_000), "400"),
    "no request at all": (b"\x16\x03\x01 is how TLS begins\r\n\r\n", "400"),
    "two hosts": (get(b"/", HOST, b"Host: example.org"), "400"),
    "forged host": (get(b"/", b"Host: example.org"), "400"),
    "unknown method": (get(b"/", HOST).replace(b"GET", b"BREW", 1), "405"),
    "path out of the site": (get(b"/../../etc/passwd", HOST), "404"),
}


def test_gunicorn_still_asks_the_method_that_answers_for_it():
    known = ["self", "req", "client", "addr", "exc"]
    assert list(inspect.signature(ThreadWorker.handle_error).parameters) == known, (
        "gunicorn has changed handle_error, which deploy/gunicorn.conf.py overrides: what gunicorn "
        "answers by itself would have no help lines, and its log the address of who asked."
    )


def test_an_odd_request_gets_a_page_with_the_help_lines(logged_site):
    for name, (request, status) in ODD.items():
        got, head, body = answer(logged_site, request)
        assert got == status, name
        assert 'href="tel:' in body, name
        assert "Content-Security-Policy: " in head, name
        assert "default-src 'none'" in head, name
        assert "Cache-Control: no-store" in head, name
        assert "Set-Cookie" not in head, name


def test_nothing_is_written_down_about_who_asked(logged_site):
    """Nor with the access log on, whatever its format asks for."""
    for request, _status in ODD.values():
        answer(logged_site, request)
    answer(logged_site, get(b"/?" + b"secret" * 3_000, HOST))
    answer(logged_site, get(b"/nowhere/?secret", HOST, b"Referer: https://secret.example/"))
    answer(logged_site, get(b"/last/", HOST, b"X-Forwarded-For: 2001:db8::7, 203.0.113.9"))
    until(lambda: "/last/" in logged_site.log)
    line = next(line for line in logged_site.log.splitlines() if "/last/" in line)
    assert line == "- -, - GET /last/"
    assert "127.0.0.1" not in logged_site.log
    assert "secret" not in logged_site.log


def test_pages_go_out_compressed(logged_site):
    request = get(b"/", HOST, b"Accept-Encoding: gzip")
    with socket.create_connection(("127.0.0.1", logged_site.port), timeout=PATIENCE) as connection:
        connection.sendall(request)
        assert b"Content-Encoding: gzip" in connection.recv(65536)
