"""Asks other sites whether an address is there, and asks nobody else.

An address leads wherever its name does at that moment: each hop is resolved once, what it resolves
to is checked, and that very address is connected to, so that no second answer of a name server
leads into a private network. Of an answer no more than its head is read.
"""

import ipaddress
import socket
import ssl
import time
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from threading import Timer
from typing import NamedTuple
from urllib.parse import urldefrag, urljoin, urlsplit

from django.conf import settings
from django.utils.encoding import iri_to_uri

from awareness.links.models import CheckedLink

Fault = CheckedLink.Fault
LONGEST = 2000  # characters of an address; browsers and servers take no more
MOST_ADDRESSES = 4  # of one name
REDIRECTS = 5
MOVES = (301, 302, 303, 307, 308)
FOR_GOOD = (301, 308)
# It is there, and not for programs: of a person it may be another answer.
NOT_FOR_PROGRAMS = (401, 402, 403, 406, 407, 408, 425, 429, 451, 999)
# The chain lacks a certificate, which browsers fetch: OpenSSL's codes.
NOT_WHOLE = (20, 21)
GLOBAL = ipaddress.ip_network("2000::/3")
NAT64 = ipaddress.ip_network("64:ff9b::/96")


class Found(NamedTuple):
    fault: str = ""  # none: it answers
    status: int | None = None
    moved_to: str = ""


class Failed(Exception):
    def __init__(self, fault):
        self.found = Found(fault)


class NotLookedAt(Exception):
    """Another port or kind of address, or a machine of ours: nothing is said of it."""


def is_public(address):
    """Whether it is an address of the internet, and none of our own networks."""
    if address.version == 6:
        inner = address.ipv4_mapped
        if address in NAT64:
            inner = ipaddress.ip_address(int(address) & 0xFFFFFFFF)
        if inner:
            return is_public(inner)
        if address not in GLOBAL or address.sixtofour or address.teredo:
            return False
    ours = any(address in each for each in (*settings.TRUSTED_PROXIES, *settings.ADMIN_ALLOWED_IPS))
    return address.is_global and not address.is_multicast and not ours and not is_this(address)


def is_this(address):
    """Whether it is this machine's own. Nothing is sent: the kernel says from where it would be."""
    family = socket.AF_INET6 if address.version == 6 else socket.AF_INET
    with socket.socket(family, socket.SOCK_DGRAM) as probe, suppress(OSError):
        probe.connect((str(address), 9))
        return probe.getsockname()[0] == str(address)
    return False


@dataclass
class Elsewhere:
    """``may`` says which addresses are asked, ``ports`` at which ports; both for tests, whose
    servers are on this machine."""

    may: Callable = is_public
    ports: tuple = (80, 443)
    pause: float = 1.0  # seconds between two requests to one host
    seconds: float = 10.0  # for one request
    free_at: dict = field(default_factory=dict)  # host: when it may be asked again
    gone: dict = field(default_factory=dict)  # (host, port): why it could not be reached
    tls: ssl.SSLContext = field(default_factory=ssl.create_default_context)

    def look(self, url):
        """Found, or None: nothing can be said of it. Some answer HEAD as if nothing was there, or
        not at all: whatever is said against an address, GET has said too. Never raises."""
        for method in ("HEAD", "GET"):
            try:
                found = self.follow(method, url)
            except Failed as failed:
                found = failed.found
            except NotLookedAt:
                return None
            except Exception:  # whatever strange thing it sent, the others are asked
                found = Found(Fault.SILENT)
            if found.fault not in (Fault.STATUS, Fault.SILENT, Fault.ENDLESS):
                break
        return found

    def follow(self, method, url):
        here, for_good = url, True
        for _hop in range(REDIRECTS + 1):
            status, location = self.ask(method, here)
            if status not in MOVES or not location:
                break
            for_good = for_good and status in FOR_GOOD
            here = iri_to_uri(urldefrag(urljoin(here, location)).url)
        else:
            return Found(Fault.ENDLESS)
        if status >= 400 and status not in NOT_FOR_PROGRAMS:
            return Found(Fault.STATUS, status)
        moved = for_good and plain(here) != plain(url) and len(here) <= LONGEST
        return Found(Fault.MOVED, moved_to=here) if moved else Found()

    def ask(self, method, url):
        """(status, where it leads)"""
        scheme, host, port, path = parts_of(url)
        if port not in self.ports:
            raise NotLookedAt
        if (host, port) in self.gone:
            raise Failed(self.gone[host, port])
        time.sleep(max(0.0, self.free_at.get(host, 0.0) - time.monotonic()))
        begin = time.monotonic()
        self.free_at[host] = begin + self.pause
        sock = self.connect(host, port)
        if scheme == "https":
            sock = self.tls.wrap_socket(sock, server_hostname=host, do_handshake_on_connect=False)
        left = begin + self.seconds - time.monotonic()
        timer = Timer(max(0.0, left), hang_up, [sock])  # for who sends a letter now and then
        timer.start()
        try:
            with closing(sock):
                if scheme == "https":
                    sock.do_handshake()
                return head_of_answer(sock, method, host, port, path)
        except ssl.SSLCertVerificationError as error:
            if error.verify_code in NOT_WHOLE:
                raise NotLookedAt from error
            raise Failed(Fault.UNSAFE) from error
        except (OSError, HTTPException, ValueError) as error:
            raise Failed(Fault.SILENT) from error
        finally:
            timer.cancel()

    def connect(self, host, port):
        try:
            answers = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            again = getattr(error, "errno", None) == socket.EAI_AGAIN
            self.gone[host, port] = Fault.SILENT if again else Fault.NO_SITE
            raise Failed(self.gone[host, port]) from error
        addresses = [ipaddress.ip_address(answer[4][0]) for answer in answers]
        open_ones = [
            answer for answer, each in zip(answers, addresses, strict=True) if self.may(each)
        ][:MOST_ADDRESSES]
        if not open_ones:
            is_ours = any(each.is_global for each in addresses)
            raise NotLookedAt if is_ours else Failed(Fault.PRIVATE)
        for family, kind, protocol, _name, address in open_ones:
            sock = socket.socket(family, kind, protocol)
            sock.settimeout(self.seconds / len(open_ones))
            try:
                sock.connect(address)
            except OSError:
                sock.close()
                continue
            sock.settimeout(self.seconds)
            return sock
        self.gone[host, port] = Fault.SILENT
        raise Failed(Fault.SILENT)


def parts_of(url):
    try:
        parts = urlsplit(url)
        port = parts.port or {"http": 80, "https": 443}[parts.scheme]
        host = parts.hostname.encode("idna").decode()
    except (ValueError, KeyError, AttributeError) as error:
        raise NotLookedAt from error
    if "@" in parts.netloc:  # a password, perhaps: neither sent, nor kept, nor shown
        raise NotLookedAt
    query = f"?{parts.query}" if parts.query else ""
    return parts.scheme, host, port, iri_to_uri(f"{parts.path or '/'}{query}")


def head_of_answer(sock, method, host, port, path):
    name = f"[{host}]" if ":" in host else host
    headers = {
        "Host": name if port in (80, 443) else f"{name}:{port}",
        "User-Agent": f"AwareMissouri-LinkCheck/1.0 (+{settings.SITE_URL})",
        "Accept": "*/*",
        "Connection": "close",
    }
    connection = HTTPConnection(host, port)
    connection.sock = sock  # the address that was checked, and no other
    connection.request(method, path, headers=headers)
    answer = connection.getresponse()
    location = answer.getheader("Location", "").strip()
    return answer.status, location.encode("latin-1").decode(errors="replace")


def hang_up(sock):
    with suppress(OSError):
        socket.socket.shutdown(sock, socket.SHUT_RDWR)  # not TLS's own, in the midst of its words


def plain(url):
    """Without what nobody has to mend: http for https, "www.", the last slash."""
    parts = urlsplit(url)
    return (parts.hostname or "").removeprefix("www."), parts.path.rstrip("/"), parts.query
