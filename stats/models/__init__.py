"""What people count, one file a feature."""

from .figure import (
    HOTLINE_BEGAN,
    WITH_VALUE,
    Change,
    Figure,
    FigureQuerySet,
    Status,
    calendar_year,
    is_long,
    said,
)
from .presentation import Headline, ReadingGuide
from .series_break import Break
from .source import Measure, Place, Source

__all__ = [
    "HOTLINE_BEGAN",
    "WITH_VALUE",
    "Break",
    "Change",
    "Figure",
    "FigureQuerySet",
    "Headline",
    "Measure",
    "Place",
    "ReadingGuide",
    "Source",
    "Status",
    "calendar_year",
    "is_long",
    "said",
]
