"""A chart as a file: the same bars, numbers, gaps and breaks as in the page, with the sources, the
as-of days and the caveat drawn in, so that they go along wherever it lands."""

from django.http import HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from awareness.press.render import described, draw

from . import charts, sentences
from .series import read_breaks, read_series

KINDS = {"svg": "image/svg+xml", "png": "image/png"}


def send(choice, form):
    """``choice`` is of one place and one measure."""
    ((series,),) = read_series(choice, read_breaks()).values()
    picture = draw("chart", form, chart_data(choice, series))
    if form == "svg":
        picture = described(picture, sentences.chart_title(series), sentences.summary(series))
    return HttpResponse(picture, KINDS[form])


def chart_data(choice, series):
    most = max((cell.value for cell in series.counted), default=0) or 1
    cuts = dict(charts.drawn_breaks(series))
    return {
        "language": get_language(),
        "title": sentences.chart_title(series),
        "rows": [
            {
                "year": str(cell.year),
                "share": None if cell.value is None else cell.value / most,
                "words": charts.words(cell),
                "cut": sentences.break_mark(cell.year) if cell.year in cuts else None,
            }
            for cell in series.years
        ],
        "notes": [
            *(f"{year}: {' '.join(changed)}" for year, changed in cuts.items()),
            *filter(None, [sentences.copies(series)]),
        ],
        "caveat": sentences.caveat(choice.guide, series.measure),
        "sources": _("Sources: %(sources)s.") % {"sources": sources(series)},
        "address": choice.pinned.address,
    }


def sources(series):
    """“Polaris (2014, 2015; as of …)”: each with the years that it gave, and when."""
    given = {}
    for cell in series.counted:
        source = cell.figure.source
        key = source.publisher if source else "–", sentences.as_of(cell.figure)
        given.setdefault(key, []).append(str(cell.year))
    return "; ".join(
        _("%(publisher)s for %(years)s, %(as_of)s")
        % {"publisher": publisher, "years": ", ".join(years), "as_of": as_of}
        for (publisher, as_of), years in given.items()
    )
