"""What the home page says of figures: the newest of one series, large, with its years; and what
staff have made to lead. Two questions to the database, whatever the rows."""

from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from django.db.models import Q

from .models import Figure
from .series import (
    FIRST_YEAR,
    Lead,
    Series,
    figures_that_lead,
    leads_of,
    may_lead,
    of,
    read_breaks,
    without_gaps,
)
from .vintages import Cell
from .vocabulary import calendar_year

PLACE, MEASURE, AROUND = "US-MO", "cases", "US"


@dataclass
class Highlight:
    series: Series
    leads: dict[Any, list[Lead]]
    around: Figure | None  # the newest year of the nation that may lead

    @property
    def figure(self) -> Any:
        return self.series.latest

    @property
    def beside(self) -> list[Figure]:
        """The victims, where the same source gave their number for the same year on the same day,
        and it leads."""
        own = self.figure
        return [
            figure
            for figure in self.leading()
            if days_of(figure) == days_of(own)
            and (figure.source, figure.as_of) == (own.source, own.as_of)
            and figure.measure.code == "victims"
        ]

    def leading(self) -> list[Figure]:
        leads = self.leads.get(self.series.place, ())
        return [figure for lead in leads for figure in lead.figures]


def read_highlight() -> dict[str, Any]:
    """Returns {"leads": {place: [Lead]}, "highlight": a Highlight, or None without a number that
    may lead}."""
    rows = list(figures_that_lead(Q(place__code__in=[PLACE, AROUND], measure__code=MEASURE)))
    leads = leads_of(rows)
    series = series_of(years_of(rows, PLACE))
    if not (series and series.latest):
        return {"leads": leads, "highlight": None}
    nation = [figure for figure in years_of(rows, AROUND) if may_lead(figure)]
    around = nation[-1] if nation else None
    return {"leads": leads, "highlight": Highlight(series, leads, around)}


def years_of(figures: list[Figure], code: str) -> list[Figure]:
    """Those of this place, and of the one measure, that are of a year, oldest first."""
    found = [
        figure
        for figure in figures
        if (figure.place.code, figure.measure.code) == (code, MEASURE)
        and calendar_year(figure.first_day, figure.last_day)
    ]
    return sorted(found, key=days_of)


def days_of(figure: Figure) -> tuple:
    return figure.first_day, figure.last_day


def series_of(found: list[Figure]) -> Series | None:
    if not found:
        return None
    cells = [Cell([figure], figure.first_day.year) for figure in found]
    own, years = found[0], SimpleNamespace(first=FIRST_YEAR, last=cells[-1].year)
    breaks = of(read_breaks(), own.place, own.measure)
    return Series(own.place, own.measure, [*without_gaps(cells, years)], [], [], breaks)
