"""Every address of the site. What others rely on is listed in docs/architecture.md."""

from django.contrib import admin
from django.contrib.sitemaps.views import sitemap
from django.urls import include, path

from awareness import views
from awareness.public import public
from awareness.sitemaps import SITEMAPS

urlpatterns = [
    path("", views.home, name="home"),
    path("learn/", views.guide, name="guide"),
    path("statistics/", include("stats.urls")),
    path("healthz", views.healthz, name="healthz"),
    path("robots.txt", views.robots, name="robots"),
    path("sitemap.xml", public(sitemap), {"sitemaps": SITEMAPS}, name="sitemap"),
    path("favicon.ico", views.favicon),
    path("admin/", admin.site.urls),
    path("", include("pages.urls")),
]

handler400 = "awareness.errors.bad_request"
handler403 = "awareness.errors.permission_denied"
handler404 = "awareness.errors.page_not_found"
handler500 = "awareness.errors.server_error"
