"""The lines that were changed within a week on the first page, and the page of one of them, with
the way back."""

import datetime
from contextlib import suppress

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from awareness.desk.audit_admin import form_address
from awareness.models import Notice
from awareness.publishing import publish_right

from . import back, guarded
from .alarms import Alarm, open_notices, seen_now
from .watch import look
from .words import by_whom, changes, in_words, on_one_line, sentence, way_back

WEEK = datetime.timedelta(days=7)
LARGEST = 2**63


class Entry(Alarm):
    """An alarm with all that is said of it."""

    @property
    def title(self):
        return on_one_line(self.newest.title)

    @property
    def sentence(self):
        return sentence(self.newest)

    @property
    def by_whom(self):
        return "; ".join(dict.fromkeys(map(by_whom, reversed(self.notices))))

    @property
    def changes(self):
        return changes(self.model, self.newest.kind, self.before, self.found)

    @property
    def in_short(self):
        """For the first page: of an item that came or went, its number is enough."""
        came_or_went = self.before is None or self.found is None
        return changes(self.model, self.newest.kind, self.before, self.found, came_or_went)

    @cached_property
    def way_back(self):
        return way_back(self)

    @property
    def mail(self):
        said = (of_the_mail(notice.letter) for notice in reversed(self.notices))
        return next(filter(None, said), "")


def of_the_mail(letter):
    """What staff should know of it; "" when it went out, or is about to."""
    if not settings.SENDS_MAIL:
        return ""  # said once, for all
    if not letter.left:
        return "" if letter.sent else _("Nobody was told by e-mail: no publisher has an address.")
    names = {"number": len(letter.left), "all": len(letter.left) + letter.sent}
    if letter.due_at is None:
        return (
            _(
                "The e-mail did not reach %(number)d of %(all)d publishers: tell them yourself, "
                "and ask whoever looks after the server."
            )
            % names
        )
    if letter.tries:
        return (
            _(
                "The e-mail has not reached %(number)d of %(all)d publishers yet: it is sent again "
                "by itself."
            )
            % names
        )
    return ""


def week(user, at=None):
    """The lines that were changed in the last seven days, the newest first, for who may return
    them. Two questions when there are any."""
    at = at or timezone.now()
    found, now = {}, {}
    if any(user.has_perm(publish_right(model)) for model in guarded()):
        notices = Notice.objects.filter(confirmed=False, at__lte=at).order_by("at", "pk")
        for notice in notices.select_related("content_type", "letter"):
            found.setdefault((notice.model, notice.object_id), []).append(notice)
    entries = []
    for (model, _number), notices in found.items():
        if notices[-1].at <= at - WEEK or not (model and user.has_perm(publish_right(model))):
            continue
        if model not in now:
            now[model] = seen_now(model, at)
        entries.append(Entry(notices, now[model]))
    entries.sort(key=lambda entry: (entry.newest.at, entry.newest.pk), reverse=True)
    return [entry for entry in entries if not entry.is_back]


def card(user, at=None):
    """For the first page; None when there is nothing to say."""
    entries = week(user, at)
    return {"entries": entries, "sends_mail": settings.SENDS_MAIL} if entries else None


def view(site, request, number):
    """Reading: what changed, and what the button would do. Sending: do it."""
    if number >= LARGEST:
        raise Http404
    notice = get_object_or_404(Notice.objects.select_related("content_type", "letter"), pk=number)
    model = notice.model
    if model is None or not request.user.has_perm(publish_right(model)):
        raise PermissionDenied
    if request.method == "POST":
        return answer(request, notice)
    notices = list(open_notices(notice))
    entry = Entry(notices or [notice], seen_now(model))
    is_open = bool(notices) and not entry.is_back
    there = notice.object_id and model._base_manager.filter(pk=notice.object_id).exists()
    context = {
        **site.each_context(request),
        "title": _("What changed: %(title)s") % {"title": on_one_line(notice.title)},
        "opts": model._meta,
        "entry": entry,
        "is_open": is_open,
        "changes": entry.changes if is_open else in_words(notice),
        "change_url": form_address(model, notice.object_id) if there else "",
        "history_url": history_address(model, notice.object_id) if there else "",
    }
    request.current_app = site.name
    return TemplateResponse(request, "admin/desk/guard.html", context)


def history_address(model, number):
    names = model._meta.app_label, model._meta.model_name
    return reverse("admin:{}_{}_history".format(*names), args=[number])


def answer(request, notice):
    is_meant = "meant" in request.POST
    do = back.confirm if is_meant else back.give_back
    try:
        noticed()  # what they saw may have come a moment ago, and is part of what they answer
        do(notice, request.user, request.POST.get("seen", ""))
    except back.NotReturned as refused:
        messages.warning(request, str(refused))
        return redirect("admin:guard", notice.pk)
    if is_meant:
        said = _("“%(title)s” stays as it is, since that was meant.")
    else:
        said = _("“%(title)s” is again what it was before: the public sees that now.")
    messages.success(request, said % {"title": on_one_line(notice.title)})
    noticed()  # so that it stands on the page to which this leads
    return redirect("admin:index")


def noticed():
    with suppress(DatabaseError):  # then the keeper does it in a second
        look()
