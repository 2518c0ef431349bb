"""Compares what the public sees of the guarded items with what it was last known to see.

It looks at the tables themselves, whenever the database has raised the content version or a date
may have come, so that no way of changing them passes it by: forms, bulk actions, the timetable,
scripts, SQL by hand, also while no server ran.
"""

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Max
from django.utils import timezone, translation

from awareness.audit.models import Event
from awareness.audit.record import Kind as Done
from awareness.desk.alerts.models import Baseline, as_seen
from awareness.web.models import ContentVersion

from . import guarded
from .emails import recipients

CHANGING = [Done.PUBLISHED, Done.UNPUBLISHED, Done.RESTORED, Done.DELETED, Done.RECOVERED]


def look(at=None):
    """Returns the alerts of what has changed since the last look; whoever comes first makes
    them."""
    at = at or timezone.now()
    with translation.override(settings.LANGUAGE_CODE), transaction.atomic():
        # Everybody who changes content holds this row until they are done (SQLite has one writer
        # anyway): nothing is under way here, and one process looks.
        list(ContentVersion.objects.select_for_update())
        return [alert for model in guarded() for alert in look_at(model, at)]


def look_at(model, at):
    content_type = ContentType.objects.get_for_model(model)
    known = Baseline.objects.filter(content_type=content_type)
    baselines = {baseline.object_id: baseline for baseline in known}
    # Published: the public sees it, or will, or saw it until its expiry time.
    rows = model._base_manager.filter(published=True).order_by(*model._meta.ordering)
    now = {row.pk: as_seen(row, at) for row in rows}
    since = max((baseline.event for baseline in baselines.values()), default=0)
    alerts = []
    for number in baselines | now:
        baseline = baselines.get(number) or Baseline(content_type=content_type, object_id=number)
        before, baseline.seen = baseline.seen, now.get(number)
        if baseline.seen == before:
            continue
        if not baselines:  # the first that a site ever has are as they should be
            baseline.confirm()
        elif update(baseline, before, since, at):
            alerts.append(baseline)
        baseline.save()
    last = Event.objects.aggregate(last=Max("pk"))["last"] or 0
    known.exclude(event=last).update(event=last)
    return alerts


def update(baseline, before, since, at):
    """Whether that is a change to be told. What restores the state that was confirmed is what
    everybody waits for; and that somebody called is what the next way back leads to."""
    kind = kind_of(baseline, before)
    if kind and not baseline.is_back(at):
        told = list(recipients(baseline.model)) if settings.SENDS_MAIL else []
        baseline.changed_at, baseline.kind = at, kind
        baseline.who = list(dict.fromkeys([*people(baseline, since), *baseline.who]))
        baseline.unmailed, baseline.email_due_at = told, at if told else None
        return True
    if kind or baseline.changed_at is None:
        baseline.confirm()
    return False


def kind_of(baseline, before):
    """What happens to the item; None: nothing that the public could see."""
    kinds, seen = Baseline.Kind, baseline.seen
    if before is None:
        return kinds.PUBLISHED
    if seen is None:
        there = baseline.model._base_manager.filter(pk=baseline.object_id).exists()
        return kinds.UNPUBLISHED if there else kinds.DELETED
    if baseline.differs(before, seen):
        return kinds.CHANGED
    if before["live"] != seen["live"]:
        return kinds.BEGAN if seen["live"] else kinds.ENDED
    return None


def people(baseline, since):
    """Who did it, from the audit list, since its line ``since``; [""]: not on the desk."""
    events = Event.objects.filter(
        content_type=baseline.content_type, object_id=baseline.object_id, kind__in=CHANGING
    )
    return list(events.filter(pk__gt=since).order_by("-pk").values_list("who", flat=True)) or [""]
