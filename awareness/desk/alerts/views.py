"""The help lines that were changed within a week, on the first page, with the way back."""

import datetime

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone

from awareness.content.publishing import publish_right
from awareness.desk.alerts.models import Baseline

from . import guarded, revert
from .emails import recipients
from .sentences import describe

WEEK = datetime.timedelta(days=7)


def week(user, at=None):
    """The alerts of the last seven days, the newest first, for who may return them."""
    at = at or timezone.now()
    if not any(user.has_perm(publish_right(model)) for model in guarded()):
        return []
    found = Baseline.objects.filter(changed_at__gt=at - WEEK, changed_at__lte=at)
    return [
        alert
        for alert in found.order_by("-changed_at", "-pk")
        if user.has_perm(publish_right(alert.model)) and not alert.is_back(at)
    ]


def card(user, at=None):
    """For the first page; None when there is nothing to say."""
    alerts = week(user, at)
    return alerts and {
        "entries": [describe(alert) for alert in alerts],
        "sends_mail": settings.SENDS_MAIL,
        "has_recipients": recipients(alerts[0].model).exists(),
    }


def view(request, number):
    """What is done with the alert of one line."""
    alert = get_object_or_404(Baseline, pk=number)
    if not request.user.has_perm(publish_right(alert.model)):
        raise PermissionDenied
    if request.method == "POST":
        do = revert.confirm if "meant" in request.POST else revert.revert_change
        is_done, message = revert.answer(do, alert, request.user, request.POST.get("seen", ""))
        messages.add_message(request, messages.SUCCESS if is_done else messages.WARNING, message)
    return redirect("admin:index")
