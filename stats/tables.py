"""Tables of figures. Each number stands with what it counts, its date and its source."""

from functools import lru_cache

from django.urls import reverse
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from . import sentences
from .vocabulary import SourceKind, Status, reported

EARLIER = 2  # of what was said before a figure stand beside it; a link leads to the others

TABLE = (
    '<table class="figures"><caption>{caption}</caption><thead><tr><th scope="col">{first}</th>'
    '<th scope="col">{measure}</th>'
    '<th scope="col">{about}</th></tr></thead><tbody>{rows}</tbody></table>'
)
ROW = '<tr><th scope="row">{}</th><td>{}</td><td>{}</td></tr>'
LINK = '<a href="{}" rel="noreferrer">{}</a>'


def yearly_table(series, references):
    rows = ((cell.year, cell) for cell in reversed(series.years))
    return table(series, sentences.by_year(series), _("Year"), rows, references)


def other_tables(series, references):
    """Running totals, and parts of a year: never added up from the years, nor mixed with them."""
    found = [(sentences.in_all(series), series.totals), (sentences.in_part(series), series.parts)]
    return joined(
        table(series, title, _("Period"), with_periods(cells), references)
        for title, cells in found
        if cells
    )


def with_periods(cells):
    return ((sentences.period(cell.figure), cell) for cell in cells)


def table(series, caption, first, rows, references):
    return format_html(
        TABLE,
        caption=caption,
        first=first,
        measure=series.measure.name,
        about=_("About this number"),
        rows=format_html_join(
            "",
            ROW,
            ((label, value(cell), about(cell, series, references)) for label, cell in rows),
        ),
    )


def value(cell):
    if cell.value is None:
        return format_html('<span class="missing">{}</span>', cell.status.label)
    return format_html("<b>{}</b>", sentences.what_it_says(cell.figure))


def about(cell, series, references):
    """What was counted, when it was said and by whom; then what was said before."""
    figure, parts = cell.figure, []
    if cell.year in series.breaks:
        words = sentences.break_words(series.breaks[cell.year])
        parts.append(format_html('<span class="cut">{}</span> ', words))
    if figure is None:
        parts.append(_("We have not found a figure."))
        return joined(parts)
    if cell.value is not None and (status := cell.status) != Status.PUBLISHED:
        parts.append(format_html("<strong>{}.</strong> ", status.label))
    parts.append(who_said(figure, source_of(figure, references)))
    if cell.reason:
        parts.append(f"{cell.reason.removesuffix('.')}. ")
    if not (earlier := cell.earlier):
        return joined(parts)
    language = get_language()
    for each in reversed(earlier[-EARLIER:]):
        source, value = source_of(each, references), reported(each)
        parts.append(before_in(language, value, each.as_of, each.as_of_exact, source))
    if len(earlier) > EARLIER:
        parts.append(all_earlier_in(language))
    return joined(parts)


def vintage(figure):
    """One vintage with all that is known of it."""
    source = linked_source(figure.source)
    told = who_said(figure, source and format_html("{}: {}", _("Source"), source))
    return format_html("<b>{}</b> {}", sentences.what_it_says(figure), told)


def who_said(figure, source):
    as_of = sentences.as_of(figure)
    words = capitalised(f"{figure.counted}, {as_of}" if figure.counted else as_of)
    return who_said_in(get_language(), words, source, figure.note.removesuffix("."))


def source_of(figure, references):
    """It, under its number in the page's list."""
    return references[figure.source.id].words if figure.source is not None else ""


def linked_source(source):
    """A source itself, where no number leads to it."""
    if not source:
        return ""
    return format_html("{} ({})", link(source), SourceKind(source.kind).label.lower())


def link(source):
    return format_html(LINK, source.url, source.publisher)


# The same words make the same cell: kept, since a page has hundreds, and a change of one makes
# all pages anew.


@lru_cache(10_000)
def who_said_in(language, words, source, note):
    parts = [f"{words}. "]
    if source:
        parts.append(format_html("{}. ", source))
    if note:
        parts.append(f"{note}. ")
    return joined(parts)


@lru_cache(10_000)
def before_in(language, value, day, exact, source):
    words = _("Before: %(value)s, %(as_of)s") % {
        "value": sentences.reported_in(language, *value),
        "as_of": sentences.as_of_in(language, day, exact),
    }
    return format_html("{}: {}. ", words, source) if source else format_html("{}. ", words)


@lru_cache
def all_earlier_in(language):
    path, words = reverse("stats:changes"), _("All changes to figures")
    return format_html('<a href="{}">{}</a>', path, words)


def joined(parts):
    return SafeString("".join(map(conditional_escape, parts)))


def capitalised(words):
    return words[:1].upper() + words[1:]
