"""Charts as SVG that the server writes: bars from zero, a row a year, in plain attributes.

Widths are per cent and heights pixels, so that the words stay the same size on any screen. No
line joins the years, and the axis itself is cut where the way of counting changed.
"""

from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _

from . import sentences
from .models import Status

ROW = 26  # px
BAR = 16  # px
CUT = 30  # px, of a break
LABELS = 15  # % of the width, for the years
BARS = 50  # % of the width, for the longest bar; what is left is for its number
SAID = (Status.PROVISIONAL, Status.REVISED)  # in the chart too

SVG = (
    '<figure class="chart"><figcaption><strong id="{id}-title">{title}</strong></figcaption>'
    '<svg role="img" aria-labelledby="{id}-title {id}-desc" height="{height}" width="100%">'
    '<desc id="{id}-desc">{description}</desc>{rows}{axis}</svg>{breaks}'
    '<p class="cite">{caveat}</p></figure>'
)
COUNTED = (
    '<text x="0" y="{text}">{year}</text>'
    '<rect x="{zero}%" y="{top}" width="{width}%" height="{bar}"/>'
    '<text x="{end}%" dx="6" y="{text}">{words}</text>'
)
MISSING = (
    '<text x="0" y="{text}">{year}</text>'
    '<text class="missing" x="{zero}%" dx="6" y="{text}">{words}</text>'
)
BREAK = (
    '<line class="cut" x1="0" x2="100%" y1="{middle}" y2="{middle}"/>'
    '<text class="cut" x="0" y="{text}">{words}</text>'
)
AXIS = '<line x1="{zero}%" x2="{zero}%" y1="{begin}" y2="{end}"/>'


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
        title=sentences.by_year(series),
        description=sentences.summary(series),
        height=y,
        rows=format_html_join("", "{}", ((each,) for each in rows)),
        axis=format_html_join(
            "", AXIS, ({"zero": LABELS, "begin": top, "end": end} for top, end in axis)
        ),
        breaks=breaks(series),
        caveat=caveat,
    )


def row(cell, y, most):
    place = {"year": cell.year, "zero": LABELS, "text": y + 18}
    if cell.value is None:
        return format_html(MISSING, words=words(cell), **place)
    width = BARS * cell.value / most
    return format_html(
        COUNTED,
        top=y + (ROW - BAR) // 2,
        bar=BAR,
        width=f"{width:.2f}",
        end=f"{LABELS + width:.2f}",
        words=words(cell),
        **place,
    )


def words(cell):
    """The number, with its status where that is not the usual one; or why there is none."""
    if cell.value is None:
        return cell.status.label.lower()
    number = sentences.amount(cell.value)
    if cell.status in SAID:
        return _("%(value)s, %(status)s") % {"value": number, "status": cell.status.label.lower()}
    return number


def cut(year, y):
    mark = sentences.break_mark(year)
    return format_html(BREAK, middle=y + 5, text=y + 22, words=mark)


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
