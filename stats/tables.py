"""Tables of figures. Each number stands with what it counts, its date and its source."""

from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _

from . import sentences
from .models import Status

TABLE = (
    '<table class="figures"><caption>{caption}</caption><thead><tr><th scope="col">{first}</th>'
    '<th scope="col">{measure}</th><th scope="col">{about}</th></tr></thead>'
    "<tbody>{rows}</tbody></table>"
)
ROW = '<tr><th scope="row">{}</th><td>{}</td><td>{}</td></tr>'


def yearly_table(series):
    return table(
        series,
        _("%(measure)s by year, %(place)s"),
        _("Year"),
        ((cell.year, cell) for cell in reversed(series.years)),
    )


def totals_table(series):
    """Running totals, which are never added up from the years nor mixed with them."""
    if not series.totals:
        return ""
    return table(
        series,
        _("%(measure)s in all, %(place)s"),
        _("Period"),
        ((sentences.period(cell.figure), cell) for cell in series.totals),
    )


def table(series, caption, first, rows):
    names = {"measure": series.measure.name, "place": series.place.name}
    return format_html(
        TABLE,
        caption=caption % names,
        first=first,
        measure=series.measure.name,
        about=_("About this number"),
        rows=format_html_join("", ROW, ((label, value(cell), about(cell)) for label, cell in rows)),
    )


def value(cell):
    if cell.value is None:
        return format_html('<span class="missing">{}</span>', cell.status.label)
    return format_html("<b>{}</b>", sentences.amount(cell.value))


def about(cell):
    """What was counted, when it was said and by whom; then what was said before."""
    figure = cell.figure
    if figure is None:
        return _("No figure that we could find.")
    parts = []
    if cell.value is not None and cell.status != Status.PUBLISHED:
        parts.append(format_html("<strong>{}.</strong> ", cell.status.label))
    if figure.counted:
        parts.append(f"{capitalised(figure.counted)}, {sentences.as_of(figure)}. ")
    else:
        parts.append(f"{capitalised(sentences.as_of(figure))}. ")
    if figure.source:
        parts.append(
            format_html(
                '{}: <a href="{}" rel="noreferrer">{}</a> ({}). ',
                _("Source"),
                figure.source.url,
                figure.source.publisher,
                figure.source.get_kind_display().lower(),
            )
        )
    if figure.note:
        parts.append(f"{figure.note}. ")
    for earlier in reversed(cell.earlier):
        parts.append(earlier_words(earlier))
    return format_html_join("", "{}", ((part,) for part in parts))


def earlier_words(figure):
    words = (
        sentences.amount(figure.value) if figure.value is not None else figure.get_status_display()
    )
    if not figure.source:
        return _("Before: %(value)s, %(as_of)s. ") % {
            "value": words,
            "as_of": sentences.as_of(figure),
        }
    return format_html(
        '{}: <a href="{}" rel="noreferrer">{}</a>. ',
        _("Before: %(value)s, %(as_of)s") % {"value": words, "as_of": sentences.as_of(figure)},
        figure.source.url,
        figure.source.publisher,
    )


def capitalised(words):
    return words[:1].upper() + words[1:]
