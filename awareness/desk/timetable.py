"""Applies drafts at their moment. Every process looks (awareness/pagecache.py); one applies."""

import logging

from django.core.exceptions import ValidationError
from django.db import InterfaceError, OperationalError, transaction
from django.db.models import Min
from django.utils import timezone
from django.utils.translation import gettext as _

from awareness.models import Draft
from awareness.publishing import publish_right

from .audit import Kind
from .drafts import open_draft, publish, step, write_down
from .snapshot import Snapshot

log = logging.getLogger(__name__)


def next_moment():
    """When the next draft is due; None when none is. One query."""
    return Draft.objects.aggregate(next=Min("apply_at"))["next"]


def apply_due(at=None):
    """Apply what is due, also what became due while no server ran. Returns how many were."""
    at = at or timezone.now()
    numbers = Draft.objects.due(at).order_by("apply_at", "pk").values_list("pk", flat=True)
    return sum(apply(number, at) for number in list(numbers))


def apply(number, at):
    """One draft, once: whoever holds its row publishes it, and it is gone for all others."""
    with transaction.atomic():
        draft = Draft.objects.select_for_update().due(at).filter(pk=number).first()
        if draft is None:
            return False
        try:
            with transaction.atomic():
                item = draft.item
                if item is None:
                    raise ValidationError(_("The item was deleted."))
                person = draft.approved_by
                if not (person and person.has_perm(publish_right(type(item)))):
                    raise ValidationError(_("Whoever scheduled it may no longer publish it."))
                publish(open_draft(Snapshot.of(item), draft), draft.approved_by)
        except (OperationalError, InterfaceError):
            raise  # it may be gone, and come back: tried again in a second
        except Exception as error:
            said = " ".join(getattr(error, "messages", None) or [str(error)])
            if not isinstance(error, ValidationError):
                log.exception("A scheduled change could not be made: %s", draft.title)
            note = _("It could not be published at its time: %(reason)s") % {"reason": said}
            step(draft, Draft.State.RETURNED, None, note)
            write_down(Kind.FAILED, None, draft, said)
            return False
    return True
