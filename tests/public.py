"""Everything that a visitor can ask for, and what the site answers."""

import io
import re
import zipfile
from html import unescape
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import URLPattern, get_resolver
from pypdf import PdfReader

from awareness import errors
from pages.site_context import held_context
from tests import factories

# Every address of the site but the staff's. A new one must be added here, and with it comes
# into every test that goes through the public pages.
IN_EVERY_LANGUAGE = {
    "",
    "learn/",
    "learn/all/",
    "learn/<slug:slug>/",
    "search/",
    "share/",
    "share/numbers/",
    "share/texts/",
    "share/dates.ics",
    "share/kit.zip",
    "share/<slug:sheet>.<slug:form>",
    "share/qr.svg",
    "share/qr.png",
    "embed/help/",
    "embed/figure/<slug:slug>/",
    "embed/chart/<slug:slug>/",
    "embed/badge.svg",
    "embed/oembed.json",
    "statistics/",
    "statistics/<slug:slug>/",
    "statistics/changes/",
    "statistics/changes/feed.atom",
    "statistics/data.csv",
    "statistics/data.json",
    "statistics/data.csv-metadata.json",
    "statistics/data.zip",
    "statistics/chart.svg",
    "statistics/chart.png",
    "for/",
    "for/<slug:slug>/",
    "questions/",
    "questions/<slug:slug>/",
    "words/",
    "updates/",
    "updates/feed.atom",
    "updates/feed.json",
    "updates/events.ics",
    "updates/<slug:slug>/",
    "updates/<slug:slug>/event.ics",
    "help/",
    "help/near/",
    "help/languages/",
    "safety/",
    "safety/practice/",
    "donate/",
    "go/<slug:slug>/",
    "<slug:slug>/",
}
NOT_LINKED = ["/healthz", "/robots.txt", "/llms.txt", "/sitemap.xml", "/favicon.ico"]
NOT_LINKED += ["/security.txt"]
NEEDS_EMAIL = {".well-known/security.txt"}  # there only when the site has an e-mail address
NEEDS_PICTURE = {"media/pictures/<str:name>"}  # which no new site has: tests/pages/test_pictures.py
NEEDS_WORD = {"go/<slug:slug>/", "es/go/<slug:slug>/"}  # that nothing of ours links to
ROUTES = {
    *IN_EVERY_LANGUAGE,
    *NEEDS_EMAIL,
    *NEEDS_PICTURE,
    "share/preview.png",
    *(address[1:] for address in NOT_LINKED),
}
NOT_LISTED = {"/search/", "/safety/practice/", "/share/numbers/"}  # in the sitemap
PAGES = [
    "/",
    "/learn/",
    "/learn/all/",
    "/statistics/",
    "/updates/",
    "/help/",
    "/safety/",
    "/donate/",
]
STARTER_PAGES = [
    *PAGES,
    "/learn/signs/",
    "/about/",
    "/statistics/missouri/",
    "/statistics/united-states/",
    "/statistics/changes/",
    "/search/",
    "/safety/practice/",
    "/es/",
    "/es/learn/",
    "/es/help/",
]
# A chart, a QR code, a sheet to print, a picture, all of them: in which language, and what it is.
DRAWN = re.compile(r"(.*/)(?:chart|qr|[a-z]+(?=\.pdf)|(preview|kit))(\.\w+)")
LINK = re.compile(r'<(?:a|link)\b[^>]*?\bhref="([^"]*)"')


def in_both(*addresses):
    """These pages, and the same in Spanish."""
    return {*addresses, *(f"/es{address}" for address in addresses)}


def routes(resolver=None, prefix=""):
    """Every route of the URLconf, without the staff's: tests/accounts/access.txt has those."""
    for pattern in (resolver or get_resolver()).url_patterns:
        route = prefix + str(pattern.pattern)
        if route.startswith(("admin/", "accounts/")):
            continue
        if isinstance(pattern, URLPattern):
            yield route
        else:
            yield from routes(pattern, route)


def error_pages(client):
    """One of each: {name: response}. Those for a broken site are made from what is held."""
    held_context()
    return {
        "400": client.get("/", headers={"host": "forged.example"}),
        "404": client.get("/there/is/no/such/page/"),
        "405": client.post("/"),
        "500": errors.server_error(None),
        "503": errors.error_page(503, site_context=held_context()),
    }


def words_of(response):
    """All the text that an answer holds, whatever it is; a picture of points has none."""
    kind = response.headers.get("Content-Type", "")
    if kind == "image/png":
        return ""
    if kind == "application/pdf":
        document = PdfReader(io.BytesIO(response.content))
        return "\n".join(page.extract_text() for page in document.pages)
    if kind == "application/zip":
        archive = zipfile.ZipFile(io.BytesIO(response.content))
        return "\n".join(archive.read(name).decode(errors="ignore") for name in archive.namelist())
    return response.content.decode()


def internal_links(response):
    """The addresses of our own that a page, feed or sitemap leads to."""
    kind = response.headers.get("Content-Type", "")
    if kind.startswith("text/html"):
        found = map(unescape, LINK.findall(words_of(response)))
    else:
        found = re.findall(r'<loc>(.*?)</loc>|href="(.*?)"', words_of(response))
        found = ["".join(pair) for pair in found]
    for address in found:
        address = address.removeprefix(settings.SITE_URL)
        parts = urlsplit(address)
        if not parts.scheme and not parts.netloc and (parts.path or parts.query):
            yield address.partition("#")[0]


def visit(client, pictures=True):
    """{address: response} of all that can be reached from the home page and the sitemap."""
    answers, waiting, drawn = {}, ["/", *NOT_LINKED], set()
    while waiting:
        address = waiting.pop(0)
        if address in answers or address.startswith(settings.STATIC_URL):
            continue
        if kind := DRAWN.match(urlsplit(address).path):
            if kind.groups() in drawn or not pictures:
                continue  # one of each kind and language is enough: each takes a while
            drawn.add(kind.groups())
        response = answers[address] = client.get(address)
        assert response.status_code in (200, 302), f"{address}: {response.status_code}"
        if response.status_code == 200:
            here = urlsplit(address).path
            for link in internal_links(response):
                waiting.append(f"{here}{link}" if link.startswith("?") else link)
    return answers


_walked = {}


def walked(client):
    """visit() of a new site with one update, without what is drawn: once for each worker."""
    factories.update(slug="walk", title_en="A walk")
    if not _walked:
        _walked.update(visit(client, pictures=False))
    return _walked
