"""The picture that a message shows of a link. Its address names a page, and what is drawn is what
is live there at this moment: its title and drawing, its lead picture, or its newest figure."""

import base64
from contextlib import suppress
from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from awareness.desk.preview import is_previewing
from awareness.sitemaps import FIXED_PAGES, indexes
from awareness.web.addresses import absolute, view_at
from pages.models import CallToAction, Section, Update
from pages.models.section import OWN_PAGE, kinds_at
from pages.site_context import get_site_context
from stats import press

# What these are about is nobody's business who looks over a shoulder: the site's own picture.
PLAIN = {"home", "search", "pages:safety", "pages:practice"}
DRAWINGS = {
    "guide": "lamp",
    "guide_all": "lamp",
    "share": "roadsign",
    "share_texts": "roadsign",
    "pages:help": "phone",
    "pages:near": "missouri",
    "pages:languages": "globe",
    "pages:questions": "bubble",
    "pages:words": "book",
    "pages:audiences": "town",
    "pages:updates": "letter",
    "pages:donate": "lamp",
    "stats:overview": "scales",
    "stats:changes": "calendar",
}
OF_ROWS = {*OWN_PAGE.values(), "pages:update", "stats:place"}
ALL = PLAIN | DRAWINGS.keys() | OF_ROWS
SHAPES = ("wide", "square")  # 1200 × 630 pixels, as messages want it; 1080 × 1080, for posts
PICTURE = 648  # pixels: as wide as the window of the square one


def address_of(path, route, shape=SHAPES[0]):
    """Of the picture for the page at this path; None where there is none, as of a draft."""
    if route not in ALL or is_previewing():
        return None
    asked = {"page": reverse("home") if route in PLAIN else path}
    if shape != SHAPES[0]:
        asked["shape"] = shape
    return absolute(f"{reverse('preview')}?{urlencode(asked, safe='/')}")


def data_at(path, request, shape=SHAPES[0]):
    """What templates/press/preview.typ draws; None of anything but a page that is live."""
    view, site_context = view_at(path), get_site_context(request)
    shown = shown_at(view.view_name, view.kwargs.get("slug"), site_context) if view else None
    if shown is None:
        return None
    nothing = {"drawing": "", "picture": None, "figure": None, "summary": ""}
    common = {
        "language": translation.get_language(),
        "site": site_context.site.site_name,
        "shape": shape,
    }
    return {**nothing, **common, **shown}


def shown_at(route, slug, site_context):
    if route in PLAIN:
        return {
            "title": site_context.site.site_name,
            "summary": site_context.site.tagline,
            "site": settings.SITE_HOST,
        }
    if route == "stats:place":
        return of_place(slug)
    if route in OF_ROWS:
        return of_row(route, slug)
    if not (title := titles().get(route)):
        return None
    return {"title": str(title), "drawing": DRAWINGS[route], **more_of(route, site_context)}


def more_of(route, site_context):
    """What some of our own pages show beside their title."""
    if route == "pages:help" and site_context.call:
        return of_line(site_context.call)
    if route == "pages:donate":
        return lead(CallToAction.objects.live().for_page("donate").first())
    return {}


def titles():
    """{route: title} of the pages of which none is a row's own, and which are there now."""
    return {**dict(FIXED_PAGES), **dict(indexes()), "guide_all": _("The whole guide")}


def of_row(route, slug):
    if route == "pages:update":
        row, drawing = Update.objects.live().filter(slug=slug).first(), "letter"
    else:
        row = Section.objects.live().of(*kinds_at(route)).filter(slug=slug).first()
        drawing = row and row.drawn
    return row and {"title": row.title, "drawing": drawing, **lead(row)}


def of_place(slug):
    return next(({"drawing": "scales", **each} for each in press.headed(slug).values()), None)


def of_line(line):
    """A number to call; for whom it is, is not named."""
    words = _(
        "Help lines you can call, text, or chat with: who answers, when, and what stays on your "
        "phone."
    )
    figure = {"over": _("Call"), "number": [line.shown], "what": line.hours}
    return {"summary": words, "figure": figure}


def lead(row):
    """Its lead picture, if it has one whose file is there."""
    if row and row.picture:
        with suppress(OSError):
            image = row.picture
            kind, raw = image.file.at_least(PICTURE)
            words = base64.b64encode(raw).decode()
            return {"picture": [kind, words, around(image.focus), image.credit]}
    return {}


def around(focus):
    """“left-top” as SVG says it: xMinYMin."""
    x = "xMin" if "left" in focus else "xMax" if "right" in focus else "xMid"
    return x + ("YMin" if "top" in focus else "YMax" if "bottom" in focus else "YMid")
