"""Where to get help. Every number that stands anywhere on the site comes from these rows."""

import re

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from awareness.content import phones
from awareness.content.assurance import HOW_TO_ANSWER, assurance_field, is_answered
from awareness.content.fields import Address, Line, Lines, Number
from awareness.content.publishing import RIGHTS, Publishable
from awareness.content.translatable import Translatable
from awareness.content.validators import https_only, phone_number, refuse_future

IMPOSSIBLE = _(
    "“%(value)s” cannot be dialed. A US number has 10 digits, with or without a 1 before them; a "
    "short number has 3, on a text line also 5 or 6."
)
UNASSIGNED = _("“%(value)s” does not seem to be a number that anybody has.")


class HelpLine(Translatable, Publishable):
    # Whoever calls a wrong number may be in danger. The fields that tell it in short.
    guarded = ("number", "url", "kind")  # awareness/desk/alerts/
    guarded_apart = ("checked_on", "checked_what", "assurance")

    class Kind(models.TextChoices):
        EMERGENCY = "emergency", _("Emergency number")
        CALL = "call", _("Phone line")
        TEXT = "text", _("Text line")
        CHAT = "chat", _("Online chat or web page")
        RELAY = "relay", _("Relay service (TTY)")

    class Area(models.TextChoices):
        NATION = "nation", _("The whole nation")
        MISSOURI = "missouri", _("Missouri")
        LOCAL = "local", _("A place in Missouri")

    class Where(models.TextChoices):
        EVERYWHERE = "everywhere", _("The help page, and the foot of every page")
        HELP = "help", _("The help page")
        REPORT = "report", _("Only below the texts that say so, for people who report")

    name = Line(_("name"), max_length=120)
    kind = models.CharField(
        _("kind"),
        max_length=10,
        choices=Kind.choices,
        help_text=_("The first phone line and the first text line appear on every page."),
    )
    position = models.PositiveSmallIntegerField(
        _("position"), default=100, help_text=_("Lower numbers come first.")
    )
    where = models.CharField(
        _("where it shows"), max_length=10, choices=Where.choices, default=Where.EVERYWHERE
    )
    knows_nearby = models.BooleanField(
        _("knows help nearby"),
        default=False,
        help_text=_("Checked: also on “Help near you”, since it can look for a group with people."),
    )
    number = Number(
        _("number"),
        max_length=30,
        blank=True,
        validators=[phone_number],
        help_text=_("Write it as people should read it, with dashes. Not needed for a chat."),
    )
    text_word = Line(
        _("word for the number"),
        max_length=20,
        blank=True,
        help_text=_("What the number spells on a phone's keys, if anything."),
    )
    url = Address(_("web address"), max_length=500, blank=True, validators=[https_only])
    area = models.CharField(_("area"), max_length=10, choices=Area.choices, default=Area.NATION)
    area_name = Line(
        _("place"),
        max_length=80,
        blank=True,
        help_text=_("A city or county. Never the street address of a shelter."),
    )
    hours = Line(_("hours"), max_length=120, blank=True)
    languages = Line(_("languages"), max_length=200, blank=True)
    description = Lines(_("what it is"), max_length=600)
    leaves_behind = Lines(
        _("what using it leaves behind"),
        max_length=600,
        blank=True,
        help_text=_(
            "On the phone, on its bill, in the browser. Somebody may be watching our visitors."
        ),
    )
    assurance = assurance_field(_("why an unusual number is right"))
    checked_on = models.DateField(
        _("checked on"),
        null=True,
        blank=True,
        help_text=_(
            "The last day when somebody called or looked, and made sure that all of this is "
            "right. If you change the number, word, or web address, this is cleared unless you"
            " also set a new day."
        ),
    )
    # With the day, what was called then. Only so nobody reads a day on which nobody called this.
    checked_what = Line(max_length=600, blank=True, default="")
    source_title = Line(_("source"), max_length=200, blank=True)
    source_url = Address(
        _("address of the source"), max_length=500, blank=True, validators=[https_only]
    )

    class Meta(Publishable.Meta):
        default_permissions = RIGHTS
        verbose_name = _("help line")
        verbose_name_plural = _("help lines")
        ordering = ["position", "id"]

    def __str__(self):
        return self.name

    def clean(self):
        super().clean()
        if self.kind == self.Kind.CHAT and not self.url:
            raise ValidationError({"url": _("Enter the web address of the chat.")})
        if self.kind and self.kind != self.Kind.CHAT and not self.number:
            raise ValidationError({"number": _("Enter the number that people call or text.")})
        if problems := self.problems_of_number():
            raise ValidationError(problems)
        refuse_future(self, "checked_on")
        if self.area == self.Area.LOCAL and not self.area_name:
            raise ValidationError({"area_name": _("Name the city or county.")})
        self.before_saving()

    def problems_of_number(self):
        """{field: messages}: no reason makes a number of another length one that answers."""
        if not self.number or not re.fullmatch(phone_number.regex, self.number):
            return {}
        short = phones.TEXTED if self.kind == self.Kind.TEXT else phones.CALLED
        if not phones.is_possible(self.number, short):
            return {"number": IMPOSSIBLE % {"value": self.number}}
        stored = HelpLine.objects.filter(pk=self.pk).first() if self.pk else None
        if stored and (stored.number, stored.kind) == (self.number, self.kind):
            return {}
        if phones.is_assigned(self.number, short) or is_answered(self, stored):
            return {}
        return {"assurance": [UNASSIGNED % {"value": self.number}, HOW_TO_ANSWER]}

    def before_saving(self):
        """Whoever called, called what stood here then: the day goes with it; a new one stays."""
        day, _space, what = self.checked_what.partition(" ")
        if what and day == str(self.checked_on) and what != self.what_is_called:
            self.checked_on = None
        self.checked_what = f"{self.checked_on} {self.what_is_called}" if self.checked_on else ""

    @property
    def what_is_called(self):
        return " ".join(dict.fromkeys(filter(None, [self.href, self.text_word, self.url])))

    @property
    def checked(self):
        """The day on which somebody checked what stands here now, whichever way it came here."""
        is_so = self.checked_what == f"{self.checked_on} {self.what_is_called}"
        return self.checked_on if is_so else None

    @property
    def href(self):
        """``tel:``, ``sms:`` (never with a text in it) or the web address."""
        if self.kind == self.Kind.CHAT:
            return self.url
        scheme = "sms" if self.kind == self.Kind.TEXT else "tel"
        return f"{scheme}:{phones.dialed(self.number)}"

    @property
    def shown(self):
        """What stands on a button or in a sentence."""
        return self.number or self.name
