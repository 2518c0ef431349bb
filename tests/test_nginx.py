"""deploy/nginx.conf in a real nginx, in front of the real site."""

import http.client
import shutil
import ssl
import subprocess
import time

import pytest

from tests.environment import ROOT
from tests.site import free_port, running_site

pytestmark = pytest.mark.nginx


@pytest.fixture(scope="module")
def site(make_folder):
    variables = {"SITE_URL": "https://www.example.org", "TRUSTED_PROXIES": "127.0.0.1"}
    with running_site(make_folder(), **variables) as site:
        yield site


@pytest.fixture(scope="module")
def proxy(site, tmp_path_factory):
    """The port of an nginx that runs the file as it is, but for ports, names and folders."""
    folder = tmp_path_factory.mktemp("nginx")
    (folder / "logs").mkdir()
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1"]
        + ["-subj", "/CN=www.example.org", "-keyout", "key.pem", "-out", "cert.pem"],
        cwd=folder,
        check=True,
        capture_output=True,
    )
    port = free_port()
    text = (ROOT / "deploy" / "nginx.conf").read_text()
    for old, new in {
        "127.0.0.1:8000": f"127.0.0.1:{site.port}",
        "    listen [::]:80;\n": "",
        "    listen [::]:443 ssl http2;\n": "",
        "listen 80;": f"listen 127.0.0.1:{free_port()};",
        "listen 443": f"listen 127.0.0.1:{port}",
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
        time.sleep(0.5)
        yield port, folder
        nginx.terminate()


def get(port, path, **headers):
    insecure = ssl._create_unverified_context()
    connection = http.client.HTTPSConnection("127.0.0.1", port, timeout=10, context=insecure)
    connection.request("GET", path, headers={"Host": "www.example.org", **headers})
    response = connection.getresponse()
    body = response.read().decode()
    connection.close()
    return response, body


def test_pages_are_served_by_https(proxy):
    response, body = get(proxy[0], "/help/")
    assert response.status == 200
    assert 'href="tel:' in body
    assert response.getheader("Strict-Transport-Security") == "max-age=31536000"
    assert '<link rel="canonical" href="https://www.example.org/help/">' in body


def test_an_overlong_address_gets_the_page_with_the_help_lines(proxy):
    response, body = get(proxy[0], "/?" + "a" * 10_000)
    assert response.status == 400
    assert 'href="tel:' in body


def test_the_log_says_what_was_asked_for_and_not_by_whom(proxy):
    port, folder = proxy
    get(port, "/learn/?secret=1", **{"User-Agent": "secret", "Referer": "https://secret.example"})
    lines = (folder / "logs" / "aware.log").read_text()
    assert " GET /learn/ " in lines
    assert "127.0.0.1" not in lines
    assert "secret" not in lines
