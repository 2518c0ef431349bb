from django.urls import path

from . import views

app_name = "pages"
urlpatterns = [
    path("learn/<slug:slug>/", views.section, name="section"),
    path("for/", views.audiences, name="audiences"),
    path("for/<slug:slug>/", views.section, name="audience"),
    path("questions/", views.questions, name="questions"),
    path("questions/<slug:slug>/", views.section, name="question"),
    path("words/", views.words, name="words"),
    path("updates/", views.updates, name="updates"),
    path("updates/feed.atom", views.updates_feed, name="updates_feed"),
    path("updates/feed.json", views.updates_json_feed, name="updates_json_feed"),
    path("updates/events.ics", views.events, name="events"),
    path("updates/<slug:slug>/", views.update, name="update"),
    path("updates/<slug:slug>/event.ics", views.event, name="event"),
    path("safety/", views.safety, name="safety"),
    path("safety/practice/", views.practice, name="practice"),
    path("help/", views.help_page, name="help"),
    path("help/near/", views.near, name="near"),
    path("help/languages/", views.languages, name="languages"),
    path("donate/", views.donate, name="donate"),
    path("<slug:slug>/", views.page, name="page"),  # last: whatever no other address took
]
