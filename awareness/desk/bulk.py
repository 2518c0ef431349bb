"""Publish or unpublish several items of a list, after a page that says what will happen."""

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from awareness.content.publishing import State

from . import drafts
from .checker import notes_of
from .item_version import ItemVersion
from .workflow import Workflow, lock


class BulkActions:
    """For the DeskAdmin of a model with states."""

    actions = ["publish_selected", "unpublish_selected"]

    @admin.action(description=gettext_lazy("Publish the selected"), permissions=["publish"])
    def publish_selected(self, request, items):
        return self.plan_and_confirm(request, items, "publish", self.what_publishing_does)

    @admin.action(description=gettext_lazy("Unpublish the selected"), permissions=["publish"])
    def unpublish_selected(self, request, items):
        return self.plan_and_confirm(request, items, "unpublish", self.what_unpublishing_does)

    def plan_and_confirm(self, request, items, action, describe):
        confirmed = "_confirmed" in request.POST
        if confirmed:  # all are locked before the first is changed: what was seen is what happens
            lock(self.model, [item.pk for item in items])
            items = items.all()  # anew
        found = drafts.drafts_of(items)
        plan = [(item, *describe(request, item, found.get(item.pk))) for item in items]
        seen = self.content_hash(items, found)
        if confirmed:
            if request.POST.get("_seen", seen) == seen:
                return self.carry_out_plan(request, action, plan)
            messages.warning(request, _("Something was saved in the meantime. Please look again."))
        name = f"{action}_selected"
        context = {
            "title": str(getattr(type(self), name).short_description),
            "plan": plan,
            "seen": seen,
            "anything": any(happens for _item, _words, happens in plan),
            "action": name,
            "chosen": request.POST.getlist(admin.helpers.ACTION_CHECKBOX_NAME),
        }
        return self.page(request, "admin/desk/bulk.html", None, context)

    def content_hash(self, items, found):
        """The same as long as nobody saved any of these: what was looked at is what happens."""
        values = [(item.pk, item.updated_at) for item in items]
        values += [(number, draft.saved_at) for number, draft in sorted(found.items())]
        values = repr(values)
        return salted_hmac("awareness.desk.bulk", values, algorithm="sha256").hexdigest()

    def carry_out_plan(self, request, action, plan):
        done = 0
        for item, _words, happens in plan:
            try:
                if happens:
                    Workflow.apply(action, item, request.user)
                    done += 1
            except ValidationError as error:
                names = {"title": item, "reason": " ".join(error.messages)}
                message = _("“%(title)s” stays as it is: %(reason)s")
                messages.error(request, message % names)
        message = ngettext("%d item was changed.", "%d items were changed.", done)
        messages.success(request, message % done)

    def what_publishing_does(self, request, item, draft):
        """In words, and whether anything happens."""
        public = drafts.is_public(item)
        if public and not (draft and draft.copy):
            state = {
                State.LIVE: _("Already public: nothing happens."),
                State.SCHEDULED: _(
                    "Already set to go public at its publish time: nothing happens."
                ),
                State.EXPIRED: _("Its expiry time has passed: open it and change that first."),
            }
            return state[item.state()], False
        if drafts.lacks_second_person(self, request, draft):
            return _("Stays as it is: a second person has to publish it."), False
        notes = self.notes_on(item, draft)
        if errors := [note.message for note in notes if note.is_error]:
            return _("Stays as it is: %s") % " ".join(errors), False
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
