"""A chart as a file: the same columns, numbers, gaps and breaks as in the page, with the sources,
the as-of days and the caveat drawn in, so that they go along wherever it lands."""

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from awareness.press.kept import answer
from awareness.press.render import described

from . import charts, columns, sentences
from .choice import read_choice
from .columns import WIDEST
from .series import read_breaks, read_series
from .vocabulary import in_runs

FORMS = ("svg", "png")
MARK = 36  # letters, of a line of the words at a break


def send(choice, form, site):
    """``choice`` is of one place and one measure; ``site`` is the name of this site."""
    ((series,),) = read_series(choice, read_breaks()).values()
    response = answer("chart", form, {"site": str(site), **chart_data(choice, series)})
    if form == "svg" and response.status_code == 200:
        words = sentences.chart_title(series), sentences.summary(series)
        response.content = described(response.content, *words)
    return response


def chart_data(choice, series):
    breaks, latest = charts.drawn_breaks(series), series.latest
    return {
        "language": get_language(),
        "title": sentences.chart_title(series),
        "newest": newest(latest) if latest else None,
        "lead": "" if latest else sentences.summary(series),
        "chart": chart(series),
        "caveat": sentences.caveat(choice.guide, series.measure),
        "meanings": " ".join(charts.meanings(series)),
        "breaks": [f"{year}: {' '.join(changed)}" for year, changed in breaks],
        "sources": sources(series),
        "address": choice.pinned.address,
    }


def newest(figure):
    """What the sentence beside it says in a page, but for what the title says."""
    return {
        "number": columns.lines(sentences.what_it_says(figure)),
        "what": f"{sentences.noun(figure)}, {sentences.period(figure)}",
        "as_of": sentences.as_of(figure),
    }


def heading(slug):
    """(place, the series with the figure that its page begins with, what goes along with that);
    None for what is not there."""
    choice = read_choice({}, slug)
    if choice.place is None or choice.place.slug != slug:
        return None, None, ""
    rows = read_series(choice, read_breaks()).get(choice.place, ())
    figure = sentences.to_head(rows)
    series = next((row for row in rows if figure and row.latest is figure), None)
    return choice.place, series, series and sentences.caveat(choice.guide, series.measure)


def headed(slug=None):
    """{place: what is passed on of its page}, of one place or of all. With the figure that it
    begins with, if there is one."""
    choice = read_choice({}, slug)
    return {
        place: shared(choice, place, sentences.to_head(series))
        for place, series in read_series(choice).items()
        if slug in (None, place.slug)
    }


def about(place):
    """What its page holds, without a number."""
    words = _("Figures for %(place)s by year, each with its source and date.")
    return words % {"place": place.in_sentence}


def shared(choice, place, figure):
    title = _("Statistics: %(place)s") % {"place": place.name}
    if figure is None:
        return {"title": title, "about": about(place), "figure": None}
    return {
        "title": sentences.sentence(figure),
        "about": about(place),
        "summary": sentences.caveat(choice.guide, figure.measure),
        "figure": {**newest(figure), "over": place.name},
    }


def chart(series):
    """Its columns, with the words that have room for them in the widest chart of a page."""
    slots = columns.slots(series)
    cuts = columns.cuts(slots, series.breaks)
    numbered, dated = columns.numbered(slots), columns.dated(slots)
    return {
        "slots": [
            {
                "x": slot.middle,
                "width": slot.drawn,
                "height": slot.height,
                "kind": "new" if slot.new else "copy" if slot.copied else "",
                "number": columns.lines(slot.words) if n in numbered else [],
                "at": columns.above(slot, WIDEST),
                "year": slot.years if n in dated else "",
                "gap": [slot.years, slot.words] if slot.height is None else [],
            }
            for n, slot in enumerate(slots)
        ],
        "axis": columns.axis([(where, where) for _year, where in cuts]),
        "cuts": [
            {"x": where, "words": words, "row": row, "anchor": columns.anchor(where)}
            for where, words, row in columns.told(cuts, WIDEST, MARK)
        ],
    }


def sources(series):
    """“Sources: Polaris for 2014–2015, as of …; 2016, as of …”: each with the years that it gave,
    and when."""
    given = {}
    for cell in series.counted:
        source = cell.figure.source
        years_by_day = given.setdefault(source.publisher if source else "–", {})
        years_by_day.setdefault(sentences.as_of(cell.figure), []).append(cell.year)
    found = [
        _("%(publisher)s for %(years)s, %(as_of)s")
        % {"publisher": publisher, "years": in_runs(years), "as_of": as_of}
        if n == 0
        else f"{in_runs(years)}, {as_of}"
        for publisher, years_by_day in given.items()
        for n, (as_of, years) in enumerate(years_by_day.items())
    ]
    return _("Sources: %(sources)s.") % {"sources": "; ".join(found)} if found else ""
