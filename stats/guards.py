"""What is asked before an unusual figure is saved. Each rule has caught a mistake that was printed
somewhere. Whoever typed it may be right, so a reason lets it through: the field *assurance*.
"""

from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from awareness.content.assurance import HOW_TO_ANSWER, is_answered

from .sentences import amount, what_it_says
from .vocabulary import reported

JUMP = 0.5  # of the year before
# Forms hold the words of one language each, so that is where a message about them stands.
REASON = f"reason_{settings.LANGUAGE_CODE}"
KEY = ["place_id", "measure_id", "first_day", "last_day", "as_of"]
WHAT = KEY[:-1]
FACTS = [*KEY, "value", "qualifier", "status"]  # what a row says; all else is said about it


def problems(figure, known):
    """{field: message} for a figure whose own fields are well-formed; {} when nothing is unusual,
    or when it stands in the database with these numbers already. ``known`` answers what is known
    beside it: models.StoredFigures, or for an import InMemoryFigures."""
    if any(getattr(figure, name) is None for name in KEY):
        return {}
    stored = known.stored(figure)
    if stored and facts(stored) == facts(figure):
        return {}
    near = list(known.near(figure))
    vintages = [row for row in near if same_series(row, figure)]
    found = unexplained(figure, vintages)
    if not is_answered(figure, stored):
        unusual = [
            *warnings(figure, current(near), known),
            *becomes_a_change(figure, vintages),
            *changed_in_place(figure, stored),
        ]
        if unusual:
            found["assurance"] = [*unusual, how_to_answer(stored)]
    return found


def facts(figure, names=FACTS):
    return [getattr(figure, name) for name in names]


def how_to_answer(stored):
    if stored:
        return _("If it was typed wrongly, write that here, and save again.")
    return HOW_TO_ANSWER


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
    differs = earlier and reported(earlier) != reported(figure)
    reason = getattr(figure, REASON)
    if not differs:
        if figure.change or reason:
            message = _(
                "No earlier row for this period says something else, so there is no change to "
                "explain. Clear the kind of change and the reason."
            )
            return {"change": message}
        return {}
    words = {
        "before": what_it_says(earlier),
        "day": date_format(earlier.as_of, "DATE_FORMAT"),
        "now": what_it_says(figure),
    }
    found = {}
    if not figure.change:
        found["change"] = (
            _("As of %(day)s it was %(before)s, now %(now)s: choose what kind of change that is.")
            % words
        )
    if not reason:
        found[REASON] = (
            _("As of %(day)s it was %(before)s, now %(now)s: write why, in the source's words.")
            % words
        )
    return found


def becomes_a_change(figure, vintages):
    """An older row that is entered late gives the next one something to differ from."""
    later = min(
        (row for row in vintages if row.as_of > figure.as_of),
        key=lambda row: row.as_of,
        default=None,
    )
    if later is None or reported(later) == reported(figure):
        return
    between = [row for row in vintages if row.as_of < figure.as_of]
    earlier = max(between, key=lambda row: row.as_of, default=None)
    if earlier is None or reported(earlier) != reported(figure):
        yield _(
            "As of %(later)s it is %(now)s, and here %(before)s as of %(day)s: the later row will "
            "then be listed as a change, and should say why."
        ) % {
            "later": date_format(later.as_of, "DATE_FORMAT"),
            "now": what_it_says(later),
            "before": what_it_says(figure),
            "day": date_format(figure.as_of, "DATE_FORMAT"),
        }


def changed_in_place(figure, stored):
    """What was said once stays: the public is shown it beside what is said since."""
    if stored is None:
        return
    words = {"said": what_it_says(stored), "day": date_format(stored.as_of, "DATE_FORMAT")}
    if facts(stored, WHAT) != facts(figure, WHAT):
        words["said"] = f"{stored}: {words['said']}"
    elif stored.status != figure.status and reported(stored) == reported(figure):
        words["said"] += f" ({stored.get_status_display()})"
    yield (
        _(
            "This row said %(said)s as of %(day)s. If the source says something else now, leave "
            "this row and add a new one: the public sees both."
        )
        % words
    )
    if figure.assurance:
        yield _("That answer was about the row as it was before. Write a new one.")


# --- Numbers that are unusual beside others ---------------------------------------------


def warnings(figure, others, known):
    """Each is a sentence with the numbers, the place and the period. All of them compare exact
    numbers: 12,000 cases that are “nearly” so may be fewer than 11,999 victims, a total may seem
    to shrink, a jump is as large as the rounding, and round numbers are alike by chance."""
    if not is_exact(figure):
        return []
    others = [row for row in others if is_exact(row) and not same_series(row, figure)]
    beside = [row for row in others if row.measure_id != figure.measure_id]
    series = [row for row in others if row.measure_id == figure.measure_id]
    return [
        *measures_that_disagree(figure, beside),
        *same_as_another(figure, beside),
        *totals_that_shrink(figure, series),
        *jumps(figure, series, known),
    ]


def is_exact(row):
    return row.value is not None and not row.qualifier


def measures_that_disagree(figure, beside):
    values = {row.measure.code: row.value for row in [figure, *beside]}
    contacts, cases, victims = (values.get(code) for code in ("contacts", "cases", "victims"))
    if figure.measure.code in ("contacts", "cases") and is_above(cases, contacts):
        yield _(
            "%(where)s: %(cases)s cases are more than %(contacts)s contacts. Several contacts "
            "may be about one case, but rarely the other way around."
        ) % {"where": where(figure), "cases": amount(cases), "contacts": amount(contacts)}
    if figure.measure.code in ("cases", "victims") and is_above(cases, victims):
        yield _(
            "%(where)s: %(victims)s victims are fewer than %(cases)s cases. A case is about at"
            " least one person."
        ) % {"where": where(figure), "victims": amount(victims), "cases": amount(cases)}


def is_above(one, other):
    return None not in (one, other) and one > other


def same_as_another(figure, beside):
    for row in beside:
        if row.value == figure.value:
            yield _(
                "%(where)s: %(value)s is the number of %(these)s and also of %(those)s. Was it"
                " typed in the wrong place?"
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


def where(figure):
    """“Missouri, 2015”, or “Missouri, December 7, 2007 – December 31, 2021”."""
    days = (date_format(day, "DATE_FORMAT") for day in (figure.first_day, figure.last_day))
    return f"{figure.place}, {figure.year or ' – '.join(days)}"
