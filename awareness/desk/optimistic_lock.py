"""Optimistic locking, where a form saves at once: whoever saves second is told, with both texts."""

from copy import copy

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from reversion.models import Version

from .compare import compare
from .forms import CONFLICT, is_overtaken, overtaken
from .item_version import ItemVersion, content_hash


class OptimisticLockForm:
    """``in_table`` is the hash of what the form would overwrite."""

    in_table = ""

    def clean(self):
        given = super().clean()
        if overtaken(self.data.get("_seen"), self.in_table, self.has_changed()):
            message = _("This was saved elsewhere in the meantime.")
            self.add_error(None, ValidationError(message, CONFLICT))
        return given


class OptimisticLock:
    """For a ModelAdmin that has no drafts; those of DeskAdmin tell by themselves."""

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        if obj is None:
            return form
        if not hasattr(request, "in_table"):  # the form itself will change the row
            request.in_table = copy(obj)
        given = {"in_table": content_hash([request.in_table])}
        return type(form)(form.__name__, (OptimisticLockForm, form), given)

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        if obj is not None and hasattr(request, "in_table"):
            context["content_hashes"] = {"item": content_hash([request.in_table])}
            form = context["adminform"].form
            if form.is_bound and is_overtaken(form, ()):
                versions = ItemVersion(request.in_table, {}), ItemVersion(form.instance, {})
                last = Version.objects.get_for_object(obj).select_related("revision__user").first()
                who = last and last.revision.user
                context["overtaken"] = {"changes": compare(*versions), "who": who}
        return super().render_change_form(request, context, add, change, form_url, obj)
