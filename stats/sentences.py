"""The one place that turns a figure into words: always place, measure, period, value, as-of.

A ``figure`` is a stats.models.Figure or a stats.vintages.Vintage; ``series`` a stats.series.Series.
"""

from datetime import date
from functools import lru_cache
from typing import Any

from django.utils.formats import date_format, number_format
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from .vocabulary import (
    Period,
    Qualifier,
    Status,
    Told,
    calendar_year,
    in_runs,
    is_copied,
    is_long,
    reported,
)

# --- The parts. A table asks for the same ones many times: each is kept by its language. ---


def amount(value: int) -> str:
    return amount_in(get_language(), value)


@lru_cache(10_000)
def amount_in(language: str, value: int) -> str:
    return number_format(value, use_l10n=True, force_grouping=True)


def noun(figure: Told) -> str:
    return figure.measure.noun_one if figure.value == 1 else figure.measure.noun_many


def counter(measure: Any) -> str:
    """Who counts it, within a sentence: “the National Human Trafficking Hotline”."""
    return measure.counter or _("the National Human Trafficking Hotline")


def with_counter(words: str, measure: Any) -> str:
    """“Arrests by year, Missouri, counted by the Missouri State Highway Patrol”."""
    return _("%(what)s, counted by %(counter)s") % {"what": words, "counter": counter(measure)}


def day_in_words(day: date, form: str = "DATE_FORMAT") -> str:
    return day_in(get_language(), day, form)


@lru_cache(10_000)
def day_in(language: str, day: date, form: str) -> str:
    return date_format(day, form)


def period(item: Period) -> str:
    """“2021”, or “December 2007 to December 31, 2021”; of a figure or a headline.

    Sources give the start of a long period by its month alone.
    """
    if year := calendar_year(item.first_day, item.last_day):
        return str(year)
    if is_long(item):
        return _("%(first)s to %(last)s") % ends(item)
    return pgettext("two days", "%(first)s to %(last)s") % ends(item)


def ends(item: Period) -> dict[str, str]:
    form = "YEAR_MONTH_FORMAT" if is_long(item) else "DATE_FORMAT"
    return {"first": day_in_words(item.first_day, form), "last": day_in_words(item.last_day)}


def in_period(item: Period) -> str:
    """The same, to begin a sentence with."""
    if year := calendar_year(item.first_day, item.last_day):
        return _("In %(year)s") % {"year": year}
    if is_long(item):
        return _("From %(first)s through %(last)s") % ends(item)
    return pgettext("two days", "From %(first)s through %(last)s") % ends(item)


def as_of(figure: Told) -> str:
    """When the source said so. Where only a bound is known, that is what it says."""
    return as_of_in(get_language(), figure.as_of, figure.as_of_exact)


@lru_cache(10_000)
def as_of_in(language: str, day: date, exact: bool) -> str:
    if exact:
        return _("as of %(day)s") % {"day": day_in_words(day)}
    if (day.month, day.day) == (12, 31):
        return _("known by the end of %(year)s") % {"year": day.year}
    return _("known by %(day)s") % {"day": day_in_words(day)}


def what_it_says(figure: Told) -> str:
    """The number, or why there is none: “1,103”, “nearly 12,000”, “not published”."""
    return reported_in(get_language(), *reported(figure))


@lru_cache(10_000)
def reported_in(language: str, kind: str, value: int | None) -> str:
    """``kind`` is the qualifier of a number, or the status without one."""
    if value is None:
        return Status(kind).label.lower()
    if not kind:
        return amount(value)
    words = {"word": Qualifier(kind).label, "number": amount(value)}
    return pgettext("a rounded number", "%(word)s %(number)s") % words


# --- Whole sentences ------------------------------------------------------------------------


def sentence(figure: Told) -> str:
    """One whole sentence; the figure must have its place and measure."""
    if figure.value is None:
        return _("%(period)s: no number of %(nouns)s for %(place)s (%(status)s, %(as_of)s).") % {
            "period": period(figure),
            "nouns": figure.measure.noun_many,
            "place": figure.place.in_sentence,
            "status": what_it_says(figure),
            "as_of": as_of(figure),
        }
    return _("%(in_period)s, %(counter)s counted %(value)s %(noun)s for %(place)s (%(as_of)s).") % {
        "in_period": in_period(figure),
        "counter": counter(figure.measure),
        "value": what_it_says(figure),
        "noun": noun(figure),
        "place": figure.place.in_sentence,
        "as_of": as_of(figure),
    }


def change(old: Told, new: Told) -> str:
    """What a later vintage says, and what was said before."""
    return _("%(sentence)s Before, it was %(value)s (%(as_of)s).") % {
        "sentence": sentence(new),
        "value": what_it_says(old),
        "as_of": as_of(old),
    }


def change_title(old: Told, new: Told) -> str:
    """“Missouri, cases, 2020: 260 became 270”."""
    return _("%(place)s, %(nouns)s, %(period)s: %(old)s became %(new)s") % {
        "place": new.place.name,
        "nouns": new.measure.noun_many,
        "period": period(new),
        "old": what_it_says(old),
        "new": what_it_says(new),
    }


def summary(series: Any) -> str:
    """What a chart or table of a series shows, for those who cannot see it."""
    if not series.counted:
        words = {
            "nouns": series.measure.noun_many,
            "place": series.place.in_sentence,
            "first": series.years[0].year,
            "last": series.years[-1].year,
        }
        if series.known_until is None:
            return _("There are no figures for %(nouns)s yet (%(place)s).") % words
        words["day"] = day_in_words(series.known_until)
        found = _(
            "From %(first)s to %(last)s, no yearly number of %(nouns)s for %(place)s was found "
            "(known by %(day)s)."
        )
        return found % words
    words = {"count": len(series.counted), "all": len(series.years)}
    if not (latest := series.latest):
        found = _("Years with a published number: %(count)s of %(all)s, all taken from copies.")
        return found % words
    words["sentence"] = sentence(latest)
    found = _("Years with a published number: %(count)s of %(all)s. The latest: %(sentence)s")
    if latest is not series.counted[-1].figure:
        found = _(
            "Years with a published number: %(count)s of %(all)s. The latest that is not taken "
            "from a copy: %(sentence)s"
        )
    return found % words


def copies(series: Any) -> str:
    """At the foot of a chart: which of its numbers come from a reprint or a code repository."""
    years = [cell.year for cell in series.counted if is_copied(cell.figure)]
    words = _("Taken from a copy, such as a reprint or a code repository: %(years)s.")
    return words % {"years": in_runs(years)} if years else ""


def headline(series: list) -> str:
    """What is said of several series where there is room for one sentence."""
    return sentence(newest) if (newest := to_head(series)) else ""


def to_head(series: list) -> Any:
    """The newest figure that may lead: of the measures that lead, if any does; else None."""
    leading = [row for row in series if row.measure.leads] or series
    figures = [row.latest for row in leading if row.latest]
    return max(figures, key=lambda figure: figure.last_day, default=None)


def by_year(series: Any) -> str:
    """The title of a table of the years."""
    return _("%(measure)s by year, %(place)s") % names(series)


def chart_title(series: Any, cells: Any = None) -> str:
    """“Cases the National Human Trafficking Hotline counted in Missouri, 2012–2024”: a chart lands
    where nothing else says who counted. ``cells`` are those that it draws."""
    drawn = (series.counted if cells is None else cells) or series.years
    years = [str(cell.year) for cell in (drawn[0], drawn[-1])]
    return _("%(measure)s %(counter)s counted in %(place)s, %(years)s") % {
        "measure": series.measure.name,
        "counter": counter(series.measure),
        "place": series.place.in_sentence,
        "years": "–".join(dict.fromkeys(years)),
    }


def leads_heading(leads: dict) -> str:
    """What stands above the figures that lead: {place: [Lead]}."""
    figures = (f for periods in leads.values() for lead in periods for f in lead.figures)
    if any(figure.measure.counter for figure in figures):
        return _("What has been counted")
    return _("What the hotline has counted")


def leads_noun(figure: Told) -> str:
    """What its number counts there; with the counter where the heading is of more than one."""
    words = noun(figure)
    return with_counter(words, figure.measure) if figure.measure.counter else words


def caveat(guide: Any, measure: Any) -> str:
    """What goes wherever a figure goes. The guide's is about the hotline alone."""
    return " ".join(filter(None, ["" if measure.counter else guide.caveat, measure.caveat]))


def total(figure: Told) -> str:
    """What stands beside the newest year: it is never the sum of the years."""
    return _("In all, %(period)s: %(value)s %(noun)s (%(as_of)s).") % {
        "period": period(figure),
        "value": what_it_says(figure),
        "noun": noun(figure),
        "as_of": as_of(figure),
    }


def in_all(series: Any) -> str:
    """The title of a table of totals."""
    return _("%(measure)s in all, %(place)s") % names(series)


def in_part(series: Any) -> str:
    """The title of a table of parts of a year."""
    return _("%(measure)s in parts of a year, %(place)s") % names(series)


def title(choice: Any) -> str:
    """What a page or file of figures holds: “Missouri: cases, 2008 to 2024”."""
    return _("%(places)s: %(measures)s, %(first)s to %(last)s") % {
        "places": ", ".join(place.name for place in choice.places),
        "measures": ", ".join(measure.noun_many for measure in choice.measures),
        "first": choice.first,
        "last": choice.last,
    }


def names(series: Any) -> dict[str, str]:
    return {"measure": series.measure.name, "place": series.place.name}


def break_heading(one: Any) -> str:
    """“2014, United States: contacts, counted by …”, of a stats.models.Break."""
    what = _("everything that the National Human Trafficking Hotline counts")
    if one.measure:
        what = with_counter(one.measure.noun_many, one.measure)
    return _("%(year)s, %(place)s: %(what)s") % {
        "year": one.year,
        "place": one.place.name if one.place else _("everywhere"),
        "what": what,
    }


def break_mark(year: int) -> str:
    """The short words at a break in a chart."""
    return _("from %(year)s on counted differently") % {"year": year}


def break_words(explanations: list[str]) -> str:
    """The same in a table or a note, with what changed."""
    return _("Break in the series: %(explanation)s") % {"explanation": " ".join(explanations)}
