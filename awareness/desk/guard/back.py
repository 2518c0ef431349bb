"""The way back: an item as the public saw it before a change, by one press."""

import reversion
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from awareness.desk import drafts
from awareness.desk.audit import Kind as Done
from awareness.desk.audit import record
from awareness.desk.snapshot import Snapshot, comparable, fields_of, fill
from awareness.desk.workflow import Workflow
from awareness.models import Draft, Notice

from .seen import NOT_ITS_WORDS, as_seen, differs, placed, public_rows
from .words import on_one_line

Kind = Notice.Kind
MEANWHILE = gettext_lazy(
    "“%(title)s” was changed again since you opened this page, so nothing was returned. Look at "
    "what it is now, then press again."
)
ALREADY = gettext_lazy("“%(title)s” is as it was already: somebody has returned it.")
IMPOSSIBLE = gettext_lazy("“%(title)s” cannot be returned: other content stands in the way.")


class NotReturned(Exception):
    """In one sentence, why nothing was changed."""


def now(model, at=None):
    """{number: what the public sees of the item} in their order. One question."""
    at = at or timezone.now()
    return {row.pk: as_seen(row, at) for row in public_rows(model)}


def current(notice, now):
    """As ``notice.after`` is written, from what is there now."""
    if notice.kind == Kind.ORDER:
        known = {one["pk"] for one in notice.before}
        return [placed(notice.model, seen) for pk, seen in now.items() if pk in known]
    return now.get(notice.object_id)


def goal(notice):
    """What the public saw before, None: nothing. A date that has come is taken back with it."""
    if notice.kind == Kind.BEGAN:
        return None
    if notice.kind == Kind.ENDED:
        return notice.before | {"fields": notice.before["fields"] | {"expire_at": None}}
    return notice.before


def same(notice, one, other):
    if notice.kind != Kind.ORDER:
        return not differs(notice.model, one, other)
    keys = [[placed["pk"] for placed in side] for side in (one, other)]
    there = set(keys[0]) & set(keys[1])  # the order of those that are still there
    return [pk for pk in keys[0] if pk in there] == [pk for pk in keys[1] if pk in there]


def stamp(notice, seen):
    """The same as long as the public sees the same of it."""
    if notice.kind == Kind.ORDER:
        said = [one["pk"] for one in seen]
    elif seen is None:
        said = None
    else:
        row = fill(notice.model(pk=seen["pk"]), seen["fields"])
        said = [
            (field.name, str(comparable(field, field.value_from_object(row))))
            for field in fields_of(notice.model)
            if field.name not in NOT_ITS_WORDS
        ]
    return salted_hmac("awareness.desk.guard", repr(said)).hexdigest()


def give_back(notice, user, stamped):
    """Make it what it was before this change, whatever came after; as long as it is what whoever
    presses has seen. Raises NotReturned, and then nothing has changed.

    One person may do this where the rules ask for two: all that comes back was public before.
    """
    names = {"title": on_one_line(notice.title)}
    try:
        with transaction.atomic():
            hold(notice)
            found = current(notice, now(notice.model))
            if same(notice, found, goal(notice)):
                raise NotReturned(ALREADY % names)
            if stamp(notice, found) != stamped:
                raise NotReturned(MEANWHILE % names)
            put_back(notice, user, found)
    except (IntegrityError, ValidationError) as error:
        # Of two who bring back what was deleted, the second cannot see the first before this.
        is_back = same(notice, current(notice, now(notice.model)), goal(notice))
        raise NotReturned((ALREADY if is_back else IMPOSSIBLE) % names) from error


def hold(notice):
    """As somebody who saves the form does, and whoever changes the order. Of two who press, the
    second waits at the notice: a row that was deleted cannot be held."""
    list(Notice.objects.filter(pk=notice.pk).select_for_update().values_list("pk"))
    rows = notice.model._base_manager.order_by("pk")
    if notice.kind != Kind.ORDER:
        item = notice.model(pk=notice.object_id)
        list(Draft.objects.of(item).select_for_update().values_list("pk"))
        rows = rows.filter(pk=item.pk)
    list(rows.select_for_update().values_list("pk"))


def put_back(notice, user, found):
    said = _("As it was before the change of %(when)s")
    said %= {"when": drafts.in_local_words(notice.at)}
    if notice.kind == Kind.ORDER:
        return put_in_order(notice, user, said)
    was, row = goal(notice), notice.model._base_manager.filter(pk=notice.object_id).first()
    if was is None:
        return Workflow.apply("unpublish", row, user)
    # The order is left to whoever changes the order, unless it has no place any more.
    item = fill(row or notice.model(pk=was["pk"]), was["fields"], ("position",) if row else ())
    # It was public as it is: nothing is asked of it now. What the database refuses stays refused.
    kind = Done.RESTORED if row else Done.RECOVERED
    given = {"kind": kind, "check": False, "as_in": was["fields"]}
    Workflow.apply("restore", item, user, snapshot=Snapshot(item, {}), note=said, **given)


def put_in_order(notice, user, said):
    places = {one["pk"]: one["position"] for one in notice.before}
    rows = list(notice.model._base_manager.filter(pk__in=places))
    changed = [row for row in rows if row.position != places[row.pk]]
    for row in changed:
        row.position = places[row.pk]
    with reversion.create_revision():
        notice.model._base_manager.bulk_update(changed, ["position"])
        reversion.set_user(user)
        reversion.set_comment(said)
        for row in changed:
            reversion.add_to_revision(row)
    record(Done.ORDERED, user, notice.model, said)
