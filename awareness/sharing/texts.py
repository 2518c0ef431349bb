"""Words to copy, as long as a text message or a post. Each ends with its page's address, which says
all that is left out; a number stands only in a whole sentence, with its period and as-of day."""

import re
from dataclasses import dataclass, replace

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from awareness.sharing import previews
from awareness.web.addresses import absolute, view_at
from awareness.web.language import missing
from pages.models import Section, Update
from pages.site_context import get_site_context
from stats import press

SHORT, LONG = 160, 280  # letters
UPDATES = 10
# Not after the point of an abbreviation: “U.S. Department”, “EE. UU. Nosotros”, “St. Louis”.
END = re.compile(
    r"(?:(?<=[.?!…])|(?<=[.?!]”))(?<![A-Z]\.)(?<!\bSt\.)(?<!\b[DMS]r\.)(?<!\bM[rs]s\.)"
    r"\s+(?=[^\W_a-z]|[¿¡“])"
)
# What the pages say of themselves that are no row's own: as in their templates.
ABOUT = {
    "guide": gettext_lazy(
        "What human trafficking is, how to recognize it, what the law says, and what each of us "
        "can do."
    ),
    "pages:near": gettext_lazy("Groups in Missouri that help people in person, by county."),
    "pages:languages": gettext_lazy(
        "A few sentences in each language, and the number to call. Ask for an interpreter."
    ),
    "pages:audiences": gettext_lazy(
        "What you may see from where you stand, what to do, and what to set up before you need it."
    ),
    "pages:questions": gettext_lazy(
        "Short answers about human trafficking, the hotline, the figures, and this site."
    ),
    "pages:words": gettext_lazy(
        "What the words mean that you meet on this site, in the law, and in the news."
    ),
    "stats:overview": gettext_lazy(
        "What has been counted for the nation and for Missouri, who counted it, and when."
    ),
    "pages:safety": gettext_lazy(
        "If someone watches what you do on your phone or computer, read how to leave this site "
        "fast, and what this site cannot do for you."
    ),
}


@dataclass(frozen=True)
class Text:
    title: str
    address: str
    short: str
    long: str
    says: str  # what its picture says, for those who cannot see it
    language: str = ""  # another one, where there is no translation

    @property
    def path(self):
        return self.address.removeprefix(settings.SITE_URL)

    @property
    def lang(self):
        return format_html(' lang="{}"', self.language) if self.language else ""

    @property
    def pictures(self):
        """[(name, address)] of its picture in each shape."""
        route = view_at(self.path).view_name
        names = (_("Wide picture"), _("Square picture"))
        addresses = [previews.address_of(self.path, route, shape) for shape in previews.SHAPES]
        return list(zip(names, addresses, strict=True))


# --- Words that fit ------------------------------------------------------------------------


def ready(sentences, address, most, least=0):
    """As many whole sentences as there is room for before the address. Of the first ``least`` one
    that is too long gives its beginning, up to a digit: half a number is worse than none."""
    chosen, room = [], most - len(address) - 1
    for n, sentence in enumerate(filter(None, sentences), 1):
        left = room - len(" ".join([*chosen, ""]))
        if len(sentence) > left:
            chosen += [beginning(sentence, left)] if n <= least else []
            break
        chosen.append(sentence)
    return " ".join(filter(None, [*chosen, address]))


def beginning(sentence, room):
    """Up to a comma, if that is not too early."""
    words = []
    for word in sentence.split():
        if re.search(r"\d", word) or len(" ".join([*words, word])) >= room:
            break
        words.append(word)
    begun = " ".join(words)
    clause = re.match(r".*(?=[,;:] )", begun)
    if clause and len(clause[0]) > len(begun) / 2:
        begun = clause[0]
    return f"{begun.rstrip(',;:.–(¿¡“')}…" if len(words) > 2 else ""


def either(address, *ways):
    """(short, long): each in the first of these ways of which anything fits."""
    return [
        next((text for way in ways if (text := ready(way, address, most)) != address), address)
        for most in (SHORT, LONG)
    ]


def text_of(title, summary, path, says=""):
    """A title that the summary repeats is left out."""
    address, summary = absolute(path), " ".join(summary.split())
    head = title if re.search(r"[?!…”.]$", title) else f"{title}."
    if summary.casefold().startswith(title.casefold()):
        head = ""
    sentences, least = [head, *END.split(summary)], 1 + bool(head)
    short, long = (ready(sentences, address, most, least) for most in (SHORT, LONG))
    return Text(title, address, short, long, says or title)


# --- Of each page ---------------------------------------------------------------------------


def groups(request):
    """[(heading, [Text])] of what is live in this moment, in the current language."""
    site_context = get_site_context(request)
    rows = [
        (_("The guide"), site_context.guide),
        (_("Signs by place"), site_context.signs),
        (_("Get help now"), site_context.help_pages),
        (_("For your work or family"), site_context.of(Section.Kind.AUDIENCE)),
        (_("Questions people ask"), site_context.of(Section.Kind.QUESTION)),
        (_("More to read"), site_context.plain_pages),
        (_("Updates"), Update.objects.live().without_bodies().soonest()[:UPDATES]),
    ]
    found = [
        (_("Main pages"), main_pages(site_context)),
        (_("Statistics"), [of_place(*each) for each in press.headed().items()]),
        *((heading, [of_row(row) for row in those]) for heading, those in rows),
    ]
    return [(heading, texts) for heading, texts in found if texts]


def main_pages(site_context):
    titles = previews.titles()
    found = [text_of(site_context.site.site_name, site_context.site.tagline, reverse("home"))]
    if site_context.call:
        found.append(of_help(site_context, titles["pages:help"]))
    for route, about in ABOUT.items():
        if route in titles:
            says = site_context.site.site_name if route in previews.PLAIN else ""
            found.append(text_of(str(titles[route]), str(about), reverse(route), says))
    return found


def of_help(site_context, title):
    """The hotline's number first; none is ever cut."""
    numbers = {
        "call": site_context.call.number,
        "text": site_context.text.number if site_context.text else "",
    }
    call = _("If you or someone you know may need help, call %(call)s.") % numbers
    both = _("If you or someone you know may need help, call %(call)s or text %(text)s.") % numbers
    danger = ""
    if site_context.emergency:
        danger = _("In danger now? Call %(number)s.") % {"number": site_context.emergency.number}
    ways = [[both if site_context.text else call, danger], [call]]
    address = absolute(reverse("pages:help"))
    return Text(str(title), address, *either(address, *ways), site_context.call.shown)


def of_place(place, page):
    """Its newest number in the words of its page; where those do not fit, what stands there."""
    address = absolute(place.get_absolute_url())
    first, *rest = END.split(page["summary"]) if page["figure"] else [""]
    newest = [f"{page['title']} {first}", *rest] if first else []  # no number without its caveat
    says = " ".join([page["title"], page["about"]]) if page["figure"] else page["about"]
    return Text(place.name, address, *either(address, newest, [page["about"]]), says)


def of_row(row):
    """In English, where its title or summary has no translation, as on its page."""
    if missing(row, "title") or missing(row, "summary"):
        with translation.override(settings.LANGUAGE_CODE):
            return replace(of_row(row), language=settings.LANGUAGE_CODE)
    title = row.title
    if getattr(row, "is_coming", False):
        when = date_format(timezone.localtime(row.starts_at), "DATETIME_FORMAT")
        title = f"{title} ({when})"
    return text_of(title, row.summary, row.get_absolute_url(), row.title)
