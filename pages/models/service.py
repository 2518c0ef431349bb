"""Who helps nearby. Never a street address: somebody may be looking for those who sleep there."""

import datetime

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from awareness.content import phones
from awareness.content.fields import Address, Line, Lines, Number
from awareness.content.publishing import RIGHTS, Publishable
from awareness.content.translatable import Translatable
from awareness.content.validators import https_only, phone_number, refuse_future
from pages import counties

CANNOT_BE_DIALED = _("“%(value)s” cannot be dialed. A US number has 10 digits.")
NO_COUNTY = _("Missouri has no county named “%(name)s”: check how it is spelled.")
TOO_OLD = _("This was checked more than a year before it is public: check it again.")
GOOD_FOR = datetime.timedelta(days=365)  # after a check; then it leaves the page by itself


class Service(Translatable, Publishable):
    name = Line(_("name"), max_length=120)
    what_it_does = Lines(_("what it does"), max_length=600)
    serves = Lines(_("whom it serves"), max_length=300, blank=True)
    counties = Lines(
        _("counties"),
        max_length=2000,
        help_text=_(
            "Names of Missouri’s counties, with commas between: Boone, Cole, St. Louis city. Write "
            "“all” for the whole state. St. Louis is the county, St. Louis city is not part of it."
        ),
    )
    phone = Number(_("phone"), max_length=30, blank=True, validators=[phone_number])
    url = Address(_("website"), max_length=500, blank=True, validators=[https_only])
    languages = Line(_("languages"), max_length=200, blank=True)
    hours = Line(_("hours"), max_length=120, blank=True)
    checked_on = models.DateField(
        _("checked on"),
        null=True,
        blank=True,
        help_text=_(
            "The last day when somebody called or wrote, and made sure that all of this is right. "
            "Without it nothing is published. A year after it, this leaves the page by itself."
        ),
    )
    source_title = Line(_("source"), max_length=200, blank=True)
    source_url = Address(
        _("address of the source"), max_length=500, blank=True, validators=[https_only]
    )
    staff_note = Line(
        _("note for staff"),
        max_length=250,
        blank=True,
        help_text=_("What still has to be checked here. The public never sees it."),
    )

    class Meta(Publishable.Meta):
        default_permissions = RIGHTS
        verbose_name = _("service nearby")
        verbose_name_plural = _("services nearby")
        ordering = ["name", "id"]

    def __str__(self):
        return self.name

    def clean(self):
        self.before_saving()
        if self.checked_on and self.publish_at and self.expire_at <= self.publish_at:
            self.expire_at = None  # one sentence is enough
            raise ValidationError({"checked_on": TOO_OLD})
        super().clean()
        refuse_future(self, "checked_on")
        problems = {}
        if not self.phone and not self.url:
            message = _("Give a phone number or a website: how else does anybody reach it?")
            problems["phone"] = message
        if self.phone and not phones.is_possible(self.phone, phones.CALLED):
            problems["phone"] = CANNOT_BE_DIALED % {"value": self.phone}
        strange = [name for name in counties.named(self.counties) if not counties.is_one(name)]
        if strange:
            problems["counties"] = NO_COUNTY % {"name": strange[0]}
        if problem := self.problem_of_check():
            problems["checked_on"] = problem
        if problems:
            raise ValidationError(problems)

    def problem_of_check(self):
        today = timezone.localdate()
        must = self.published or self.publishing
        if must and not self.checked_on:
            return _("Call or write first, then set the day: nothing is published unchecked.")
        if must and self.checked_on + GOOD_FOR <= today:
            return TOO_OLD
        return ""

    def before_saving(self):
        """What nobody has checked for a year expires; the first page says so a month before."""
        if self.checked_on:
            midnight = datetime.datetime.combine(self.checked_on + GOOD_FOR, datetime.time())
            self.expire_at = timezone.make_aware(midnight)

    @property
    def href(self):
        return f"tel:{phones.dialed(self.phone)}" if self.phone else self.url

    @property
    def county_names(self):
        """As counties.toml has them; ["all"] is the whole state."""
        found = (counties.is_one(name) for name in counties.named(self.counties))
        return list(filter(None, found))  # SQL by hand may have written others
