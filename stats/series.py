"""Figures arranged for reading: by place and measure, a row for every year, no gaps."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import groupby
from typing import Any

from django.db.models import F, OuterRef, Q, QuerySet, Subquery

from .models import Break, Figure, Headline, Measure, Place
from .vintages import Cell, Vintage, cells, read_vintages
from .vocabulary import HOTLINE_BEGAN, Status, is_copied, is_long

FIRST_YEAR = HOTLINE_BEGAN.year + 1  # the first whole one: the hotline began in December


@dataclass
class Series:
    """What is known of one measure in one place, in the years that were chosen."""

    place: Place
    measure: Measure
    years: list[Cell]  # oldest first
    totals: list[Cell]  # for periods longer than a year, newest first
    parts: list[Cell]  # for parts of a year, newest first
    breaks: dict[int, list[str]]  # {first year of a new way of counting: [what changed]}
    known_until: date | None = None  # all this was known on that day; None: nothing ever was

    @cached_property
    def counted(self) -> list[Cell]:
        return [cell for cell in self.years if cell.value is not None]

    @property
    def leading(self) -> Cell | None:
        """The newest year that may lead."""
        return first_to_lead(reversed(self.years))

    @property
    def latest(self) -> Vintage | None:
        """Its figure."""
        return self.leading.figure if self.leading else None

    @property
    def total(self) -> Cell | None:
        """The newest total that may lead."""
        return first_to_lead(self.totals)

    @property
    def withheld(self) -> Cell | None:
        """The newest year of which it is known why there is no number."""
        found = (c for c in reversed(self.years) if c.value is None)
        return next((cell for cell in found if cell.status != Status.NOT_FOUND), None)

    @property
    def figures(self) -> list[Vintage]:
        """The current ones that have a value."""
        cells = [*self.years, *self.totals, *self.parts]
        return [cell.figure for cell in cells if cell.value is not None]


def may_lead(figure: Any) -> bool:
    """One from a copy never does."""
    return figure.value is not None and not is_copied(figure)


def first_to_lead(found: Iterable[Cell]) -> Cell | None:
    return next((cell for cell in found if cell.figure and may_lead(cell.figure)), None)


def read_series(choice: Any, breaks: Iterable[Break] = ()) -> dict[Place, list[Series]]:
    """Returns {place: [Series, one a measure]}. One query, whatever the rows."""
    series = defaultdict(list)
    for place, measure, found in read_cells(choice):
        years: list[Cell] = []
        totals: list[Cell] = []
        parts: list[Cell] = []
        for cell in found:
            (years if cell.year else totals if is_long(cell.figure) else parts).append(cell)
        for others in (totals, parts):
            others.sort(key=lambda cell: (cell.figure.last_day, cell.figure.first_day))
            others.reverse()
        its_breaks = of(breaks, place, measure)
        known_until = choice.as_of or choice.known_until
        series[place].append(Series(place, measure, years, totals, parts, its_breaks, known_until))
    return dict(series)


def read_cells(choice: Any) -> Iterator[tuple[Place, Measure, Iterator[Cell]]]:
    """Yields (place, measure, its Cells in order) for all that was chosen, in constant memory.

    As with itertools.groupby, the cells must be taken before the next pair is.
    """
    rows = Figure.objects.known(choice.as_of)
    found = cells(read_vintages(rows, choice.places, choice.measures))
    groups = groupby(found, key=lambda cell: (cell.figure.place, cell.figure.measure))
    pair, group = next(groups, (None, ()))
    for place in choice.places:
        for measure in choice.measures:
            is_there = pair == (place, measure)
            yield place, measure, without_gaps(group if is_there else (), choice)
            if is_there:
                pair, group = next(groups, (None, ()))


def without_gaps(found: Iterable[Cell], choice: Any) -> Iterator[Cell]:
    """Every year that was chosen, whether or not a figure is there; and the totals whose period
    ends in one of them."""
    next_year = choice.first
    for cell in found:
        if not choice.first <= max(cell.figure.last_day.year, FIRST_YEAR) <= choice.last:
            continue
        if cell.year:
            yield from (Cell(year=year) for year in range(next_year, cell.year))
            next_year = cell.year + 1
        yield cell
    yield from (Cell(year=year) for year in range(next_year, choice.last + 1))


def read_breaks() -> list[Break]:
    return list(Break.objects.select_related("place", "measure"))


def of(breaks: Iterable[Break], place: Place, measure: Measure) -> dict[int, list[str]]:
    """Those of this series: {first year of a new way of counting: [what changed]}."""
    found = defaultdict(list)
    for one in breaks:
        if one.is_in(place, measure):
            found[one.year].append(one.explanation)
    return dict(found)


@dataclass
class Lead:
    """The figures of one headline period, and the sources they came from."""

    headline: Headline
    figures: list[Figure]

    @property
    def sources(self) -> list[tuple[Any, list[Figure]]]:
        """[(source, its figures)], one for each source and as-of date."""
        groups: dict[tuple, list[Figure]] = {}
        for figure in self.figures:
            key = figure.source, figure.as_of, figure.as_of_exact
            groups.setdefault(key, []).append(figure)
        return [(figures[0].source, figures) for figures in groups.values()]


def read_places(**annotations: Any) -> list[Place]:
    """Every Place, with its headline periods in ``leads``. One query."""
    rows = Place.objects.annotate(
        lead_first=F("headlines__first_day"), lead_last=F("headlines__last_day"), **annotations
    ).order_by("position", "id", "headlines__position", "headlines__id")
    places: dict[int, Place] = {}
    for row in rows:
        place = places.setdefault(row.pk, row)
        if place is row:
            place.leads = []
        if row.lead_first:
            days = {"first_day": row.lead_first, "last_day": row.lead_last}
            place.leads.append(Headline(place=place, **days))
    return list(places.values())


def read_leads() -> dict[Place, list[Lead]]:
    """Returns {place: [Lead]} for the headline periods in which a measure that leads has figures.
    One query."""
    return leads_of(figures_that_lead())


def figures_that_lead(others: Q | None = None) -> QuerySet[Figure]:
    """The current figures of the headline periods, which have a ``headline``, in order; and
    ``others``."""
    leading = Headline.objects.filter(
        place=OuterRef("place"), first_day=OuterRef("first_day"), last_day=OuterRef("last_day")
    ).order_by("position", "pk")
    figures = Figure.objects.current().annotate(
        headline=Subquery(leading.values("pk")[:1]), rank=Subquery(leading.values("position")[:1])
    )
    order = ("place__position", "place", "rank", "headline", "measure__position", "measure")
    wanted = Q(headline__isnull=False)
    if others is not None:
        wanted |= others
    return figures.filter(wanted).with_names().order_by(*order)


def leads_of(figures: Iterable[Any]) -> dict[Place, list[Lead]]:
    """The same of those, which are in hand."""
    leads = defaultdict(list)
    found = (row for row in figures if row.headline and row.measure.leads and may_lead(row))
    for (place, _pk), same in groupby(found, key=lambda row: (row.place, row.headline)):
        own = list(same)
        days = {"first_day": own[0].first_day, "last_day": own[0].last_day}
        leads[place].append(Lead(Headline(place=place, **days), own))
    return dict(leads)


def arrange_leads(places: Iterable[Place], figures: Iterable[Figure]) -> dict:
    """The same of places with their ``leads`` (read_places), and of any figures."""
    by_period = defaultdict(list)
    for figure in figures:
        if figure.measure.leads and may_lead(figure):
            by_period[figure.place, figure.first_day, figure.last_day].append(figure)
    leads = defaultdict(list)
    for place in places:
        for headline in place.leads:
            found = by_period[place, headline.first_day, headline.last_day]
            if found:
                leads[place].append(Lead(headline, found))
    return dict(leads)
