"""Figures in memory, for an import that compares thousands of rows with each other."""

import copy
import datetime
from collections import defaultdict


class InMemoryFigures:
    """Answers the guards as models.StoredFigures does, without asking the database."""

    def __init__(self, figures, breaks):
        self.by_days = defaultdict(dict)
        self.by_start = defaultdict(dict)
        self.all_breaks, self.as_stored = list(breaks), {}
        for figure in figures:
            self.add(figure)
            self.as_stored[figure.pk] = copy.copy(figure)

    def add(self, figure):
        for found in self.shelves(figure):
            found[self.key(figure)] = figure

    def remove(self, figure):
        for found in self.shelves(figure):
            found.pop(self.key(figure), None)

    def key(self, figure):
        return figure.measure_id, figure.first_day, figure.last_day, figure.as_of

    def shelves(self, figure):
        yield self.by_days[figure.place_id, figure.first_day, figure.last_day]
        yield self.by_start[figure.place_id, figure.measure_id, figure.first_day]

    def find(self, place, measure, first_day, last_day, as_of):
        return self.by_days[place.pk, first_day, last_day].get(
            (measure.pk, first_day, last_day, as_of)
        )

    def stored(self, figure):
        """This row as it stood in the database when the import began, or None for a new one."""
        return self.as_stored.get(figure.pk)

    def near(self, figure):
        starts = [figure.first_day]
        if figure.year:
            starts += [datetime.date(figure.year + step, 1, 1) for step in (-1, 1)]
        place, measure = figure.place_id, figure.measure_id
        near = dict(self.by_days[place, figure.first_day, figure.last_day])
        for start in starts:
            near |= self.by_start[place, measure, start]
        near.pop(self.key(figure), None)
        return near.values()

    def breaks(self):
        return self.all_breaks
