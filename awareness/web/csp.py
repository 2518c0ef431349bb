"""What every response says about itself: policies, storing, referring, framing. Knows no Django
settings, so that gunicorn's own file can name it.

The policy is written by set_policy alone. No middleware of a package writes it, django-csp's or the
one that Django has since 6.0: both leave a header that is there as it is, and know nonces, which no
page here needs.
"""

from awareness.web.inline import SCRIPTS, script, source_hash, styles

# {what may stand inside a page: its hash}
INLINE = {
    "script-src": {text: source_hash(text) for text in map(script, SCRIPTS)},
    "style-src": {text: source_hash(text) for text in styles()},
}
PUBLIC_POLICY = {
    "default-src": ["'none'"],
    **{name: list(hashes.values()) for name, hashes in INLINE.items()},
    "connect-src": ["'self'"],
    "img-src": ["'self'"],
    "form-action": ["'self'"],
    "base-uri": ["'none'"],
    "frame-ancestors": ["'none'"],
}
# On top of that, for what other sites may show in a frame: it loads and sends nothing at all.
EMBED_POLICY = {
    **dict.fromkeys(("connect-src", "img-src", "form-action"), ["'none'"]),
    "frame-ancestors": ["*"],
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
FORM_POLICY = ADMIN_POLICY | {"frame-src": ["'self'"]}  # of what shows a preview
# What a browser can do beyond showing pages. Nothing here uses any of it, but for passkeys.
PASSKEYS = ("publickey-credentials-create", "publickey-credentials-get")
FEATURES = (
    *("accelerometer", "autoplay", "browsing-topics", "camera", "clipboard-read"),
    *("clipboard-write", "compute-pressure", "display-capture", "encrypted-media", "fullscreen"),
    *("gamepad", "geolocation", "gyroscope", "hid", "identity-credentials-get", "idle-detection"),
    *("keyboard-map", "local-fonts", "magnetometer", "microphone", "midi", "otp-credentials"),
    *("payment", "picture-in-picture", *PASSKEYS, "screen-wake-lock", "serial", "storage-access"),
    *("usb", "window-management", "xr-spatial-tracking"),
)


def permissions(*ours):
    """All features off, and ``ours`` for pages of this site alone."""
    return ", ".join(f"{name}=({'self' if name in ours else ''})" for name in FEATURES)


# Of every answer, also of those that never reach Django's own middleware, or Django.
EVERYWHERE = {
    "Permissions-Policy": permissions(),
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    # Nothing that somebody read here may lie on the disk of the device.
    "Cache-Control": "no-store",
}
# Of an address with a key too many: without this, a picture on another site would not follow it.
MOVED = {**EVERYWHERE, "Cross-Origin-Resource-Policy": "cross-origin"}
NO_PAGE_POLICY = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
POLICY = "Content-Security-Policy"


def policy_of(html):
    """The public one with the hashes of what this page holds: strict, and few first bytes."""
    return PUBLIC_POLICY | {
        name: [mark for text, mark in hashes.items() if text in html] or ["'none'"]
        for name, hashes in INLINE.items()
    }


def set_policy(response, policy):
    response[POLICY] = "; ".join(" ".join((name, *sources)) for name, sources in policy.items())
