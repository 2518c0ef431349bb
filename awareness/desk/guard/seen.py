"""What the public sees of an item, as it is remembered: {"pk": …, "fields": {…}, "live": …}."""

from django.core import serializers

from awareness.desk.snapshot import fill, row_differs
from awareness.publishing import State

NOT_ITS_WORDS = ("position", "published")  # the order is a change of its own


def as_seen(row, at):
    fields = serializers.serialize("python", [row])[0]["fields"]
    return {"pk": row.pk, "fields": fields, "live": row.state(at) == State.LIVE}


def row_of(model, seen, upon=None):
    """The row as it was; fields that came later are as in ``upon``."""
    return fill(upon or model(pk=seen["pk"]), seen["fields"])


def differs(model, one, other):
    """Whether two of them say something else, dates included; either may be None."""
    if one is None or other is None:
        return one is not other
    rows = row_of(model, one, row_of(model, other)), row_of(model, other)
    return bool(row_differs(*rows, NOT_ITS_WORDS))


def public_rows(model):
    """Those that the public sees, or will, or saw until their expiry time; in their order."""
    return model._base_manager.filter(published=True).order_by(*model._meta.ordering)


def next_moment(rows, at):
    """When the next of them begins or ends by its date."""
    moments = [moment for row in rows for moment in (row.publish_at, row.expire_at)]
    return min((moment for moment in moments if moment and moment > at), default=None)


def placed(model, seen):
    """One of the items in a notice of their order."""
    position = seen["fields"]["position"]
    return {"pk": seen["pk"], "title": str(row_of(model, seen)), "position": position}
