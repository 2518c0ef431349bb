from django.urls import path

from . import views

app_name = "pages"
urlpatterns = [
    path("learn/<slug:slug>/", views.section, name="section"),
    path("updates/", views.updates, name="updates"),
    path("updates/feed.atom", views.updates_feed, name="updates_feed"),
    path("updates/<slug:slug>/", views.update, name="update"),
    path("safety/", views.safety, name="safety"),
    path("safety/practice/", views.practice, name="practice"),
    path("help/", views.help_page, name="help"),
    path("donate/", views.donate, name="donate"),
    path("<slug:slug>/", views.page, name="page"),  # last: whatever no other address took
]
