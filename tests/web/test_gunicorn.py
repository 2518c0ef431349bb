"""What gunicorn would answer itself is answered with the site's own page."""

import contextlib
import socket

import pytest

from tests.site import PATIENCE, running_site, until


@pytest.fixture(scope="module")
def site(make_folder):
    with running_site(make_folder()) as site:
        yield site


def answer(site, request, timeout=PATIENCE):
    """The status, head and body that these bytes are answered with."""
    received = b""
    with socket.create_connection(("127.0.0.1", site.port), timeout=timeout) as connection:
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


def test_an_odd_request_gets_a_page_with_the_help_lines(site, subtests):
    for name in ODD:
        with subtests.test(name=name):
            request, status = ODD[name]
            got, head, body = answer(site, request)
            assert got == status
            assert 'href="tel:' in body
            assert "Content-Security-Policy: " in head
            assert "default-src 'none'" in head
            assert "Cache-Control: no-store" in head
            assert "Set-Cookie" not in head


def test_slow_and_silent_clients_keep_nobody_waiting(site):
    """More of them than there are threads: two workers with four each."""
    with contextlib.ExitStack() as stack:
        slow = [stack.enter_context(socket.create_connection(("127.0.0.1", site.port)))
                for _ in range(60)]  # fmt: skip
        for connection in slow[:40]:
            connection.sendall(b"GET /help/ HTTP/1.1\r\nHost: loc")
        for connection in slow[:20]:
            connection.sendall(b"alhost\r\n")
        # gunicorn gives each of them five seconds of a thread: more than half a minute.
        assert [answer(site, get(b"/", HOST), 25)[0] for _ in range(10)] == ["200"] * 10
        slow[0].sendall(b"\r\n")
        assert slow[0].recv(100).startswith(b"HTTP/1.1 200 OK")


STALLS = {
    "a body that does not come": b"POST /search/ HTTP/1.1\r\nHost: localhost\r\n"
    b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 100\r\n\r\nwords=",
    "answers that nobody takes": b"GET /help/ HTTP/1.1\r\nHost: localhost\r\n\r\n" * 400,
}


@pytest.mark.parametrize("name", STALLS)
def test_who_stalls_is_let_go(site, name):
    """More of them than there are threads, and none of them gives up."""
    with contextlib.ExitStack() as stack:
        for _ in range(9):
            connection = socket.socket()
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
            stack.enter_context(connection).connect(("127.0.0.1", site.port))
            connection.sendall(STALLS[name])

        def all_are_answered():
            with contextlib.suppress(TimeoutError):
                return [answer(site, get(b"/", HOST), 5)[0] for _ in range(10)] == ["200"] * 10

        # A send that got some of its bytes away waits twice, and a worker may have two rounds of
        # them: some twenty seconds. Before, it was for ever.
        until(all_are_answered)


def test_half_a_request_that_ends_there_is_closed(site):
    with socket.create_connection(("127.0.0.1", site.port), timeout=PATIENCE) as connection:
        connection.sendall(b"GET / HT")
        connection.shutdown(socket.SHUT_WR)
        assert connection.recv(100) == b""


def test_nothing_is_written_down_about_who_asked(site):
    answer(site, get(b"/?" + b"secret" * 3_000, HOST))
    answer(site, get(b"/nowhere/?secret", HOST, b"Referer: https://secret.example/"))
    assert len(site.log.splitlines()) <= 6
    assert "127.0.0.1" not in site.log
    assert "secret" not in site.log


def test_pages_go_out_compressed(site):
    got, head, _ = answer(site, get(b"/robots.txt", HOST))
    assert got == "200"
    request = get(b"/", HOST, b"Accept-Encoding: gzip").decode()
    with socket.create_connection(("127.0.0.1", site.port), timeout=PATIENCE) as connection:
        connection.sendall(request.encode())
        assert b"Content-Encoding: gzip" in connection.recv(65536)
