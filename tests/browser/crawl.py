"""Every public address that the site itself leads to."""

import re
import urllib.error
import urllib.request
from html import unescape
from urllib.parse import urljoin, urlsplit

from tests.public import DRAWN
from tests.site import PATIENCE

ALIKE = re.compile(
    r"/(learn|for|questions|updates|statistics)/(?!all/|changes/|questions-to-ask/)[^/]+/$"
)
PLAIN = re.compile(r"/(about|act|missouri-law|talking-about-it)/$")
LINK = re.compile(r'(?:href|src)="([^"]+)"')


def fetch(address):
    """(status, headers, text) of an address."""
    try:
        with urllib.request.urlopen(address, timeout=PATIENCE) as answer:
            return answer.status, answer.headers, answer.read().decode(errors="replace")
    except urllib.error.HTTPError as answer:
        return answer.code, answer.headers, answer.read().decode()


def answers(site):
    """{address: (status, headers)} of all of ours, from the home page on and in both languages."""
    found, waiting, drawn = {}, ["/"], set()
    while waiting:
        path = waiting.pop(0)
        if path in found or path.startswith("/static/"):
            continue
        if kind := DRAWN.match(urlsplit(path).path):
            if kind.groups() in drawn:
                continue
            drawn.add(kind.groups())
        status, headers, text = fetch(site.url + path)
        found[path] = status, dict(headers)
        if not headers["Content-Type"].startswith("text/html"):
            continue
        for link in LINK.findall(text):
            parts = urlsplit(urljoin(site.url + path, unescape(link)))
            if f"{parts.scheme}://{parts.netloc}" == site.url:
                waiting.append(f"{parts.path}?{parts.query}" if parts.query else parts.path)
    return found


def templates(paths):
    """One address for each template: what stands below a list is built alike, and what folds."""
    chosen = {}
    for path in paths:
        shape = PLAIN.sub("/*/", ALIKE.sub(r"/\1/*/", path))
        chosen.setdefault(shape, path)
    return [path for path in chosen.values() if is_page(path)]


def is_page(path):
    """Feeds and files of figures are none, nor is what stands in a frame."""
    return "/embed/" not in path and "." not in path.partition("?")[0].rpartition("/")[2]
