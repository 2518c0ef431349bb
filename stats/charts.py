"""Charts as SVG that the server writes: bars from zero, a row a year, in plain attributes.

Widths are per cent and heights pixels, so that the words stay the same size on any screen.
"""

from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _

from . import sentences

ROW = 26  # px
BAR = 16  # px
LABELS = 15  # % of the width, for the years
BARS = 62  # % of the width, for the longest bar; what is left is for its number

SVG = (
    '<figure class="chart"><figcaption><strong id="{id}-title">{title}</strong></figcaption>'
    '<svg role="img" aria-labelledby="{id}-title {id}-desc" height="{height}" width="100%">'
    '<desc id="{id}-desc">{description}</desc>{rows}'
    '<line x1="{zero}%" x2="{zero}%" y1="0" y2="{height}"/></svg>'
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


def chart(series, caveat=""):
    """One series by year. Nothing is drawn where no number has been published."""
    if not series.counted:
        return ""
    most = max(cell.value for cell in series.counted) or 1
    title = _("%(measure)s by year, %(place)s") % {
        "measure": series.measure.name,
        "place": series.place.name,
    }
    return format_html(
        SVG,
        id=f"chart-{series.place.slug}-{series.measure.code}",
        title=title,
        description=sentences.summary(series),
        height=ROW * len(series.years),
        rows=format_html_join(
            "", "{}", ((row(cell, n, most),) for n, cell in enumerate(series.years))
        ),
        zero=LABELS,
        caveat=caveat,
    )


def row(cell, index, most):
    middle = {"year": cell.year, "zero": LABELS, "text": index * ROW + 18}
    if cell.value is None:
        return format_html(MISSING, words=cell.status.label.lower(), **middle)
    width = BARS * cell.value / most
    return format_html(
        COUNTED,
        top=index * ROW + (ROW - BAR) // 2,
        bar=BAR,
        width=f"{width:.2f}",
        end=f"{LABELS + width:.2f}",
        words=sentences.amount(cell.value),
        **middle,
    )
