"""What the alerts remember. None of it is public content."""

import json

from django.contrib.contenttypes.models import ContentType
from django.core import serializers
from django.db import models
from django.utils import timezone

from awareness.content.publishing import State
from awareness.desk.item_version import content_hash, fill, row_differs

UNSEEN = ("position", "published")  # not part of what an item says


def as_seen(row, at):
    """What the public sees of an item, as it is remembered."""
    fields = json.loads(serializers.serialize("json", [row]))[0]["fields"]
    return {"fields": fields, "live": is_live(row, at)}


def is_live(row, at):
    return row.state(at) == State.LIVE


class Baseline(models.Model):
    """What the public was last known to see of one item, and what it saw before the first change
    that nobody has confirmed: as as_seen() has it, None for nothing. While there is such a change,
    this is its alert."""

    class Kind(models.TextChoices):
        CHANGED = "changed"
        PUBLISHED = "published"
        UNPUBLISHED = "unpublished"
        DELETED = "deleted"
        BEGAN = "began"  # by its publish time
        ENDED = "ended"  # by its expiry time

    content_type = models.ForeignKey(ContentType, models.CASCADE, related_name="+")
    object_id = models.BigIntegerField()
    confirmed = models.JSONField(null=True)
    seen = models.JSONField(null=True)
    event = models.BigIntegerField(default=0)  # the last line of the audit list by then
    # The newest change that nobody has confirmed; None: there is none.
    changed_at = models.DateTimeField(null=True, db_index=True)
    kind = models.CharField(max_length=12, choices=Kind.choices, blank=True)
    # Who made the changes that nobody has confirmed, the newest first; "": it is not known.
    who = models.JSONField(default=list)
    email_due_at = models.DateTimeField(null=True, db_index=True)
    unmailed = models.JSONField(default=list)  # numbers of the accounts that have no e-mail of it

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["content_type", "object_id"], name="one_baseline_an_item"
            )
        ]

    def __str__(self):
        return str(self.row(self.confirmed or self.seen))

    @property
    def model(self):
        return ContentType.objects.get_for_id(self.content_type_id).model_class()

    def row(self, seen, upon=None):
        """The item as it was; fields that came later are as in ``upon``."""
        return seen and fill(upon or self.model(pk=self.object_id), seen["fields"])

    def differs(self, one, other, left_out=()):
        """Whether they say something else, dates included; either may be None."""
        if one is None or other is None:
            return one is not other
        rows = self.row(one, self.row(other)), self.row(other)
        return bool(row_differs(*rows, (*UNSEEN, *left_out)))

    def goal(self, at=None):
        """What the way back leads to. A date that has come since is taken back with it."""
        if self.confirmed is None:
            return None
        would_be_live = is_live(self.row(self.confirmed), at or timezone.now())
        if would_be_live == self.confirmed["live"]:
            return self.confirmed
        if would_be_live:
            return None
        return self.confirmed | {"fields": self.confirmed["fields"] | {"expire_at": None}}

    def is_back(self, at=None):
        """Whether the public sees what it should. When somebody called is no matter."""
        return not self.differs(self.seen, self.goal(at), self.model.guarded_apart)

    @property
    def content_hash(self):
        """The same as long as the public sees the same of it."""
        return content_hash([self.row(self.seen)]) if self.seen else "none"

    def confirm(self):
        """What there is now is what the next change is compared with."""
        self.confirmed, self.changed_at, self.email_due_at = self.seen, None, None
        self.who, self.unmailed = [], []
