"""What every admin of content knows, whether its items have drafts or not."""

from django.contrib import messages
from django.contrib.admin.templatetags.admin_urls import add_preserved_filters
from django.http import QueryDict
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from awareness.content.publishing import publish_right

ON_A_PAGE = 50


def note_of(request):
    """What was typed for whoever goes on with the draft. PostgreSQL stores no NUL."""
    return request.POST.get("_note", "").replace("\0", "").strip()[:2000]


def without_list(query):
    """The query of a form's address, whatever list it was opened from."""
    asked = QueryDict(query, mutable=True)
    asked.pop("_changelist_filters", None)
    return asked.urlencode()


def model_admins(site):
    """{model: its admin} of an admin site."""
    return dict(site._registry)


class Desk:
    is_checked_by_two = False  # whether DeskRules.second_person speaks of it

    def has_publish_permission(self, request):
        return request.user.has_perm(publish_right(self.model))

    def address(self, view, item=None):
        args = [] if item is None else [item.pk]
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_{view}", args=args)

    def go(self, request, view, item=None):
        """There, with the filters of the list that somebody came from."""
        kept = {"opts": self.opts, "preserved_filters": self.get_preserved_filters(request)}
        return redirect(add_preserved_filters(kept, self.address(view, item)))

    def gone(self, request, object_id):
        """What the form itself answers when somebody has deleted its item."""
        return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)

    def page(self, request, template, item, context):
        request.current_app = self.admin_site.name
        shared = self.admin_site.each_context(request) | {"opts": self.opts, "original": item}
        return TemplateResponse(request, template, shared | context)

    def explain_return(self, item, note):
        """A model that asks why can be told here: the press itself says it."""

    def say_left_out(self, request, was):
        for name in was.leave_out_gone():
            message = _("“%(field)s” was left out: what it led to was deleted.")
            messages.warning(request, message % {"field": capfirst(name)})
