"""A form that saves itself: what somebody types becomes the draft, every few seconds.

static/desk/autosave.js sends it, and is answered in words. It never publishes, and changes nothing
that others rely on: what is scheduled, waits for a review or was saved by somebody else meanwhile
is changed by a button alone. What cannot be saved is kept for whoever typed it (kept.py).
"""

from copy import copy

from django.contrib.admin.options import IS_POPUP_VAR
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import JsonResponse, QueryDict
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from . import drafts, kept
from .cards import name_of
from .forms import is_overtaken
from .item_version import ItemVersion
from .models import Draft
from .presence import others_here
from .workflow import Scheduled


class NotByItself(Exception):
    """Why it was not saved, in a sentence."""


def with_time(sentence):
    """With the hour by the site's clock: the browser's may be a day off."""
    return sentence % {"time": date_format(timezone.localtime(), _("g:i A"))}


class Autosave:
    """For DeskAdmin."""

    saves_itself = True

    def answer(self, request, **given):
        return JsonResponse({"here": others_here(request), **given})

    def autosave(self, request, object_id):
        try:
            with transaction.atomic():
                given = self.save_typed(request, object_id)
        except NotByItself as refused:
            text = kept.keep(request, kept.owner_of(request))
            if text is None:
                return JsonResponse({"message": kept.TOO_LONG}, status=413)
            message = _("%(why)s What you typed is kept for you.") % {"why": refused}
            return self.answer(request, message=message, kept=text.pk)
        return self.answer(request, **given)

    def save_typed(self, request, object_id):
        form_state = request.form_state
        self.open_locked(request, object_id)
        form, sets = self.read_typed(request, form_state.live and copy(form_state.shown.item))
        if is_overtaken(form, sets):
            raise NotByItself(self.whose_conflict(form_state))
        for rows in sets:
            if errors := rows.non_form_errors():
                raise NotByItself(errors[0])
        version = ItemVersion(form.instance, {s.prefix: s.rows() for s in sets})
        opened = form_state.shown or ItemVersion.empty(self.model)
        if version.content_hashes() != opened.content_hashes():
            draft = form_state.flow.save(version, by_itself=True)
            if draft and draft.object_id < 0:
                form_state.shown = drafts.open_draft(None, draft)
            else:
                form_state.shown = drafts.open_draft(form_state.live, draft)
        draft = form_state.flow.draft
        wrong = [pair for f in [form, *(f for s in sets for f in s)] for pair in unread(f)]
        seen = {
            "_seen" if part == "item" else f"_seen_{part}": value
            for part, value in form_state.content_hashes.items()
        }
        sentence = _("Saved %(time)s, all but what is marked:") if wrong else _("Saved %(time)s")
        is_new = draft and draft.object_id < 0
        text = self.keep_unread(request, wrong, seen, f"draft={draft.pk}" if is_new else "")
        return {
            "message": with_time(sentence) if draft or form_state.live or wrong else "",
            "seen": seen,
            "wrong": wrong,
            "kept": text and text.pk,
            "url": draft.url if is_new else "",
        }

    def keep_unread(self, request, wrong, seen, query):
        """What no field could read is in no draft. Of all else there is nothing to keep. ``query``:
        of the address that the form has from now on, where its text is looked for."""
        moves = query not in ("", request.GET.urlencode()) and IS_POPUP_VAR not in request.POST
        text = kept.take(request)
        if text and (moves or not wrong):
            text.delete()
        if moves:
            request.GET = QueryDict(query)
        return kept.keep(request, kept.owner_of(request), seen=seen) if wrong else None

    def open_locked(self, request, object_id):
        """As the form opens, but what keeps it from being saved by itself is said."""
        form_state = request.form_state
        if int(request.META.get("CONTENT_LENGTH") or 0) > kept.MOST_BYTES:
            raise NotByItself
        if object_id is None:
            form_state.draft = self.find_new_draft(request)
            if request.GET.get("draft") and form_state.draft is None:
                raise NotByItself(_("Somebody published or discarded this while you were writing."))
        else:
            item = form_state.lock(self.model(pk=drafts.number_of(object_id)))
            if item is None:
                raise NotByItself(_("Somebody deleted this while you were writing."))
            form_state.live = form_state.flow.live
        try:
            form_state.flow.check("save")
            form_state.shown = drafts.open_draft(form_state.live, form_state.draft)
        except PermissionDenied:
            raise NotByItself(
                _("You may no longer change this. Ask whoever gives roles here.")
            ) from None
        except (Scheduled, drafts.Unreadable) as refused:
            raise NotByItself(refused.message) from None
        if why := self.why_by_button(request, form_state.draft):
            raise NotByItself(why)

    def why_by_button(self, request, draft):
        """Why only whoever presses a button may change this now."""
        if "_overtaken" in request.POST:
            return _("You and somebody else changed this. Press Save draft when yours is right.")
        if draft and draft.apply_at:
            return _("This is scheduled. To change it, press Save draft: that takes it off.")
        if draft and draft.state == Draft.State.REVIEW:
            return _("This waits for a review. To change it, press Save draft.")
        theirs = draft and draft.author_id not in (None, request.user.pk)
        # What is in no table has no history, so nobody writes over it unasked.
        if theirs and (draft.object_id < 0 or drafts.needs_second_person(self, request)):
            return _("Somebody else wrote this draft. To change it, press Save draft.")
        return ""

    def read_typed(self, request, item):
        """The form and its rows, as Django's admin reads them."""
        form_class = self.get_form(request, item, change=item is not None)
        form = form_class(request.POST, instance=item)
        form.is_valid()
        sets = []
        for set_class, inline in self.get_formsets_with_inlines(request, item):
            prefix = set_class.get_default_prefix()
            given = self.get_formset_kwargs(request, form.instance, inline, prefix)
            sets.append(set_class(**given))
        return form, sets

    def whose_conflict(self, form_state):
        who = form_state.saved_last_by
        if who == form_state.request.user:
            return _("You saved this in another window. Press Save draft to see what differs.")
        message = _(
            "%(who)s saved this while you were writing. Press Save draft to see what differs."
        )
        return message % {"who": name_of(who)}


def unread(form):
    """[[id, sentence]] of the fields whose text could not be read, and so is in no draft."""
    return [
        [form[name].id_for_label or form[name].auto_id, f"{form[name].label}: {errors[0]}"]
        for name, errors in form.errors.items()
        if name in form.fields
    ]
