from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import render
from django.utils.translation import gettext_lazy
from django.views.decorators.http import condition

from awareness.content.context import head, numbered
from awareness.web.models import ContentVersion
from awareness.web.public import open_data, public, sentence

from . import changes, downloads, press, sentences
from .choice import KEYS, read_choice
from .models import ReadingGuide
from .series import arrange_leads, read_breaks, read_series

ONE_CHART = gettext_lazy("A chart shows one measure in one place. Name both, as in %(query)s.")


@public(reads=KEYS)
def overview(request):
    choice = read_choice(request.GET)
    context = shown(request, choice, choice.pairs())
    if not choice.is_made:
        figures = [f for rows in context["series"].values() for each in rows for f in each.figures]
        context["leads"] = arrange_leads(choice.places, figures)
        context["leading"] = [each for each in choice.measures if each.leads]
    return render(request, "stats/overview.html", context)


@public(reads=KEYS)
def place(request, slug):
    choice = read_choice(request.GET, slug)
    if choice.place is None or choice.place.slug != slug:
        raise Http404
    pairs = {key: value for key, value in choice.pairs().items() if key != "place"}
    context = shown(request, choice, pairs, choice.place)
    rows = context["series"].get(choice.place, [])
    rows.sort(key=newest_year, reverse=True)  # as old: as staff have put their measures
    newest = sentences.headline(rows)
    context["description"] = f"{newest} {press.about(choice.place)}".strip()
    return render(request, "stats/place.html", context)


def newest_year(series):
    return series.latest.last_day.year if series.latest else 0


def shown(request, choice, pairs, item=None):
    """What both pages of figures show; ``pairs`` is what their own address holds of the choice."""
    query = f"?{urlencode(pairs)}" if pairs else ""
    newest = {key: value for key, value in pairs.items() if key != "as_of"}
    breaks = read_breaks()
    return {
        **head(request, query, item),
        "canonical": head(request, item=item)["canonical"],
        "choice": choice,
        "series": read_series(choice, breaks),
        "breaks": [each for each in breaks if each.place_id is None or each.place in choice.places],
        "guide": choice.guide,
        "newest": f"{request.path}?{urlencode(newest)}" if newest else request.path,
    }


@public(reads=["page"])
def changed(request):
    page = Paginator(changes.changed_figures(), changes.ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        **numbered(request, page),
        "changes": changes.with_old(page),
        "guide": ReadingGuide.load(),
    }
    return render(request, "stats/changes.html", context)


def version(request, form):
    """The ETag of a file that the page cache does not hold: no two versions share their bytes,
    nor do those with and without a notice, which may end by its date."""
    shown = f"-{request.notice.pk}" if form in downloads.WITH_NOTICE and request.notice else ""
    return f'W/"{ContentVersion.current()}{shown}"'


@open_data(reads=KEYS)
@condition(etag_func=version)
def data(request, form):
    choice = read_choice(request.GET)
    return refused(choice.problems) or downloads.send(choice, form, request.notice)


@open_data(reads=KEYS)
def chart(request, form):
    choice = read_choice(request.GET)
    problems = choice.problems
    if not (choice.place and choice.measure):
        problems = problems or [ONE_CHART % {"query": "?place=US-MO&measure=cases"}]
    return refused(problems) or press.send(choice, form, request.site_name)


def refused(problems):
    """One sentence for whoever asked a data address for what is not there."""
    if problems:
        return sentence(problems[0], 400)
    return None
