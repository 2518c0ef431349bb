"""deploy/nginx.conf in a real nginx, in front of the real site."""

import contextlib
import getpass
import http.client
import shutil
import socket
import sqlite3
import ssl
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

import pytest

from tests import observatory
from tests.environment import ROOT
from tests.html import read_text
from tests.site import PATIENCE, accepts, free_port, running_site, until

pytestmark = pytest.mark.nginx


@pytest.fixture(scope="module")
def site(make_folder):
    variables = {"SITE_URL": "https://www.example.org", "TRUSTED_PROXIES": "127.0.0.1"}
    with running_site(make_folder(), **variables) as site:
        yield site


class Proxy(NamedTuple):
    port: int
    folder: Path
    http_port: int


@contextlib.contextmanager
def running_nginx(folder, site, site_port):
    """An nginx that runs the file as it is, but for ports, names and folders."""
    (folder / "logs").mkdir()
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1"]
        + ["-subj", "/CN=www.example.org", "-keyout", "key.pem", "-out", "cert.pem"],
        cwd=folder,
        check=True,
        capture_output=True,
    )
    proxy = Proxy(free_port(), folder, free_port())
    text = (ROOT / "deploy" / "nginx.conf").read_text()
    for old, new in {
        "127.0.0.1:8000": f"127.0.0.1:{site_port}",
        "    listen [::]:80;\n": "",
        "    listen [::]:443 ssl http2;\n": "",
        "listen 80;": f"listen 127.0.0.1:{proxy.http_port};",
        "listen 443": f"listen 127.0.0.1:{proxy.port}",
        "/etc/letsencrypt/live/www.example.org/fullchain.pem": f"{folder}/cert.pem",
        "/etc/letsencrypt/live/www.example.org/privkey.pem": f"{folder}/key.pem",
        "/var/log/nginx": f"{folder}/logs",
        "/var/lib/aware-missouri": str(site.folder),
    }.items():
        assert old in text
        text = text.replace(old, new)
    (folder / "nginx.conf").write_text(
        # pytest's folders are for its own account alone.
        f"user {getpass.getuser()}; pid {folder}/pid; daemon off; error_log stderr;\n"
        "events {}\nhttp {\n"
        f"client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;\n{text}\n}}\n"
    )
    command = [shutil.which("nginx"), "-p", str(folder), "-c", str(folder / "nginx.conf")]
    subprocess.run([*command, "-t"], check=True, capture_output=True)
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as nginx:
        try:
            until(lambda: accepts(proxy.port))
            yield proxy
        finally:
            nginx.terminate()


@pytest.fixture(scope="module")
def proxy(site, tmp_path_factory):
    with running_nginx(tmp_path_factory.mktemp("nginx"), site, site.port) as proxy:
        yield proxy


def get(port, path, method="GET", body=None, **headers):
    insecure = ssl._create_unverified_context()
    connection = http.client.HTTPSConnection("127.0.0.1", port, timeout=PATIENCE, context=insecure)
    connection.request(method, path, body, headers={"Host": "www.example.org", **headers})
    response = connection.getresponse()
    body = response.read().decode()
    connection.close()
    return response, body


def test_pages_are_served_by_https(proxy):
    response, body = get(proxy.port, "/help/")
    assert response.status == 200
    assert 'href="tel:' in body
    assert response.getheader("Strict-Transport-Security") == "max-age=31536000"
    assert '<link rel="canonical" href="https://www.example.org/help/">' in body


def test_an_overlong_address_gets_the_page_with_the_help_lines(proxy):
    response, body = get(proxy.port, "/?" + "a" * 10_000)
    assert response.status == 400
    assert 'href="tel:' in body


def test_a_picture_comes_from_the_folder_and_what_is_not_there_from_the_site(site, proxy):
    folder = site.folder / "media" / "pictures"
    folder.mkdir(parents=True)
    (folder / "0123456789abcdef.webp").write_bytes(b"RIFF")
    response, body = get(proxy.port, "/media/pictures/0123456789abcdef.webp")
    assert (response.status, response.getheader("Content-Type"), body) == (
        200,
        "image/webp",
        "RIFF",
    )
    assert observatory.broken_promises(observatory.sent_by(response)) == []
    response, body = get(proxy.port, "/media/pictures/fedcba9876543210.webp")
    assert response.status == 404
    assert 'href="tel:' in body


def test_the_log_says_what_was_asked_for_and_not_by_whom(proxy):
    get(
        proxy.port,
        "/learn/?secret=1",
        **{"User-Agent": "secret", "Referer": "https://secret.example"},
    )
    log = proxy.folder / "logs" / "aware.log"
    until(lambda: " GET /learn/ " in log.read_text())
    lines = log.read_text()
    assert "127.0.0.1" not in lines
    assert "secret" not in lines


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/help/", 200),
        ("/static/img/mark.svg", 200),
        ("/statistics/data.csv", 200),
        ("/no/such/page/", 404),
        ("/?" + "a" * 10_000, 400),
        ("/?" + "a" * 40_000, 414),  # nginx answers itself
        ("/%zz/", 400),
    ],
)
def test_every_answer_has_the_headers_of_the_site_once(proxy, path, status):
    response, body = get(proxy.port, path)
    sent = observatory.sent_by(response)
    assert response.status == status
    assert observatory.score(sent, body) >= 130
    assert observatory.broken_promises(sent) == []


def is_our_page(response, body, language="en"):
    """The site's, with its help lines, look and way out, and with every header."""
    sent = observatory.sent_by(response)
    assert observatory.score(sent, body) >= 130
    assert observatory.broken_promises(sent) == []
    assert response.getheader("Content-Type") == "text/html"
    page = read_text(body)
    assert page.one("html").attrs["lang"] == language
    assert page.one("section", class_="card get-help").all("a")
    assert page.one("li", class_="leave").one("a").attrs["href"].startswith("https://")
    assert 'href="tel:' in body
    return page


def test_so_has_what_nginx_says_while_the_site_is_away(site, tmp_path):
    with running_nginx(tmp_path, site, free_port()) as proxy:
        for path, language in {"/help/": "en", "/es/help/": "es", "/espera/": "en"}.items():
            response, body = get(proxy.port, path)
            assert response.status == 502
            page = is_our_page(response, body, language)
        files = [page.one("link", rel="stylesheet").attrs["href"], "/.errors/exit.js"]
        assert f'src="{files[1]}"' in body
        for file, kind in zip(files, ("text/css", "text/javascript"), strict=True):
            response, body = get(proxy.port, file)
            assert (response.status, response.getheader("Content-Type")) == (200, kind)
            assert len(body) > 500
        assert get(proxy.port, "/.errors/")[0].status == 403


def test_what_nginx_refuses_by_itself_has_the_help_lines(proxy):
    too_long = "/?" + "a" * 40_000
    for status, asked in {
        413: {"path": "/admin/login/", "method": "POST", "body": b"a" * 6_000_000},
        414: {"path": too_long},
        405: {"path": "/", "method": "TRACE"},
        400: {"path": "/", "Cookie": "a" * 40_000},
    }.items():
        response, body = get(proxy.port, **asked)
        assert response.status == status
        is_our_page(response, body)


def test_where_an_address_leads_may_be_as_long_as_an_address(proxy):
    """Up to 16 kB, which is Django's most, and the other headers beside it."""
    response, _body = get(proxy.port, "/updates/?utm_source=a&page=" + '"' * 5_400)
    assert response.status == 301
    assert len(response.getheader("Location")) > 16_000


def test_the_page_follows_the_help_lines(site, proxy, tmp_path):
    assert "1-800-555-0177" not in (site.folder / "errors" / "503.en.html").read_text()
    with sqlite3.connect(site.folder / "db.sqlite3", timeout=20) as database:
        database.execute("UPDATE pages_helpline SET number = '1-800-555-0177' WHERE kind = 'call'")
    until(lambda: "1-800-555-0177" in (site.folder / "errors" / "503.es.html").read_text())


def test_who_searches_without_end_is_asked_to_wait(proxy):
    kind = {"Content-Type": "application/x-www-form-urlencoded"}

    def search(path):
        return get(proxy.port, path, method="POST", body=b"words=labor", **kind)

    for path, language in {"/search/": "en", "/es/search/": "es"}.items():
        until(lambda path=path: search(path)[0].status == 200)
        with ThreadPoolExecutor(10) as pool:
            answers = list(pool.map(search, [path] * 100))
        refused = [answer for answer in answers if answer[0].status == 429]
        assert refused
        is_our_page(*refused[0], language)
        assert get(proxy.port, path)[0].status == 200, "the page itself is for everybody"


def test_who_asks_for_drawings_without_end_is_asked_to_wait(proxy):
    for path in ("/share/poster.pdf", "/es/share/all.png", "/share/kit.zip"):
        until(lambda path=path: get(proxy.port, f"{path}?in=fr")[0].status == 400)
        with ThreadPoolExecutor(10) as pool:
            answers = list(pool.map(get, [proxy.port] * 60, [f"{path}?in=fr"] * 60))
        assert 429 in {response.status for response, _body in answers}, path
        assert get(proxy.port, "/share/")[0].status == 200, "the page itself is for everybody"


SLOW = {
    "nothing": b"",
    "half a head": b"GET /help/ HTTP/1.1\r\nHost: www.exam",
    "a body that does not come": b"POST /search/ HTTP/1.1\r\nHost: www.example.org\r\n"
    b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 100\r\n\r\nwords=",
    "answers that nobody takes": b"GET /help/ HTTP/1.1\r\nHost: www.example.org\r\n\r\n" * 400,
}


def test_slow_and_silent_clients_keep_nobody_waiting(proxy):
    """Far more of them than gunicorn has threads, which are two workers with four each."""
    insecure = ssl._create_unverified_context()
    for name, sent in SLOW.items():
        with contextlib.ExitStack() as stack:
            for _ in range(40):
                client = socket.create_connection(("127.0.0.1", proxy.port), timeout=PATIENCE)
                client = stack.enter_context(insecure.wrap_socket(client))
                client.setblocking(False)
                with contextlib.suppress(ssl.SSLWantWriteError):
                    client.send(sent)
            for _ in range(10):
                assert get(proxy.port, "/help/")[0].status == 200, name


def test_it_tells_nobody_its_version(site, proxy, tmp_path):
    plain = http.client.HTTPConnection("127.0.0.1", proxy.http_port, timeout=10)
    with contextlib.closing(plain):
        plain.request("GET", "/", headers={"Host": "www.example.org"})
        response = plain.getresponse()
        assert (response.getheader("Server"), b"nginx/" in response.read()) == ("nginx", False)
    response, body = get(proxy.port, "/?" + "a" * 40_000)
    assert (response.getheader("Server"), "nginx/" in body) == ("nginx", False)


def test_http_leads_to_https_on_the_same_host(proxy):
    connection = http.client.HTTPConnection("127.0.0.1", proxy.http_port, timeout=PATIENCE)
    with contextlib.closing(connection):
        connection.request("GET", "/help/?page=2", headers={"Host": "www.example.org"})
        response = connection.getresponse()
    assert response.status == 301
    assert response.getheader("Location") == "https://www.example.org/help/?page=2"
