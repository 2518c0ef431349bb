"""What is asked before an unusual figure is saved. Each rule has caught a mistake that was printed
somewhere. Whoever typed it may be right, so a reason lets it through: the field *assurance*.
"""

from django.apps import apps
from django.conf import settings
from django.db.models import Q
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

JUMP = 0.5  # of the year before
# Forms hold the words of one language each, so that is where a message about them stands.
REASON = f"reason_{settings.LANGUAGE_CODE}"
KEY = ["place_id", "measure_id", "first_day", "last_day", "as_of"]


class Stored:
    """Answers from the database. An import answers from memory: stats/known.py."""

    def has(self, figure):
        same = {name: getattr(figure, name) for name in [*KEY[:-1], "value", "status"]}
        return bool(figure.pk) and type(figure).objects.filter(pk=figure.pk, **same).exists()

    def near(self, figure):
        """All vintages of everything that the rules compare with this figure."""
        days = Q(first_day=figure.first_day, last_day=figure.last_day)
        series = Q(first_day=figure.first_day)
        if figure.year:
            years = (figure.year - 1, figure.year + 1)
            series |= Q(first_day__year__in=years)
        rows = type(figure).objects.filter(days | Q(series, measure=figure.measure_id))
        return rows.filter(place=figure.place_id).exclude(pk=figure.pk).select_related("measure")

    def breaks(self):
        return apps.get_model("stats", "Break").objects.all()


def problems(figure, known=None):
    """{field: message} for a figure whose own fields are well-formed; {} when nothing is unusual,
    or when it stands in the database with these numbers already."""
    known = known or Stored()
    if any(getattr(figure, name) is None for name in KEY) or known.has(figure):
        return {}
    near = list(known.near(figure))
    found = unexplained(figure, [row for row in near if same_series(row, figure)])
    unusual = [] if figure.assurance else warnings(figure, current(near), known)
    if unusual:
        found["assurance"] = [
            *unusual,
            _("If that is right, write here how you know, and save again. If not, mend it."),
        ]
    return found


def same_series(row, figure):
    """Whether it is a vintage of what this figure counts."""
    days = row.first_day, row.last_day
    return row.measure_id == figure.measure_id and days == (figure.first_day, figure.last_day)


def current(rows):
    """The latest vintage of each: what FigureQuerySet.current() says, of rows in hand."""
    latest = {}
    for row in sorted(rows, key=lambda row: row.as_of):
        latest[row.measure_id, row.first_day, row.last_day] = row
    return list(latest.values())


# --- A number that differs from what was said before ------------------------------------


def unexplained(figure, vintages):
    """A later vintage that says something else needs to say why; a first one has nothing to."""
    before = [row for row in vintages if row.as_of < figure.as_of]
    earlier = max(before, key=lambda row: row.as_of, default=None)
    differs = earlier and (earlier.value, earlier.status) != (figure.value, figure.status)
    reason = getattr(figure, REASON)
    if not differs:
        if figure.change or reason:
            message = _(
                "No earlier row for this period says something else, so there is no change to "
                "explain: empty the kind of change and the reason."
            )
            return {"change": message}
        return {}
    said = {
        "before": get_status(earlier) if earlier.value is None else amount(earlier.value),
        "day": date_format(earlier.as_of, "DATE_FORMAT"),
        "now": get_status(figure) if figure.value is None else amount(figure.value),
    }
    if said["before"] == said["now"]:
        said["before"] += f" ({get_status(earlier)})"
        said["now"] += f" ({get_status(figure)})"
    found = {}
    if not figure.change:
        found["change"] = (
            _("As of %(day)s it was %(before)s, now %(now)s: choose what kind of change that is.")
            % said
        )
    if not reason:
        found[REASON] = (
            _("As of %(day)s it was %(before)s, now %(now)s: write why, in the source's words.")
            % said
        )
    return found


def get_status(figure):
    return str(figure.get_status_display())


# --- Numbers that are unusual beside others ---------------------------------------------


def warnings(figure, others, known):
    """Each is a sentence with the numbers, the place and the period."""
    if figure.value is None:
        return []
    others = [row for row in others if row.value is not None and not same_series(row, figure)]
    beside = [row for row in others if row.measure_id != figure.measure_id]
    series = [row for row in others if row.measure_id == figure.measure_id]
    return [
        *measures_that_disagree(figure, beside),
        *same_as_another(figure, beside),
        *totals_that_shrink(figure, series),
        *jumps(figure, series, known),
    ]


def measures_that_disagree(figure, beside):
    values = {row.measure.code: row.value for row in [figure, *beside]}
    contacts, cases, victims = (values.get(code) for code in ("contacts", "cases", "victims"))
    if figure.measure.code in ("contacts", "cases") and is_above(cases, contacts):
        yield _(
            "%(where)s: %(cases)s cases are more than %(contacts)s contacts; several contacts may "
            "be about one case, hardly the other way round."
        ) % {"where": where(figure), "cases": amount(cases), "contacts": amount(contacts)}
    if figure.measure.code in ("cases", "victims") and is_above(cases, victims):
        yield _(
            "%(where)s: %(victims)s victims are fewer than %(cases)s cases; a case is about one "
            "person at least."
        ) % {"where": where(figure), "victims": amount(victims), "cases": amount(cases)}


def is_above(one, other):
    return None not in (one, other) and one > other


def same_as_another(figure, beside):
    for row in beside:
        if row.value == figure.value:
            yield _(
                "%(where)s: %(value)s is the number of %(these)s and of %(those)s; was it typed "
                "for the wrong one?"
            ) % {
                "where": where(figure),
                "value": amount(figure.value),
                "these": figure.measure.noun_many,
                "those": row.measure.noun_many,
            }


def totals_that_shrink(figure, series):
    """What was counted from the same first day on can only grow."""
    for row in series:
        if row.first_day != figure.first_day:
            continue
        shorter, longer = sorted([row, figure], key=lambda total: total.last_day)
        if longer.value < shorter.value:
            yield _(
                "%(place)s, %(what)s from %(first)s on: %(less)s by %(last)s, but %(more)s "
                "already by %(early)s."
            ) % {
                "place": figure.place,
                "what": figure.measure.noun_many,
                "first": date_format(figure.first_day, "DATE_FORMAT"),
                "less": amount(longer.value),
                "last": date_format(longer.last_day, "DATE_FORMAT"),
                "more": amount(shorter.value),
                "early": date_format(shorter.last_day, "DATE_FORMAT"),
            }


def jumps(figure, series, known):
    """From the year before, and to the year after; a break says why, where there is one."""
    if not figure.year:
        return
    rows = {row.year: row for row in series if row.year}
    rows[figure.year] = figure
    for year in (figure.year, figure.year + 1):
        before, after = rows.get(year - 1), rows.get(year)
        if not (before and after) or abs(after.value - before.value) <= JUMP * before.value:
            continue
        if any(b.year == year and b.is_in(figure.place, figure.measure) for b in known.breaks()):
            continue
        words = {
            "place": figure.place,
            "what": figure.measure.noun_many,
            "value": amount(after.value),
            "year": after.year,
            "before": amount(before.value),
            "year_before": before.year,
        }
        if after.value > before.value:
            yield (
                _(
                    "%(place)s, %(what)s: %(value)s in %(year)s is a rise of more than half from "
                    "%(before)s in %(year_before)s."
                )
                % words
            )
        else:
            yield (
                _(
                    "%(place)s, %(what)s: %(value)s in %(year)s is a fall of more than half from "
                    "%(before)s in %(year_before)s."
                )
                % words
            )


def amount(value):
    return number_format(value, use_l10n=True, force_grouping=True)


def where(figure):
    """“Missouri, 2015”, or “Missouri, December 7, 2007 – December 31, 2021”."""
    days = (date_format(day, "DATE_FORMAT") for day in (figure.first_day, figure.last_day))
    return f"{figure.place}, {figure.year or ' – '.join(days)}"
