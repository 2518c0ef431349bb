"""News, and among them events: what is coming up, until it is over."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Case, When
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from awareness.content.fields import Address, Line, Lines
from awareness.content.publishing import RIGHTS, Moment, Publishable, PublishedQuerySet
from awareness.content.redirects import TAKEN, HasAddress
from awareness.content.richtext import RichTextField
from awareness.content.translatable import Translatable
from awareness.content.validators import https_only

from .image import LEAD, Image


class UpdateQuerySet(PublishedQuerySet):
    def without_bodies(self):
        return super().without_bodies().select_related("picture")

    def events(self):
        return self.filter(starts_at__isnull=False, ends_at__isnull=False)

    def coming(self, at=None):
        """Events that are not over, the next one first."""
        return self.events().filter(ends_at__gt=at or timezone.now()).order_by("starts_at", "id")

    def soonest(self, at=None):
        """What is coming up, the next one first, and then the news. One query for both."""
        begins = Case(When(ends_at__gt=at or timezone.now(), then="starts_at"))
        return self.order_by(begins.asc(nulls_last=True), "-publish_at", "-id")


class Update(Translatable, HasAddress, Publishable):
    title = Line(_("title"), max_length=150)
    slug = models.SlugField(
        _("address"),
        max_length=80,
        unique=True,
        error_messages={"unique": TAKEN},
        help_text=_("The last part of the page's address. People share it, so keep it short."),
    )
    summary = Lines(
        _("summary"),
        max_length=300,
        help_text=_("One or two sentences, for the list of updates, the feed and messages."),
    )
    body = RichTextField(_("text"))
    picture = models.ForeignKey(
        Image,
        verbose_name=_("picture"),
        help_text=_("Shown at the top of the page, and on the lists."),
        **LEAD,
    )
    starts_at = Moment(
        _("begins"),
        null=True,
        blank=True,
        help_text=_("Only of an event or a training. Missouri time (Central)."),
    )
    ends_at = Moment(_("ends"), null=True, blank=True)
    place = Line(
        _("place"),
        max_length=200,
        blank=True,
        help_text=_("Where people come to, or “Online”. Never a shelter."),
    )
    sign_up_url = Address(
        _("address to sign up"), max_length=500, blank=True, validators=[https_only]
    )
    recorded_at = models.DateTimeField(_("entered"), default=timezone.now, editable=False)

    moments = (*Publishable.moments, "ends_at")

    objects = UpdateQuerySet.as_manager()

    class Meta(Publishable.Meta):
        default_permissions = RIGHTS
        verbose_name = _("update")
        verbose_name_plural = _("updates")
        ordering = ["-publish_at", "-id"]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("pages:update", args=[self.slug])

    @property
    def files(self):
        return ("event.ics",) if self.starts_at and self.ends_at else ()

    def clean(self):
        super().clean()
        problems = {}
        if (self.place or self.sign_up_url) and not self.starts_at:
            problems["starts_at"] = _("Say when the event begins, or clear its place and address.")
        if bool(self.starts_at) != bool(self.ends_at):
            missing = "ends_at" if self.starts_at else "starts_at"
            problems[missing] = _("An event needs both: when it begins and when it ends.")
        if self.starts_at and self.ends_at and self.ends_at <= self.starts_at:
            problems["ends_at"] = _("This event ends before it begins. Check both times.")
        if problems:
            raise ValidationError(problems)

    @property
    def ends_when(self):
        """The hour; with its day where that is another one."""
        begins, ends = timezone.localtime(self.starts_at), timezone.localtime(self.ends_at)
        same = begins.date() == ends.date()
        return date_format(ends, "TIME_FORMAT" if same else "DATETIME_FORMAT")

    @property
    def day(self):
        """The one that matters: when an event begins, until it is over; else when we wrote."""
        return self.starts_at if self.is_coming else self.publish_at

    @property
    def year(self):
        """In which we wrote, by Missouri's clocks."""
        return timezone.localtime(self.publish_at).year

    @property
    def is_coming(self):
        return bool(self.ends_at) and self.ends_at > timezone.now()
