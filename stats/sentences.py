"""The one place that turns a figure into words: always place, measure, period, value, as-of."""

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from .models import calendar_year


def amount(value):
    return number_format(value, use_l10n=True, force_grouping=True)


def noun(measure, value):
    return measure.noun_one if value == 1 else measure.noun_many


def period(item):
    """“2021”, or “December 2007 to December 31, 2021”; of a figure or a headline.

    Sources give the start of a long period by its month alone.
    """
    if year := calendar_year(item.first_day, item.last_day):
        return str(year)
    return _("%(first)s to %(last)s") % ends(item)


def ends(item):
    is_long = (item.last_day - item.first_day).days > 366
    return {
        "first": date_format(item.first_day, "YEAR_MONTH_FORMAT" if is_long else "DATE_FORMAT"),
        "last": date_format(item.last_day, "DATE_FORMAT"),
    }


def in_period(item):
    """The same, to begin a sentence with."""
    if year := calendar_year(item.first_day, item.last_day):
        return _("In %(year)s") % {"year": year}
    return _("From %(first)s through %(last)s") % ends(item)


def as_of(figure):
    """When the source said so. Where only a bound is known, that is what it says."""
    if figure.as_of_exact:
        return _("as of %(day)s") % {"day": date_format(figure.as_of, "DATE_FORMAT")}
    if (figure.as_of.month, figure.as_of.day) == (12, 31):
        return _("known by the end of %(year)s") % {"year": figure.as_of.year}
    return _("known by %(day)s") % {"day": date_format(figure.as_of, "DATE_FORMAT")}


def sentence(figure):
    """One whole sentence; the figure must have its place and measure."""
    if figure.value is None:
        return _("%(period)s: no number of %(nouns)s for %(place)s (%(status)s, %(as_of)s).") % {
            "period": period(figure),
            "nouns": figure.measure.noun_many,
            "place": figure.place.in_sentence,
            "status": figure.get_status_display().lower(),
            "as_of": as_of(figure),
        }
    return _(
        "%(in_period)s, the National Human Trafficking Hotline counted %(value)s %(noun)s "
        "for %(place)s (%(as_of)s)."
    ) % {
        "in_period": in_period(figure),
        "value": amount(figure.value),
        "noun": noun(figure.measure, figure.value),
        "place": figure.place.in_sentence,
        "as_of": as_of(figure),
    }


def summary(series):
    """What a chart or table of a series shows, for those who cannot see it."""
    if not series.counted:
        return _("No yearly number of %(nouns)s for %(place)s has been published.") % {
            "nouns": series.measure.noun_many,
            "place": series.place.in_sentence,
        }
    latest = series.counted[-1].figure
    return _("Years with a published number: %(count)s of %(all)s. The latest: %(sentence)s") % {
        "count": len(series.counted),
        "all": len(series.years),
        "sentence": sentence(latest),
    }
