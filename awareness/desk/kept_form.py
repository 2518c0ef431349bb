"""A form of the admin that opens with the text that was kept of it: kept.py."""

import contextlib

from django.db import transaction
from django.http import QueryDict

from .kept import take


def as_sent(text):
    """A kept text as the form reads what was sent to it."""
    sent = QueryDict(mutable=True)
    for name, values in text.data.items():
        sent.setlist(name, values)
    return sent


class OnlyShown:
    """A form that names its mistakes and never counts as right, so that nothing is saved."""

    def is_valid(self):
        super().is_valid()
        return False


@contextlib.contextmanager
def only_shown(request, text):
    """Let the admin read the text as if it were sent now, and undo whatever it would write."""
    method, post = request.method, request.POST
    request.method, request.POST, request.kept = "POST", as_sent(text), text
    try:
        with transaction.atomic():
            yield
            transaction.set_rollback(True)
    finally:
        request.method, request.POST, request.kept = method, post, None


class KeptFormMixin:
    """For a ModelAdmin, before its other bases: its forms open with a text that was kept."""

    kept_views = ("add", "change")  # the ends of the names of its forms' addresses

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        may_type = self.may_type(request, object_id)
        text = take(request) if may_type else None
        context = {**(extra_context or {}), "keeps": may_type}
        if text is None:
            return super().changeform_view(request, object_id, form_url, context)
        context |= {"kept": text, "kept_form": f"{self.opts.model_name}_form"}
        if request.method == "GET":
            with only_shown(request, text):
                return super().changeform_view(request, object_id, form_url, context)
        response = super().changeform_view(request, object_id, form_url, context)
        if is_saved(response):
            text.delete()
        return response

    def may_type(self, request, object_id):
        """Whoever may only look sees what is saved."""
        if object_id is None:
            return self.has_add_permission(request)
        return self.has_change_permission(request)

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        if getattr(request, "kept", None):
            return type(form)(form.__name__, (OnlyShown, form), {})
        return form


def is_saved(response):
    """Not the form once more, but the way on, or the end of a small window."""
    context = getattr(response, "context_data", None) or {}
    return response.status_code == 302 or "popup_response_data" in context
