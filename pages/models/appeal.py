"""Donation appeals. Which one shows is a question to the database, not a flag to keep."""

import re

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from awareness.content.fields import Address, Line, Lines
from awareness.content.publishing import RIGHTS, Publishable, PublishedQuerySet
from awareness.content.translatable import Translatable
from awareness.content.validators import https_only

from .image import LEAD, Image

AMOUNT = "{amount}"  # in an address, where the dollars of a gift belong
well_written_amount = RegexValidator(
    r"^[^{}]*(=\{amount\}([&#][^{}]*)?|/\{amount\}([/?#][^{}]*)?)?$",
    _(
        "Write {amount} once, where the dollars go, such as ?amount={amount} or /{amount}. Use no "
        "other { or }."
    ),
    code="amount",
)


def without_amount(url):
    """Where whoever gives chooses how much."""
    return re.sub(r"[^?&#/=]+=\{amount\}&?|/\{amount\}", "", url).rstrip("?&#")


class CallToActionQuerySet(PublishedQuerySet):
    def for_page(self, page):
        """Those that may stand on a page: "home", "donate", or any other that shows appeals."""
        where = self.model.Placement
        placements = {
            "home": [where.EVERYWHERE, where.HOME],
            "donate": where.values,
        }.get(page, [where.EVERYWHERE])
        return (
            self.filter(placement__in=placements)
            .select_related("picture")
            .prefetch_related("amounts")
        )


class CallToAction(Translatable, Publishable):
    class Placement(models.TextChoices):
        EVERYWHERE = "everywhere", _("Home, guide, updates and the donate page")
        HOME = "home", _("Home and the donate page")
        DONATE = "donate", _("Only the donate page")

    heading = Line(_("heading"), max_length=120)
    message = Lines(
        _("message"),
        max_length=1000,
        help_text=_("A few plain sentences. An empty line starts a new paragraph."),
    )
    picture = models.ForeignKey(
        Image,
        verbose_name=_("picture"),
        help_text=_("Shown beside the message, on the home page and the donate page."),
        **LEAD,
    )
    button = Line(
        _("words on the button"),
        max_length=40,
        blank=True,
        help_text=_("For example: Give once. To show no button, leave this and the address empty."),
    )
    url = Address(
        _("address of the donation page"),
        max_length=500,
        blank=True,
        validators=[https_only, well_written_amount],
        help_text=_(
            "Where the button leads: the page of the company that handles your donations. This "
            "site never asks for card details. If that page can open with an amount filled in, "
            "write {amount} where the dollars go, such as ?amount={amount}. Each amount below "
            "then opens it that way."
        ),
    )
    monthly_url = Address(
        _("address for monthly gifts"),
        max_length=500,
        blank=True,
        validators=[https_only, well_written_amount],
        help_text=_("Only if it is a different address. It may include {amount} too."),
    )
    placement = models.CharField(
        _("where it shows"),
        max_length=12,
        choices=Placement.choices,
        default=Placement.EVERYWHERE,
        help_text=_("Appeals never show on the help, safety and error pages."),
    )
    priority = models.SmallIntegerField(
        _("priority"),
        default=0,
        help_text=_(
            "If several appeals are live in one place, the one with the highest number shows."
        ),
    )

    objects = CallToActionQuerySet.as_manager()

    class Meta(Publishable.Meta):
        default_permissions = RIGHTS
        verbose_name = _("donation appeal")
        verbose_name_plural = _("donation appeals")
        ordering = ["-priority", "-publish_at", "-id"]
        constraints = [
            *Publishable.Meta.constraints,
            models.CheckConstraint(
                condition=Q(button="", url="") | (~Q(button="") & ~Q(url="")),
                name="pages_calltoaction_button_has_address",
                violation_error_message=_(
                    "A button needs an address, and an address needs a button."
                ),
            ),
        ]

    def __str__(self):
        return self.heading

    def clean(self):
        super().clean()
        if self.button and not self.url:
            raise ValidationError({"url": _("Say where the button leads, or clear the button.")})
        if self.url and not self.button:
            # The form has a field for each language, and none without one.
            raise ValidationError({"button_en": _("Say what the button says.")})
        if self.monthly_url and not self.url:
            message = _(
                "Add the address of the donation page too, for people who want to give once."
            )
            raise ValidationError({"url": message})

    @property
    def give_url(self):
        return without_amount(self.url)

    @property
    def give_monthly_url(self):
        return without_amount(self.monthly_url)

    @property
    def once(self):
        return [amount for amount in self.amounts.all() if not amount.monthly]

    @property
    def monthly(self):
        return [amount for amount in self.amounts.all() if amount.monthly]


class Amount(models.Model):
    """What a gift pays for. Nothing stands here that the organisation cannot show."""

    appeal = models.ForeignKey(CallToAction, models.CASCADE, related_name="amounts")
    dollars = models.PositiveIntegerField(
        _("US dollars"),
        validators=[MinValueValidator(1, _("An amount must be at least one dollar."))],
    )
    monthly = models.BooleanField(_("every month"), default=False)
    pays_for = Line(
        _("what it pays for"),
        max_length=150,
        help_text=_("For example: prints 100 posters. Write only what you can show to be true."),
    )
    url = Address(
        _("its own address"),
        max_length=500,
        blank=True,
        validators=[https_only],
        help_text=_("Only if the donation company has a page for this amount alone."),
    )

    class Meta:
        verbose_name = _("amount")
        verbose_name_plural = _("amounts")
        ordering = ["monthly", "dollars"]  # a one-time gift comes first
        constraints = [
            models.CheckConstraint(
                condition=Q(dollars__gt=0),
                name="pages_amount_above_zero",
                violation_error_message=_("An amount must be at least one dollar."),
            )
        ]

    def __str__(self):
        return f"${self.dollars}"

    @property
    def href(self):
        """Where it is given; "" while the appeal says nowhere."""
        shared = (self.monthly and self.appeal.monthly_url) or self.appeal.url
        address = (self.url or shared) if self.appeal.url else ""
        return address.replace(AMOUNT, str(self.dollars))
