"""What the home page says of figures: the newest of one series, large, with its years; and what
staff have made to lead. Two questions to the database, whatever the rows."""

from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from django.db.models import OuterRef, Q, Subquery

from .models import Figure, Headline
from .series import FIRST_YEAR, Lead, Series, arrange_leads, of, read_breaks, without_gaps
from .vintages import Cell
from .vocabulary import calendar_year, is_copied

PLACE, MEASURE, AROUND = "US-MO", "cases", "US"
SHOWN = PLACE, AROUND


@dataclass
class Highlight:
    series: Series
    leads: dict[Any, list[Lead]]
    nation: list[Figure]  # the same measure of the nation

    @property
    def figure(self) -> Any:
        return self.series.latest

    @property
    def beside(self) -> list[Figure]:
        """What the same source said of the same year on the same day, of people alone."""
        own = self.figure
        return [
            figure
            for figure in self.leading(PLACE)
            if (figure.first_day, figure.last_day) == (own.first_day, own.last_day)
            and (figure.source, figure.as_of) == (own.source, own.as_of)
            and figure.measure.code == "victims"
        ]

    @property
    def around(self) -> Any:
        """The nation's newest year that may lead."""
        years = [figure for figure in self.nation if is_year(figure) and not is_copied(figure)]
        return max(years, key=lambda figure: figure.last_day, default=None)

    def leading(self, code: str) -> list[Figure]:
        return [
            figure
            for place, leads in self.leads.items()
            if place.code == code
            for lead in leads
            for figure in lead.figures
        ]


def read_highlight() -> dict[str, Any]:
    """Returns {"leads": {place: [Lead]}, "highlight": a Highlight, or None without a number that
    may lead}."""
    leading = Headline.objects.filter(
        place=OuterRef("place"), first_day=OuterRef("first_day"), last_day=OuterRef("last_day")
    ).order_by("position", "pk")
    figures = (
        Figure.objects.current()
        .annotate(
            headline=Subquery(leading.values("pk")[:1]),
            rank=Subquery(leading.values("position")[:1]),
        )
        .filter(Q(headline__isnull=False) | Q(place__code__in=SHOWN, measure__code=MEASURE))
        .with_names()
        .order_by("place__position", "place", "rank", "headline", "measure__position", "measure")
    )
    rows = list(figures)
    leads = leads_of([row for row in rows if row.headline])
    series = series_of(rows)
    nation = [row for row in rows if (row.place.code, row.measure.code) == (AROUND, MEASURE)]
    highlight = Highlight(series, leads, nation) if series and series.latest else None
    return {"leads": leads, "highlight": highlight}


def leads_of(figures: list[Figure]) -> dict:
    """The places and their periods, in order, from figures that are in hand."""
    places: dict[Any, Any] = {}
    for figure in figures:
        place = places.setdefault(figure.place_id, figure.place)
        period = Headline(place=place, first_day=figure.first_day, last_day=figure.last_day)
        place.leads = getattr(place, "leads", [])
        if all((lead.first_day, lead.last_day) != days_of(figure) for lead in place.leads):
            place.leads.append(period)
    return arrange_leads(places.values(), figures)


def is_year(figure: Figure) -> bool:
    days = figure.first_day, figure.last_day
    return figure.value is not None and calendar_year(*days) is not None


def days_of(figure: Figure) -> tuple:
    return figure.first_day, figure.last_day


def series_of(figures: list[Figure]) -> Series | None:
    found = [
        figure
        for figure in figures
        if (figure.place.code, figure.measure.code) == (PLACE, MEASURE)
        and calendar_year(figure.first_day, figure.last_day)
    ]
    if not found:
        return None
    found.sort(key=days_of)
    cells = [Cell([figure], figure.first_day.year) for figure in found]
    own, years = found[0], SimpleNamespace(first=FIRST_YEAR, last=cells[-1].year)
    breaks = of(read_breaks(), own.place, own.measure)
    return Series(own.place, own.measure, [*without_gaps(cells, years)], [], [], breaks)
