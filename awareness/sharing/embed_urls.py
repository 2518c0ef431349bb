from django.urls import path

from . import embed_views as views

urlpatterns = [
    path("help/", views.help_lines, name="embed-help"),
    path("figure/<slug:slug>/", views.of_place, {"name": "figure"}, "embed-figure"),
    path("chart/<slug:slug>/", views.of_place, {"name": "chart"}, "embed-chart"),
    path("badge.svg", views.badge, name="embed-badge"),
    path("oembed.json", views.oembed, name="oembed"),
]
