"""Where the columns of a chart stand, and which of its words have room: time from left to right,
a slot a year; a run of years without a number shares one. All places are per cent of the width.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from textwrap import wrap
from typing import Any

from django.utils.translation import gettext_lazy as _

from . import sentences
from .vintages import Cell
from .vocabulary import is_copied

# Letters of a chart's size that stand side by side: on a phone, from 34em on, from 56em on.
ROOM = NARROW, WIDE, WIDEST = 32, 65, 107
ONLY_COPIED = _("copies only")  # why a chart that leads shows no number
EDGE = 0.1  # %, by which two words may touch
BAR, MOST_WIDE = 0.74, 14  # of a column: of its slot, and at most % of the chart
LETTER = 8  # % of the height: of a line of words; of the width: what an upright line takes
YEAR = 3.5  # letters: it is lighter than a number
NEAR = 4  # slots: no number reaches farther
SPOKEN = 75  # % of the height: how far the upright words of a gap reach
CUT = 0.5  # % of the width, of the axis at a break


@dataclass(frozen=True)
class Slot:
    """One year with its column, or a run of years without."""

    first: int  # years
    last: int
    words: str  # the number, or why there is none
    height: float | None  # % of the highest column; None: there is no column
    new: bool  # the newest that may lead
    copied: bool
    left: float
    width: float

    @property
    def middle(self) -> float:
        return self.left + self.width / 2

    @cached_property
    def drawn(self) -> float:
        """How much of the width its column, or the upright words of a gap, take."""
        return min(BAR * self.width, MOST_WIDE if self.height is not None else LETTER)

    @cached_property
    def top(self) -> float:
        """How high it reaches, in % of the highest column."""
        return SPOKEN if self.height is None else self.height

    @property
    def years(self) -> str:
        return f"{self.first}" if self.first == self.last else f"{self.first}–{self.last}"


def slots(series: Any, leading: bool = False) -> tuple[Slot, ...]:
    """All years of a series; if ``leading``, those alone between the first and the last number
    that may lead, and none from a copy."""
    runs: list[tuple[list[Cell], str, bool]] = []  # (years, words, whether there is a column)
    for cell in series.years:
        copied = cell.value is not None and is_copied(cell.figure)
        is_drawn = cell.value is not None and not (leading and copied)
        if is_drawn:
            runs.append(([cell], sentences.what_it_says(cell.figure), True))
            continue
        words = str(ONLY_COPIED) if copied else cell.status.label.lower()
        if runs and runs[-1][1:] == (words, False) and cell.year not in series.breaks:
            runs[-1][0].append(cell)
        else:
            runs.append(([cell], words, False))
    if leading:
        drawn = [n for n, (_cells, _words, is_drawn) in enumerate(runs) if is_drawn]
        runs = runs[drawn[0] : drawn[-1] + 1] if drawn else []
    return placed(runs, series.latest)


def placed(runs: list[tuple[list[Cell], str, bool]], latest: Any) -> tuple[Slot, ...]:
    most = max((cells[0].value or 0 for cells, _words, is_drawn in runs if is_drawn), default=0)
    width = 100 / (len(runs) or 1)
    return tuple(
        Slot(
            first=cells[0].year or 0,
            last=cells[-1].year or 0,
            words=words,
            height=100 * (cells[0].value or 0) / (most or 1) if is_drawn else None,
            new=is_drawn and cells[0].figure is latest,
            copied=is_drawn and is_copied(cells[0].figure),
            left=n * width,
            width=width,
        )
        for n, (cells, words, is_drawn) in enumerate(runs)
    )


def lines(words: str) -> list[str]:
    """“nearly 12,000” on two lines: a slot is narrow."""
    return words.rsplit(" ", 1)


def numbered(found: Sequence[Slot]) -> dict[int, int]:
    """{slot: the first ROOM that its number needs}: the newest always stands, then the highest, the
    first, and from the right whichever touches neither another number nor a higher column."""
    drawn = [n for n, slot in enumerate(found) if slot.height is not None]
    new = [n for n in drawn if found[n].new]
    highest = sorted(drawn, key=lambda n: -found[n].top)[:1]
    letters = [max(map(len, lines(slot.words))) for slot in found]
    return fitting(found, [*new, *highest, *drawn[:1], *reversed(drawn)], letters)


def dated(found: Sequence[Slot]) -> dict[int, int]:
    """The same of the years, which stand in one row: the last, the first, and from the right."""
    drawn = [n for n, slot in enumerate(found) if slot.height is not None]
    order = [*drawn[-1:], *drawn[:1], *reversed(drawn)]
    return fitting(found, order, [YEAR] * len(found), in_a_row=True)


def fitting(
    found: Sequence[Slot], order: Iterable[int], letters: Sequence[float], in_a_row: bool = False
) -> dict[int, int]:
    waiting, size = list(dict.fromkeys(order)), {}
    for room in ROOM:
        reach = [50 * (each + 1) / room for each in letters]
        for n in waiting:
            own = found[n]
            for m in range(max(0, n - NEAR), min(len(found), n + NEAR + 1)):
                other, away = found[m], abs(m - n) * own.width
                level = in_a_row or abs(own.top - other.top) < LETTER
                touches = m in size and level and away < reach[n] + reach[m] - EDGE
                over = not in_a_row and not own.new and other.top > own.top
                half = 50 * letters[n] / room + other.drawn / 2 - EDGE
                if m != n and (touches or (over and away < half)):
                    break
            else:
                size[n] = room
        waiting = [n for n in waiting if n not in size]
    return size


def cuts(found: Sequence[Slot], breaks: Iterable[int]) -> list[tuple[int, float]]:
    """[(year, where)] of the breaks between two slots."""
    years = set(breaks)
    return [(slot.first, slot.left) for slot in found[1:] if slot.first in years]


def axis(holes: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """Zero, in as many pieces as ``holes``, [(left, right)] in order, leave of it."""
    begins = [0, *(right + CUT for _left, right in holes)]
    ends = [*(left - CUT for left, _right in holes), 100]
    return [(begin, end) for begin, end in zip(begins, ends, strict=True) if begin < end]


def above(slot: Slot, room: int = NARROW) -> tuple[float, str]:
    """(where, how) the number of a column stands, so that on a phone too it stays inside."""
    reach = 65 * max(map(len, lines(slot.words))) / room  # the newest has larger letters
    if slot.middle + reach > 103:
        return 100, " end"
    return (0, " start") if slot.middle - reach < -3 else (slot.middle, "")


def told(
    found: Sequence[tuple[int, float]], room: int, letters: int
) -> list[tuple[float, list[str], int]]:
    """[(where, lines of so many letters, row from below)] of what stands above the cuts."""
    words = [wrap(sentences.break_mark(year), letters) for year, _where in found]
    marks = [(where, each) for (_year, where), each in zip(found, words, strict=True)]
    return [(*mark, row) for mark, row in zip(marks, rows(marks, room), strict=True)]


def rows(marks: list[tuple[float, list[str]]], room: int) -> list[int]:
    """In which row, from below, the lines of words at each place stand, so that none touches
    another."""
    taken: list[list[tuple[float, float]]] = []
    found = []
    for where, words in marks:
        size = 100 * (max(map(len, words)) + 2) / room
        begin = where if anchor(where) == "start" else where - size
        free = (
            n
            for n, row in enumerate(taken)
            if all(begin + size <= left or begin >= right for left, right in row)
        )
        row = next(free, len(taken))
        if row == len(taken):
            taken.append([])
        taken[row].append((begin, begin + size))
        found.append(row)
    return found


def anchor(where: float) -> str:
    """How words stand at a mark so that they stay inside."""
    return "start" if where <= 50 else "end"
