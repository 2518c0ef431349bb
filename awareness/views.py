"""Pages that are made of both apps, and what the site says of itself."""

from django.contrib import admin
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from awareness.content import pictures
from awareness.content.reading import read_once
from awareness.dashboard import index_context
from awareness.search import asks_for_help, search
from awareness.sharing.texts import ABOUT
from awareness.sitemaps import FIXED_PAGES, indexes
from awareness.web.addresses import absolute
from awareness.web.feeds import atom
from awareness.web.headers import STAFF_PATHS
from awareness.web.public import form_page, public, uncached
from awareness.web.security_txt import PATH as SECURITY_TXT
from awareness.web.security_txt import security_txt
from pages.models import CallToAction, Section, Update
from pages.models.section import OWN_PAGE
from pages.site_context import get_site_context
from stats.changes import ON_A_PAGE, changed_figures, with_old
from stats.highlight import read_highlight
from stats.models import Place, ReadingGuide
from stats.series import read_leads


@public
def home(request):
    return render(request, "home.html", read_once(request, read_home))


def read_home():
    updates = list(Update.objects.live().without_bodies().soonest()[:3])
    appeal = CallToAction.objects.live().for_page("home").first()
    return {
        **read_highlight(),
        "updates": updates,
        "appeal": appeal,
        "has_pictures": any(item.picture for item in [*updates, appeal] if item),
    }


@public
def guide(request):
    """The index: its sections stand around every page."""
    appeal = CallToAction.objects.live().for_page("guide").first()
    return render(request, "guide.html", {"appeal": appeal})


@public
def guide_all(request):
    return render(request, "guide_all.html", read_once(request, read_guide))


def read_guide():
    return {
        "leads": read_leads(),
        "sections": list(Section.objects.live().guide().prefetch_related("citations")),
    }


@public
def changes_feed(request):
    """Changes of figures, with the site's name on them."""
    site = get_site_context(request).site
    entries = [
        {
            "row": change.new,
            "title": change.title,
            "link": f"{absolute(reverse('stats:changes'))}#{change.anchor}",
            "description": change.summary,
            "pubdate": change.new.recorded_at,
            "updateddate": change.new.recorded_at,
        }
        for change in with_old(changed_figures()[:ON_A_PAGE])
    ]
    title = _("Changes to the figures – %(site)s") % {"site": site.site_name}
    author = site.organisation_name or site.site_name
    return atom(request, title, reverse("stats:changes"), author, entries)


@form_page
def search_page(request):
    query = request.POST.get("words", "")[:200].strip()
    context = {"query": query}
    if query:
        context |= {"results": search(query), "help_first": asks_for_help(query)}
    return render(request, "search.html", context)


@uncached
def picture(request, name):
    """A file of a picture, from whichever storage there is. Not held in memory as pages are."""
    if not pictures.NAME.fullmatch(name):
        raise Http404
    try:
        file = default_storage.open(f"{pictures.FOLDER}/{name}")
    except FileNotFoundError:
        raise Http404 from None
    request.META["HTTP_ACCEPT_ENCODING"] = ""  # or else Django packs what is packed
    return FileResponse(file, content_type=pictures.TYPES[name.rpartition(".")[2]])


def dashboard(request):
    """The first page of the admin."""
    return admin.site.index(request, extra_context=index_context(request))


@public
def robots(request):
    lines = [
        "User-agent: *",
        *(f"Disallow: {path}" for path in STAFF_PATHS),
        f"Sitemap: {absolute('/sitemap.xml')}",
        "",
    ]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


@public
def llms(request):
    """As https://llmstxt.org/ wants it: whom to call first, and what each page is about."""
    sections = [each for each in get_site_context(request).sections if each.kind in OWN_PAGE]
    rows = [*Place.objects.all(), *sections]
    routes = [*FIXED_PAGES, *indexes()]
    pages = [(title, reverse(route), ABOUT.get(route, "")) for route, title in routes]
    pages += [(str(row), row.get_absolute_url(), getattr(row, "summary", "")) for row in rows]
    context = {
        "caveat": ReadingGuide.load().caveat,
        "pages": [(title, absolute(path), words) for title, path, words in pages],
    }
    return render(request, "llms.txt", context, "text/plain; charset=utf-8")


@public
def security_contact(request):
    """There is none before staff have given the site an e-mail address."""
    email = get_site_context(request).site.contact_email
    if not email:
        raise Http404
    today = timezone.now().date()
    return HttpResponse(security_txt(email, today), content_type="text/plain; charset=utf-8")


@public
def old_security_contact(request):
    return redirect(f"/{SECURITY_TXT}", permanent=False)


@public
def favicon(request):
    return redirect(static("img/mark.svg"), permanent=False)
