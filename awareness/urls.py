"""Every address of the site."""

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.contrib.sitemaps.views import sitemap
from django.urls import include, path

from awareness import health, views
from awareness.content.pictures import FOLDER
from awareness.links.targets import link_targets
from awareness.sharing.views import go, preview
from awareness.sitemaps import SITEMAPS
from awareness.web.public import public
from awareness.web.security_txt import PATH as SECURITY_TXT

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("robots.txt", views.robots, name="robots"),
    path("llms.txt", views.llms),
    path("sitemap.xml", public(sitemap), {"sitemaps": SITEMAPS}, name="sitemap"),
    path("favicon.ico", views.favicon),
    path(SECURITY_TXT, views.security_contact),
    path("security.txt", views.old_security_contact),
    path(f"media/{FOLDER}/<str:name>", views.picture),
    path("share/preview.png", preview, name="preview"),
    path("admin/", admin.site.admin_view(views.dashboard)),
    path("admin/link-targets/", admin.site.admin_view(link_targets), name="link_targets"),
    path("admin/", admin.site.urls),
    *i18n_patterns(
        path("", views.home, name="home"),
        path("learn/", views.guide, name="guide"),
        path("learn/all/", views.guide_all, name="guide_all"),
        path("search/", views.search_page, name="search"),
        path("share/", include("awareness.sharing.urls")),
        path("go/<slug:slug>/", go, name="go"),
        path("embed/", include("awareness.sharing.embed_urls")),
        path("accounts/", include("awareness.accounts.urls")),
        path("statistics/changes/feed.atom", views.changes_feed, name="changes_feed"),
        path("statistics/", include("stats.urls")),
        path("", include("pages.urls")),
        prefix_default_language=False,
    ),
]

handler400 = "awareness.errors.bad_request"
handler403 = "awareness.errors.permission_denied"
handler404 = "awareness.errors.page_not_found"
handler429 = "awareness.errors.too_many"
handler500 = "awareness.errors.server_error"
