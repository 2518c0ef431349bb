"""What the public may see, and when. Nothing else decides this."""

import datetime
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Min, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

# What somebody may be allowed to do with an item. Whoever may change one may not yet publish it.
RIGHTS = ("add", "change", "delete", "view", "publish")
LAST_YEAR = 9000  # near 9999 no other time zone can say it
FIRST = datetime.datetime(1901, 1, 2, tzinfo=datetime.UTC)
LAST = datetime.datetime(LAST_YEAR - 1, 12, 31, tzinfo=datetime.UTC)
EXPIRES_TOO_EARLY = _("The expiry time must be later than the publish time.")


class State(models.TextChoices):
    LIVE = "live", _("Live")
    SCHEDULED = "scheduled", _("Scheduled")
    DRAFT = "draft", _("Draft")
    EXPIRED = "expired", _("Expired")


def publish_right(model: type[models.Model]) -> str:
    """The name of the right to publish its items. Where nothing can be a draft, whoever changes
    an item publishes it."""
    verb = "publish" if "publish" in model._meta.default_permissions else "change"
    return f"{model._meta.app_label}.{verb}_{model._meta.model_name}"


def next_moment(at: datetime.datetime) -> datetime.datetime | None:
    """When something will next be published or expire, after ``at``; None when nothing will."""
    moments: list[datetime.datetime | None] = []
    for model in apps.get_models():
        if issubclass(model, Publishable):
            scheduled = model._base_manager.filter(published=True).aggregate(
                **{name: Min(name, filter=Q(**{f"{name}__gt": at})) for name in model.moments}
            )
            moments += scheduled.values()
    return min(filter(None, moments), default=None)


class Moment(models.DateTimeField):
    """SQL by hand can write year 1 or 9999, which no other time zone can say: it is read as the
    first or the last that all can, so that each page and form shows it, and it means the same."""

    def from_db_value(self, value: Any, _expression: Any, _connection: Any) -> Any:
        return value and min(max(value, FIRST), LAST)

    def deconstruct(self) -> tuple:
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.DateTimeField", args, kwargs


class PublishedQuerySet(models.QuerySet):
    def live(self, at: datetime.datetime | None = None) -> Any:
        """What the public sees at the moment ``at`` (now, if none is given)."""
        return self.in_state(State.LIVE, at)

    def without_bodies(self) -> Any:
        """For lists and menus, which show no more than titles and summaries."""
        return self.defer("body", *(f"body_{code}" for code, _name in settings.LANGUAGES))

    def datetimes(self, field_name: str, *args: Any, **kwargs: Any) -> Any:
        """For the dates above a list. The database, too, stumbles at a year as in Moment."""
        sane = self.filter(**{f"{field_name}__range": (FIRST, LAST)})
        return super(PublishedQuerySet, sane).datetimes(field_name, *args, **kwargs)

    def in_state(self, state: Any, at: datetime.datetime | None = None) -> Any:
        at = at or timezone.now()
        begun = Q(publish_at__lte=at)
        ended = Q(expire_at__isnull=False, expire_at__lte=at)
        return self.filter(
            {
                State.DRAFT: Q(published=False),
                State.SCHEDULED: Q(published=True) & ~begun,
                State.EXPIRED: Q(published=True) & begun & ended,
                State.LIVE: Q(published=True) & begun & ~ended,
            }[state]
        )


class Publishable(models.Model):
    """Something that staff publish, now or at a set time, and may let expire."""

    publishing = False  # whether somebody is about to publish it: its rules may ask for more then
    moments = ("publish_at", "expire_at")  # fields: at each of them the public sees another thing

    published = models.BooleanField(
        _("published"),
        default=False,
        help_text=_(
            "Checked: the public sees this, from the publish time on. Unchecked: it is a "
            "draft, and only staff see it."
        ),
    )
    publish_at = Moment(
        _("publish time"),
        default=timezone.now,
        help_text=_(
            "Missouri time (Central). A future time keeps a published item hidden until then."
        ),
    )
    expire_at = Moment(
        _("expiry time"),
        null=True,
        blank=True,
        help_text=_("The public no longer sees it after this time. Leave empty to keep it."),
    )
    updated_at = Moment(_("last changed"), auto_now=True)

    objects = PublishedQuerySet.as_manager()

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(expire_at__isnull=True) | Q(expire_at__gt=F("publish_at")),
                name="%(app_label)s_%(class)s_expires_after_publishing",
                violation_error_message=EXPIRES_TOO_EARLY,
            )
        ]

    def save(self, **kwargs: Any) -> None:
        self.before_saving()
        super().save(**kwargs)

    def before_saving(self) -> None:
        """What saving sets by itself; in a draft the desk shows it, too."""

    def clean(self) -> None:
        super().clean()
        for name in self.moments:
            if (moment := getattr(self, name)) and not 1900 < moment.year < LAST_YEAR:
                raise ValidationError({name: _("Is the year right?")})
        if self.publish_at and self.expire_at and self.expire_at <= self.publish_at:
            raise ValidationError({"expire_at": EXPIRES_TOO_EARLY})

    @property
    def shown_since(self) -> datetime.datetime:
        """When what the public sees of it last became another."""
        return max(self.publish_at, self.updated_at)

    def state(self, at: datetime.datetime | None = None) -> Any:
        """The same rule as ``in_state``, for a row that is already in hand."""
        at = at or timezone.now()
        if not self.published:
            return State.DRAFT
        if self.publish_at > at:
            return State.SCHEDULED
        if self.expire_at and self.expire_at <= at:
            return State.EXPIRED
        return State.LIVE
