"""Rows of Figure as pages and exports read them: in order, one query, in constant memory.

A plain object costs a third of a model instance, and a page may read thousands.
"""

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import groupby
from typing import Any

from django.conf import settings
from django.utils.translation import get_language

from .models import Measure, Place, Source
from .vocabulary import Status, calendar_year, reported

OWN = ("first_day", "last_day", "value", "qualifier", "status", "as_of", "as_of_exact")
WORDS = ("counted", "note", "reason")
SOURCE = ("title", "publisher", "url", "kind")
PAIR = ("place__position", "place_id", "measure__position", "measure_id")
IN_ORDER = (*PAIR, "first_day", "last_day", "as_of")


@dataclass(slots=True, eq=False)
class Vintage:
    """What one source said on one day, under the names that Figure has."""

    place: Place
    measure: Measure
    source: Source | None
    first_day: datetime.date
    last_day: datetime.date
    value: int | None
    qualifier: str
    status: str
    as_of: datetime.date
    as_of_exact: bool
    counted: str
    note: str
    reason: str

    @property
    def year(self) -> int | None:
        return calendar_year(self.first_day, self.last_day)


@dataclass(eq=False)
class Cell:
    """One period: its vintages, oldest first, of which the last is the current one."""

    vintages: list[Vintage] = field(default_factory=list)
    year: int | None = None

    @property
    def figure(self) -> Any:
        """The newest Vintage; None where nothing is known."""
        return self.vintages[-1] if self.vintages else None

    @property
    def value(self) -> int | None:
        return self.vintages[-1].value if self.vintages else None

    @property
    def status(self) -> Any:
        return self.statuses[-1] if self.vintages else Status.NOT_FOUND

    @cached_property
    def statuses(self) -> list[Any]:
        """One for each vintage: a published number that differs from one before it is revised."""
        found: list[Any] = []
        numbers: set[tuple] = set()
        for vintage in self.vintages:
            status: Any = Status(vintage.status)
            if vintage.value is not None:
                numbers.add(reported(vintage))
            if status == Status.PUBLISHED and len(numbers) > 1:
                status = Status.REVISED
            found.append(status)
        return found

    @cached_property
    def turns(self) -> list[list[Vintage]]:
        """The vintages that say the same as the one before them, together."""
        return [list(same) for _reported, same in groupby(self.vintages, key=reported)]

    @property
    def earlier(self) -> list[Vintage]:
        """What was said before, oldest first, each as it was last said."""
        return [same[-1] for same in self.turns[:-1]]

    @property
    def reason(self) -> str:
        """Why the current one came to differ."""
        return self.turns[-1][0].reason if len(self.turns) > 1 else ""


def read_vintages(
    rows: Any, places: Iterable[Place], measures: Iterable[Measure]
) -> Iterator[Vintage]:
    """Yields a Vintage for each row of this queryset that is of these places and measures, by
    place, measure and period, and within a period oldest first."""
    its_place = {place.pk: place for place in places}
    its_measure = {measure.pk: measure for measure in measures}
    sources: dict[int, Source] = {}
    codes = dict.fromkeys([get_language(), settings.LANGUAGE_CODE])  # English stands in
    fields = ["place_id", "measure_id", "source_id", *(f"source__{name}" for name in SOURCE)]
    fields += [*OWN, *(f"{name}_{code}" for code in codes for name in WORDS)]
    # The words are asked for by their languages: modeltranslation need not look for others.
    found = rows.rewrite(False).filter(place__in=its_place, measure__in=its_measure)
    found = found.order_by(*IN_ORDER)
    for place, measure, source, *rest in found.values_list(*fields).iterator(2000):
        if source is not None and source not in sources:
            sources[source] = Source(pk=source, **dict(zip(SOURCE, rest, strict=False)))
        own, words = rest[len(SOURCE) : -len(WORDS) * len(codes)], rest[-len(WORDS) * len(codes) :]
        yield Vintage(
            its_place[place],
            its_measure[measure],
            sources.get(source),
            *own,
            *(words[n] or words[n - len(WORDS)] or "" for n in range(len(WORDS))),
        )


def cells(vintages: Iterable[Vintage]) -> Iterator[Cell]:
    """Yields a Cell for each period. The newest vintage is the current one."""
    for _period, same in groupby(vintages, key=period_of):
        found = list(same)
        yield Cell(found, found[0].year)


def period_of(vintage: Vintage) -> tuple:
    return vintage.place.id, vintage.measure.id, vintage.first_day, vintage.last_day
