"""One cell of a CSV and the value that it stands for. What could be read in two ways is refused,
with the way out in the sentence."""

import contextlib
import datetime
import re

from django.utils import timezone
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from .vocabulary import HOTLINE_BEGAN

GROUPS = re.compile(r"[0-9]{1,3}(?:([,\u00a0\u2009\u202f ])[0-9]{3})(?:\1[0-9]{3})*")
DOTTED = re.compile(r"[0-9]{1,3}(?:\.[0-9]{3})+")
ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
SLASHED = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4}|[0-9]{2})")
YES_NO = {"yes": True, "no": False, "": True}


class Unclear(ValueError):
    """One sentence that says what is wrong with a cell."""


def day(cell, order=""):
    """``order``: what stands first in the days of its file or form, "month" or "day"."""
    if ISO.fullmatch(cell):
        try:
            return datetime.date.fromisoformat(cell)
        except ValueError:
            raise Unclear(_("“%(cell)s” is not a date on the calendar.") % {"cell": cell}) from None
    days = slashed(cell)
    if not days:
        raise Unclear(
            _("“%(cell)s” is not a date. Write it like this: 2024-12-31.") % {"cell": cell}
        )
    if order not in days and len(set(days.values())) > 1:
        first, second = sorted(days.values())
        raise Unclear(
            _("“%(cell)s” could be %(first)s or %(second)s. Write the one you mean.")
            % {"cell": cell, "first": first, "second": second}
        )
    return days.get(order) or min(days.values())


def slashed(cell):
    """{order: the day that it would be}, of what a spreadsheet makes of an ISO day. Two digits are
    a year of the hotline's."""
    if not (found := SLASHED.fullmatch(cell)):
        return {}
    one, other, year = map(int, found.groups())
    if year < 100:
        year += 2000
        if not HOTLINE_BEGAN.year <= year <= timezone.localdate().year:
            return {}
    days = {}
    for order, month, of_month in (("month", one, other), ("day", other, one)):
        with contextlib.suppress(ValueError):
            days[order] = datetime.date(year, month, of_month)
    return days


def orders(cells):
    """{order: a cell that can only be read in it}: what these cells prove of each other."""
    return {order: cell for cell in cells for order in slashed(cell) if len(slashed(cell)) == 1}


def number(cell):
    """A whole number, or None for an empty cell. 1,103 and 1 103 are 1103."""
    if not cell:
        return None
    if len(cell) > 40:  # what is only too large for the database, the field itself says
        raise Unclear(_("“%(cell)s…” is not a whole number.") % {"cell": cell[:20]})
    if re.fullmatch(r"-?[0-9]+", cell):
        return int(cell)
    if GROUPS.fullmatch(cell):
        return int(re.sub(r"[^0-9]", "", cell))
    if DOTTED.fullmatch(cell):
        raise Unclear(
            _("“%(cell)s” can be read in two ways. Write it without a period.") % {"cell": cell}
        )
    raise Unclear(_("“%(cell)s” is not a whole number.") % {"cell": cell})


def yes_or_no(cell):
    try:
        return YES_NO[cell.lower()]
    except KeyError:
        raise Unclear(_("“%(cell)s” is neither yes nor no.") % {"cell": cell}) from None


def one_of(known):
    """A reader of cells that must hold one of these codes, in small or large letters."""
    by_code = {code.lower(): found for code, found in known.items()}

    def read(cell):
        try:
            return by_code[cell.lower()]
        except KeyError:
            raise Unclear(
                _("“%(cell)s” is not a known code. Use one of %(codes)s.")
                % {"cell": cell, "codes": get_text_list([code for code in known if code], _("or"))}
            ) from None

    return read
