"""The sources of a page, each with one number, in the order in which the page needs them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Any

from .models import Source
from .vintages import Vintage
from .vocabulary import SourceKind


@dataclass
class Reference:
    number: int
    source: Source

    @property
    def kind(self) -> str:
        return str(SourceKind(self.source.kind).label).lower()


def references(rows: Iterable[Any]) -> dict[Source, Reference]:
    """{source: Reference} of these stats.series.Series."""
    found: dict[Source, Reference] = {}
    for series in rows:
        for vintage in newest_first(series):
            if (source := vintage.source) and source not in found:
                found[source] = Reference(len(found) + 1, source)
    return found


def newest_first(series: Any) -> Iterator[Vintage]:
    cells = chain(reversed(series.years), series.totals, series.parts)
    return chain.from_iterable(reversed(cell.vintages) for cell in cells)
