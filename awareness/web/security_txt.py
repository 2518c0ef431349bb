"""/.well-known/security.txt (RFC 9116): where somebody tells us of a hole that they found."""

import datetime
from urllib.parse import quote

from django.conf import settings

from awareness.web.addresses import absolute

PATH = ".well-known/security.txt"


def expires(today):
    """The first of the month, half a year on. Never past, nor more than a year ahead, as the RFC
    asks; and the same all month, so that a held page is no other than a fresh one."""
    months = today.year * 12 + today.month - 1 + 6
    return datetime.date(months // 12, months % 12 + 1, 1)


def security_txt(email, today):
    languages = ", ".join(code for code, _name in settings.LANGUAGES)
    lines = [
        f"Contact: mailto:{quote(email, safe='@')}",
        f"Expires: {expires(today)}T00:00:00Z",
        f"Preferred-Languages: {languages}",
        f"Canonical: {absolute(f'/{PATH}')}",
    ]
    return "\n".join([*lines, ""])
