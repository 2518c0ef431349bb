"""The sources of a page, each with one number, in the order in which the page needs them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import Any

from django.utils.html import format_html
from django.utils.translation import gettext as _

from .models import Source
from .vintages import Vintage
from .vocabulary import SourceKind


@dataclass
class Reference:
    number: int
    source: Source

    @cached_property
    def words(self) -> str:
        """“Source 3, its publisher”, for a cell of a table: asked for with each figure."""
        name = _("Source %(number)s") % {"number": self.number}
        return format_html(
            '<a href="{}" rel="noreferrer">{}</a>, {}', self.source.url, name, self.source.publisher
        )

    @property
    def kind(self) -> str:
        return str(SourceKind(self.source.kind).label).lower()


def references(rows: Iterable[Any]) -> dict[int, Reference]:
    """{id of a source: Reference} of these stats.series.Series."""
    found: dict[int, Reference] = {}
    for series in rows:
        for vintage in newest_first(series):
            source = vintage.source
            if source is not None and source.id not in found:
                found[source.id] = Reference(len(found) + 1, source)
    return found


def newest_first(series: Any) -> Iterator[Vintage]:
    cells = chain(reversed(series.years), series.totals, series.parts)
    return chain.from_iterable(reversed(cell.vintages) for cell in cells)
