"""Charts as SVG that the server writes: columns from zero, time from left to right.

Places are per cent and letters rem, so that one drawing fits any width and its letters stay
legible; a narrow one shows fewer of its words (static/css/pages/charts.css). No line joins the
years, and the axis itself is cut where the way of counting changed.
"""

from functools import lru_cache, partial
from html import escape

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from . import columns, sentences, tables
from .columns import NARROW, ROOM, WIDE
from .tables import joined
from .vocabulary import Status, in_runs

# Said beside the number. That one is revised is known, unless its status says so, only where all
# its vintages are read: not on the home page.
SAID = (Status.PROVISIONAL, Status.REVISED)
NARROW_MARK = 19  # letters, of a line of the words at a break on a phone
LINE = 1.25  # em, of the words at a break
ABOVE = 1.7, 2.9  # em, for the numbers above the columns: on one line, on two

SVG = (
    '<svg class="columns{kind}" role="img" aria-label="{title}" aria-describedby="{id}">'
    '<desc id="{id}">{description}</desc>{marks}</svg>'
)
COLUMN = '<rect x="{x}%" y="{y}%" width="{width}%" height="{height}%"{kind}/>'
GAP = '<svg x="{middle}%" y="100%"><text class="gap" x=".6em" dy=".35em">{words}</text></svg>'
NUMBER = '<text{kind} x="{x}%" y="{y}%" dy="-.4em">{words}</text>'
ROUNDED = (
    '<text{kind} x="{x}%" y="{y}%"><tspan x="{x}%" dy="-1.55em">{word}</tspan>'
    '<tspan x="{x}%" dy="1.15em">{words}</tspan></text>'
)
YEAR = '<text class="y{kind}" x="{x}%" y="100%" dy="1.35em">{words}</text>'
AXIS = '<line x1="{x1}%" x2="{x2}%" y1="100%" y2="100%"/>'
BREAK = '<line class="cut" x1="{x}%" x2="{x}%" y2="100%"/>'
MARKS = '<svg class="marks{kind}" height="{height}em" aria-hidden="true">{marks}</svg>'
MARK = '<text class="{anchor}" x="{x}%" y="{y}em">{words}</text>'
MARK_LINE = '<line class="cut" x1="{x}%" x2="{x}%" y1="{y1}em" y2="{y2}em"/>'


def chart(series, caveat="", page=""):
    """One series by year. Nothing is drawn where no number has been published. ``page`` has its
    breaks and sources, if that is another."""
    if not series.counted:
        return ""
    slots = columns.slots(series)
    marks = columns.cuts(slots, series.breaks)
    return format_html(
        '<figure class="chart">{}{}<figcaption>{}</figcaption></figure>',
        joined(break_words(marks, slots)),
        svg(series, slots),
        joined(notes(series, caveat, page)),
    )


def notes(series, caveat, page):
    """What stands at the foot of a chart: whose the newest is, what changed, what marks mean."""
    if latest := series.latest:
        yield source(latest, page)
    if years := [str(year) for year, _words in drawn_breaks(series)]:
        words = _("The way of counting changed in %(years)s:")
        words %= {"years": get_text_list(years, _("and"))}
        yield format_html('<p>{} <a href="{}#breaks">{}</a></p>', words, page, _("see how"))
    yield format_html("<p>{}</p>", " ".join(filter(None, [*meanings(series), caveat])))


def meanings(series):
    """What the marks mean: amber, outlines, and the years with a status."""
    if latest := series.latest:
        words = _("In amber: %(year)s, the newest number.")
        if latest is not series.counted[-1].figure:
            words = _("In amber: %(year)s, the newest number that is not from a copy.")
        yield words % {"year": latest.year}
    if copies := sentences.copies(series):
        yield f"{copies} " + _("Those columns are drawn as outlines.")
    yield from filter(None, map(partial(years_that_are, series), SAID))


def years_that_are(series, status):
    """“Revised: 2015, 2020.”"""
    years = [cell.year for cell in series.counted if cell.status == status]
    return f"{status.label}: {in_runs(years)}." if years else ""


def source(figure, page):
    """Who gave the newest number, and the way to all who gave one."""
    words = _("Source for %(period)s:") % {"period": sentences.period(figure)}
    link = tables.link(figure.source) if figure.source else _("none named")
    rest = sentences.as_of(figure), page, _("All sources")
    return format_html('<p>{} {}, {}. <a href="{}#sources">{}</a></p>', words, link, *rest)


def break_words(cuts, slots):
    """What stands above a chart where its axis is cut, for a phone and for anything wider."""
    below = ABOVE[is_rounded(slots)]
    for kind, room, size in ((" n", NARROW, NARROW_MARK), (" w", WIDE, WIDE)):
        told = columns.told(cuts, room, size)
        deep = LINE * max((len(words) for _where, words, _row in told), default=0)
        height = deep * max((row + 1 for _where, _words, row in told), default=0)
        marks = [
            mark(number(where), words, height - (row + 1) * deep, height + below)
            for where, words, row in told
        ]
        if marks:
            # All lines first, so that the words stand on top of them.
            parts = [*(line for line, _words in marks), *(words for _line, words in marks)]
            yield format_html(
                MARKS, kind=kind, height=number(height), marks=SafeString("".join(parts))
            )


def mark(x, words, top, end):
    """(the line down to the columns, the words at its head), in em from the top."""
    line = drawn(MARK_LINE, x=x, y1=number(top + LINE * len(words)), y2=number(end))
    anchor = columns.anchor(float(x))
    texts = (
        drawn(MARK, each, anchor=anchor, x=x, y=number(top + LINE * (n + 0.8)))
        for n, each in enumerate(words)
    )
    return line, "".join(texts)


def drawn_breaks(series):
    """Those between two years that are drawn: [(year, [what changed])]."""
    drawn = [cell.year for cell in series.years[1:]]
    return [(year, series.breaks[year]) for year in drawn if year in series.breaks]


def words(cell):
    """The number, with its status where that is not the usual one; or why there is none."""
    if cell.value is None:
        return cell.status.label.lower()
    number, status = sentences.what_it_says(cell.figure), status_word(cell)
    if status:
        return _("%(value)s, %(status)s") % {"value": number, "status": status.lower()}
    return number


def status_word(item):
    """“Provisional”, of a Cell or a Figure; “” where its status needs no word."""
    return Status(item.status).label if item.status in SAID else ""


def why_none(series):
    """Why nothing of it leads: “only in copies”, “suppressed, 2020”, “not found”."""
    if series.counted:
        return columns.ONLY_COPIED
    if cell := series.withheld:
        return f"{words(cell)}, {cell.year}"
    return Status.NOT_FOUND.label.lower()


def small_chart(series):
    """One series where it leads: without words beside the newest, the highest and the first. None
    of its numbers is from a copy. The page needs {% inline_style "charts" %}."""
    slots = columns.slots(series, leading=True)
    if not slots:
        return ""
    return svg(series, slots, small=True)


def spark(series):
    """The same without a word, beside a number that says the newest: its axis ends at a gap too."""
    slots = columns.slots(series, leading=True)
    if not slots:
        return ""
    marks = [gap_or_column(slot) for slot in slots if slot.height is not None]
    gaps = [(slot.left, slot.left + slot.width) for slot in slots if slot.height is None]
    cuts = [(where, where) for _year, where in columns.cuts(slots, series.breaks)]
    marks += axis(sorted(cuts + gaps))
    inside = SafeString("".join(marks))
    return format_html('<svg class="columns spark" aria-hidden="true">{}</svg>', inside)


def svg(series, slots, small=False):
    cuts = tuple(columns.cuts(slots, series.breaks))
    years = {slot.first for slot in slots if slot.height is not None}
    name = f"chart-{series.place.slug}-{series.measure.code}"
    return format_html(
        SVG,
        kind=" small" * small + " rounded" * is_rounded(slots) + " tall" * is_tall(slots),
        id=f"small-{name}" if small else name,
        title=sentences.chart_title(series, [c for c in series.counted if c.year in years]),
        description=told(slots) if small else sentences.summary(series),
        marks=marks_of(slots, cuts, small),
    )


@lru_cache(1000)
def marks_of(slots, cuts, small):
    """Kept, as the cells of the tables are: most charts stay when one figure changes."""
    marks = [gap_or_column(slot) for slot in slots]
    marks += axis([(where, where) for _year, where in cuts])
    marks += [drawn(BREAK, x=number(where)) for _year, where in cuts]
    marks += small_words(slots) if small else words_of(slots)
    return SafeString("".join(marks))


def gap_or_column(slot):
    if slot.height is None:
        words = f"{slot.years} {slot.words}"
        return drawn(GAP, words, middle=number(slot.middle))
    kind = " new" * slot.new + " copy" * slot.copied
    return drawn(
        COLUMN,
        x=number(slot.middle - slot.drawn / 2),
        y=number(100 - slot.height),
        width=number(slot.drawn),
        height=number(slot.height),
        kind=of_class(kind),
    )


def axis(holes):
    pieces = columns.axis(holes)
    return [drawn(AXIS, x1=number(begin), x2=number(end)) for begin, end in pieces]


def words_of(slots):
    """Numbers and years: those that have room on a phone, and those that have it elsewhere."""
    kinds = dict(zip(ROOM, ("", " w", " x"), strict=True))
    for draw, room in ((number_above, columns.numbered), (year_below, columns.dated)):
        yield from (draw(slots[n], kinds[size]) for n, size in sorted(room(slots).items()))


def small_words(slots):
    counted = [n for n, slot in enumerate(slots) if slot.height is not None]
    highest = max(counted, key=lambda n: slots[n].height)
    wanted = {counted[0], highest, *(n for n in counted if slots[n].new)}
    room = columns.numbered(slots)
    for n in sorted(wanted):
        if room.get(n) == NARROW:
            yield number_above(slots[n], "")
    yield from (year_below(slots[n], "") for n in sorted({counted[0], counted[-1]}))


def number_above(slot, kind):
    where, anchor = columns.above(slot)
    place = {"x": number(where), "y": number(100 - slot.height)}
    words = columns.lines(slot.words)
    kind = of_class(kind + " new" * slot.new + anchor)
    if len(words) == 1:
        return drawn(NUMBER, words[0], kind=kind, **place)
    return drawn(ROUNDED, words[1], kind=kind, word=escape(words[0]), **place)


def year_below(slot, kind):
    kind += " new" * slot.new
    return drawn(YEAR, slot.years, kind=kind, x=number(slot.middle))


def is_tall(slots):
    """Whether the upright words of a gap need more than the usual height."""
    return any(slot.height is None and len(f"{slot.years} {slot.words}") > 19 for slot in slots)


def is_rounded(slots):
    return any(slot.height is not None and " " in slot.words for slot in slots)


def told(slots):
    """“2018: 178; 2019: 233”, where no table says it."""
    return "; ".join(f"{slot.years}: {slot.words}" for slot in slots)


def of_class(kind):
    return f' class="{kind.strip()}"' if kind else ""


def drawn(form, words="", **ours):
    """One mark of a chart: its words are escaped, the rest are numbers and classes of ours. A page
    has hundreds, and format_html would look at each part of each."""
    return form.format(words=escape(words), **ours)


def number(value):
    return f"{value:.4g}"
