"""Every address of the staff, found in the URLconf: a new one is visited without being named."""

import re
from html import unescape
from urllib.parse import urljoin, urlsplit

from django.urls import URLPattern, get_resolver
from django.urls.resolvers import RegexPattern
from django.utils.regex_helper import normalize

from awareness.web.headers import is_staff_path

SAMPLES = {"int": "1", "uuid": "00000000-0000-0000-0000-000000000000"}  # others: the item's number


def addresses():
    """One address for each route: with the number of a row that is there, where it asks for an
    item, and something made up for the rest."""
    return dict.fromkeys(address for address, _pattern in routes() if is_staff_path(address))


def routes(resolver=None, prefix="/", item="1"):
    for pattern in (resolver or get_resolver()).url_patterns:
        path = prefix + sample(pattern.pattern, item_of(pattern) or item)
        if isinstance(pattern, URLPattern):
            yield path, pattern
        elif is_staff_path(path) or path == "/":
            yield from routes(pattern, path, item_of(pattern) or item)


def item_of(pattern):
    """The number of a row of the model whose admin answers below this."""
    below = [pattern] if isinstance(pattern, URLPattern) else pattern.url_patterns
    for each in below:
        desk = getattr(getattr(each, "callback", None), "model_admin", None)
        row = desk and desk.model._base_manager.order_by("pk").first()
        if row:
            return str(row.pk)
    return None


def sample(pattern, item):
    if isinstance(pattern, RegexPattern):
        text, names = normalize(str(pattern).removesuffix("$"))[0]
        return text % dict.fromkeys(names, item)
    return re.sub(r"<(?:(\w+):)?\w+>", lambda m: SAMPLES.get(m[1], item), str(pattern))


def visit(client, **headers):
    """{address: response} of every route, and of all that can be reached from there by links: one
    item of each list, and an address with a query if a key in it is new there."""
    answers, waiting, seen = {}, ["/admin/", *addresses()], set()
    while waiting:
        address = waiting.pop(0)
        path, _, query = address.partition("?")
        kind = re.sub(r"\d+", "0", path)
        keys = {(kind, pair.partition("=")[0]) for pair in query.split("&")}
        if address in answers or keys <= seen:
            continue
        seen |= keys
        response = answers[address] = client.get(address, **headers)
        waiting += filter(is_staff_path, links_of(response, address))
    return answers


def links_of(response, address):
    found = [response.headers.get("Location", "")]
    if response.headers.get("Content-Type", "").startswith("text/html"):
        found += re.findall(
            r'<(?:a|iframe)\b[^>]*\b(?:href|src)="([^"#]+)', response.content.decode()
        )
    for link in found:
        there = urlsplit(urljoin(f"https://testserver{address}", unescape(link)))
        if link and there.netloc == "testserver":
            yield f"{there.path}?{there.query}" if there.query else there.path
