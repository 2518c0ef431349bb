"""deploy/nginx.conf in a real nginx, in front of the real site."""

import contextlib
import http.client
import shutil
import ssl
import subprocess
from pathlib import Path
from typing import NamedTuple

import pytest

from tests import observatory
from tests.environment import ROOT
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
def running_nginx(folder, site_port):
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
    }.items():
        assert old in text
        text = text.replace(old, new)
    (folder / "nginx.conf").write_text(
        f"pid {folder}/pid; daemon off; error_log stderr;\nevents {{}}\nhttp {{\n"
        f"client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;\n{text}\n}}\n"
    )
    command = [shutil.which("nginx"), "-p", str(folder), "-c", str(folder / "nginx.conf")]
    subprocess.run([*command, "-t"], check=True, capture_output=True)
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as nginx:
        until(lambda: accepts(proxy.port))
        yield proxy
        nginx.terminate()


@pytest.fixture(scope="module")
def proxy(site, tmp_path_factory):
    with running_nginx(tmp_path_factory.mktemp("nginx"), site.port) as proxy:
        yield proxy


def get(port, path, **headers):
    insecure = ssl._create_unverified_context()
    connection = http.client.HTTPSConnection("127.0.0.1", port, timeout=PATIENCE, context=insecure)
    connection.request("GET", path, headers={"Host": "www.example.org", **headers})
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


def test_the_log_says_what_was_asked_for_and_not_by_whom(proxy):
    get(
        proxy.port,
        "/learn/?secret=1",
        **{"User-Agent": "secret", "Referer": "https://secret.example"},
    )
    lines = (proxy.folder / "logs" / "aware.log").read_text()
    assert " GET /learn/ " in lines
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


def test_so_has_what_nginx_says_while_the_site_is_away(tmp_path):
    with running_nginx(tmp_path, free_port()) as proxy:
        response, body = get(proxy.port, "/help/")
    sent = observatory.sent_by(response)
    assert response.status == 502
    assert observatory.score(sent, body) >= 130
    assert observatory.broken_promises(sent) == []


def test_http_leads_to_https_on_the_same_host(proxy):
    connection = http.client.HTTPConnection("127.0.0.1", proxy.http_port, timeout=PATIENCE)
    with contextlib.closing(connection):
        connection.request("GET", "/help/?page=2", headers={"Host": "www.example.org"})
        response = connection.getresponse()
    assert response.status == 301
    assert response.getheader("Location") == "https://www.example.org/help/?page=2"
