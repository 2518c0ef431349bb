"""Two texts side by side: diff-match-patch on lines, then on the words of a line that changed."""

import re
import time
from itertools import product
from typing import NamedTuple

from diff_match_patch import diff_match_patch

SECONDS = 1  # after which the rest is compared more coarsely, whatever its length
ALIKE = 0.4  # of their words, for two lines to count as one that was changed
MANY = 2_000  # edits of words that are still joined to phrases: the time grows with their square
PAIRS = 10_000  # of lines in one place that are still looked through for those that are alike
KINDS = {-1: "removed", 0: "same", 1: "added"}

# An address, a number or a word with its hyphens is one word: half of one is no help to a reader.
LETTERS = r"[\w\u0300-\u036f]+"
WORD = re.compile(
    rf"(?:https?://|mailto:|tel:|sms:)[^\s)]+|{LETTERS}(?:['’.,:/@-]{LETTERS})*|\s+|."
)


class Piece(NamedTuple):
    kind: str  # "same", "removed", "added"; "folded" instead of lines that are not shown
    text: str


def deadline_from_now():
    return time.time() + SECONDS


def _edits(before, after, deadline, phrases=False):
    """[(kind, [string])] of two lists of strings without line feeds, each one unit.

    ``phrases``: a phrase that became another reads better in one piece than word by word.
    """
    matcher = diff_match_patch()
    # With a timeout of its own it first looks for a long part that both share, which takes
    # minutes for a word that is there 100,000 times, whatever the deadline.
    matcher.Diff_Timeout = 0
    texts = ("".join(f"{string}\n" for string in side) for side in (before, after))
    *coded, strings = matcher.diff_linesToChars(*texts)
    edits = matcher.diff_main(*coded, checklines=False, deadline=deadline)
    if phrases and len(edits) <= MANY and time.time() < deadline:
        matcher.diff_cleanupSemantic(edits)
    return [(KINDS[sign], [strings[ord(one)][:-1] for one in part]) for sign, part in edits]


def _partners(removed, added, deadline):
    """[(i, j)] in order: which removed line became which added one.

    The most alike come first, others only where they do not cross one.
    """
    if len(removed) * len(added) > PAIRS or time.time() > deadline:
        return []
    words = [
        [set(re.findall(r"\w+", line.casefold())) for line in side] for side in (removed, added)
    ]
    found = []
    for (i, old), (j, new) in product(*map(enumerate, words)):
        alike = 2 * len(old & new) / (len(old) + len(new) or 1)
        if alike >= ALIKE:
            found.append((-alike, i, j))
    pairs = []
    for _alike, i, j in sorted(found):
        if all((i - k) * (j - m) > 0 for k, m in pairs):
            pairs.append((i, j))
    return sorted(pairs)


def _changed_lines(removed, added, deadline):
    """Lines of pieces for lines that stand in the place of others."""
    seen = seen_added = 0
    for i, j in [*_partners(removed, added, deadline), (len(removed), len(added))]:
        yield from ([Piece("removed", line)] for line in removed[seen:i])
        yield from ([Piece("added", line)] for line in added[seen_added:j])
        if i < len(removed) and j < len(added):
            words = WORD.findall(removed[i]), WORD.findall(added[j])
            edits = _edits(*words, deadline, phrases=True)
            yield [Piece(kind, "".join(part)) for kind, part in edits]
        seen, seen_added = i + 1, j + 1


def compare_lines(before, after, deadline=None):
    """[[Piece]]: "same" and "removed" make the lines before, "same" and "added" those after."""
    deadline = deadline or deadline_from_now()
    half = (time.time() + deadline) / 2  # the words need the other half
    lines, removed = [], []
    for kind, part in [*_edits(before, after, half), ("same", [])]:
        if kind == "removed":  # what was added in its place comes next
            removed = part
            continue
        lines += _changed_lines(removed, part if kind == "added" else [], deadline)
        lines += [[Piece(kind, line)] for line in part if kind == "same"]
        removed = []
    return lines
