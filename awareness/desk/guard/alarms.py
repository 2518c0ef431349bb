"""What has changed of one line, or of the order, since somebody last said that it was meant."""

from dataclasses import dataclass

from django.core import serializers
from django.utils import timezone

from awareness.desk.snapshot import fill, row_differs, stamp
from awareness.models import Notice
from awareness.publishing import State

NOT_ITS_WORDS = ("position", "published")  # the order is a change of its own


def as_seen(row, at):
    """What the public sees of an item, as it is remembered."""
    fields = serializers.serialize("python", [row])[0]["fields"]
    return {"pk": row.pk, "fields": fields, "live": row.state(at) == State.LIVE}


def row_of(model, seen, upon=None):
    """The row as it was; fields that came later are as in ``upon``."""
    return fill(upon or model(pk=seen["pk"]), seen["fields"])


def differs(model, one, other, left_out=NOT_ITS_WORDS):
    """Whether two of them say something else, dates included; either may be None."""
    if one is None or other is None:
        return one is not other
    rows = row_of(model, one, row_of(model, other)), row_of(model, other)
    return bool(row_differs(*rows, left_out))


def public_rows(model):
    """Those that the public sees, or will, or saw until their expiry time; in their order."""
    return model._base_manager.filter(published=True).order_by(*model._meta.ordering)


def seen_now(model, at=None):
    """{number: what the public sees of the item} in their order. One question."""
    at = at or timezone.now()
    return {row.pk: as_seen(row, at) for row in public_rows(model)}


def placed(model, seen):
    """One of the items in a notice of their order."""
    position = seen["fields"]["position"]
    return {"pk": seen["pk"], "title": str(row_of(model, seen)), "position": position}


def open_notices(notice):
    """Those of the same line that nobody has confirmed, the oldest first."""
    of_the_same = Notice.objects.filter(
        content_type=notice.content_type, object_id=notice.object_id, confirmed=False
    )
    return of_the_same.select_related("content_type", "letter").order_by("at", "pk")


@dataclass
class Alarm:
    """``notices``: those of one line, the oldest first. ``now``: seen_now() of its model."""

    notices: list
    now: dict

    @property
    def newest(self):
        return self.notices[-1]

    @property
    def model(self):
        return self.newest.model

    @property
    def is_of_order(self):
        return self.newest.kind == Notice.Kind.ORDER

    @property
    def before(self):
        """What the public saw before the first change that nobody confirmed."""
        return self.notices[0].before

    @property
    def found(self):
        """The same of what is there now."""
        if not self.is_of_order:
            return self.now.get(self.newest.object_id)
        known = {one["pk"] for one in self.before}
        return [placed(self.model, seen) for pk, seen in self.now.items() if pk in known]

    @property
    def goal(self):
        """What the way back leads to; None: nothing that the public sees. A date that has come is
        taken back with it."""
        before = self.before
        if self.is_of_order or before is None:
            return before
        if self.notices[0].kind == Notice.Kind.BEGAN:
            return None
        if Notice.Kind.ENDED in {notice.kind for notice in self.notices}:
            return before | {"fields": before["fields"] | {"expire_at": None}}
        return before

    @property
    def is_back(self):
        """Whether the public sees again what it saw before. When somebody called is no matter."""
        if not self.is_of_order:
            left_out = (*NOT_ITS_WORDS, *self.model.guarded_apart)
            return not differs(self.model, self.found, self.goal, left_out)
        found = [one["pk"] for one in self.found]
        return found == [one["pk"] for one in self.goal if one["pk"] in found]

    @property
    def stamp(self):
        """The same as long as the public sees the same of it."""
        if self.is_of_order:
            return "-".join(str(one["pk"]) for one in self.found)
        return stamp([row_of(self.model, self.found)]) if self.found else "none"

    def close(self):
        Notice.objects.filter(pk__in=[notice.pk for notice in self.notices]).update(confirmed=True)
