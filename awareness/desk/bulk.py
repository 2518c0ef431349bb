"""Publish or unpublish several items of a list, after a page that says what will happen."""

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from awareness.content.publishing import State

from . import drafts
from .workflow import Workflow, hold


class Bulk:
    """For the DeskAdmin of a model with states."""

    actions = ["publish_selected", "unpublish_selected"]

    @admin.action(description=gettext_lazy("Publish the selected"), permissions=["publish"])
    def publish_selected(self, request, items):
        items = self.held(request, items)
        return self.confirm(request, "publish_selected", self.plan_to_publish(request, items))

    @admin.action(description=gettext_lazy("Unpublish the selected"), permissions=["publish"])
    def unpublish_selected(self, request, items):
        items = self.held(request, items)
        return self.confirm(request, "unpublish_selected", self.plan_to_unpublish(items))

    def held(self, request, items):
        """All of them before the first is changed, so that what is looked at is what happens."""
        if "_confirmed" in request.POST:
            hold(self.model, [item.pk for item in items])
            return items.all()  # anew
        return items

    def confirm(self, request, action, plan):
        """``plan``: [(item, what will happen, the action, or None when nothing will happen)]."""
        seen = self.stamp(plan)
        if "_confirmed" in request.POST:
            if request.POST.get("_seen", seen) == seen:
                return self.do(request, plan)
            messages.warning(request, _("Something was saved meanwhile: please look again."))
        request.current_app = self.admin_site.name
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": str(getattr(type(self), action).short_description),
            "plan": plan,
            "seen": seen,
            "anything": any(do for _item, _words, do in plan),
            "action": action,
            "chosen": request.POST.getlist(admin.helpers.ACTION_CHECKBOX_NAME),
        }
        return TemplateResponse(request, "admin/desk/bulk.html", context)

    def stamp(self, plan):
        """The same as long as nobody saved any of these: what was looked at is what happens."""
        items = [item for item, _words, _do in plan]
        found = drafts.drafts_of(self.model._base_manager.filter(pk__in=[i.pk for i in items]))
        said = [(item.pk, item.updated_at) for item in items]
        said += [(number, draft.saved_at) for number, draft in sorted(found.items())]
        return salted_hmac("awareness.desk.bulk", repr(said)).hexdigest()

    def do(self, request, plan):
        done = 0
        for item, _words, do in plan:
            try:
                if do:
                    Workflow.apply(do, item, request.user)
                    done += 1
            except ValidationError as error:
                names = {"title": item, "reason": " ".join(error.messages)}
                said = _("“%(title)s” stays as it is: %(reason)s")
                messages.error(request, said % names)
        said = ngettext("%d item was changed.", "%d items were changed.", done)
        messages.success(request, said % done)

    def plan_to_publish(self, request, items):
        by_two = drafts.needs_second_person(self, request)
        found = drafts.drafts_of(items)
        plan = []
        for item in items:
            draft = found.get(item.pk)
            public, working = drafts.is_public(item), draft and draft.copy
            if public and not working:
                plan.append((item, self.stays(item), None))
            elif by_two and drafts.lacks_second_person(draft, request.user, changed=False):
                plan.append((item, _("Stays as it is: a second person has to publish it."), None))
            else:
                plan.append((item, self.becomes(item, public), "publish"))
        return plan

    def becomes(self, item, public):
        if public:
            return _("Its draft becomes public at once.")
        if item.publish_at > timezone.now():
            return _("Becomes public on %s") % drafts.in_local_words(item.publish_at)
        return _("Becomes public at once.")

    def plan_to_unpublish(self, items):
        found = drafts.drafts_of(items)
        plan = []
        for item in items:
            if not drafts.is_public(item):
                plan.append((item, _("Is a draft already: nothing happens."), None))
                continue
            words = _("Becomes a draft: the public no longer sees it.")
            if item.pk in found:
                words += " " + _("Its working copy goes into the history.")
            plan.append((item, words, "unpublish"))
        return plan

    def stays(self, item):
        return {
            State.LIVE: _("Is public already: nothing happens."),
            State.SCHEDULED: _("Will be public at its publish time already: nothing happens."),
            State.EXPIRED: _("Its expiry time is over: open it and change that first."),
        }[item.state()]
