"""A clean body in its parts: each heading 2 with what stands below it, and what looks better side
by side. Everything here is made of what the sanitizer let through."""

import re
from dataclasses import dataclass, replace
from html import unescape
from itertools import cycle

from django.utils.html import strip_tags
from django.utils.text import slugify

_TAG = re.compile(r"<(/?)([a-z][a-z0-9]*)")
_VOID = {"br", "hr"}
_HEADING = re.compile(r"<h2>(.*?)</h2>", re.DOTALL)
_LIST = re.compile(r"\s*<ul>(?:(?!<ul|</ul>).)*</ul>\s*", re.DOTALL)
_DO, _DONT = ' class="do">', ' class="dont">'
LEAST_CARDS = 3
DRAWN = ["bubble", "field", "house", "calendar", "screen", "letter"]  # on cards, in their order


@dataclass(frozen=True)
class Part:
    anchor: str  # the address of it on its page
    heading: str
    text: str
    art: str = ""  # of a card

    @property
    def told(self):
        """Which of the two it has: of what to do, of what not to."""
        return {kind for kind in (_DO, _DONT) if kind in self.text}

    @property
    def is_list(self):
        """With bullets, not set apart as something to do or not, and nothing else."""
        return bool(_LIST.fullmatch(self.text))


@dataclass(frozen=True)
class Block:
    kind: str  # "text", "cards", "pair" (what to do and what not to do), "folded"
    text: str
    parts: list


def split(html):
    """(what stands before the first heading, [Part]). Where a heading stands inside anything else,
    nothing is parted: that would open in one part and close in another."""
    if has_heading_inside(html):
        return html, []
    start, *rest = _HEADING.split(html)
    parts, taken = [], {}
    for heading, text in zip(rest[::2], rest[1::2], strict=True):
        parts.append(Part(anchor_of(heading, taken), heading, text))
    return start, parts


def has_heading_inside(html):
    """In a list, a table, a quote or a link: counted, as each tag that opens closes again."""
    depth = 0
    for closing, tag in _TAG.findall(html):
        if tag == "h2" and depth and not closing:
            return True
        if tag not in _VOID:
            depth += -1 if closing else 1
    return False


def anchor_of(heading, taken):
    """A word of its own for each; ``taken`` is {word: how often it was asked for}. It begins so
    that it is none of the anchors of what stands around the text."""
    base = anchor = f"on--{slugify(unescape(strip_tags(heading)))[:60].strip('-') or 'part'}"
    while anchor in taken:
        taken[base] += 1
        anchor = f"{base}-{taken[base]}"
    taken[anchor] = 1
    return anchor


def blocks(html, folded=False):
    """[Block] in their order: all folded, or else three or more headings in a row with only a list
    below each as cards; and what to do beside what not to do, where that comes right after it."""
    start, parts = split(html)
    found = [Block("text", start, [])] if start.strip() else []
    if folded and parts:
        return [*found, Block("folded", "", parts)]
    while parts:
        kind, number = "text", 1
        lists = next((n for n, part in enumerate(parts) if not part.is_list), len(parts))
        if lists >= LEAST_CARDS:
            kind, number = "cards", lists
            parts[:lists] = [
                replace(part, art=f"drawings/{name}.html")
                for part, name in zip(parts[:lists], cycle(DRAWN), strict=False)
            ]
        elif [part.told for part in parts[:2]] == [{_DO}, {_DONT}]:
            kind, number = "pair", 2
        found.append(Block(kind, "", parts[:number]))
        parts = parts[number:]
    return found
