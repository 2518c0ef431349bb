"""Publish, schedule or unpublish several items of a list as one, after a page that says what will
happen: all of them in one transaction, or none."""

import uuid
from contextlib import nullcontext

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from awareness.content.publishing import State
from awareness.content.transactions import writing

from . import drafts
from .checker import notes_of
from .forms import MomentForm
from .item_version import ItemVersion
from .workflow import Workflow

STOPS = None  # instead of whether anything happens: with this one, nothing happens to any


class Refused(Exception):
    """Ends the transaction of the request."""


class BulkActions:
    """For the DeskAdmin of a model with states."""

    actions = ["publish_selected", "unpublish_selected"]

    def changelist_view(self, request, extra_context=None):
        request.is_list = True
        try:
            with writing(request):
                return super().changelist_view(request, extra_context)
        except Refused as refused:
            messages.error(request, refused)
            return redirect(request.get_full_path())

    def create_revision(self, request):
        """None of reversion's around a list: each item has one of its own, with its own words."""
        return nullcontext() if hasattr(request, "is_list") else super().create_revision(request)

    @admin.action(description=gettext_lazy("Publish the selected"), permissions=["publish"])
    def publish_selected(self, request, items):
        return self.plan_and_confirm(request, items, "publish", self.what_publishing_does)

    @admin.action(description=gettext_lazy("Unpublish the selected"), permissions=["publish"])
    def unpublish_selected(self, request, items):
        return self.plan_and_confirm(request, items, "unpublish", self.what_unpublishing_does)

    def plan_and_confirm(self, request, items, action, describe):
        confirmed = "_confirmed" in request.POST
        if confirmed:  # all are locked before the first is changed: what was seen is what happens
            drafts.lock(self.model, [item.pk for item in items])
            items = items.all()  # anew
        found = drafts.drafts_of(items)
        plan = [(item, *describe(request, item, found.get(item.pk))) for item in items]
        seen = self.content_hash(items, found)
        schedules = action == "publish" and "_schedule" in request.POST
        moment = MomentForm(request.POST if schedules else None)
        if confirmed and request.POST.get("_seen", seen) != seen:
            messages.warning(request, _("Something was saved in the meantime. Please look again."))
        elif confirmed and not (schedules and not moment.is_valid()):
            return self.carry_out_plan(request, action, plan, moment if schedules else None)
        stopped = any(happens is STOPS for _item, _words, happens in plan)
        name = f"{action}_selected"
        context = {
            "title": str(getattr(type(self), name).short_description),
            "plan": plan,
            "seen": seen,
            "stopped": stopped,
            "anything": not stopped and any(happens for _item, _words, happens in plan),
            "action": name,
            "moment": moment if action == "publish" else None,
            "chosen": request.POST.getlist(admin.helpers.ACTION_CHECKBOX_NAME),
        }
        return self.page(request, "admin/desk/bulk.html", None, context)

    def content_hash(self, items, found):
        """The same as long as nobody saved any of these: what was looked at is what happens."""
        values = [(item.pk, item.updated_at) for item in items]
        values += [(number, draft.saved_at) for number, draft in sorted(found.items())]
        values = repr(values)
        return salted_hmac("awareness.desk.bulk", values, algorithm="sha256").hexdigest()

    def carry_out_plan(self, request, action, plan, moment):
        given = {}
        if moment:
            action, given = "schedule_with", {"at": moment.cleaned_data["at"]}
            given["together"] = uuid.uuid4()
        for item, words, happens in plan:
            if happens is STOPS:
                raise Refused(self.refusal(item, words))
            try:
                if happens:
                    Workflow.apply(action, item, request.user, **given)
            except ValidationError as error:
                raise Refused(self.refusal(item, " ".join(error.messages))) from None
        done = sum(bool(happens) for _item, _words, happens in plan)
        if moment:
            message = ngettext(
                "%(n)d item will be published on %(when)s.",
                "%(n)d items will be published together on %(when)s: all of them, or none.",
                done,
            ) % {"n": done, "when": drafts.in_local_words(given["at"])}
        else:
            message = ngettext("%d item was changed.", "%d items were changed.", done) % done
        messages.success(request, message)

    def refusal(self, item, reason):
        told = _("Nothing was changed, because of “%(title)s”: %(reason)s")
        return told % {"title": item, "reason": reason}

    def what_publishing_does(self, request, item, draft):
        """In words, and whether anything happens."""
        public = drafts.is_public(item)
        if public and not (draft and draft.copy):
            return {
                State.LIVE: (_("Already public: nothing happens."), False),
                State.SCHEDULED: (
                    _("Already set to go public at its publish time: nothing happens."),
                    False,
                ),
                State.EXPIRED: (
                    _("Its expiry time has passed: open it and change that first."),
                    STOPS,
                ),
            }[item.state()]
        if drafts.lacks_second_person(self, request, draft):
            return _("Stays as it is: a second person has to publish it."), STOPS
        try:
            flow = Workflow(item, request.user)
            flow.check_ready(drafts.open_draft(flow.live, flow.draft))
        except ValidationError as error:
            return " ".join(error.messages), STOPS
        notes = self.notes_on(item, draft)
        if errors := [note.message for note in notes if note.is_error]:
            return " ".join(errors), STOPS
        words = _("Becomes public right away.")
        if public:
            words = _("Its draft becomes public right away.")
        elif item.publish_at > timezone.now():
            words = _("Becomes public on %s") % drafts.in_local_words(item.publish_at)
        return " ".join([words, *(note.message for note in notes)]), True

    def notes_on(self, item, draft):
        """What the checker says of it; of a draft that nobody can read, publishing itself does."""
        try:
            return notes_of(self, drafts.open_draft(ItemVersion.of(item), draft))
        except drafts.Unreadable:
            return []

    def what_unpublishing_does(self, request, item, draft):
        if not drafts.is_public(item):
            return _("Already a draft: nothing happens."), False
        words = _("Becomes a draft: the public no longer sees it.")
        if draft:
            words += " " + _("Its working copy is kept in the history.")
        return words, True
