"""Which figures lead, and what stands beside all of them."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from awareness.content.fields import Lines
from awareness.content.richtext import RichTextField
from awareness.content.singleton import Singleton
from stats.vocabulary import ENDS_EARLY

from .source import Place


class Headline(models.Model):
    """A period whose figures lead: on the home page and in the whole guide on one page."""

    place = models.ForeignKey(Place, models.CASCADE, related_name="headlines")
    first_day = models.DateField(_("first day"))
    last_day = models.DateField(_("last day"))
    position = models.PositiveSmallIntegerField(_("position"), default=100)

    class Meta:
        verbose_name = _("headline period")
        verbose_name_plural = _("headline periods")
        ordering = ["place__position", "position", "id"]
        constraints = [
            models.UniqueConstraint(
                "place",
                "first_day",
                "last_day",
                name="stats_headline_once",
                violation_error_message=_("This period is already featured."),
            ),
            models.CheckConstraint(
                condition=Q(last_day__gte=F("first_day")),
                name="stats_headline_ends_after_it_begins",
                violation_error_message=ENDS_EARLY,
            ),
        ]

    def __str__(self):
        return f"{self.place} · {self.first_day}/{self.last_day}"

    def clean(self):
        super().clean()
        if self.first_day and self.last_day and self.last_day < self.first_day:
            raise ValidationError({"last_day": ENDS_EARLY})


class ReadingGuide(Singleton):
    """How to read the figures: what stands beside every table of them."""

    caveat = Lines(
        _("caveat"),
        max_length=400,
        blank=True,
        help_text=_("Appears inside every chart and above every table."),
    )
    notes = RichTextField(
        _("how to read the figures"),
        blank=True,
        help_text=_("Breaks in the series, revisions, who runs the hotline."),
    )

    class Meta(Singleton.Meta):
        verbose_name = _("how to read the figures")
        verbose_name_plural = _("how to read the figures")

    def __str__(self):
        return str(self._meta.verbose_name)
