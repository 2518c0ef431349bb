from django.urls import path

from . import downloads, press, views

app_name = "stats"
urlpatterns = [
    path("", views.overview, name="overview"),
    path("changes/", views.changed, name="changes"),
    *(path(f"data.{form}", views.data, {"form": form}, f"data-{form}") for form in downloads.FORMS),
    *(path(f"chart.{form}", views.chart, {"form": form}, f"chart-{form}") for form in press.FORMS),
    path("<slug:slug>/", views.place, name="place"),
]
