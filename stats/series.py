"""Figures arranged for reading: by place and measure, a row for every year, no gaps."""

from collections import defaultdict
from dataclasses import dataclass, field
from functools import cached_property

from .models import Figure, Headline, Measure, Place, Status

FIRST_YEAR = 2008  # the hotline began in December 2007


@dataclass
class Cell:
    """One period: its current figure, if there is one, and what was published before it."""

    figure: Figure | None = None
    earlier: list = field(default_factory=list)
    year: int | None = None

    @property
    def value(self):
        return self.figure.value if self.figure else None

    @property
    def status(self):
        if not self.figure:
            return Status.NOT_PUBLISHED
        if self.earlier and self.figure.status == Status.PUBLISHED:
            return Status.REVISED
        return Status(self.figure.status)


@dataclass
class Series:
    """All that is known of one measure in one place."""

    place: Place
    measure: Measure
    years: list  # of Cell, oldest first
    totals: list  # of Cell, for periods other than a calendar year, newest first

    @cached_property
    def counted(self):
        return [cell for cell in self.years if cell.value is not None]


def read_series(places=None):
    """Returns {place: [Series, one a measure]}. Three queries, whatever the rows."""
    places = list(Place.objects.all()) if places is None else places
    measures = list(Measure.objects.all())
    cells = defaultdict(dict)
    newest = FIRST_YEAR
    for figure in Figure.objects.select_related("source").order_by("as_of"):
        if figure.year:
            newest = max(newest, figure.year)
        key = figure.first_day, figure.last_day
        known = cells[figure.place_id, figure.measure_id]
        if key in known:
            known[key].earlier.append(known[key].figure)
            known[key].figure = figure
        else:
            known[key] = Cell(figure, year=figure.year)
    return {
        place: [
            arrange(place, measure, cells[place.pk, measure.pk].values(), newest)
            for measure in measures
        ]
        for place in places
    }


def arrange(place, measure, cells, newest):
    for cell in cells:
        cell.figure.place, cell.figure.measure = place, measure
    by_year = {cell.year: cell for cell in cells if cell.year}
    first = min([FIRST_YEAR, *by_year])
    return Series(
        place,
        measure,
        years=[by_year.get(year) or Cell(year=year) for year in range(first, newest + 1)],
        totals=sorted(
            (cell for cell in cells if not cell.year),
            key=lambda cell: (cell.figure.last_day, cell.figure.first_day),
            reverse=True,
        ),
    )


@dataclass
class Lead:
    """The figures of one headline period, and the sources they came from."""

    headline: Headline
    figures: list

    @property
    def sources(self):
        """[(source, its figures)], one for each source and as-of date."""
        groups = {}
        for figure in self.figures:
            key = figure.source, figure.as_of, figure.as_of_exact
            groups.setdefault(key, []).append(figure)
        return [(figures[0].source, figures) for figures in groups.values()]


def read_leads():
    """Returns {place: [Lead]} for the headline periods that have figures. Two queries."""
    figures = defaultdict(list)
    published = Figure.objects.current().filter(value__isnull=False).with_names()
    for figure in published.order_by("measure__position"):
        figures[figure.place_id, figure.first_day, figure.last_day].append(figure)
    leads = defaultdict(list)
    for headline in Headline.objects.select_related("place"):
        found = figures[headline.place_id, headline.first_day, headline.last_day]
        if found:
            leads[headline.place].append(Lead(headline, found))
    return dict(leads)
