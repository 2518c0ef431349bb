"""The headers of every response (web/csp.py), and who may reach the staff's pages."""

import ipaddress

from django.conf import settings
from django.http import Http404

from awareness.web.csp import (
    ADMIN_POLICY,
    EVERYWHERE,
    PASSKEYS,
    POLICY,
    PUBLIC_POLICY,
    permissions,
    set_policy,
)
from awareness.web.language import in_language

STAFF_PATHS = ("/admin/", "/accounts/")


def is_staff_path(path):
    """In whatever language."""
    return in_language(path, settings.LANGUAGE_CODE).startswith(STAFF_PATHS)


def may_enter(request):
    """Whether this address may see the staff's pages at all: ADMIN_ALLOWED_IPS."""
    if not settings.ADMIN_ALLOWED_IPS:
        return True
    address = client_address(request)
    return any(address in network for network in settings.ADMIN_ALLOWED_IPS)


def client_address(request):
    """The nearest address that is no trusted proxy of ours; what a client claims is ignored."""
    claimed = request.headers.get("X-Forwarded-For", "").split(",")
    chain = [*claimed, request.META["REMOTE_ADDR"]]
    address = ipaddress.ip_address("0.0.0.0")  # noqa: S104 - matches no network; nothing is bound
    for item in reversed(chain):
        try:
            address = ipaddress.ip_address(item.strip())
            # How a server that listens on both kinds of addresses writes an old one.
            address = getattr(address, "ipv4_mapped", None) or address
        except ValueError:
            break
        if not any(address in network for network in settings.TRUSTED_PROXIES):
            break
    return address


def default_policy(response, policy):
    """For what has none of its own. Django's pages that show a fault have their script inside."""
    shows_fault = settings.DEBUG and response.status_code in (404, 500)
    if POLICY not in response and not shows_fault:
        set_policy(response, policy)


def headers(get_response):
    def middleware(request):
        response = get_response(request)
        if not is_staff_path(request.path_info):
            response.cookies.clear()  # Django answers a broken CSRF cookie with a new one
        default_policy(response, PUBLIC_POLICY)
        for name, value in EVERYWHERE.items():
            response.setdefault(name, value)
        if request.method == "HEAD" and response.streaming:
            response.streaming_content = []
        elif request.method == "HEAD":
            length = response.get("Content-Length", len(response.content))
            response.content = b""  # the server warns of a body that it must not send
            response["Content-Length"] = length
        return response

    return middleware


def staff_pages(get_response):
    """The admin needs its own scripts, and tells its origin where it sends forms."""

    def middleware(request):
        if not is_staff_path(request.path_info):
            return get_response(request)
        if not may_enter(request):
            raise Http404
        response = get_response(request)
        # With no-referrer browsers send "Origin: null", which the CSRF check refuses.
        response["Referrer-Policy"] = "same-origin"
        response["Permissions-Policy"] = permissions(*PASSKEYS)
        default_policy(response, ADMIN_POLICY)
        return response

    return middleware
