"""The words in which a figure is told, and what its days mean. Everything in stats may read it."""

import datetime
from typing import Any, Protocol

from django.db import models
from django.utils.translation import gettext_lazy as _


class Status(models.TextChoices):
    PUBLISHED = "published", _("Published")
    PROVISIONAL = "provisional", _("Provisional")
    REVISED = "revised", _("Revised")
    NOT_PUBLISHED = "not_published", _("Not published")  # the source says that there is none
    NOT_FOUND = "not_found", _("Not found")  # it may be published: we have not found it
    SUPPRESSED = "suppressed", _("Suppressed")
    NOT_APPLICABLE = "not_applicable", _("Not applicable")


WITH_VALUE = [Status.PUBLISHED, Status.PROVISIONAL, Status.REVISED]
# In files, as statistical offices mark cells (the UK's "symbols in tables"); [n] is ours.
MARKS = {
    Status.PROVISIONAL: "[p]",
    Status.REVISED: "[r]",
    Status.NOT_PUBLISHED: "[n]",
    Status.NOT_FOUND: "[x]",
    Status.SUPPRESSED: "[c]",
    Status.NOT_APPLICABLE: "[z]",
}


class Qualifier(models.TextChoices):
    """The word before a number that its source rounds: nobody may take it for exact."""

    OVER = "over", _("over")
    NEARLY = "nearly", _("nearly")
    ABOUT = "about", _("about")


class SourceKind(models.TextChoices):
    """How near a source is to whoever counted."""

    OWN = "own", _("First-hand")
    PUBLIC = "public", _("A public body")
    QUOTES = "quotes", _("Quotes it")
    COPY = "copy", _("A copy")


OLD_KINDS = {"primary": SourceKind.OWN, "secondary": SourceKind.QUOTES}  # in older files


class Change(models.TextChoices):
    """Why a later vintage says something else (as statistical offices tell the two apart)."""

    REVISION = "revision", _("Revision: the source counted again or knows more")
    CORRECTION = "correction", _("Correction: what was said before was a mistake")


class Period(Protocol):
    """Anything between two days: a figure, a headline."""

    first_day: datetime.date
    last_day: datetime.date


class Told(Period, Protocol):
    """What sentences need of a figure: a stats.models.Figure or a stats.vintages.Vintage."""

    place: Any
    measure: Any
    source: Any
    value: int | None
    qualifier: str
    status: str
    as_of: datetime.date
    as_of_exact: bool


HOTLINE_BEGAN = datetime.date(2007, 12, 7)
ENDS_EARLY = _("The last day must not be before the first day.")


def calendar_year(first_day: datetime.date, last_day: datetime.date) -> int | None:
    """The year that the two days begin and end, or None for any other period."""
    ends = (first_day.month, first_day.day, last_day.month, last_day.day)
    return first_day.year if ends == (1, 1, 12, 31) and first_day.year == last_day.year else None


def in_runs(years: list[int]) -> str:
    """“2012–2016, 2020”, of years in order."""
    runs: list[list[int]] = []
    for year in years:
        if runs and year == runs[-1][-1] + 1:
            runs[-1].append(year)
        else:
            runs.append([year])
    return ", ".join("–".join(map(str, dict.fromkeys((run[0], run[-1])))) for run in runs)


def is_long(item: Period) -> bool:
    """Whether a period is longer than a year: a running total."""
    return (item.last_day - item.first_day).days > 366


def reported(row: Told) -> tuple[str, int | None]:
    """What a vintage says, to compare it with another: its number and the word before it, or else
    why there is none. From “nearly 12,000” to 11,999 or 12,000 is a change."""
    return (row.status, None) if row.value is None else (row.qualifier, row.value)


def is_copied(row: Told) -> bool:
    """Whether it is known from a reprint or a code repository: such a figure leads nowhere."""
    return row.source is not None and row.source.kind == SourceKind.COPY
