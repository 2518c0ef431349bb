"""Four sentences in a language that the site itself does not speak, with the hotline's number."""

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from awareness.content import phones
from awareness.content.fields import Line, Lines, as_typed
from awareness.content.publishing import RIGHTS, Publishable
from awareness.content.translatable import Translatable

language_tag = RegexValidator(
    r"^[a-z]{2,3}(-[A-Za-z]{2,8})*$",
    _("Use the language’s code, such as vi, or zh-Hans for one script of it."),
)


class LanguageCard(Translatable, Publishable):
    class Direction(models.TextChoices):
        LTR = "ltr", _("Left to right")
        RTL = "rtl", _("Right to left")

    name = Line(_("language"), max_length=60)
    own_name = Line(_("its own name for itself"), max_length=60)
    code = Line(_("code"), max_length=20, unique=True, validators=[language_tag])
    direction = models.CharField(
        _("direction"), max_length=3, choices=Direction.choices, default=Direction.LTR
    )
    text = Lines(
        _("sentences"),
        max_length=800,
        help_text=_(
            "About four short sentences, one on a line, in that language. No phone number: the "
            "hotline’s stands below them. Publish it once a native reader has read it."
        ),
    )
    position = models.PositiveSmallIntegerField(
        _("position"), default=100, help_text=_("Lower numbers come first.")
    )

    class Meta(Publishable.Meta):
        default_permissions = RIGHTS
        verbose_name = _("language card")
        verbose_name_plural = _("language cards")
        ordering = ["position", "id"]

    def __str__(self):
        return self.name

    def clean(self):
        super().clean()
        number = phones.number_in(as_typed(self.text or "").replace("911", "").replace("988", ""))
        if number:
            message = _("Take out “%(value)s”: the hotline’s number stands below the sentences.")
            raise ValidationError({"text": message % {"value": number}})
