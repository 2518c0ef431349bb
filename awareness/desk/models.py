"""What the desk remembers. None of these tables is public content: CONTENT_APPS in
awareness/web/content_version.py."""

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from reversion.models import Revision

from awareness.content.fields import Line, Lines
from awareness.content.singleton import Singleton

PERSON = {"null": True, "blank": True, "on_delete": models.SET_NULL, "related_name": "+"}


class DraftQuerySet(models.QuerySet):
    def of(self, model):
        """The drafts of its items, with who wrote in them."""
        people = ("content_type", "author", "note_by", "approved_by")
        kind = ContentType.objects.get_for_model(model)
        return self.filter(content_type=kind).select_related(*people)

    def due(self, at=None):
        return self.filter(apply_at__lte=at or timezone.now())


class Draft(models.Model):
    """Work on an item that the public does not see yet.

    It holds a working copy (item_version.py), which may lack anything, while the rows in the tables
    stay as they are. Of an item that is not public its own rows are the working copy, and ``copy``
    is empty, once somebody saved it whole. What is not in its table yet is a copy alone, and has a
    number below zero; so is each new figure, which would be public as soon as it is there.
    """

    class State(models.TextChoices):
        WRITING = "writing", _("Draft")
        REVIEW = "review", _("Waiting for review")
        RETURNED = "returned", _("Returned")
        SCHEDULED = "scheduled", _("Scheduled")

    content_type = models.ForeignKey(ContentType, models.CASCADE, related_name="+")
    object_id = models.BigIntegerField()
    item = GenericForeignKey("content_type", "object_id")
    title = Line(max_length=300)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WRITING)
    copy = models.JSONField(null=True, blank=True)
    revision = models.OneToOneField(  # which held the copy until 2026; nothing reads it now
        Revision, models.PROTECT, null=True, blank=True, related_name="+"
    )
    changed = models.JSONField(default=list)  # names of the fields that differ from the item's
    author = models.ForeignKey(settings.AUTH_USER_MODEL, **PERSON)
    contributor_ids = models.JSONField(default=list)  # the numbers of all accounts that wrote in it
    saved_at = models.DateTimeField(default=timezone.now)
    note = Lines(blank=True)  # of whoever asked for a review, or returned it
    note_by = models.ForeignKey(settings.AUTH_USER_MODEL, **PERSON)
    apply_at = models.DateTimeField(null=True, blank=True, db_index=True)
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, **PERSON)
    together = models.UUIDField(null=True, blank=True)  # the same in all that are published as one

    objects = DraftQuerySet.as_manager()

    class Meta:
        verbose_name = _("draft")
        verbose_name_plural = _("drafts")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint("content_type", "object_id", name="awareness_draft_once"),
            models.CheckConstraint(
                condition=Q(apply_at__isnull=True) | Q(copy__isnull=False),
                name="awareness_draft_with_time_has_copy",
            ),
        ]

    def __str__(self):
        return self.title

    @property
    def item_model(self):
        return self.content_type.model_class()

    @property
    def url(self):
        """Of the form that opens on it."""
        kind = f"admin:{self.content_type.app_label}_{self.content_type.model}"
        if self.object_id < 0:
            return f"{reverse(f'{kind}_add')}?draft={self.pk}"
        return reverse(f"{kind}_change", args=[self.object_id])


class KeptForm(models.Model):
    """What somebody typed, or sent after their session had ended, that could become no draft."""

    token = models.CharField(max_length=43, unique=True)
    path = models.CharField(max_length=300)
    data = models.JSONField()  # {name: [value]}, without the token that guards the form
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        default_permissions = ()

    def __str__(self):
        return self.path


class DeskRules(Singleton):
    second_person = models.BooleanField(
        _("help lines and figures need a second person"),
        default=False,
        help_text=_(
            "Checked: nobody can publish their own change to a help line or a figure. It waits"
            " as a draft until another publisher has looked at it."
        ),
    )

    class Meta(Singleton.Meta):
        verbose_name = _("rules for publishing")
        verbose_name_plural = _("rules for publishing")
        default_permissions = ("view", "change")

    def __str__(self):
        return str(self._meta.verbose_name)
