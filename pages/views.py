from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from awareness.content.context import head, numbered
from awareness.web.addresses import absolute
from awareness.web.feeds import atom
from awareness.web.public import public

from .models import CallToAction, Section, Update
from .site_context import site_context

ON_A_PAGE = 20


@public
def section(request, slug):
    now = timezone.now()
    found = get_object_or_404(Section.objects.live(now).guide(), slug=slug)
    order = list(Section.objects.live(now).guide().without_bodies())
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


@public(reads=["page"])
def updates(request):
    live = Update.objects.live().without_bodies()
    context = {
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
        "appeal": CallToAction.objects.live().for_page("updates").first(),
    }
    return render(request, "pages/update.html", context)


@public
def updates_feed(request):
    site = site_context(request).site
    entries = [
        {
            "row": item,
            "title": item.title,
            "link": absolute(item.get_absolute_url()),
            "description": item.summary,
            "pubdate": item.publish_at,
            "updateddate": max(item.publish_at, item.updated_at),
        }
        for item in Update.objects.live()[:ON_A_PAGE]
    ]
    title = _("Updates from %(site)s") % {"site": site.site_name}
    author = site.organisation_name or site.site_name
    return atom(request, title, reverse("pages:updates"), author, entries)


@public
def help_page(request):
    sections = Section.objects.live().filter(on_help_page=True).prefetch_related("citations")
    return render(request, "pages/help.html", {"sections": sections})


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
