"""The two answers to a changed line: bring back what was there before, or say that it was meant."""

from contextlib import contextmanager
from copy import copy

import reversion
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from awareness.desk import drafts
from awareness.desk.audit import Kind as Done
from awareness.desk.audit import record
from awareness.desk.snapshot import Snapshot, fill
from awareness.desk.workflow import Workflow, hold
from awareness.models import DeskRules, Notice

from .alarms import Alarm, open_notices, seen_now
from .words import on_one_line

MEANWHILE = gettext_lazy(
    "“%(title)s” was changed again since you opened this page, so nothing was done. Look at "
    "what it is now, then press again."
)
ALREADY = gettext_lazy("“%(title)s” is as it was already: somebody has returned it.")
SETTLED = gettext_lazy("Somebody has said that the change of “%(title)s” was meant.")
IMPOSSIBLE = gettext_lazy("“%(title)s” cannot be returned: other content stands in the way.")
SECOND = gettext_lazy(
    "A colleague changed “%(title)s”, and the rules for publishing ask for two people: a draft as "
    "it was before waits for another publisher."
)
SECOND_FOR_ORDER = gettext_lazy(
    "A colleague changed the order, and the rules for publishing ask for two people: change the "
    "position in the forms, as drafts for another publisher."
)


class NotReturned(Exception):
    """In one sentence, why the public sees what it saw."""


@contextmanager
def settling(notice, stamped):
    """The alarm, held, as long as it is what whoever presses has seen."""
    names = {"title": on_one_line(notice.title)}
    with transaction.atomic():
        hold_with(notice)
        notices = list(open_notices(notice))
        alarm = Alarm(notices or [notice], seen_now(notice.model))
        if alarm.is_back:
            raise NotReturned(ALREADY % names)
        if not notices:
            raise NotReturned(SETTLED % names)
        if alarm.stamp != stamped:
            raise NotReturned(MEANWHILE % names)
        yield alarm


def hold_with(notice):
    """Of two who press, the second waits at the notice: a row that was deleted cannot be held."""
    list(Notice.objects.filter(pk=notice.pk).select_for_update().values_list("pk"))
    if notice.object_id:
        return hold(notice.model, [notice.object_id])
    return hold(notice.model, notice.model._base_manager.values("pk"))


def confirm(notice, user, stamped):
    """It was meant: what is there now is what the next change is compared with."""
    with settling(notice, stamped) as alarm:
        alarm.close()
        item = notice.object_id and notice.model._base_manager.filter(pk=notice.object_id).first()
        record(Done.CHANGED, user, item or notice.model, _("It was meant"), title=notice.title)


def give_back(notice, user, stamped):
    """Make it what it was before the first change that nobody confirmed. Raises NotReturned, and
    then the public sees no change."""
    names = {"title": on_one_line(notice.title)}
    try:
        with settling(notice, stamped) as alarm:
            alone = alarm.goal is None or not needs_second(alarm, user)
            if alarm.is_of_order:
                if not alone:
                    raise NotReturned(SECOND_FOR_ORDER)
                return put_in_order(alarm, user)
            put_back(alarm, user, alone)
    except (IntegrityError, ValidationError) as error:
        # Of two who bring back what was deleted, the second cannot see the first before this.
        alarm = Alarm(list(open_notices(notice)) or [notice], seen_now(notice.model))
        raise NotReturned((ALREADY if alarm.is_back else IMPOSSIBLE) % names) from error
    if not alone:
        raise NotReturned(SECOND % names)


def needs_second(alarm, user):
    """Whether somebody else took away what would come back, by the rule that asks for two. What
    nobody did in the site's forms waits for nobody."""
    names = {name for notice in alarm.notices for name in notice.who.split(", ")} - {""}
    by_a_colleague = alarm.newest.who and names - {user.get_username()}
    return bool(by_a_colleague) and DeskRules.load().second_person


def as_before(alarm):
    words = _("As it was before the change of %(when)s")
    return words % {"when": drafts.in_local_words(alarm.notices[0].at)}


def put_back(alarm, user, alone):
    model, was, pk = alarm.model, alarm.goal, alarm.newest.object_id
    row = model._base_manager.filter(pk=pk).first()
    if was is None:
        return Workflow.apply("unpublish", row, user)
    # The order is left to whoever changes the order, unless it has no place any more.
    item = fill(copy(row) if row else model(pk=pk), was["fields"], ("position",) if row else ())
    snapshot, note = Snapshot(item, {}), as_before(alarm)
    if not alone:
        return Workflow.apply("ask", item, user, note=note, snapshot=snapshot)
    # It was public as it is: nothing is asked of it now. What the database refuses stays refused.
    kind = Done.RESTORED if row else Done.RECOVERED
    given = {"kind": kind, "check": False, "as_in": was["fields"]}
    Workflow.apply("restore", item, user, snapshot=snapshot, note=note, **given)


def put_in_order(alarm, user):
    places = {one["pk"]: one["position"] for one in alarm.goal}
    rows = list(alarm.model._base_manager.filter(pk__in=places))
    changed = [row for row in rows if row.position != places[row.pk]]
    for row in changed:
        row.position = places[row.pk]
    with reversion.create_revision():
        alarm.model._base_manager.bulk_update(changed, ["position"])
        reversion.set_user(user)
        reversion.set_comment(as_before(alarm))
        for row in changed:
            reversion.add_to_revision(row)
    record(Done.ORDERED, user, alarm.model, as_before(alarm))
