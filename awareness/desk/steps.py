"""Buttons beside the form: discard, return, take off the timetable, unpublish."""

import re

from django.contrib import messages
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseNotAllowed
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.translation import gettext as _

from awareness.models import Draft

from . import drafts
from .audit import Kind
from .base import note_of


class Steps:
    """For DeskAdmin."""

    def get_urls(self):
        view = self.admin_site.admin_view(self.step_view)
        name = f"{self.opts.app_label}_{self.opts.model_name}_desk"
        return [path("<path:object_id>/desk/<slug:step>/", view, name=name), *super().get_urls()]

    def step_view(self, request, object_id, step):
        """Discard, return, take off the schedule, unpublish: each a button of its own."""
        steps = {
            "discard": (self.discard, False),
            "return": (self.hand_back, True),
            "unschedule": (self.unschedule, True),
            "unpublish": (self.unpublish, True),
        }
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        item, draft = self.find(request, object_id)
        if item is None and draft is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        do, for_publishers = steps.get(step, (None, True))
        may_write = self.has_change_permission if item else self.has_add_permission
        if do is None or not may_write(request):
            raise PermissionDenied
        if for_publishers and not self.has_publish_permission(request):
            raise PermissionDenied
        if draft is None and step != "unpublish":
            messages.warning(request, _("There is no draft of “%s” any more.") % item)
        else:
            asked = do(request, item or draft, draft)
            if asked:
                return asked
        if item is None:
            return redirect(draft.url if draft.pk else self.address("changelist"))
        return redirect(self.address("change", item))

    def find(self, request, object_id):
        """(item, draft); of a new one that is not in its table, (None, draft)."""
        item = self.get_object(request, object_id)
        if item:
            return item, drafts.draft_of(item)
        kind = ContentType.objects.get_for_model(self.model)
        number = int(object_id) if re.fullmatch(r"-\d{1,18}", object_id) else 0
        return None, Draft.objects.filter(content_type=kind, object_id=number).first()

    def discard(self, request, item, draft):
        if item is not draft and not draft.revision:  # its own rows are the draft
            raise PermissionDenied
        drafts.discard(draft, request.user)
        said = _("The draft of “%s” was discarded. History still has it.")
        if isinstance(item, Draft):  # of a new item, which has no history
            said = _("The draft of “%s” was discarded.")
        messages.success(request, said % item)

    def hand_back(self, request, item, draft):
        note = note_of(request)
        if not note:
            messages.error(request, _("Write what should be changed, then return the draft."))
            return
        drafts.hand_back(draft, request.user, note)
        messages.success(request, _("The draft of “%s” was returned with your note.") % item)

    def unschedule(self, request, item, draft):
        drafts.step(draft, Draft.State.WRITING, None, "")
        drafts.write_down(Kind.CHANGED, request.user, draft, _("Taken off the timetable"))
        messages.success(
            request, _("“%s” will not change by itself now. The draft is kept.") % item
        )

    def unpublish(self, request, item, draft):
        if not hasattr(item, "published"):
            raise PermissionDenied
        if not drafts.is_public(item):
            messages.info(request, _("Is a draft already: nothing happens."))
            return None
        if "_confirmed" not in request.POST:
            return self.confirm_unpublishing(request, item)
        drafts.unpublish(item, request.user)
        messages.success(request, _("“%s” is a draft now: the public no longer sees it.") % item)
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
