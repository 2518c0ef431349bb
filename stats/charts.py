"""Charts as SVG that the server writes: bars from zero, a row a year, in plain attributes.

Lengths are per cent of the width, heights and letters rem, so that a chart fits any screen and
grows with its letters; on a narrow one the style sheet puts a row's bar below its words.
No line joins the years, and the axis itself is cut where the way of counting changed.
"""

from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _

from . import sentences
from .vocabulary import Status

ROW = 1.6  # rem
BAR = 1.0  # rem
CUT = 1.8  # rem, of a break
BASE = 1.1  # rem, from the top of a row to the foot of its letters
LABELS = 16  # rem, for the years and numbers
BARS = 40  # % of the width, for the longest bar
SAID = (Status.PROVISIONAL, Status.REVISED)  # in the chart too

SVG = (
    '<figure class="chart"><figcaption><strong id="{id}-title">{title}</strong></figcaption>'
    '<svg role="img" aria-labelledby="{id}-title" aria-describedby="{id}-desc" '
    'height="{height}rem" width="100%">'
    '<desc id="{id}-desc">{description}</desc>{rows}{axis}</svg>{breaks}{copies}'
    '<p class="cite">{caveat}</p></figure>'
)
YEAR = '<text x="0" y="{text}rem">{year}</text><svg x="{labels}rem" overflow="visible">'
COUNTED = YEAR + (
    '<rect x="0" y="{top}rem" width="{width}%" height="{bar}rem"/>'
    '<text y="{text}rem">{words}</text></svg>'
)
MISSING = YEAR + '<text class="missing" y="{text}rem">{words}</text></svg>'
BREAK = (
    '<line class="cut" x1="0" x2="100%" y1="{middle}rem" y2="{middle}rem"/>'
    '<text class="cut" x="0" y="{text}rem">{words}</text>'
)
AXIS = '<line x1="{labels}rem" x2="{labels}rem" y1="{begin}rem" y2="{end}rem"/>'


def chart(series, caveat=""):
    """One series by year. Nothing is drawn where no number has been published."""
    if not series.counted:
        return ""
    most = max(cell.value for cell in series.counted) or 1
    rows, axis, y, begin = [], [], 0, 0
    for cell in series.years:
        if cell.year in series.breaks and y:
            axis.append((begin, y))
            rows.append(cut(cell.year, y))
            y = begin = y + CUT
        rows.append(row(cell, y, most))
        y += ROW
    axis.append((begin, y))
    return format_html(
        SVG,
        id=f"chart-{series.place.slug}-{series.measure.code}",
        title=sentences.chart_title(series),
        description=sentences.summary(series),
        height=rem(y),
        rows=format_html_join("", "{}", ((each,) for each in rows)),
        axis=format_html_join(
            "",
            AXIS,
            ({"labels": LABELS, "begin": rem(top), "end": rem(end)} for top, end in axis),
        ),
        breaks=breaks(series),
        copies=copies(series),
        caveat=caveat,
    )


def rem(number):
    return f"{number:.4g}"


def row(cell, y, most):
    place = {"year": cell.year, "labels": LABELS, "text": rem(y + BASE), "words": words(cell)}
    if cell.value is None:
        return format_html(MISSING, **place)
    top, width = rem(y + (ROW - BAR) / 2), BARS * cell.value / most
    return format_html(COUNTED, top=top, bar=BAR, width=f"{width:.2f}", **place)


def words(cell):
    """The number, with its status where that is not the usual one; or why there is none."""
    if cell.value is None:
        return cell.status.label.lower()
    number = sentences.what_it_says(cell.figure)
    if cell.status in SAID:
        return _("%(value)s, %(status)s") % {"value": number, "status": cell.status.label.lower()}
    return number


def cut(year, y):
    mark = sentences.break_mark(year)
    return format_html(BREAK, middle=rem(y + 0.35), text=rem(y + 1.35), words=mark)


def drawn_breaks(series):
    """Those between two years that are drawn: [(year, [what changed])]."""
    drawn = [cell.year for cell in series.years[1:]]
    return [(year, series.breaks[year]) for year in drawn if year in series.breaks]


def breaks(series):
    """What changed, below the chart."""
    found = drawn_breaks(series)
    if not found:
        return ""
    return format_html(
        '<ul class="breaks">{}</ul>',
        format_html_join(
            "", "<li><b>{}</b> {}</li>", ((year, " ".join(words)) for year, words in found)
        ),
    )


def copies(series):
    words = sentences.copies(series)
    return format_html('<p class="cite">{}</p>', words) if words else ""
