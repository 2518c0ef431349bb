"""One Figure row is one vintage: a revision is a new row with a later as-of date, and the current
figure is the latest. Units: reports to the hotline, whole numbers.
"""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from awareness.content.assurance import assurance_field
from awareness.content.fields import Line
from awareness.content.publishing import RIGHTS
from stats import guards
from stats.vocabulary import (
    ENDS_EARLY,
    HOTLINE_BEGAN,
    WITH_VALUE,
    Change,
    Qualifier,
    Status,
    calendar_year,
)

from .series_break import Break
from .source import Measure, Place, Source

NEEDS_VALUE = _("A figure with this status needs a value.")
NO_VALUE = _("A figure with this status has no value. Clear it, or choose Published.")
NO_NUMBER = _("This word needs a number after it: take the word out, or type the number.")
NEEDS_SOURCE = _("A figure needs a source. Choose one, or add it with the plus sign.")
NEGATIVE = _("A figure cannot be negative.")
TWICE = _(
    "There is already a figure for this place, measure, period and as-of date. "
    "A revision needs a later as-of date."
)


class FigureQuerySet(models.QuerySet):
    def current(self):
        """The latest vintage of each figure."""
        later = self.model.objects.filter(
            place=OuterRef("place"),
            measure=OuterRef("measure"),
            first_day=OuterRef("first_day"),
            last_day=OuterRef("last_day"),
            as_of__gt=OuterRef("as_of"),
        )
        return self.filter(~Exists(later))

    def with_names(self):
        return self.select_related("place", "measure", "source")

    def known(self, at=None):
        """What had been said by the day ``at``; everything, if none is given."""
        return self.filter(as_of__lte=at) if at else self


class Figure(models.Model):
    place = models.ForeignKey(Place, models.PROTECT, related_name="figures")
    measure = models.ForeignKey(Measure, models.PROTECT, related_name="figures")
    first_day = models.DateField(_("first day"))
    last_day = models.DateField(_("last day"))
    value = models.BigIntegerField(
        _("value"), null=True, blank=True, help_text=_("Empty when there is no figure: never 0.")
    )
    qualifier = models.CharField(
        _("rounded"),
        max_length=10,
        choices=Qualifier.choices,
        blank=True,
        help_text=_("Only where the source rounds, such as: nearly 12,000."),
    )
    status = models.CharField(
        _("status"), max_length=15, choices=Status.choices, default=Status.PUBLISHED
    )
    counted = Line(
        _("what was counted"),
        max_length=200,
        blank=True,
        help_text=_("In the source's words, such as: phone calls, substantive."),
    )
    as_of = models.DateField(
        _("as of"),
        help_text=_("The day when the source said so. A revision is a new row with a later day."),
    )
    as_of_exact = models.BooleanField(
        _("the day is exact"),
        default=True,
        help_text=_("Unchecked: it was known by that day, perhaps earlier."),
    )
    source = models.ForeignKey(
        Source, models.PROTECT, null=True, blank=True, related_name="figures"
    )
    note = Line(_("note"), max_length=500, blank=True, help_text=_("Shown beside the figure."))
    change = models.CharField(
        _("kind of change"),
        max_length=10,
        choices=Change.choices,
        blank=True,
        help_text=_("Only where an earlier row for the same period says something else."),
    )
    reason = Line(
        _("why it changed"),
        max_length=500,
        blank=True,
        help_text=_(
            "Shown with the change. Use the source's words. If it gives no reason, say so."
        ),
    )
    assurance = assurance_field(_("why an unusual number is right"))
    recorded_at = models.DateTimeField(_("entered"), default=timezone.now, editable=False)

    objects = FigureQuerySet.as_manager()

    class Meta:
        default_permissions = RIGHTS
        verbose_name = _("figure")
        verbose_name_plural = _("figures")
        ordering = ["place", "measure", "-last_day", "first_day", "-as_of"]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=WITH_VALUE, value__isnull=False)
                | (~Q(status__in=WITH_VALUE) & Q(value__isnull=True)),
                name="stats_figure_value_fits_status",
                violation_error_message=NEEDS_VALUE,
            ),
            models.CheckConstraint(
                condition=Q(qualifier="") | Q(qualifier__in=Qualifier.values, value__isnull=False),
                name="stats_figure_qualifier_fits_value",
                violation_error_message=NO_NUMBER,
            ),
            models.CheckConstraint(
                condition=Q(status__in=Status.values),
                name="stats_figure_status_is_known",
            ),
            models.CheckConstraint(
                condition=Q(value__isnull=True) | Q(source__isnull=False),
                name="stats_figure_has_source",
                violation_error_message=NEEDS_SOURCE,
            ),
            models.CheckConstraint(
                condition=Q(value__isnull=True) | Q(value__gte=0),
                name="stats_figure_not_negative",
                violation_error_message=NEGATIVE,
            ),
            models.CheckConstraint(
                condition=Q(last_day__gte=F("first_day")),
                name="stats_figure_ends_after_it_begins",
                violation_error_message=ENDS_EARLY,
            ),
            models.CheckConstraint(
                condition=Q(change__in=["", *Change.values]),
                name="stats_figure_change_is_known",
            ),
            models.UniqueConstraint(
                "place",
                "measure",
                "first_day",
                "last_day",
                "as_of",
                name="stats_figure_vintage_once",
                violation_error_message=TWICE,
            ),
        ]

    def __str__(self):
        """A draft may lack any of it."""
        period = self.period_iso if self.first_day and self.last_day else None
        parts = getattr(self, "place", None), getattr(self, "measure", None), period
        return " · ".join(str(part) for part in parts if part)

    @property
    def period_iso(self):
        """An ISO 8601 interval; a calendar year is its four digits."""
        return str(self.year) if self.year else f"{self.first_day}/{self.last_day}"

    @property
    def year(self):
        """The calendar year that the figure covers, or None for any other period."""
        return calendar_year(self.first_day, self.last_day)

    def clean(self):
        super().clean()
        problems = self.mistakes()
        if self.is_there_already():
            problems["as_of"] = TWICE
        problems = problems or guards.problems(self, StoredFigures())
        if problems:
            raise ValidationError(problems)

    def mistakes(self):
        """{field: message} of what its own fields say; asks the database nothing, since an
        import has thousands of rows to look through."""
        found = {}
        if self.value is not None and self.value < 0:
            found["value"] = NEGATIVE
        elif self.status in WITH_VALUE and self.value is None:
            found["value"] = NEEDS_VALUE
        elif self.status not in WITH_VALUE and self.value is not None:
            found["value"] = NO_VALUE
        if self.value is None and self.qualifier:
            found["qualifier"] = NO_NUMBER
        if self.value is not None and not self.source_id:
            found["source"] = NEEDS_SOURCE
        if self.first_day and self.first_day < HOTLINE_BEGAN:
            found["first_day"] = _("The hotline began on December 7, 2007. Is the year right?")
        if self.first_day and self.last_day and self.last_day < self.first_day:
            found["last_day"] = ENDS_EARLY
        elif self.last_day and self.last_day > timezone.localdate():
            found["last_day"] = _("The last day is in the future. Is the year right?")
        if self.as_of and self.as_of > timezone.localdate():
            found["as_of"] = _("The as-of date is in the future.")
        return found

    def is_there_already(self):
        key = ["place_id", "measure_id", "first_day", "last_day", "as_of"]
        same = {name: getattr(self, name) for name in key}
        others = Figure.objects.exclude(pk=self.pk)
        return None not in same.values() and others.filter(**same).exists()


class StoredFigures:
    """Answers the guards from the database. An import answers from memory: stats/in_memory.py."""

    def stored(self, figure):
        """This row as it stands in the database, or None for a new one."""
        return Figure.objects.with_names().filter(pk=figure.pk).first() if figure.pk else None

    def near(self, figure):
        """All vintages of everything that the rules compare with this figure."""
        days = Q(first_day=figure.first_day, last_day=figure.last_day)
        series = Q(first_day=figure.first_day)
        if figure.year:
            years = (figure.year - 1, figure.year + 1)
            series |= Q(first_day__year__in=years)
        rows = Figure.objects.filter(days | Q(series, measure=figure.measure_id))
        return rows.filter(place=figure.place_id).exclude(pk=figure.pk).select_related("measure")

    def breaks(self):
        return Break.objects.all()
