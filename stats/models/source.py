"""Where, what and who said so."""

import re

from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from awareness.content.fields import Address, Line, Lines
from awareness.content.redirects import HasAddress
from awareness.content.validators import web_only
from stats.vocabulary import SourceKind

CODE = re.compile(r"[A-Z0-9]+(?:-[A-Z0-9]+)*")
TAKEN = ("changes",)  # addresses beside those of places


def free_address(slug):
    if slug.lower() in TAKEN:
        raise ValidationError(_("Another page already has this address. Choose another."))


class Place(HasAddress):
    code = Line(
        _("code"), max_length=10, unique=True, help_text=_("ISO 3166, such as US or US-MO.")
    )
    slug = models.SlugField(_("address"), unique=True, validators=[free_address])
    name = Line(_("name"), max_length=60)
    in_sentence = Line(
        _("name within a sentence"), max_length=60, help_text=_("For example: the United States.")
    )
    position = models.PositiveSmallIntegerField(_("position"), default=100)

    class Meta:
        verbose_name = _("place")
        verbose_name_plural = _("places")
        ordering = ["position", "id"]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("stats:place", args=[self.slug])

    def clean(self):
        super().clean()
        if not CODE.fullmatch(self.code):  # it stands in addresses, names of files and cells
            message = _("Use capital letters, digits, and dashes, such as US-MO.")
            raise ValidationError({"code": message})


class Measure(models.Model):
    code = models.SlugField(_("code"), max_length=20, unique=True)
    name = Line(_("name"), max_length=60)
    noun_one = Line(_("one of them"), max_length=60, help_text=_("For example: case."))
    noun_many = Line(_("several of them"), max_length=60, help_text=_("For example: cases."))
    counter = Line(
        _("who counts them"),
        max_length=100,
        blank=True,
        help_text=_(
            "One organization, as you would write it in a sentence, such as: the Missouri "
            "State Highway Patrol. Empty: the National Human Trafficking Hotline."
        ),
    )
    leads = models.BooleanField(
        _("featured"),
        default=False,
        help_text=_(
            "Its figures appear on the home page and in the whole guide, in the headline "
            "periods of each place."
        ),
    )
    definition = Lines(
        _("definition"),
        max_length=1500,
        help_text=_("What is counted, and how that changed over the years."),
    )
    defined_on = models.DateField(
        _("defined on"),
        null=True,
        blank=True,
        help_text=_("The day when this definition took effect. Shown beside it."),
    )
    caveat = Lines(
        _("caveat"),
        max_length=300,
        help_text=_("One sentence that appears wherever these figures do."),
    )
    position = models.PositiveSmallIntegerField(_("position"), default=100)

    class Meta:
        verbose_name = _("measure")
        verbose_name_plural = _("measures")
        ordering = ["position", "id"]

    def __str__(self):
        return self.name


class Source(models.Model):
    title = Line(_("title"), max_length=300)
    publisher = Line(_("publisher"), max_length=200)
    url = Address(_("address"), max_length=500, validators=[web_only])
    kind = models.CharField(
        _("kind"),
        max_length=10,
        choices=SourceKind.choices,
        help_text=_(
            "First-hand: the ones who count it. A public body: in its own release. Quotes it: "
            "news, nonprofits. A copy: reprints, code repositories; its figures are never "
            "featured."
        ),
    )

    class Meta:
        verbose_name = _("source")
        verbose_name_plural = _("sources")
        ordering = ["publisher", "title", "id"]
        constraints = [
            models.UniqueConstraint(
                "url",
                "title",
                name="stats_source_once",
                violation_error_message=_("This source already exists."),
            )
        ]

    def __str__(self):
        return f"{self.publisher}: {self.title}"
