"""Whom to ask, for somebody who lacks a right: a few people who have it, by name."""

from django.apps import apps
from django.contrib.auth.models import User
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from awareness.content.publishing import publish_right

MOST = 3  # names
VERBS = {"add": "add", "change": "change", "delete": "delete", "changelist": "view"}


def whom_to_ask(right, but=None):
    """A sentence. Of who may do everything the full name alone is said: by the name with which they
    sign in, anybody could keep them out."""
    people = User.objects.with_perm(right).filter(is_staff=True).exclude(pk=but and but.pk)
    people = people.order_by("is_superuser", "username")[: MOST * 2]
    names = [each.get_full_name() or not each.is_superuser and each.username for each in people]
    names = [name for name in names if name][:MOST]
    if not names:
        return _("Ask a colleague with full rights.")
    return _("Ask %(names)s.") % {"names": get_text_list(names, _("or"))}


def whom_to_ask_for(request):
    """The same for a page of the desk that was refused; its name says which right it needs."""
    app, model, *view = f"{request.resolver_match.url_name}___".split("_")
    try:
        model = apps.get_model(app, model)
    except LookupError:
        return whom_to_ask("auth.change_user", request.user)
    right = publish_right(model)
    if verb := VERBS.get(view[0]):
        right = f"{app}.{verb}_{model._meta.model_name}"
    return whom_to_ask(right, request.user)
