"""Looks at every address once, and keeps what was found."""

from collections import Counter
from contextlib import suppress
from urllib.parse import unquote, urlsplit

from django.db import transaction
from django.utils import timezone

from awareness.desk.checker import ID
from awareness.desk.preview import public_page
from awareness.links.elsewhere import MOVES, REDIRECTS, Elsewhere, Fault, Found
from awareness.links.models import CheckedLink
from awareness.links.places import is_own, looked_for

FEW = 3  # sites; when none of so many answers, it is this machine that has no network


class NoNetwork(Exception):
    """No other site answers."""


def check(addresses, elsewhere=None, at=None):
    """Asks each, and remembers which have a fault: {address: Found}."""
    elsewhere = elsewhere or Elsewhere()
    found = {address: at_home(address) for address in filter(is_own, addresses)}
    others = {url: elsewhere.look(url) for url in in_turns(set(addresses) - set(found))}
    faults = {urlsplit(url).hostname: each.fault for url, each in others.items() if each}
    if len(faults) >= FEW and set(faults.values()) <= {Fault.SILENT, Fault.NO_SITE}:
        raise NoNetwork
    found = {url: each for url, each in (found | others).items() if each}
    keep(found, timezone.localdate(at))
    return found


def in_turns(urls):
    """The first of each host, then the second of each, so that the pause of one costs no time."""
    turns, ordered = Counter(), []
    for url in sorted(urls):
        host = urlsplit(url).hostname
        ordered.append((turns[host], url))
        turns[host] += 1
    return [url for _turn, url in sorted(ordered)]


def at_home(address):
    """Found, or None, as of others. Of a fault of the site its log and /healthz tell. Never
    raises."""
    with suppress(Exception):
        return own_page(address)
    return None


def own_page(address):
    """As the public would get it, without any network."""
    for _hop in range(REDIRECTS + 1):
        path, _mark, part = address.partition("#")
        response = public_page(path)
        if response.streaming:
            response.close()  # its file
        if response.status_code not in MOVES:
            break
        there = looked_for(response["Location"])
        if not is_own(there):  # a short address, say: the page that it leads to is elsewhere
            return Found()
        address = there if "#" in there or not part else f"{there}#{part}"
    else:
        return Found(Fault.ENDLESS)
    if response.status_code >= 500:
        return None
    if response.status_code != 200:
        return Found(Fault.STATUS, response.status_code)
    part = unquote(part)
    is_page = response["Content-Type"].startswith("text/html") and not response.streaming
    if not is_page or part in ("", "top") or part.startswith(":~:"):  # a browser's own
        return Found()
    is_there = part in ID.findall(response.content.decode())
    return Found() if is_there else Found(Fault.NO_PART)


def look_again():
    """Forget those of our own addresses that lead somewhere by now."""
    for row in CheckedLink.objects.filter(url__startswith="/"):
        if at_home(row.url) == Found():
            row.delete()


def keep(found, day):
    """In the place of what was kept before. An address whose fault goes on keeps its first day."""
    with transaction.atomic():
        before = {row.url: row for row in CheckedLink.objects.all()}
        rows = []
        for url, each in found.items():
            if each.fault:
                result = {"fault": each.fault, "status": each.status, "moved_to": each.moved_to}
                row = CheckedLink(url=url, since=day, last=day, **result)
                if (old := before.get(url)) and old.is_moved == row.is_moved:
                    row.since = old.since
                rows.append(row)
        CheckedLink.objects.all().delete()
        CheckedLink.objects.bulk_create(rows)
