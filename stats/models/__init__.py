"""What people count, one file a feature."""

from .figure import WITH_VALUE, Figure, FigureQuerySet, Status, calendar_year
from .presentation import Headline, ReadingGuide
from .source import Measure, Place, Source

__all__ = [
    "WITH_VALUE",
    "Figure",
    "FigureQuerySet",
    "Headline",
    "Measure",
    "Place",
    "ReadingGuide",
    "Source",
    "Status",
    "calendar_year",
]
