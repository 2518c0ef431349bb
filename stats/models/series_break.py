"""Where a series changes its way of counting, so that nobody reads a rise across it as a change
in trafficking."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from awareness.content.fields import Line
from stats.vocabulary import HOTLINE_BEGAN

from .source import Measure, Place

TWICE = _("There is already a break in this year for this place and measure.")
TOO_EARLY = _("The hotline began in 2007. Is the year right?")


class Break(models.Model):
    place = models.ForeignKey(
        Place,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="breaks",
        verbose_name=_("place"),
        help_text=_("Empty: in every place."),
    )
    measure = models.ForeignKey(
        Measure,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="breaks",
        verbose_name=_("measure"),
        help_text=_("Empty: in every measure of the hotline."),
    )
    year = models.PositiveSmallIntegerField(
        _("first year counted the new way"),
        help_text=_("Charts are cut before this year, and tables mark it."),
    )
    explanation = Line(
        _("explanation"),
        max_length=400,
        help_text=_("What was counted before, and what after: one or two plain sentences."),
    )

    class Meta:
        verbose_name = _("break in a series")
        verbose_name_plural = _("breaks in series")
        ordering = ["year", "place__position", "measure__position", "id"]
        constraints = [
            models.UniqueConstraint(
                Coalesce("place", Value(0)),
                Coalesce("measure", Value(0)),
                "year",
                name="stats_break_once",
                violation_error_message=TWICE,
            ),
            models.CheckConstraint(
                condition=models.Q(year__gt=HOTLINE_BEGAN.year),
                name="stats_break_year_is_possible",
                violation_error_message=TOO_EARLY,
            ),
        ]

    def __str__(self):
        place = self.place or _("every place")
        measure = self.measure or _("every measure")
        return f"{self.year} · {place} · {measure}"

    def clean(self):
        super().clean()
        if self.year and self.year <= HOTLINE_BEGAN.year:
            raise ValidationError({"year": TOO_EARLY})

    def is_in(self, place, measure):
        """One without a measure is the hotline's: nobody else's counting breaks with it."""
        is_its = self.measure_id == measure.pk if self.measure_id else not measure.counter
        return self.place_id in (None, place.pk) and is_its
