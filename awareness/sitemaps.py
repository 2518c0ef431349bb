"""What search engines are told of: every live page, under its public address."""

from urllib.parse import parse_qsl, urlencode, urlsplit

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.db.models import Max
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from awareness.content.translatable import is_translated
from awareness.web.addresses import LONG, absolute, meant_by
from awareness.web.language import in_language, language_of
from pages.models import LanguageCard, Section, Update
from pages.models.section import OWN_PAGE
from stats.choice import read_choice
from stats.models import Place

# The pages that are always there, for search engines and for our own search.
FIXED_PAGES = [
    ("home", _("Home")),
    ("guide", _("The guide")),
    ("pages:help", _("Get help now")),
    ("pages:near", _("Help near you")),
    ("stats:overview", _("Statistics")),
    ("stats:changes", _("Changes to the figures")),
    ("pages:updates", _("Updates")),
    ("pages:donate", _("Donate")),
    ("share", _("Print and pass on")),
    ("share_texts", _("Texts to copy")),
    ("pages:safety", _("Using this site safely")),
]
SELDOM_ASKED = {"share_texts"}  # and long: not made before somebody asks


def indexes(at=None):
    """[(route, title)] of pages that are there only while they have something to list."""
    found = Section.objects.live(at).indexes()
    if LanguageCard.objects.live(at).exists():
        found.append(("pages:languages", _("Help in more languages")))
    return found


def important_pages():
    """Their addresses as the page cache names them, in each language."""
    scheme = urlsplit(settings.SITE_URL).scheme
    paths = [reverse(route) for route, _title in FIXED_PAGES if route not in SELDOM_ASKED]
    return [
        (scheme, settings.SITE_HOST, in_language(path, code), "")
        for code, _name in settings.LANGUAGES
        for path in paths
    ]


class PublicSitemap(Sitemap):
    i18n = alternates = x_default = True
    protocol = urlsplit(settings.SITE_URL).scheme

    def get_domain(self, site=None):
        return urlsplit(settings.SITE_URL).netloc


class FixedPages(PublicSitemap):
    def items(self):
        return [*(route for route, _title in FIXED_PAGES), "guide_all"]

    def location(self, item):
        return reverse(item)


class Indexes(FixedPages):
    def items(self):
        return [route for route, _title in indexes()]


class Rows(PublicSitemap):
    """The live rows of one queryset, each with the moment since when it shows what it shows."""

    def __init__(self, rows):
        self.rows = rows

    def items(self):
        return self.rows()

    def get_languages_for_item(self, item):
        return [code for code, _name in settings.LANGUAGES if is_translated(item, code)]

    def lastmod(self, item):
        return item.shown_since


SITEMAPS = {
    "pages": FixedPages(),
    "indexes": Indexes(),
    "sections": Rows(lambda: Section.objects.live().of(*OWN_PAGE)),
    "updates": Rows(lambda: Update.objects.live()),
    "places": Rows(lambda: Place.objects.annotate(shown_since=Max("figures__recorded_at"))),
}
NOT_LISTED = ("search", "pages:practice", "numbers")


def live_address(named):
    """The public address of a page of ours, named by its path or whole, with what it reads of the
    query. None if there is no such page now."""
    path, _mark, query = named.removeprefix(settings.SITE_URL).partition("?")
    with translation.override(language_of(path)):
        there = {reverse(route) for route in NOT_LISTED}
        there.update(each.location(item) for each in SITEMAPS.values() for item in each.items())
    if path not in there or len(query) > LONG:
        return None
    pairs = parse_qsl(query, keep_blank_values=True)
    known = meant_by(path).keys or ()
    if any(key not in known for key, _value in pairs) or (
        pairs and read_choice(dict(pairs)).problems
    ):
        return None
    return absolute(f"{path}?{urlencode(pairs)}" if pairs else path)
