"""Buttons beside the form: discard, return, take off the timetable, unpublish."""

import re

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpResponseNotAllowed
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.translation import gettext as _

from . import drafts
from .base import note_of
from .workflow import Scheduled, Workflow


class Steps:
    """For DeskAdmin."""

    def get_urls(self):
        view = self.admin_site.admin_view(self.step_view)
        name = f"{self.opts.app_label}_{self.opts.model_name}_desk"
        return [path("<path:object_id>/desk/<slug:step>/", view, name=name), *super().get_urls()]

    def step_view(self, request, object_id, step):
        """Discard, return, take off the schedule, unpublish: each a button of its own."""
        steps = {
            "discard": self.discard,
            "return": self.hand_back,
            "unschedule": self.unschedule,
            "unpublish": self.unpublish,
        }
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if step not in steps:
            raise PermissionDenied
        target = self.find(request, object_id)
        if target is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        with transaction.atomic():
            flow = Workflow(target, request.user)
            try:
                asked = steps[step](request, flow, target)
            except Scheduled as refused:
                asked = messages.error(request, refused.message)
        if asked:
            return asked
        if flow.item is None:
            return redirect(flow.draft.url) if flow.draft else self.go(request, "changelist")
        return self.go(request, "change", flow.item)

    def find(self, request, object_id):
        """The item; of a new one that is not in its table, its draft."""
        item = self.get_object(request, object_id)
        if item is None and re.fullmatch(r"-\d{1,18}", object_id):
            return drafts.draft_at(self.model, int(object_id))
        return item

    def has_draft(self, request, flow, target):
        if flow.draft is None:
            messages.warning(request, _("There is no draft of “%s” any more.") % target)
        return flow.draft is not None

    def discard(self, request, flow, target):
        if not self.has_draft(request, flow, target):
            return
        if not flow.draft.copy:  # its own rows are the draft
            raise PermissionDenied
        flow.perform("discard")
        said = _("The draft of “%s” was discarded. History still has it.")
        if flow.item is None:  # a new one, which has no history
            said = _("The draft of “%s” was discarded.")
        messages.success(request, said % target)

    def hand_back(self, request, flow, target):
        note = note_of(request)
        flow.check("hand_back")
        if not self.has_draft(request, flow, target):
            return
        if not note:
            messages.error(request, _("Write what should be changed, then return the draft."))
            return
        flow.perform("hand_back", note=note)
        messages.success(request, _("The draft of “%s” was returned with your note.") % target)

    def unschedule(self, request, flow, target):
        flow.check("unschedule")
        if not self.has_draft(request, flow, target):
            return
        if not flow.draft.apply_at:
            messages.warning(request, _("“%s” is not on the timetable any more.") % target)
            return
        flow.perform("unschedule")
        messages.success(
            request, _("“%s” will not change by itself now. The draft is kept.") % target
        )

    def unpublish(self, request, flow, target):
        flow.check("unpublish")
        if not hasattr(flow.item, "published"):
            raise PermissionDenied
        if not drafts.is_public(flow.item):
            messages.info(request, _("Is a draft already: nothing happens."))
            return None
        if "_confirmed" not in request.POST:
            return self.confirm_unpublishing(request, flow.item)
        flow.perform("unpublish")
        messages.success(request, _("“%s” is a draft now: the public no longer sees it.") % target)
        return None

    def confirm_unpublishing(self, request, item):
        request.current_app = self.admin_site.name
        context = {
            **self.admin_site.each_context(request),
            "title": _("Unpublish “%s”") % item,
            "opts": self.opts,
            "original": item,
        }
        return TemplateResponse(request, "admin/desk/unpublish.html", context)

    # --- Deleting -----------------------------------------------------------------------

    def has_delete_permission(self, request, obj=None):
        """Nobody deletes a public help line or figure alone, where the rules ask for two. Hiding a
        wrong number at once stays open to every publisher."""
        if not super().has_delete_permission(request, obj):
            return False
        if obj is None or not drafts.needs_second_person(self, request):  # None: in general
            return True
        return not (drafts.is_public(obj) or drafts.was_hidden_by(obj, request.user))
