"""Buttons beside the form: discard, return, take off the timetable, unpublish."""

import re

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.shortcuts import redirect
from django.urls import path
from django.utils.translation import gettext as _

from . import drafts
from .base import note_of
from .kept import forget
from .models import Draft
from .workflow import Scheduled, Workflow

ACTIONS = {  # of Workflow, by the word in the address
    "discard": "discard",
    "return": "hand_back",
    "unschedule": "unschedule",
    "unpublish": "unpublish",
    "duplicate": "duplicate",
}


class WorkflowActions:
    """For DeskAdmin."""

    duplicates_by = None  # the field that a copy of an item goes by; None: it is not copied

    def get_urls(self):
        view = self.admin_site.admin_view(self.action_view)
        name = f"{self.opts.app_label}_{self.opts.model_name}_desk"
        return [path("<path:object_id>/desk/<slug:button>/", view, name=name), *super().get_urls()]

    def action_view(self, request, object_id, button):
        if button not in ACTIONS:
            raise PermissionDenied
        target = self.find(request, object_id)
        if target is None:
            return self.gone(request, object_id)
        if request.method != "POST":  # whoever pressed it after the session, and signed in again
            is_new = isinstance(target, Draft)
            return redirect(target.url) if is_new else self.go(request, "change", target)
        do = {"unpublish": self.unpublish, "duplicate": self.duplicate}.get(
            button, self.change_draft
        )
        with transaction.atomic():
            flow = Workflow(target, request.user)
            try:
                flow.check(ACTIONS[button])
                page = do(request, flow, target, button)
            except (Scheduled, drafts.Unreadable) as refused:
                page = messages.error(request, refused.message)
        if page:
            return page
        if flow.item is None:
            return redirect(flow.draft.url) if flow.draft else self.go(request, "changelist")
        return self.go(request, "change", flow.item)

    def find(self, request, object_id):
        """The item; of a new one that is not in its table, its draft."""
        item = self.get_object(request, object_id)
        if item is None and re.fullmatch(r"-\d{1,18}", object_id):
            return drafts.draft_at(self.model, int(object_id))
        return item

    def change_draft(self, request, flow, target, button):
        draft, given = flow.draft, {}
        if draft is None:
            return messages.warning(request, _("There is no longer a draft of “%s”.") % target)
        if button == "discard" and not draft.copy:  # its own rows are the draft
            raise PermissionDenied
        if button == "unschedule" and not draft.apply_at:
            return messages.warning(request, _("“%s” is no longer scheduled.") % target)
        if button == "return":
            given["note"] = note_of(request)
            if not given["note"]:
                message = _("Write what should be changed, then return the draft.")
                return messages.error(request, message)
        form = draft.url
        flow.perform(ACTIONS[button], **given)
        if button == "discard":
            forget(request, form)
        done = {
            "discard": _("The draft of “%s” was discarded. History still has it.")
            if flow.item  # a new one has no history
            else _("The draft of “%s” was discarded."),
            "return": _("The draft of “%s” was returned with your note."),
            "unschedule": _("“%s” will no longer change on its own. The draft is kept."),
        }
        return messages.success(request, done[button] % target)

    def unpublish(self, request, flow, target, button):
        if not hasattr(flow.item, "published"):
            raise PermissionDenied
        if not drafts.is_public(flow.item):
            return messages.info(request, _("Already a draft: nothing happens."))
        if "_confirmed" not in request.POST:
            return self.confirm_unpublishing(request, flow.item)
        flow.perform("unpublish")
        message = _("“%s” is now a draft. The public no longer sees it.")
        return messages.success(request, message % target)

    def duplicate(self, request, flow, target, button):
        if not (self.duplicates_by and flow.item):
            raise PermissionDenied
        twin = flow.perform("duplicate", name=self.duplicates_by)
        message = _("This is a copy of “%s”, and a draft. Change its title and address.")
        messages.success(request, message % target)
        return self.go(request, "change", twin.item) if twin.item else redirect(twin.draft.url)

    def confirm_unpublishing(self, request, item):
        context = {"title": _("Unpublish “%s”") % item}
        return self.page(request, "admin/desk/unpublish.html", item, context)

    # --- Deleting -----------------------------------------------------------------------

    def has_delete_permission(self, request, obj=None):
        """Nobody deletes a public help line or figure alone, where the rules ask for two. Hiding a
        wrong number at once stays open to every publisher."""
        if not super().has_delete_permission(request, obj):
            return False
        if obj is None or not drafts.needs_second_person(self, request):  # None: in general
            return True
        return not (drafts.is_public(obj) or drafts.was_hidden_by(obj, request.user))
