"""What other sites show in a frame, or as a picture: the only answers that they may."""

import re

from django.http import Http404, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from awareness.content.redirects import new_address
from awareness.sharing import embeds
from awareness.web.addresses import absolute
from awareness.web.logs import as_logged
from awareness.web.public import embeddable, open_data, sentence
from pages.site_context import get_site_context
from stats import press

PIXELS = re.compile("[1-9][0-9]{0,3}")


@embeddable
def help_lines(request):
    lines = get_site_context(request).first_lines
    lines = sorted(lines, key=lambda line: line.kind not in ("call", "text"))
    page = {"page": absolute(reverse("pages:help")), "title": embeds.title_of()}
    return render(request, "sharing/embed_help.html", {"lines": lines, **page})


@embeddable
def of_place(request, slug, name):
    """Its newest figure, or the chart of that; a place that got another address is led on to."""
    place, series, caveat = press.heading(slug)
    path = reverse("stats:place", args=[slug])
    if series is None:
        if there := new_address(path):
            return redirect(f"embed-{name}", there.split("/")[-2], permanent=True)
        raise Http404
    context = {"series": series, "figure": series.latest, "caveat": caveat}
    context |= {"page": absolute(path), "title": embeds.title_of(place)}
    return render(request, f"sharing/embed_{name}.html", context)


@open_data
def badge(request):
    """As a picture, which is asked for anew with each page (no-store): a changed number shows
    within seconds, and no reader's disk keeps it."""
    context = embeds.badge(get_site_context(request))
    if context is None:
        return sentence(_("There is no number to show yet: no help line is published."), 404)
    return render(request, "sharing/badge.svg", context, "image/svg+xml")


@open_data(reads=["url", "maxwidth", "maxheight", "format"])
def oembed(request):
    asked = request.GET
    if (asked.get("format") or "json") != "json":
        words = _("We answer in JSON alone: leave “format” out, or write json.")
        return as_logged(sentence(words, 501))
    most = [asked.get(key) or "9999" for key in ("maxwidth", "maxheight")]
    if not all(map(PIXELS.fullmatch, most)):
        return sentence(_("“maxwidth” and “maxheight” are numbers of pixels, such as 600."), 400)
    found = embeds.oembed(asked.get("url", ""), *map(int, most), request)
    if found is None:
        words = _("There is nothing to embed of this address. Name one of ours, as in ?url=/help/.")
        return sentence(words, 404)
    response = JsonResponse(found, json_dumps_params={"ensure_ascii": False})
    response.cacheable = False  # there are as many as sizes
    return response
