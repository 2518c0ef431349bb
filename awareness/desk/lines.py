"""Two texts side by side: lines first, then the words of those lines that became one another."""

import re
import time
from bisect import bisect
from collections import Counter, defaultdict
from itertools import accumulate
from typing import NamedTuple

from diff_match_patch import diff_match_patch

SECONDS = 1  # after which the rest is compared more coarsely, whatever its length
ALIKE = 0.4  # of their letters, for two lines to count as one that was changed
COMMON = 400  # pairs of lines that a word may speak for: "the" speaks for too many

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


def _shared(before, after, deadline):
    """Yield (i, j) of each string that stays, in order, of two lists of strings.

    Each becomes one character, as diff_linesToChars does for lines. What only one side holds can
    never stay: leaving it out makes the search, whose time grows with the square of what differs,
    several times shorter.
    """
    letters = {string: chr(n) for n, string in enumerate(set(before) & set(after))}
    places = [[n for n, string in enumerate(side) if string in letters] for side in (before, after)]
    coded = ("".join(letters[s] for s in side if s in letters) for side in (before, after))
    matcher = diff_match_patch()
    # Or it first looks for a long part that both share, which takes minutes for a word that is
    # there 100,000 times, whatever the deadline.
    matcher.Diff_Timeout = 0
    i = j = 0
    for sign, part in matcher.diff_main(*coded, checklines=False, deadline=deadline):
        if sign == 0:
            yield from zip(places[0][i : i + len(part)], places[1][j : j + len(part)], strict=True)
        i += len(part) * (sign <= 0)
        j += len(part) * (sign >= 0)


def _edits(before, after, deadline):
    """Yield (i, end_i, j, end_j): where before[i:end_i] became after[j:end_j]."""
    i = j = 0
    for here, there in [*_shared(before, after, deadline), (len(before), len(after))]:
        if i < here or j < there:
            yield i, here, j, there
        i, j = here + 1, there + 1


def _joined(edits, before, after):
    """Take neighbors for one where less lies between them than in each: a phrase that became
    another reads better in one piece than word by word.

    The rule is that of diff_cleanupSemantic, which takes minutes for a long paragraph.
    """
    old, new = ([*accumulate(map(len, side), initial=0)] for side in (before, after))

    def size(i, end_i, j, end_j):
        return max(old[end_i] - old[i], new[end_j] - new[j])

    joined = []
    for edit in edits:
        while joined and old[edit[0]] - old[joined[-1][1]] <= min(size(*joined[-1]), size(*edit)):
            last = joined.pop()
            edit = last[0], edit[1], last[2], edit[3]
        joined.append(edit)
    return joined


def _pieces(before, after, deadline):
    """One line that became another, word by word."""
    before, after = WORD.findall(before), WORD.findall(after)
    edits = _joined(_edits(before, after, deadline), before, after)
    pieces, done = [], 0
    for i, end_i, j, end_j in [*edits, (len(before), len(before), 0, 0)]:
        pieces += [
            ("same", before[done:i]),
            ("removed", before[i:end_i]),
            ("added", after[j:end_j]),
        ]
        done = end_i
    return [Piece(kind, "".join(words)) for kind, words in pieces if words]


def _partners(removed, added):
    """[(i, j)] in order: which removed line became which added one.

    Each word that both hold speaks for the pair; the best pairs are taken first, and others only
    where they do not cross one. Much cheaper than comparing every line with every other.
    """
    sides = removed, added
    if len(removed) == len(added) == 1:  # an empty line becomes nothing: it would vanish in it
        return [(0, 0)] if removed[0] and added[0] else []
    bags = [[set(re.findall(r"\w+", line.casefold())) for line in side] for side in sides]
    where = [defaultdict(list), defaultdict(list)]
    for places, side in zip(where, bags, strict=True):
        for number, bag in enumerate(side):
            for word in bag:
                places[word].append(number)
    sizes, shared = (Counter(), Counter()), Counter()
    for word in where[0].keys() | where[1].keys():
        here, there = where[0].get(word, []), where[1].get(word, [])
        if len(here) * len(there) > COMMON:
            continue
        for size, numbers in zip(sizes, (here, there), strict=True):
            for number in numbers:
                size[number] += len(word)
        for i in here:
            for j in there:
                shared[i, j] += len(word)
    best = []
    for (i, j), letters in shared.items():
        alike = 2 * letters / (sizes[0][i] + sizes[1][j])
        if alike >= ALIKE:
            best.append((-letters * alike, abs(i - j), i, j))
    pairs = []
    for _weight, _distance, i, j in sorted(best):
        place = bisect(pairs, (i, j))
        follows = not place or (pairs[place - 1][0] < i and pairs[place - 1][1] < j)
        if follows and (place == len(pairs) or (pairs[place][0] > i and pairs[place][1] > j)):
            pairs.insert(place, (i, j))
    return pairs


def _changed_lines(removed, added, deadline):
    """Lines of pieces for lines that stand in the place of others."""
    seen = seen_added = 0
    for i, j in [*_partners(removed, added), (len(removed), len(added))]:
        yield from ([Piece("removed", line)] for line in removed[seen:i])
        yield from ([Piece("added", line)] for line in added[seen_added:j])
        if i < len(removed):
            yield _pieces(removed[i], added[j], deadline)
        seen, seen_added = i + 1, j + 1


def compare_lines(before, after, deadline=None):
    """[[Piece]]: "same" and "removed" make the lines before, "same" and "added" those after."""
    deadline = deadline or deadline_from_now()
    half = (time.time() + deadline) / 2  # the words need the other half
    lines, done = [], 0
    ends = len(before), len(before), len(after), len(after)
    for i, end_i, j, end_j in [*_edits(before, after, half), ends]:
        lines += [[Piece("same", line)] for line in before[done:i]]
        lines += _changed_lines(before[i:end_i], after[j:end_j], deadline)
        done = end_i
    return lines
