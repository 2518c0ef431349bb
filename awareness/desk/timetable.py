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
    return sum(apply(draft, at) for draft in list(Draft.objects.due(at).order_by("apply_at", "pk")))


@transaction.atomic
def apply(draft, at):
    """Once: whoever holds it publishes it, and then it is gone, or not due, for all others."""
    flow = Workflow(draft, None)
    if flow.draft is None or not (flow.draft.apply_at and flow.draft.apply_at <= at):
        return False
    flow.user = flow.draft.approved_by
    try:
        if flow.item is None:
            raise ValidationError(_("The item was deleted."))
        if flow.user is None:
            raise PermissionDenied
        flow.perform("publish")
        return True
    except (OperationalError, InterfaceError):
        raise  # it may be gone, and come back: tried again in a second
    except PermissionDenied:
        message = _("The person who scheduled it may no longer publish it.")
    except ValidationError as error:
        message = " ".join(error.messages)
    except Exception as error:
        log.exception("A scheduled change could not be made: %s", flow.draft.title)
        message = str(error)
    flow.fail(message)
    return False
