"""The two answers to an alert: bring back what was there before, or say that it was meant."""

from copy import copy

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from awareness.audit.record import Kind as Done
from awareness.audit.record import record
from awareness.desk.drafts import in_local_words, lock
from awareness.desk.item_version import ItemVersion, fill
from awareness.desk.models import DeskRules
from awareness.desk.workflow import Workflow

from .baseline import look
from .sentences import on_one_line

RETURNED = gettext_lazy("“%(title)s” is back to what it was before. The public sees that now.")
MEANT = gettext_lazy("“%(title)s” stays as it is, since the change was intended.")
MEANWHILE = gettext_lazy(
    "“%(title)s” changed again after you opened this page, so nothing was done. Look at it "
    "now, then press again."
)
ALREADY = gettext_lazy("“%(title)s” is already back to what it was: somebody else brought it back.")
SETTLED = gettext_lazy("Somebody has said that the change to “%(title)s” was intended.")
IMPOSSIBLE = gettext_lazy("“%(title)s” cannot be brought back because other content is in the way.")
SECOND = gettext_lazy(
    "A colleague changed “%(title)s”, and the publishing rules require two people. A draft "
    "with the earlier text is waiting for another publisher."
)


def answer(do, alert, user, content_hash):
    """Do it, if the item is what whoever presses has seen of it. Returns whether it was done, and
    a sentence."""
    names = {"title": on_one_line(alert)}
    try:
        with transaction.atomic():
            # First the item, as whoever changes it does; then look() keeps everybody else away.
            lock(alert.model, [alert.object_id])
            look()
            alert.refresh_from_db()
            if alert.changed_at is None or alert.is_back():
                message = SETTLED if alert.content_hash == content_hash else ALREADY
            elif alert.content_hash != content_hash:
                message = MEANWHILE
            else:
                message = do(alert, user)
                look()  # so that it stands on the page to which this leads
    except (IntegrityError, ValidationError):
        message = IMPOSSIBLE
    return message in (RETURNED, MEANT), message % names


def confirm(alert, user):
    item = alert.model._base_manager.filter(pk=alert.object_id).first()
    record(Done.CHANGED, user, item or alert.model, _("It was meant"), title=str(alert)[:300])
    alert.confirm()
    alert.save()
    return MEANT


def revert_change(alert, user):
    """Make it what it was before the first change that nobody confirmed."""
    was, row = alert.goal(), alert.model._base_manager.filter(pk=alert.object_id).first()
    if was is None:
        Workflow.apply("unpublish", row, user)
        return RETURNED
    # The order is left to whoever changes the order, unless it has no place any more.
    item = copy(row) if row else alert.model(pk=alert.object_id)
    fill(item, was["fields"], ("position",) if row else ())
    version = ItemVersion(item, {})
    note = _("As it was before the change of %(when)s") % {"when": in_local_words(alert.changed_at)}
    if needs_second(alert, user):
        Workflow.apply("ask", item, user, note=note, version=version)
        return SECOND
    # It was public as it is: nothing is asked of it now. What the database refuses stays refused.
    kind = Done.RESTORED if row else Done.RECOVERED
    given = {"kind": kind, "check": False, "as_in": was["fields"]}
    Workflow.apply("restore", item, user, version=version, note=note, **given)
    return RETURNED


def needs_second(alert, user):
    """Whether somebody else took away what would come back, by the rule that asks for two. What
    nobody did in the site's forms waits for nobody."""
    by_a_colleague = alert.who[0] and set(alert.who) - {"", user.get_username()}
    return bool(by_a_colleague) and DeskRules.load().second_person
