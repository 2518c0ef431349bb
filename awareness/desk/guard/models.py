"""What the guard remembers. None of it is public content."""

from django.contrib.contenttypes.models import ContentType
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils import timezone


class Watch(models.Model):
    """What the public was last known to see of one model's items."""

    content_type = models.OneToOneField(ContentType, models.CASCADE, related_name="+")
    version = models.BigIntegerField()  # of the content, when it was looked at
    until = models.DateTimeField(null=True)  # when the next item begins or ends by its date
    event = models.BigIntegerField(default=0)  # the last line of the audit list by then
    # The published items in their order: [{"pk": …, "fields": {…}, "live": …}]
    known = models.JSONField(default=list, encoder=DjangoJSONEncoder)

    class Meta:
        default_permissions = ()

    def __str__(self):
        return str(self.content_type)


class Letter(models.Model):
    """One e-mail about one or several changes, to each of several people."""

    made_at = models.DateTimeField(default=timezone.now)
    due_at = models.DateTimeField(null=True, db_index=True)  # None: it is sent, or given up
    tries = models.PositiveSmallIntegerField(default=0)
    left = models.JSONField(default=list)  # numbers of the accounts that have not got it yet
    sent = models.PositiveIntegerField(default=0)  # how many have

    class Meta:
        default_permissions = ()

    def __str__(self):
        return str(self.made_at)


class Notice(models.Model):
    """One change of what the public sees. Once its letter is on its way, nothing of it changes
    but whether it is settled."""

    class Kind(models.TextChoices):
        CHANGED = "changed"
        PUBLISHED = "published"
        UNPUBLISHED = "unpublished"
        DELETED = "deleted"
        BEGAN = "began"  # by its publish time
        ENDED = "ended"  # by its expiry time
        ORDER = "order"  # of all items, or several

    kind = models.CharField(max_length=12, choices=Kind.choices)
    content_type = models.ForeignKey(ContentType, models.CASCADE, related_name="+")
    object_id = models.BigIntegerField(null=True)
    title = models.CharField(max_length=300)  # as it was known before
    at = models.DateTimeField(default=timezone.now, db_index=True)
    who = models.CharField(max_length=300, blank=True)  # empty: it is not known
    # As in Watch.known, None for what the public could not see; of the order, lists of them.
    before = models.JSONField(null=True, encoder=DjangoJSONEncoder)
    after = models.JSONField(null=True, encoder=DjangoJSONEncoder)
    # Somebody said that it was meant, or what was there before is there again.
    confirmed = models.BooleanField(default=False)
    letter = models.ForeignKey(Letter, models.PROTECT, related_name="notices")

    class Meta:
        default_permissions = ()
        ordering = ["-at", "-pk"]

    def __str__(self):
        return self.title

    @property
    def model(self):
        return self.content_type.model_class()
