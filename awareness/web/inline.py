"""The style sheet and scripts that stand inside the public pages, and their hashes for the policy.

A page is one request: on a slow line the words are there as soon as the first packets are.
This module reads files alone, so that settings can ask it for the hashes.
"""

import base64
import hashlib
import re
from functools import cache
from pathlib import Path

from django.utils.safestring import SafeString

STATIC = Path(__file__).resolve().parent.parent.parent / "static"
SHEETS = ("tokens", "base", "components", "print")


@cache
def style():
    """All sheets in order, without comments and indentation."""
    text = "\n".join((STATIC / "css" / f"{name}.css").read_text("utf-8") for name in SHEETS)
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.S)
    return SafeString(re.sub(r"\s*\n\s*", "\n", text).strip())  # our own file, no input


@cache
def script(name):
    """One behaviour: static/js/NAME.js, without whole-line comments and indentation."""
    text = (STATIC / "js" / f"{name}.js").read_text("utf-8")
    text = re.sub(r"^\s*//.*$", "", text, flags=re.MULTILINE)
    return SafeString(re.sub(r"\s*\n\s*", "\n", text).strip())


def source_hash(text):
    """The hash by which a Content-Security-Policy allows exactly this inline text."""
    digest = hashlib.sha256(text.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"
