"""Where the columns of a chart stand, and which of its words have room: time from left to right,
a slot a year; a run of years without a number shares one. All places are per cent of the width.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from . import sentences
from .vintages import Cell
from .vocabulary import is_copied

# Letters of a chart's size that stand side by side: on a phone, from 34em on, from 56em on.
ROOM = NARROW, WIDE, WIDEST = 34, 70, 112
SPOKEN = 75  # % of the height: how far the upright words of a gap reach


@dataclass
class Slot:
    """One year with its column, or a run of years without."""

    cells: list[Cell]
    words: str  # the number, or why there is none
    height: float | None = None  # % of the highest column; None: there is no column
    new: bool = False  # the newest that may lead
    copied: bool = False
    left: float = 0
    width: float = 0

    @property
    def middle(self) -> float:
        return self.left + self.width / 2

    @property
    def years(self) -> str:
        first, last = self.cells[0].year, self.cells[-1].year
        return f"{first}" if first == last else f"{first}–{last}"


def slots(series: Any, leading: bool = False) -> list[Slot]:
    """All years of a series; if ``leading``, those alone between the first and the last number
    that may lead, and none from a copy."""
    found: list[Slot] = []
    for cell in series.years:
        copied = cell.value is not None and is_copied(cell.figure)
        if cell.value is not None and not (leading and copied):
            newest = cell.figure is series.latest
            found.append(Slot([cell], sentences.what_it_says(cell.figure), 0, newest, copied))
            continue
        words = sentences.only_copied() if copied else cell.status.label.lower()
        last = found[-1] if found else None
        if last and last.height is None and last.words == words and cell.year not in series.breaks:
            last.cells.append(cell)
        else:
            found.append(Slot([cell], words))
    if leading:
        drawn = [n for n, slot in enumerate(found) if slot.height is not None]
        found = found[drawn[0] : drawn[-1] + 1] if drawn else []
    return measured(found)


def measured(found: list[Slot]) -> list[Slot]:
    counted = [slot for slot in found if slot.height is not None]
    most = max((slot.cells[0].value for slot in counted), default=0) or 1
    for n, slot in enumerate(found):
        slot.width = 100 / len(found)
        slot.left = n * slot.width
    for slot in counted:
        slot.height = 100 * slot.cells[0].value / most
    return found


def lines(words: str) -> list[str]:
    """“nearly 12,000” on two lines: a slot is narrow."""
    return words.rsplit(" ", 1)


def numbered(found: list[Slot]) -> dict[int, int]:
    """{slot: the first ROOM that its number needs}: the newest always stands, then the highest, the
    first, and from the right whichever touches neither another number nor a higher column."""
    drawn = [n for n, slot in enumerate(found) if slot.height is not None]
    new = [n for n in drawn if found[n].new]
    highest = sorted(drawn, key=lambda n: -(found[n].height or 0))[:1]
    letters = [max(map(len, lines(slot.words))) for slot in found]
    return fitting(found, [*new, *highest, *drawn[:1], *reversed(drawn)], letters, may_reach)


def dated(found: list[Slot]) -> dict[int, int]:
    """The same of the years: the last, the first, and from the right what fits."""
    drawn = [n for n, slot in enumerate(found) if slot.height is not None]
    return fitting(found, [*drawn[-1:], *drawn[:1], *reversed(drawn)], [4] * len(found))


def may_reach(own: Slot, other: Slot) -> bool:
    """Whether the number above one column may reach over another slot."""
    return own.new or (SPOKEN if other.height is None else other.height) <= (own.height or 0)


def fitting(
    found: list[Slot],
    order: Iterable[int],
    letters: list[int],
    may: Callable[[Slot, Slot], bool] = lambda own, other: True,
) -> dict[int, int]:
    order, size = list(order), {}
    for room in ROOM:
        taken = [reach(found[n], letters[n], room) for n in size]
        for n in order:
            begin, end = reach(found[n], letters[n], room)
            if n in size or any(end > left and begin < right for left, right in taken):
                continue
            over = (s for s in found if s.left < end and s.left + s.width > begin)
            if all(may(found[n], slot) for slot in over if slot is not found[n]):
                size[n] = room
                taken.append((begin, end))
    return size


def reach(slot: Slot, letters: int, room: int) -> tuple[float, float]:
    half = 50 * (letters + 1) / room
    return slot.middle - half, slot.middle + half


def cuts(found: list[Slot], breaks: Iterable[int]) -> list[tuple[int, float]]:
    """[(year, where)] of the breaks between two slots."""
    years = set(breaks)
    return [(slot.cells[0].year, slot.left) for slot in found[1:] if slot.cells[0].year in years]


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
