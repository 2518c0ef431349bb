"""What people count, one file a feature."""

from .figure import Figure, FigureQuerySet, StoredFigures
from .presentation import Headline, ReadingGuide
from .series_break import Break
from .source import Measure, Place, Source

__all__ = [
    "Break",
    "Figure",
    "FigureQuerySet",
    "Headline",
    "Measure",
    "Place",
    "ReadingGuide",
    "Source",
    "StoredFigures",
]
