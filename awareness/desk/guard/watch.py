"""Compares what the public sees of the guarded items with what it was last known to see.

It looks at the tables themselves, whenever the database has raised the content version or a date
has come, so that no way of changing them passes it by: forms, bulk actions, the timetable,
scripts, SQL by hand, also while no server ran.
"""

import logging

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import DatabaseError, transaction
from django.db.models import Exists, Max, Subquery
from django.utils import timezone, translation
from django.utils.text import capfirst

from awareness.desk.audit import Kind as Done
from awareness.models import ContentVersion, Event, Letter, Notice, Watch

from . import guarded
from .alarms import Alarm, as_seen, differs, open_notices, placed, public_rows, row_of
from .letters import letter_for

CHANGING = [
    Done.PUBLISHED,
    Done.UNPUBLISHED,
    Done.RESTORED,
    Done.ORDERED,
    Done.DELETED,
    Done.RECOVERED,
]
log = logging.getLogger(__name__)
_works = True


def attend(at=None):
    """For the keeper of each process: look if there is reason to. Returns whether letters wait to
    be sent. One question to the database when nothing has changed."""
    global _works
    try:
        waits = look_if_needed(at or timezone.now())
        _works = True
        return waits
    except DatabaseError:
        raise
    except Exception:
        if _works:  # said once, not each second
            log.exception("The help lines could not be watched.")
        _works = False
        return False


def look_if_needed(at):
    version = Subquery(ContentVersion.objects.values("version")[:1])
    letters = Exists(Letter.objects.filter(due_at__lte=at))
    asked = Watch.objects.annotate(now=version, letters=letters)
    found = list(asked.values_list("version", "until", "now", "letters"))
    if len(found) < len(guarded()) or any(
        seen != now or (until and until <= at) for seen, until, now, _letters in found
    ):
        look(at)
    return any(letters for *_rest, letters in found)


def look(at=None):
    """Returns the notices of what has changed since the last look; whoever comes first makes
    them."""
    at = at or timezone.now()
    with translation.override(settings.LANGUAGE_CODE):
        return [notice for model in guarded() for notice in look_at(model, at)]


def look_at(model, at):
    kind = ContentType.objects.get_for_model(model)
    rows = public_rows(model)
    watched = Watch.objects.filter(content_type=kind)
    if not (watched.exists() or rows.exists()):
        return []
    with transaction.atomic():
        # Everybody who changes content holds this row until they are done (SQLite has one writer
        # anyway): nothing is under way here, and one process looks.
        locked = ContentVersion.objects.select_for_update().values_list("version", flat=True)
        version, watch = locked.first() or 0, watched.first()
        if watch and watch.version == version and not (watch.until and watch.until <= at):
            return []
        now = [as_seen(row, at) for row in rows]
        # The first that a site ever has are as they should be: nobody saw others before.
        was = watch.known if watch else now
        watch = watch or Watch(content_type=kind)
        notices = compared(model, kind, was, now, people(kind, watch.event))
        by_number = {seen["pk"]: seen for seen in now}
        notices = [notice for notice in notices if not restores(notice, by_number)]
        if notices:
            letter = letter_for(model, at)
            for notice in notices:
                notice.at, notice.letter = at, letter
            notices = [notice for notice in notices if not joined(notice)]
            Notice.objects.bulk_create(notices)
        watch.version, watch.known = version, now
        watch.until = next_moment(rows, at)
        watch.event = Event.objects.aggregate(last=Max("pk"))["last"] or 0
        watch.save()
    return notices


def restores(notice, now):
    """Whether the public sees again what it saw before the first change that nobody confirmed.
    That is what everybody waits for, and no alarm."""
    before = list(open_notices(notice))
    alarm = Alarm([*before, notice], now)
    if alarm.is_back:
        alarm.close()
        notice.confirmed = True  # somebody called: the way back of the next change leads to here
    return notice.confirmed and bool(before)


def next_moment(rows, at):
    """When the next of them begins or ends by its date."""
    moments = [moment for row in rows for moment in (row.publish_at, row.expire_at)]
    return min((moment for moment in moments if moment and moment > at), default=None)


def people(kind, since):
    """[(item's number, what they did, name)] from the audit list, since its line ``since``."""
    events = Event.objects.filter(content_type=kind, pk__gt=since, kind__in=CHANGING)
    return list(events.order_by("pk").values_list("object_id", "kind", "who"))


def names(found):
    return ", ".join(dict.fromkeys(who for who in found if who))[:300]


def compared(model, kind, was, now, done):
    """The notices, unsaved."""
    was_by, now_by = ({seen["pk"]: seen for seen in side} for side in (was, now))
    places = {seen["pk"]: [n, len(now)] for n, seen in enumerate(now, 1)}
    notices = []
    for pk in dict.fromkeys([*was_by, *now_by]):
        before, after = was_by.get(pk), now_by.get(pk)
        what = kind_of(model, pk, before, after)
        if what is None:
            continue
        if before is None:
            after = {**after, "place": places[pk]}
        notices.append(
            Notice(
                kind=what,
                content_type=kind,
                object_id=pk,
                title=str(row_of(model, before or after))[:300],
                who=names(who for number, _did, who in done if number == str(pk)),
                before=before,
                after=after,
            )
        )
    orders = [[s for s in side if s["pk"] in was_by.keys() & now_by.keys()] for side in (was, now)]
    if [seen["pk"] for seen in orders[0]] != [seen["pk"] for seen in orders[1]]:
        before, after = ([placed(model, seen) for seen in side] for side in orders)
        moved = [who for _number, did, who in done if did == Done.ORDERED]
        notices.append(
            Notice(
                kind=Notice.Kind.ORDER,
                content_type=kind,
                title=capfirst(model._meta.verbose_name_plural),
                who=names(moved or [who for *_what, who in done]),
                before=before,
                after=after,
            )
        )
    return notices


def kind_of(model, pk, before, after):
    """What happened to an item; None: nothing that the public could see."""
    kinds = Notice.Kind
    if before is None:
        return kinds.PUBLISHED
    if after is None:
        there = model._base_manager.filter(pk=pk).exists()
        return kinds.UNPUBLISHED if there else kinds.DELETED
    if differs(model, before, after):
        return kinds.CHANGED
    if before["live"] != after["live"]:
        return kinds.BEGAN if after["live"] else kinds.ENDED
    return None


def joined(notice):
    """Whether it could be added to the one before, in a letter that nobody has: somebody moves an
    item up five times, and that is one change of the order."""
    if notice.kind != Notice.Kind.ORDER:
        return False
    last = open_notices(notice).filter(letter=notice.letter, who=notice.who).last()
    if last is None or {s["pk"] for s in last.before} != {s["pk"] for s in notice.after}:
        return False
    if [s["pk"] for s in last.before] == [s["pk"] for s in notice.after]:
        return False  # moved there and back
    last.after, last.at = notice.after, notice.at
    last.save()
    return True
