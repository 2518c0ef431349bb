"""Applies drafts at their moment. Every process looks (awareness/scheduler.py); one applies."""

import logging

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import InterfaceError, OperationalError, transaction
from django.db.models import Min
from django.utils import timezone
from django.utils.translation import gettext as _

from awareness.desk.models import Draft

from .workflow import Workflow

log = logging.getLogger(__name__)


def next_moment():
    """When the next draft is due; None when none is. One query."""
    return Draft.objects.aggregate(next=Min("apply_at"))["next"]


def apply_due(at=None):
    """Apply what is due, also what became due while no server ran. Returns how many were."""
    at = at or timezone.now()
    bundles = {}  # those that are published as one, in one; each other draft in one of its own
    for draft in Draft.objects.due(at).order_by("apply_at", "pk"):
        bundles.setdefault(draft.together or draft.pk, []).append(draft)
    return sum(apply(bundle, at) for bundle in bundles.values())


@transaction.atomic
def apply(bundle, at):
    """All of it or nothing, and once: whoever holds the drafts publishes them, and then they are
    gone, or not due, for all others. Returns how many were published."""
    due = [flow.draft for flow in lock(bundle) if is_due(flow, at)]
    try:
        with transaction.atomic():
            for draft in due:
                publish(draft)
        return len(due)
    except Failed as failed:
        message = failed.reason
        if len(due) > 1:
            told = _("“%(title)s” stopped all that were to be published together: %(reason)s")
            message = told % {"title": failed.title, "reason": message}
    for flow in lock(due):
        flow.fail(message)
    return 0


class Failed(Exception):
    def __init__(self, title, reason):
        super().__init__(reason)
        self.title, self.reason = title, reason


def lock(bundle):
    return [Workflow(draft, None) for draft in sorted(bundle, key=lambda draft: draft.pk)]


def is_due(flow, at):
    return flow.draft is not None and flow.draft.apply_at and flow.draft.apply_at <= at


def publish(draft):
    flow = Workflow(draft, draft.approved_by)
    try:
        if flow.item is None:
            raise ValidationError(_("The item was deleted."))
        if flow.user is None:
            raise PermissionDenied
        flow.perform("publish")
        return
    except (OperationalError, InterfaceError):
        raise  # it may be gone, and come back: tried again in a second
    except PermissionDenied:
        message = _("The person who scheduled it may no longer publish it.")
    except ValidationError as error:
        message = " ".join(error.messages)
    except Exception as error:
        log.exception("A scheduled change could not be made: %s", draft.title)
        message = str(error)
    raise Failed(draft.title, message)
