"""What a visitor chose to see. The address holds all of it:
``?place=US-MO&measure=cases&from=2015&to=2024&as_of=2024-06-01&show=chart&all=1``.
"""

import datetime
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.db.models import Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from awareness.web.addresses import absolute

from . import sentences
from .models import Figure, Measure, Place, ReadingGuide
from .series import FIRST_YEAR, read_places

KEYS = ("place", "measure", "from", "to", "as_of", "show", "all")
ONE_SPELLING = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")  # of the many that ISO 8601 has
SHOW = ("both", "chart", "table")

NO_PLACE = gettext_lazy("There is no place called “%(code)s”. Choose one of these: %(all)s.")
NO_MEASURE = gettext_lazy("There is no measure called “%(code)s”. Choose one of these: %(all)s.")


@dataclass(frozen=True)
class Choice:
    all_places: list[Place]
    all_measures: list[Measure]
    newest: int  # the last year of which anything is known
    known_until: datetime.date | None  # the newest as-of day of all figures
    places: list[Place]
    measures: list[Measure]
    first: int  # years
    last: int
    as_of: datetime.date | None = None
    show: str = "both"
    everything: bool = False  # every vintage, not the current one alone
    is_made: bool = False  # whether anything was asked for, be it all there is
    problems: list[str] = field(default_factory=list)  # one sentence for each thing not understood

    @cached_property
    def guide(self) -> ReadingGuide:
        """What stands beside all figures: read once."""
        return ReadingGuide.load()

    @property
    def place(self) -> Place | None:
        return self.places[0] if len(self.places) == 1 else None

    @property
    def measure(self) -> Measure | None:
        return self.measures[0] if len(self.measures) == 1 else None

    @property
    def query(self) -> str:
        return urlencode(self.pairs())

    @property
    def data_query(self) -> str:
        """For what is downloaded: the same without how it is shown."""
        return urlencode({key: value for key, value in self.pairs().items() if key != "show"})

    def pairs(self) -> dict[str, Any]:
        """The one spelling of this choice in an address, without what goes without saying."""
        pairs: dict[str, Any] = {}
        if self.places != self.all_places and self.place:
            pairs["place"] = self.place.code
        if self.measures != self.all_measures and self.measure:
            pairs["measure"] = self.measure.code
        if self.first != FIRST_YEAR:
            pairs["from"] = self.first
        if self.last != self.newest:
            pairs["to"] = self.last
        if self.as_of:
            pairs["as_of"] = self.as_of.isoformat()
        if self.everything:
            pairs["all"] = 1
        if self.show != SHOW[0] or (self.is_made and not pairs):
            pairs["show"] = self.show
        return pairs

    @property
    def pinned(self) -> "Choice":
        """The same, as known on the day of its newest vintage: what comes later changes nothing."""
        return replace(self, as_of=self.as_of or self.known_until, show=SHOW[0])

    @property
    def address(self) -> str:
        """The public address of the page that shows it."""
        return self.address_of("")

    def address_of(self, name: str) -> str:
        """The same of a download: ``data.csv``."""
        query = self.data_query if name else self.query
        path = f"{reverse('stats:overview')}{name}"
        return absolute(f"{path}?{query}" if query else path)

    def only(self, place: Place, measure: Measure) -> "Choice":
        return replace(self, places=[place], measures=[measure])


def read_choice(query: Mapping[str, str], place: str | None = None) -> Choice:
    """The Choice that a query string makes, or the nearest sensible one, with what was wrong with
    it. A place that the path names (its slug) comes first. Two queries, whatever the rows."""
    problems: list[str] = []
    as_of = read_day(query.get("as_of", ""), problems)
    known = Figure.objects.known(as_of)
    latest = Figure.objects.order_by("-last_day").values("last_day")[:1]
    places = read_places(
        last_day=Subquery(latest),
        last_known=Subquery(known.order_by("-last_day").values("last_day")[:1]),
        known_until=Subquery(known.order_by("-as_of").values("as_of")[:1]),
    )
    measures = list(Measure.objects.all())
    newest = newest_year(place.last_known for place in places)
    first, last = read_years(query, newest_year(place.last_day for place in places), problems)
    if as_of and first > newest:
        problems.append(
            _("No figures from %(first)s or later were known on %(day)s.")
            % {"day": sentences.day_in_words(as_of), "first": first}
        )
    return Choice(
        all_places=places,
        all_measures=measures,
        newest=newest,
        known_until=places[0].known_until if places else None,
        places=[each for each in places if each.slug == place]
        or pick(places, query.get("place", ""), NO_PLACE, problems),
        measures=pick(measures, query.get("measure", ""), NO_MEASURE, problems),
        first=min(first, newest),
        last=min(last, newest),
        as_of=as_of,
        show=read_show(query.get("show", ""), problems),
        everything=read_all(query.get("all", ""), problems),
        is_made=any(key in query for key in KEYS),
        problems=problems,
    )


def newest_year(days: Iterable[datetime.date | None]) -> int:
    """The year in which the newest period ends."""
    return max([FIRST_YEAR, *(day.year for day in days if day)])


def pick(rows: list, code: str, none: Any, problems: list[str]) -> list:
    """The row with this code, or all of them."""
    if not code:
        return rows
    found = [row for row in rows if row.code.casefold() == code.casefold()]
    if not found:
        problems.append(none % {"code": code[:30], "all": ", ".join(row.code for row in rows)})
    return found or rows


def read_years(query: Mapping[str, str], newest: int, problems: list[str]) -> list[int]:
    first = read_year(query.get("from", ""), FIRST_YEAR, problems)
    last = read_year(query.get("to", ""), newest, problems)
    if first > last:
        problems.append(
            _("The first year, %(first)s, is later than the last year, %(last)s.")
            % {"first": first, "last": last}
        )
        first, last = last, first
    inside = [min(max(year, FIRST_YEAR), newest) for year in (first, last)]
    if inside != [first, last]:
        problems.append(
            _("The figures run from %(first)s to %(last)s. Choose years in that range.")
            % {"first": FIRST_YEAR, "last": newest}
        )
    return inside


def read_year(text: str, otherwise: int, problems: list[str]) -> int:
    if not text:
        return otherwise
    if text.isascii() and text.isdigit() and len(text) == 4:
        return int(text)
    problems.append(
        _("“%(text)s” is not a year. Write four digits, such as 2021.") % {"text": text[:30]}
    )
    return otherwise


def read_day(text: str, problems: list[str]) -> datetime.date | None:
    if not text:
        return None
    try:
        day = datetime.date.fromisoformat(text if ONE_SPELLING.fullmatch(text) else "")
    except ValueError:
        problems.append(
            _("“%(text)s” is not a date. Write it like this: 2024-06-01.") % {"text": text[:30]}
        )
        return None
    if day > timezone.localdate():
        problems.append(
            _("%(text)s is in the future. Choose today or an earlier date.") % {"text": text[:30]}
        )
        return None
    return day


def read_show(text: str, problems: list[str]) -> str:
    if text in ("", *SHOW):
        return text or SHOW[0]
    problems.append(
        _("“%(text)s” is not a choice here. Choose one of these: %(all)s.")
        % {"text": text[:30], "all": ", ".join(SHOW)}
    )
    return SHOW[0]


def read_all(text: str, problems: list[str]) -> bool:
    if text not in ("", "0", "1"):
        problems.append(_("“all” must be 1 or left out, not “%(text)s”.") % {"text": text[:30]})
    return text == "1"
