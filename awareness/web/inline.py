"""The style sheets and scripts that stand inside the public pages, and their hashes for the policy.

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
CSS = STATIC / "css"
EVERYWHERE = [CSS / f"{name}.css" for name in ("tokens", "base", "components", "print")]
SCRIPTS = ("exit", "search", "share")  # of the public pages
OF_SOME_PAGES = {path.stem: [path] for path in sorted((CSS / "pages").glob("*.css"))}
OF_SOME_PAGES["embed"].insert(0, EVERYWHERE[0])  # in a frame it stands alone, with the palette


@cache
def style(name=None):
    """The sheets of every page in order, or static/css/pages/NAME.css, which stands after them in
    the pages that need it; without comments, and without spaces that say nothing."""
    sheets = OF_SOME_PAGES[name] if name else EVERYWHERE
    text = "\n".join(path.read_text("utf-8") for path in sheets)
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.S)
    text = re.sub(r":\s+", ":", re.sub(r"\s*([{};,])\s*", r"\1", text))
    return SafeString(re.sub(r"\s*\n\s*", " ", text).strip())  # our own file, no input


def styles():
    """Every text that may stand in a <style> of ours."""
    return [style(), *map(style, OF_SOME_PAGES)]


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
