"""What a section rests on, and what was once wrong in it or in an update."""

import datetime

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from awareness.content.fields import Address, Line, Lines
from awareness.content.validators import https_only, refuse_future

from .section import OWN_PAGE, Section
from .update import Update

READ_AFTER = datetime.timedelta(days=365)  # a source may say something else by then


class Correction(models.Model):
    """What was wrong in a section or an update, and has been put right. What was said once, stays
    said, under the day on which it was written."""

    section = models.ForeignKey(
        Section,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="corrections",
        verbose_name=_("section or page"),
        limit_choices_to={"kind__in": [*OWN_PAGE]},
    )
    update = models.ForeignKey(
        Update,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="corrections",
        verbose_name=_("update"),
    )
    day = models.DateField(_("day"), default=timezone.localdate, editable=False)
    text = Lines(
        _("what was corrected"),
        max_length=600,
        help_text=_("What stood here before, and what is right. Everybody reads it."),
    )

    class Meta:
        verbose_name = _("correction")
        verbose_name_plural = _("corrections")
        ordering = ["-day", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(section__isnull=True, update__isnull=False)
                | Q(section__isnull=False, update__isnull=True),
                name="pages_correction_of_one",
                violation_error_message=_(
                    "Choose the section or page, or the update, and not both."
                ),
            )
        ]

    def __str__(self):
        return f"{self.about}, {date_format(self.day)}"

    def save(self, *args, **kwargs):
        """With it, what it is about has changed, for feeds, the sitemap and search engines."""
        super().save(*args, **kwargs)
        rows = type(self.about)._base_manager.filter(pk=self.about.pk)
        rows.update(updated_at=timezone.now())

    @property
    def about(self):
        return self.section or self.update


class Citation(models.Model):
    section = models.ForeignKey(Section, models.CASCADE, related_name="citations")
    title = Line(_("title"), max_length=250)
    publisher = Line(_("publisher"), max_length=200)
    url = Address(_("address"), max_length=500, validators=[https_only])
    read_on = models.DateField(
        _("read on"),
        null=True,
        blank=True,
        help_text=_(
            "The last day on which somebody read this source and compared our text with it."
        ),
    )
    note = Line(
        _("note for readers"),
        max_length=250,
        blank=True,
        help_text=_("Shown after the source."),
    )
    staff_note = Line(
        _("note for staff"),
        max_length=250,
        blank=True,
        help_text=_("What still has to be checked here. The public never sees it."),
    )

    class Meta:
        verbose_name = _("citation")
        verbose_name_plural = _("citations")
        ordering = ["id"]

    def __str__(self):
        return self.title

    @property
    def is_due(self):
        return bool(self.read_on) and self.read_on < timezone.localdate() - READ_AFTER

    def clean(self):
        super().clean()
        refuse_future(self, "read_on")
