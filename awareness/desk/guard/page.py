"""The changes of a week on the first page, and the page of one of them, with the way back."""

import datetime
from contextlib import suppress
from dataclasses import dataclass

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from awareness.desk.audit_admin import form_address
from awareness.models import Notice
from awareness.publishing import publish_right

from . import back, guarded
from .watch import look
from .words import by_whom, changes, in_words, on_one_line, sentence

WEEK = datetime.timedelta(days=7)
LARGEST = 2**63
MOST = 50  # of a week's changes


@dataclass
class Entry:
    """A notice with all that is said of it. ``now``: back.now() of its model."""

    notice: Notice
    now: dict
    is_newest: bool = True

    @property
    def key(self):
        return self.notice.content_type_id, self.notice.object_id

    @property
    def title(self):
        return on_one_line(self.notice.title)

    @property
    def sentence(self):
        return sentence(self.notice)

    @property
    def by_whom(self):
        return by_whom(self.notice)

    @property
    def changes(self):
        return in_words(self.notice)

    @property
    def in_short(self):
        """For the first page: of an item that came or went, its number is enough."""
        came_or_went = self.notice.before is None or self.notice.after is None
        return in_words(self.notice, in_short=came_or_went)

    @property
    def found(self):
        return back.current(self.notice, self.now)

    @property
    def is_back(self):
        return back.same(self.notice, self.found, back.goal(self.notice))

    @property
    def is_as_changed(self):
        """Whether nothing has happened to it since."""
        return self.is_newest and back.same(self.notice, self.found, self.notice.after)

    @property
    def stamp(self):
        return back.stamp(self.notice, self.found)

    @property
    def mail(self):
        return of_the_mail(self.notice.letter)


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


def watched(user):
    return [model for model in guarded() if user.has_perm(publish_right(model))]


def week(user, at=None):
    """The changes of the last seven days, newest first, for who may return them. Two questions
    when there are any."""
    at = at or timezone.now()
    labels = {model._meta.label_lower for model in watched(user)}
    if not labels:
        return []
    notices = Notice.objects.filter(at__gt=at - WEEK, at__lte=at)
    notices = notices.select_related("content_type", "letter")
    entries, seen, now = [], set(), {}
    for notice in notices:
        model = notice.model
        if model is None or model._meta.label_lower not in labels:
            continue
        if model not in now:
            now[model] = back.now(model, at)
        entry = Entry(notice, now[model])
        entry.is_newest = entry.key not in seen
        seen.add(entry.key)
        entries.append(entry)
    return entries


def card(user, at=None):
    """For the first page; None when there is nothing to say."""
    entries = week(user, at)
    if not entries:
        return None
    shown = most_telling(entries)
    return {
        "entries": shown,
        "number": len(entries),
        "more": len(entries) - len(shown),
        "sends_mail": settings.SENDS_MAIL,
    }


def most_telling(entries):
    """All of them, in any usual week. Nobody hides a change behind a thousand others: the newest
    and the oldest of each item are always there."""
    ends = {}
    for entry in entries:
        newest, _oldest = ends.get(entry.key, (entry, None))
        ends[entry.key] = newest, entry
    chosen = {one.notice.pk for pair in ends.values() for one in pair}
    chosen |= {entry.notice.pk for entry in entries[:MOST]}
    return [entry for entry in entries if entry.notice.pk in chosen]


def view(site, request, number):
    """Reading: what changed, and what the button would do. Sending: do it."""
    if number >= LARGEST:
        raise Http404
    notice = get_object_or_404(Notice.objects.select_related("content_type", "letter"), pk=number)
    model = notice.model
    if model is None or not request.user.has_perm(publish_right(model)):
        raise PermissionDenied
    if request.method == "POST":
        return give_back(request, notice)
    entry = Entry(notice, back.now(model))
    there = notice.object_id and model._base_manager.filter(pk=notice.object_id).exists()
    goal = back.goal(notice)
    context = {
        **site.each_context(request),
        "title": _("What changed: %(title)s") % {"title": on_one_line(notice.title)},
        "opts": model._meta,
        "entry": entry,
        "would_change": changes(model, notice.kind, entry.found, goal),
        "change_url": form_address(model, notice.object_id) if there else "",
        "history_url": history_address(model, notice.object_id) if there else "",
    }
    request.current_app = site.name
    return TemplateResponse(request, "admin/desk/guard.html", context)


def history_address(model, number):
    names = model._meta.app_label, model._meta.model_name
    return reverse("admin:{}_{}_history".format(*names), args=[number])


def give_back(request, notice):
    try:
        back.give_back(notice, request.user, request.POST.get("seen", ""))
    except back.NotReturned as refused:
        messages.warning(request, str(refused))
        return redirect("admin:guard", notice.pk)
    said = _("“%(title)s” is again what it was before: the public sees that now.")
    messages.success(request, said % {"title": on_one_line(notice.title)})
    with suppress(DatabaseError):  # then the keeper does it in a second
        look()  # so that it stands on the page to which this leads
    return redirect("admin:index")
