"""The days on which many people speak of it, as a calendar that repeats each year."""

import datetime
from typing import Any, NamedTuple

from django.conf import settings
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from icalendar import Calendar, Event

from awareness.web.addresses import absolute

FIRST_YEAR = 2026  # each year from this one on; it stays, so that nobody has a day twice


class Day(NamedTuple):
    uid: str
    name: Any
    month: int
    first: int
    last: int
    source: str  # who observes it

    @property
    def when(self):
        """“January”, “January 11”"""
        day, whole = datetime.date(FIRST_YEAR, self.month, self.first), self.last != self.first
        return capfirst(date_format(day, "F" if whole else "MONTH_DAY_FORMAT"))


DAYS = [
    Day(
        "prevention-month",
        gettext_lazy("National Human Trafficking Prevention Month"),
        *(1, 1, 31),
        "https://www.dhs.gov/blue-campaign",
    ),
    Day(
        "awareness-day",
        gettext_lazy("National Human Trafficking Awareness Day"),
        *(1, 11, 11),
        "https://www.dhs.gov/blue-campaign",
    ),
    Day(
        "world-day",
        gettext_lazy("World Day Against Trafficking in Persons"),
        *(7, 30, 30),
        "https://undocs.org/A/RES/68/192",
    ),
]


def calendar(name):
    made = Calendar()
    made.add("prodid", "-//Aware Missouri//EN")
    made.add("version", "2.0")
    made.add("x-wr-calname", name)
    for day in DAYS:
        first, last = (datetime.date(FIRST_YEAR, day.month, n) for n in (day.first, day.last))
        event = Event()
        event.add("uid", f"{day.uid}@{settings.SITE_HOST}")
        event.add("dtstamp", datetime.datetime(FIRST_YEAR, 1, 1, tzinfo=datetime.UTC))
        event.add("dtstart", first)
        event.add("dtend", last + datetime.timedelta(days=1))  # the first day after it
        event.add("rrule", {"freq": "yearly"})
        event.add("transp", "TRANSPARENT")  # nobody is busy
        event.add("summary", str(day.name))
        words = _("Something to pass on: %(address)s")
        event.add("description", words % {"address": absolute(reverse("share"))})
        event.add("url", day.source)
        made.add_component(event)
    return made.to_ical()
