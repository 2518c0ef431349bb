"""What search engines are told of: every live page, under its public address."""

from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.urls import reverse

from pages.models import Section, Update
from stats.models import Place


class PublicSitemap(Sitemap):
    i18n = alternates = x_default = True
    protocol = urlsplit(settings.SITE_URL).scheme

    def get_domain(self, site=None):
        return urlsplit(settings.SITE_URL).netloc


class FixedPages(PublicSitemap):
    def items(self):
        return [
            "home",
            "guide",
            "pages:help",
            "stats:overview",
            "pages:updates",
            "pages:donate",
            "pages:safety",
        ]

    def location(self, item):
        return reverse(item)


class Rows(PublicSitemap):
    """The live rows of one queryset; those that keep a date of change tell it."""

    def __init__(self, rows):
        self.rows = rows

    def items(self):
        return self.rows()

    def lastmod(self, item):
        return getattr(item, "updated_at", None)


SITEMAPS = {
    "pages": FixedPages(),
    "sections": Rows(lambda: Section.objects.live().exclude(kind=Section.Kind.SAFETY).headings()),
    "updates": Rows(lambda: Update.objects.live()),
    "places": Rows(lambda: Place.objects.all()),
}
