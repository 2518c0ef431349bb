"""The form of an item on the desk: it opens on the draft, and its buttons say what happens."""

from copy import copy

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from . import drafts
from .autosave import Autosave
from .base import ON_A_PAGE, note_of
from .change_form_state import ASK, AUTOSAVE, PUBLISH, SCHEDULE, ChangeFormState
from .compare import compare
from .forms import DeskForm, is_overtaken
from .item_version import ItemVersion, relations, title_of
from .models import Draft
from .preview_views import Noticed, Previews
from .workflow_views import WorkflowActions


class DeskAdmin(WorkflowActions, Autosave, Previews):
    """For a ModelAdmin, before VersionAdmin in its bases."""

    form = DeskForm
    change_form_template = "admin/desk/change_form.html"

    def changelist_view(self, request, extra_context=None):
        """With the drafts that are in no table, and so in no list."""
        unlisted = drafts.unlisted(self.model).defer("copy").order_by("-saved_at")
        given = {"unlisted": unlisted[:ON_A_PAGE]}
        return super().changelist_view(request, given | (extra_context or {}))

    # --- Opening ------------------------------------------------------------------------

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        if "_saveasnew" in request.POST:  # Django takes it for a new item, whatever save_as says
            raise PermissionDenied
        request.form_state = ChangeFormState(self, request)
        if request.method == "POST" and request.form_state.action == AUTOSAVE:
            return self.autosave(request, object_id)
        given = object_id, form_url, extra_context
        try:
            return self.open_form(request, *given)
        except Noticed as stopped:  # by the checker: the form says so
            request.form_state = ChangeFormState(self, request, notes=stopped.notes)
            return self.open_form(request, *given)

    def open_form(self, request, object_id, *given):
        if object_id is None:
            if moved := self.moved_draft(request):
                return redirect(moved.url)
            self.open_new_draft(request)
        return super().changeform_view(request, object_id, *given)

    def moved_draft(self, request):
        """What was begun here, and has its row by now."""
        number = drafts.number_of(request.GET.get("draft", ""))
        if request.method == "POST" or number is None:
            return None
        return Draft.objects.of(self.model).filter(pk=number, object_id__gt=0).first()

    def get_object(self, request, object_id, from_field=None):
        item = super().get_object(request, object_id, from_field)
        form_state = getattr(request, "form_state", None)
        if item is None or form_state is None:
            return item
        if request.method == "POST":
            item = form_state.lock(item)
            if item is None:
                return None
        else:
            form_state.draft = drafts.draft_of(item)
        form_state.live = ItemVersion.of(item)
        self.show(request, form_state)
        return copy(form_state.shown.item)

    def show(self, request, form_state):
        try:
            form_state.shown = drafts.open_draft(form_state.live, form_state.draft)
        except drafts.Unreadable:
            form_state.shown = form_state.live
            messages.error(
                request,
                _(
                    "This draft can no longer be read, so the form shows what is public. "
                    "Discard the draft, or save a new one over it."
                ),
            )

    def open_new_draft(self, request):
        """Reopen the draft of an item that is not in its table yet."""
        request.form_state.draft = self.find_new_draft(request)
        if request.form_state.draft:
            self.show(request, request.form_state)
        elif "draft" in request.GET:
            messages.warning(request, _("This draft is gone: it was published or discarded."))

    def find_new_draft(self, request):
        """Until the answer to the first time that it is saved has come, the form knows the number
        alone that it has given it."""
        draft = drafts.new_draft(self.model, request.GET.get("draft", ""))
        if request.method != "POST":
            return draft
        begun = drafts.first_of(self.model, request.POST.get("_number", ""))
        request.form_state.lock(draft or begun or self.model())
        return request.form_state.draft

    def get_form(self, request, obj=None, **kwargs):
        form = super().get_form(request, obj, **kwargs)
        return type(form.__name__, (form,), {"form_state": getattr(request, "form_state", None)})

    def get_formset_kwargs(self, request, obj, inline, prefix):
        given = super().get_formset_kwargs(request, obj, inline, prefix)
        shown = request.form_state.shown
        if shown and prefix in shown.inlines:
            given["shown"] = [copy(row) for row in shown.inlines[prefix]]
            given["content_hash"] = shown.content_hashes()[prefix]
        return given | {"form_state": request.form_state}

    # --- Saving -------------------------------------------------------------------------

    def save_model(self, request, obj, form, change):
        """With the rows that belong to it, below."""

    def save_related(self, request, form, formsets, change):
        for formset in formsets:
            formset.save(commit=False)  # for the message of what changed
        rows = {formset.prefix: formset.rows() for formset in formsets}
        names = relations(self.model)
        version = ItemVersion(form.instance, {name: rows[name] for name in names})
        form_state = request.form_state
        if hasattr(version.item, "before_saving"):
            version.item.before_saving()
        self.ask_about_notes(form_state, version)
        form_state.unchanged = not (form.has_changed() or any(f.has_changed() for f in formsets))
        self.carry_out(request, form_state, version)

    def carry_out(self, request, form_state, version):
        flow, action, draft = form_state.flow, form_state.action, form_state.draft
        names = {"title": title_of(version.item)}
        if action == PUBLISH:
            if form_state.unchanged and form_state.is_public and not draft:
                message = _("Nothing was changed, so there is nothing to publish.")
            else:
                flow.perform("publish", version=version, check=False)
                message = self.message_of_publishing(version.item)
            form_state.message = message % names
            return
        is_there = draft and draft.contributor_ids and form_state.unchanged
        # Its own draft that was saved by itself becomes rows, which lists have.
        is_mine = draft and draft.copy and flow.may_be_rows and draft.author_id == request.user.pk
        written = None if is_there and not is_mine else version
        if action == ASK and not (draft and draft.apply_at and written is None):
            flow.perform("ask", note=note_of(request), version=written)
        elif action == SCHEDULE:
            at = form_state.moment.cleaned_data["at"]
            flow.perform("schedule", at=at, version=written)
        elif written:
            flow.perform("save", version=written)
        form_state.draft = draft = flow.draft
        if draft is None:
            message = _("The public already sees exactly this, so no draft was saved.")
        elif action in (ASK, SCHEDULE) and draft.apply_at:  # perhaps agreed to by somebody before
            names["when"] = drafts.in_local_words(draft.apply_at)
            message = _("On %(when)s, “%(title)s” will change.")
        elif action == ASK:
            message = _("“%(title)s” waits for a review. The public sees no change.")
        else:
            message = _("The draft of “%(title)s” was saved. The public sees no change.")
        form_state.message = message % names

    def message_of_publishing(self, item):
        state = item.state().value if hasattr(item, "state") else "live"
        return {
            "live": _("“%(title)s” is published: everybody can see it."),
            "scheduled": _("“%(title)s” will be published at its publish time."),
            "expired": _(
                "“%(title)s” was saved, but its expiry time has passed, so nobody sees it."
            ),
        }[state]

    def log_addition(self, request, obj, message):
        """Everything that happens on the desk stands in the audit list already."""

    def log_change(self, request, obj, message):
        """As above."""

    def response_add(self, request, obj, post_url_continue=None):
        return self.response_change(request, obj)

    def response_change(self, request, obj):
        messages.success(request, request.form_state.message)
        form_state = request.form_state
        if form_state.action == ASK:
            return self.go(request, "changelist")
        return self.go(request, "change", obj) if obj.pk else redirect(form_state.draft.url)

    # --- What the form shows ------------------------------------------------------------

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        form_state = request.form_state
        may_publish = self.has_publish_permission(request)
        waits_for_second = may_publish and form_state.lacks_second_person()
        context |= {
            "form_state": form_state,
            "draft": form_state.draft,
            "content_hashes": form_state.content_hashes,
            "has_publish_permission": may_publish,
            "may_publish": may_publish and not waits_for_second,
            "waits_for_second": waits_for_second,
            "desk_id": obj.pk if obj else form_state.draft and form_state.draft.object_id,
            "number": request.POST.get("_number") or str(drafts.new_number()),
            "note": request.POST.get("_note", ""),
            "moment": form_state.moment,
            "is_out_of_reach": form_state.is_out_of_reach,
            # Whoever was refused has their text in it, and can send it again when they may.
            "may_write": (add or self.has_change_permission(request, obj))
            and (request.method == "POST" or not form_state.is_out_of_reach),
        }
        context["steps"] = self.steps(request, form_state)
        if form_state.draft and form_state.draft.copy and form_state.is_public:
            context["differences"] = compare(form_state.live, form_state.shown)
        form = context["adminform"].form
        sets = [inline.formset for inline in context["inline_admin_formsets"]]
        if form.is_bound and is_overtaken(form, sets):
            mine = ItemVersion(form.instance, {rows.prefix: rows.rows() for rows in sets})
            context["overtaken"] = {
                "changes": compare(form_state.shown, mine),
                "who": form_state.saved_last_by,
            }
        return super().render_change_form(request, context, add, change, form_url, obj)

    def steps(self, request, form_state):
        """{what can be done with it beside saving: the words of its button}."""
        if not self.has_change_permission(request):
            return {}
        copies = self.duplicates_by and form_state.live and self.has_add_permission(request)
        draft, state = form_state.draft, form_state.draft and form_state.draft.state
        publisher = self.has_publish_permission(request)
        may = {
            "return": publisher and state == Draft.State.REVIEW and draft.author != request.user,
            "unschedule": publisher and state == Draft.State.SCHEDULED,
            "discard": draft
            and draft.copy
            and not form_state.is_out_of_reach
            and drafts.may_discard(draft, request.user),
            "unpublish": publisher and form_state.is_public and hasattr(self.model, "state"),
            "duplicate": copies,
        }
        words = {
            "return": _("Return it with this note"),
            "unschedule": _("Cancel the schedule"),
            "discard": _("Discard the draft"),
            "unpublish": _("Unpublish"),
            "duplicate": _("Duplicate"),
        }
        return {step: words[step] for step in may if may[step]}
