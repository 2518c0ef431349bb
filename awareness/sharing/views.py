"""What people pass on, as they ask for it."""

import io

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from awareness.content.publishing import State
from awareness.content.redirects import new_address, whose
from awareness.press.codes import qr_code
from awareness.press.kept import Busy, answer, busy
from awareness.sharing import dates, kit, papers, previews, texts
from awareness.sitemaps import live_address
from awareness.web.addresses import absolute
from awareness.web.language import in_language, language_of
from awareness.web.public import public, sentence, uncached
from pages.models import CampaignLink
from pages.site_context import get_site_context


@public
def share(request):
    return share_page(request, papers.asked_in({}))


def share_page(request, asked, problem="", status=200):
    context = papers.choices(get_site_context(request), asked, problem)
    return render(request, "sharing/share.html", {**context, "days": dates.DAYS}, status=status)


@public
def numbers(request):
    """The quieter page."""
    return render(request, "sharing/numbers.html")


@public
def share_texts(request):
    groups = texts.groups(request)
    lacking = any(text.language for _heading, those in groups for text in those)
    return render(request, "sharing/texts.html", {"groups": groups, "lacking": lacking})


@public
def awareness_dates(request):
    made = dates.calendar(_("Awareness dates"))
    return HttpResponse(made, "text/calendar; charset=utf-8")


@uncached
def share_kit(request):
    asked = request.GET.get("in", get_language())
    if asked not in papers.LANGUAGES:
        return sentence(_("Name a language of ours, as in ?in=en, or ?in=both."), 400)
    request.META["HTTP_ACCEPT_ENCODING"] = ""  # or else Django packs what is packed
    try:
        made = kit.of_today(asked, request)
    except Busy:
        return busy()
    response = HttpResponse(made, "application/zip")
    response["Content-Disposition"] = f'attachment; filename="share-{asked}.zip"'
    return response


@uncached
def paper(request, sheet, form):
    """As a PDF to print or a PNG; whoever asked for what is not there reads why on the page."""
    if form not in ("pdf", "png"):
        raise Http404
    asked = papers.asked_in(request.GET, sheet)
    data, problem = papers.sheet_data(asked, get_site_context(request))
    if problem:
        return share_page(request, asked, problem, status=400)
    return answer("sheet", form, {**data, "form": form}, papers.SIZES[asked.size])


@uncached
def preview(request):
    """For messengers, which ask for it once and keep it."""
    path, shape = request.GET.get("page", ""), request.GET.get("shape", previews.SHAPES[0])
    with translation.override(language_of(path)):
        if shape not in previews.SHAPES:
            return sentence(_("A picture is wide or square, as in &shape=square."), 400)
        data = previews.data_at(path, request, shape)
        if data is None:
            return sentence(_("There is no picture for this address."), 404)
        response = answer("preview", "png", data)
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


# Black on white whatever the theme: phones read it, and printers print it.
CODES = {
    "svg": {
        "scale": 2,
        "unit": "mm",
        "light": "#fff",
        "xmldecl": False,
        "svgclass": None,
        "lineclass": None,
    },
    "png": {"scale": 16},
}


@public(reads=["page"])
def qr(request, form):
    """The code of one page, in that page's language, or of a short address that leads to one."""
    named = request.GET.get("page", "")
    address = live_address(named) or short_address(named)
    if address is None:
        words = _("We have no page at this address. Name one of ours, as in ?page=/help/.")
        return sentence(words, 404)
    out = io.BytesIO()
    qr_code(address).save(out, kind=form, **CODES[form])
    response = HttpResponse(out.getvalue(), {"svg": "image/svg+xml", "png": "image/png"}[form])
    response.cacheable = False  # there are as many as there are choices of figures
    return response


def short_address(named):
    """The same of a campaign that is live."""
    whole = absolute(named.removeprefix(settings.SITE_URL))
    return whole if whole in {link.address for link in CampaignLink.objects.live()} else None


@public
def go(request, slug):
    """A poster hangs longer than its campaign, and perhaps than its page: then it leads home."""
    link = CampaignLink.objects.filter(slug=slug).first() or whose(f"/go/{slug}/")
    state = link and link.state()
    if state not in (State.LIVE, State.EXPIRED):
        raise Http404
    there = state == State.LIVE and (
        live_address(link.page) or live_address(new_address(link.page.partition("?")[0]) or "")
    )
    return redirect(there or absolute(in_language("/", language_of(link.page))))
