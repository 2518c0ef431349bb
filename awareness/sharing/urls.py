from django.urls import path

from . import views

urlpatterns = [
    path("", views.share, name="share"),
    path("numbers/", views.numbers, name="numbers"),
    path("texts/", views.share_texts, name="share_texts"),
    path("dates.ics", views.awareness_dates, name="share_dates"),
    path("kit.zip", views.share_kit, name="share_kit"),
    *(path(f"qr.{form}", views.qr, {"form": form}, f"qr-{form}") for form in views.CODES),
    path("<slug:sheet>.<slug:form>", views.paper, name="paper"),
]
