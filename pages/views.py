from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_list_or_404, get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from awareness.content.context import head, numbered
from awareness.web.addresses import absolute
from awareness.web.feeds import atom, json_feed
from awareness.web.public import form_page, public

from . import counties
from .events import calendar
from .models import CallToAction, LanguageCard, Section, Update
from .models.section import kinds_at
from .near import by_region, in_county
from .site_context import get_site_context

ON_A_PAGE = 20


@public
def section(request, slug):
    """A section on a page of its own, among those of its kind."""
    now, kinds = timezone.now(), kinds_at(request.resolver_match.view_name)
    found = get_object_or_404(Section.objects.live(now).of(*kinds), slug=slug)
    order = list(Section.objects.live(now).of(found.kind).without_bodies())
    here = order.index(found)
    context = {
        **head(request, item=found),
        "section": found,
        "before": order[here - 1] if here else None,
        "after": order[here + 1] if here + 1 < len(order) else None,
    }
    return render(request, "pages/section.html", context)


@public
def page(request, slug):
    found = get_object_or_404(Section.objects.live().plain(), slug=slug)
    return render(request, "pages/page.html", {**head(request, item=found), "section": found})


@public
def audiences(request):
    return listed(request, "pages/audiences.html", Section.Kind.AUDIENCE)


@public
def questions(request):
    myths = Section.objects.live().of(Section.Kind.MYTH).prefetch_related("citations")
    return listed(request, "pages/questions.html", Section.Kind.QUESTION, myths=myths)


@public
def words(request):
    return listed(request, "pages/words.html", Section.Kind.WORD, by=by_title)


def by_title(section):
    """In the alphabet of whatever language is being read."""
    return section.title.casefold()


def listed(request, template, kind, by=None, **more):
    """A page that is there as long as it has something to list."""
    sections = list(Section.objects.live().of(kind).prefetch_related("citations"))
    if not sections and not more.get("myths"):
        raise Http404
    if by:
        sections.sort(key=by)
    return render(request, template, {"sections": sections, **more})


@public(reads=["page"])
def updates(request):
    live = Update.objects.live().without_bodies()
    coming = live.coming()
    live = live.exclude(pk__in=coming.order_by().values("pk"))
    context = {
        "coming": coming,
        **numbered(request, Paginator(live, ON_A_PAGE).get_page(request.GET.get("page"))),
        "appeal": CallToAction.objects.live().for_page("updates").first(),
    }
    return render(request, "pages/updates.html", context)


@public
def update(request, slug):
    found = get_object_or_404(Update.objects.live(), slug=slug)
    context = {
        **head(request, item=found),
        "update": found,
        "others": Update.objects.live().without_bodies().exclude(pk=found.pk)[:3],
        "appeal": CallToAction.objects.live().for_page("updates").first(),
    }
    return render(request, "pages/update.html", context)


@public
def event(request, slug):
    """One event's calendar file."""
    found = get_object_or_404(Update.objects.live().events(), slug=slug)
    return calendar(request, [found], found.title)


@public
def events(request):
    """All that are coming up: a calendar that others subscribe to."""
    name = get_site_context(request).site.site_name
    return calendar(request, Update.objects.live().coming(), name)


@public
def updates_feed(request, made=atom):
    site = get_site_context(request).site
    entries = [
        {
            "row": item,
            "title": item.title,
            "link": absolute(item.get_absolute_url()),
            "description": item.summary,
            "pubdate": item.publish_at,
            "updateddate": item.shown_since,
        }
        for item in Update.objects.live()[:ON_A_PAGE]
    ]
    title = _("Updates from %(site)s") % {"site": site.site_name}
    author = site.organisation_name or site.site_name
    return made(request, title, reverse("pages:updates"), author, entries)


@public
def updates_json_feed(request):
    return updates_feed(request, json_feed)


@public
def help_page(request):
    return render(request, "pages/help.html")


@form_page
def near(request):
    """What is typed or chosen comes in the body of a POST: no address, history or log holds it."""
    asked = request.POST.get("county", "")[:60].strip()
    county = counties.is_one(asked) if asked else None
    context = {"asked": asked, "regions": counties.regions()}
    if county and county != counties.ALL:
        context |= {"county": county, "services": in_county(county)}
    else:
        context |= {"unknown": bool(asked), "groups": by_region()}
    return render(request, "pages/near.html", context)


@public
def languages(request):
    cards = get_list_or_404(LanguageCard.objects.live())
    return render(request, "pages/languages.html", {"cards": cards})


@public
def safety(request):
    sections = Section.objects.live().safety().prefetch_related("citations")
    return render(request, "pages/safety.html", {"sections": sections})


@public
def practice(request):
    return render(request, "pages/practice.html")


@public
def donate(request):
    appeals = CallToAction.objects.live().for_page("donate")
    return render(request, "pages/donate.html", {"appeals": appeals})
