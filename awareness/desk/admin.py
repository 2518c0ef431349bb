"""The form of an item on the desk: it opens on the draft, and its buttons say what happens."""

from copy import copy

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from . import drafts
from .base import note_of
from .change_form_state import ASK, PUBLISH, SCHEDULE, Sitting
from .compare import compare
from .forms import CONFLICT, DeskForm
from .item_version import Snapshot, relations
from .preview import Previews
from .workflow_views import Steps


class DeskAdmin(Steps, Previews):
    """For a ModelAdmin, before VersionAdmin in its bases."""

    form = DeskForm
    change_form_template = "admin/desk/change_form.html"

    # --- Opening ------------------------------------------------------------------------

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        if "_saveasnew" in request.POST:  # Django takes it for a new item, whatever save_as says
            raise PermissionDenied
        request.sitting = Sitting(self, request)
        if object_id is None:
            self.sit_at_new(request)
        return super().changeform_view(request, object_id, form_url, extra_context)

    def get_object(self, request, object_id, from_field=None):
        item = super().get_object(request, object_id, from_field)
        sitting = getattr(request, "sitting", None)
        if item is None or sitting is None:
            return item
        if request.method == "POST":
            item = sitting.hold(item)
            if item is None:
                return None
        else:
            sitting.draft = drafts.draft_of(item)
        sitting.live = Snapshot.of(item)
        self.show(request, sitting)
        return copy(sitting.shown.item)

    def show(self, request, sitting):
        try:
            sitting.shown = drafts.open_draft(sitting.live, sitting.draft)
        except drafts.Unreadable:
            sitting.shown = sitting.live
            messages.error(
                request,
                _(
                    "The draft of this can no longer be read, so the form shows what is public. "
                    "Discard the draft, or save a new one over it."
                ),
            )

    def sit_at_new(self, request):
        """Reopen the draft of an item that is not in its table yet."""
        number = request.GET.get("draft", "")
        draft = drafts.new_draft(self.model, number) if number else None
        if request.method == "POST":
            request.sitting.hold(draft or self.model())
            draft = request.sitting.draft
        if draft:
            request.sitting.draft = draft
            self.show(request, request.sitting)
        elif number:
            messages.warning(request, _("This draft is gone: it was published or discarded."))

    def get_form(self, request, obj=None, **kwargs):
        form = super().get_form(request, obj, **kwargs)
        return type(form.__name__, (form,), {"sitting": getattr(request, "sitting", None)})

    def get_formset_kwargs(self, request, obj, inline, prefix):
        given = super().get_formset_kwargs(request, obj, inline, prefix)
        shown = request.sitting.shown
        if shown and prefix in shown.inlines:
            given["shown"] = [copy(row) for row in shown.inlines[prefix]]
            given["stamp"] = shown.stamps()[prefix]
        return given

    # --- Saving -------------------------------------------------------------------------

    def save_model(self, request, obj, form, change):
        """With the rows that belong to it, below."""

    def save_related(self, request, form, formsets, change):
        for formset in formsets:
            formset.save(commit=False)  # for the message of what changed
        rows = {formset.prefix: formset.rows() for formset in formsets}
        names = relations(self.model)
        snapshot = Snapshot(form.instance, {name: rows[name] for name in names})
        sitting = request.sitting
        sitting.unchanged = not (form.has_changed() or any(f.has_changed() for f in formsets))
        self.carry_out(request, sitting, snapshot)

    def carry_out(self, request, sitting, snapshot):
        flow, action, draft = sitting.flow, sitting.action, sitting.draft
        names = {"title": snapshot.item}
        if action == PUBLISH:
            if sitting.unchanged and sitting.is_public and not draft:
                sitting.said = _("Nothing was changed, so there is nothing to publish.")
                return
            flow.perform("publish", snapshot=snapshot, check=False)
            sitting.said = self.said_of_publishing(snapshot.item) % names
            return
        written = None if draft and draft.contributor_ids and sitting.unchanged else snapshot
        if action == ASK and not (draft and draft.apply_at and written is None):
            flow.perform("ask", note=note_of(request), snapshot=written)
        elif action == SCHEDULE:
            at = sitting.moment.cleaned_data["at"]
            flow.perform("schedule", at=at, snapshot=written)
        elif written:
            flow.perform("save", snapshot=written)
        sitting.draft = draft = flow.draft
        if draft is None:
            sitting.said = _("This is what the public sees already, so there is no draft of it.")
        elif action in (ASK, SCHEDULE) and draft.apply_at:  # perhaps agreed to by somebody before
            names["when"] = drafts.in_local_words(draft.apply_at)
            sitting.said = _("On %(when)s, “%(title)s” will change.") % names
        elif action == ASK:
            sitting.said = _("“%s” waits for a review. The public sees no change.") % snapshot.item
        else:
            said = _("The draft of “%s” was saved. The public sees no change.")
            sitting.said = said % snapshot.item

    def said_of_publishing(self, item):
        if hasattr(item, "state"):
            return {
                "live": _("“%(title)s” is published: everybody can see it."),
                "scheduled": _("“%(title)s” will be published at its publish time."),
                "expired": _("“%(title)s” was saved, but its expiry time is over: nobody sees it."),
            }[item.state().value]
        return _("“%(title)s” is published: everybody can see it.")

    def log_addition(self, request, obj, message):
        """Everything that happens on the desk stands in the audit list already."""

    def log_change(self, request, obj, message):
        """As above."""

    def response_add(self, request, obj, post_url_continue=None):
        return self.response_change(request, obj)

    def response_change(self, request, obj):
        messages.success(request, request.sitting.said)
        sitting = request.sitting
        if sitting.action == ASK:
            return self.go(request, "changelist")
        return self.go(request, "change", obj) if obj.pk else redirect(sitting.draft.url)

    # --- What the form shows ------------------------------------------------------------

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        sitting = request.sitting
        may_publish = self.has_publish_permission(request)
        context |= {
            "sitting": sitting,
            "draft": sitting.draft,
            "stamps": sitting.stamps,
            "has_publish_permission": may_publish,
            "may_publish": may_publish and not sitting.waits_for_second,
            "waits_for_second": may_publish and sitting.waits_for_second,
            "desk_id": obj.pk if obj else sitting.draft and sitting.draft.object_id,
            "note": request.POST.get("_note", ""),
            "moment": sitting.moment,
            "is_out_of_reach": sitting.is_out_of_reach,
            # Whoever was refused has their text in it, and can send it again when they may.
            "may_write": (add or self.has_change_permission(request, obj))
            and (request.method == "POST" or not sitting.is_out_of_reach),
        }
        if sitting.draft and sitting.draft.copy and sitting.live:
            context["differences"] = compare(sitting.live, sitting.shown)
        if change and self.is_overtaken(context):
            mine = Snapshot(
                obj, {f.formset.prefix: f.formset.rows() for f in context["inline_admin_formsets"]}
            )
            context["overtaken"] = {
                "changes": compare(sitting.shown, mine),
                "who": sitting.saved_last_by,
            }
        return super().render_change_form(request, context, add, change, form_url, obj)

    def is_overtaken(self, context):
        form = context["adminform"].form
        sets = [inline.formset for inline in context["inline_admin_formsets"]]
        return form.is_bound and (
            form.has_error("__all__", CONFLICT)
            or any(e.code == CONFLICT for s in sets for e in s.non_form_errors().as_data())
        )
