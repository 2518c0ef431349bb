"""What every response says about itself: policies, storing, referring, framing."""

import ipaddress

from django.conf import settings
from django.http import Http404

from awareness.inline import script, source_hash, style

PUBLIC_POLICY = {
    "default-src": ["'none'"],
    "script-src": [source_hash(script("exit")), source_hash(script("search"))],
    "style-src": [source_hash(style())],
    "connect-src": ["'self'"],
    "img-src": ["'self'"],
    "form-action": ["'self'"],
    "base-uri": ["'none'"],
    "frame-ancestors": ["'none'"],
}
ADMIN_POLICY = {
    "default-src": ["'none'"],
    "script-src": ["'self'"],
    "style-src": ["'self'"],
    "img-src": ["'self'", "data:"],
    "font-src": ["'self'"],
    "connect-src": ["'self'"],
    "form-action": ["'self'"],
    "base-uri": ["'none'"],
    "frame-ancestors": ["'none'"],
}
NO_SENSORS = ", ".join(
    f"{feature}=()"
    for feature in (
        "accelerometer",
        "browsing-topics",
        "camera",
        "display-capture",
        "geolocation",
        "gyroscope",
        "magnetometer",
        "microphone",
        "payment",
        "usb",
    )
)
STAFF_PATHS = ("/admin/", "/accounts/", "/es/accounts/")


def is_staff_path(path):
    return path.startswith(STAFF_PATHS)


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


def headers(get_response):
    def middleware(request):
        response = get_response(request)
        if not is_staff_path(request.path_info):
            response.cookies.clear()  # Django answers a broken CSRF cookie with a new one
        response.setdefault("Permissions-Policy", NO_SENSORS)
        response.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.setdefault("Cross-Origin-Embedder-Policy", "require-corp")
        # Nothing that somebody read here may lie on the disk of the device.
        response.setdefault("Cache-Control", "no-store")
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
        if not hasattr(response, "_csp_replace"):
            response._csp_replace = ADMIN_POLICY
        return response

    return middleware
