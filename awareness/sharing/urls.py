from django.urls import path

from . import views

urlpatterns = [
    path("", views.share, name="share"),
    path("numbers/", views.numbers, name="numbers"),
    *(path(f"qr.{form}", views.qr, {"form": form}, f"qr-{form}") for form in views.CODES),
    path("<slug:sheet>.<slug:form>", views.paper, name="paper"),
]
