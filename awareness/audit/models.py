"""The audit list. Not public content."""

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from reversion.models import Revision

from awareness.content.fields import Line, Lines


class Event(models.Model):
    """One line of the audit list: who did what to what, and when. Never changed afterwards."""

    class Kind(models.TextChoices):
        DRAFTED = "drafted", _("Draft saved")
        ASKED = "asked", _("Review asked for")
        RETURNED = "returned", _("Draft returned")
        SCHEDULED = "scheduled", _("Change scheduled")
        UNSCHEDULED = "unscheduled", _("Schedule canceled")
        FAILED = "failed", _("Scheduled change not possible")
        DISCARDED = "discarded", _("Draft discarded")
        PUBLISHED = "published", _("Published")
        UNPUBLISHED = "unpublished", _("Unpublished")
        CHANGED = "changed", _("Changed")
        RESTORED = "restored", _("Returned to an earlier version")
        ORDERED = "ordered", _("Order changed")
        DELETED = "deleted", _("Deleted")
        RECOVERED = "recovered", _("Brought back after deletion")
        IMPORTED = "imported", _("Imported from a file")
        SIGNED_IN = "signed_in", _("Signed in")
        RIGHTS = "rights", _("Rights changed")
        INVITED = "invited", _("Invited")

    at = models.DateTimeField(_("when"), default=timezone.now, db_index=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("account"),
    )
    who = Line(_("who"), max_length=150, blank=True)  # stays when the account goes
    kind = models.CharField(_("what happened"), max_length=12, choices=Kind.choices)
    content_type = models.ForeignKey(
        ContentType, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    object_id = models.CharField(max_length=64, blank=True)
    title = Line(_("to what"), max_length=300, blank=True)
    note = Lines(_("note"), blank=True)
    revision = models.ForeignKey(
        Revision, models.SET_NULL, null=True, blank=True, related_name="desk_events"
    )

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("who did what")
        default_permissions = ("view",)
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["content_type", "object_id"], name="awareness_event_item")]

    def __str__(self):
        return f"{self.get_kind_display()}: {self.title}" if self.title else self.get_kind_display()
