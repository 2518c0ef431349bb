"""What partners put on sites of their own: a frame with the help lines, a figure or a chart, and a
badge. One line of HTML each. No line holds a number, so none has to be changed when one does."""

from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.html import format_html
from django.utils.translation import gettext as _

from awareness.content.redirects import new_address
from awareness.web.addresses import LONG, absolute, meant_by, view_at
from awareness.web.language import language_of
from pages.site_context import get_site_context
from stats import press

WIDEST = 600  # pixels
# In pixels, so that at 360 wide nothing has to be scrolled.
HEIGHTS = {"embed-help": 480, "embed-figure": 460, "embed-chart": 800}
# The embed of each page, and of itself, for who names it.
EMBEDS = {
    "home": "embed-help",
    "pages:help": "embed-help",
    "stats:place": "embed-chart",
    **{name: name for name in HEIGHTS},
}
# Links open beside the partner's page, and outside of the sandbox, which our pages refuse.
FRAME = (
    '<iframe src="{}" title="{}" width="{}" height="{}" style="border:0;max-width:{}px" '
    'loading="lazy" sandbox="allow-popups allow-popups-to-escape-sandbox"></iframe>'
)
BADGE = '<a href="{}"><img src="{}" alt="{}" height="{}"></a>'
BADGE_HEIGHT = 92  # pixels
# Of a letter, in widths of the font's size: those of the widest that a reader may have.
LETTER, BOLD_LETTER = 0.58, 0.66


def title_of(place=None):
    return _("Statistics: %(place)s") % {"place": place.name} if place else _("Get help now")


def frame(name, site, place=None, width="100%", height=None):
    """The line for one of HEIGHTS; ``site`` is the name of this site."""
    address = absolute(reverse(name, args=[place.slug] if place else []))
    title = f"{title_of(place)} – {site}"
    return format_html(FRAME, address, title, width, height or HEIGHTS[name], WIDEST)


def lines(context, place=None):
    """[(what it is, where to look at it, the line)]: of a place, or of the help lines."""
    site = context.site.site_name
    if place:
        names = {"embed-figure": _("The newest figure"), "embed-chart": _("A chart of the years")}
        return [
            (words, reverse(name, args=[place.slug]), frame(name, site, place))
            for name, words in names.items()
        ]
    found = [(_("The help lines"), reverse("embed-help"), frame("embed-help", site))]
    if context.call:
        path, page = reverse("embed-badge"), reverse("pages:help")
        alt = " ".join([question(), title_of(), "–", site])
        line = format_html(BADGE, absolute(page), absolute(path), alt, BADGE_HEIGHT)
        found.append((_("A badge with the number to call"), path, line))
    return found


def question():
    return _("Is someone controlling you?")


def badge(context):
    """What templates/sharing/badge.svg draws; None without a number to call."""
    if not context.call:
        return None
    asks, call = question(), " ".join([_("Call"), context.call.shown])
    pill = max(round(BOLD_LETTER * 20 * len(call)) + 28, round(LETTER * 16 * len(asks)))
    sizes = {"pill": pill, "middle": 88 + pill // 2, "width": 108 + pill, "height": BADGE_HEIGHT}
    return {"question": asks, "call": call, **sizes}


def oembed(url, width, height, request):
    """What https://oembed.com/ has for one of our addresses, in its language, no larger than that
    many pixels; None if there is no embed of it."""
    path = url.removeprefix(settings.SITE_URL).partition("#")[0].partition("?")[0]
    path = meant_by(path[:LONG]).path
    path = new_address(path) or path
    view = view_at(path) if url else None
    name = view and EMBEDS.get(view.view_name)
    with translation.override(language_of(path)):
        slug = name and view.kwargs.get("slug")
        place, series, _caveat = press.heading(slug) if slug else (None, None, "")
        if not name or (slug and not series):
            return None
        site = get_site_context(request).site.site_name
        width, height = min(width, WIDEST), min(height, HEIGHTS[name])
        return {
            "version": "1.0",
            "type": "rich",
            "title": title_of(place),
            "provider_name": site,
            "provider_url": absolute(reverse("home")),
            "width": width,
            "height": height,
            "html": frame(name, site, place, width, height),
        }


def oembed_address(path):
    """Where a page's own is."""
    query = urlencode({"url": absolute(path)}, safe=":/")
    return absolute(f"{reverse('oembed')}?{query}")
