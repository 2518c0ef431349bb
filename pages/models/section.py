"""The guide's sections and the plain pages, with their citations."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.urls import Resolver404, resolve, reverse
from django.utils.translation import gettext_lazy as _

from awareness.content.fields import Address, Line, Lines
from awareness.content.publishing import RIGHTS, Publishable, PublishedQuerySet
from awareness.content.redirects import HasAddress
from awareness.content.richtext import RichTextField
from awareness.content.translatable import Translatable
from awareness.content.validators import https_only

# Addresses of the site that no view answers yet, or that something before the views does.
PROMISED = {"accounts", "embed", "media", "share", "static"}


# Parts of pages on which sections stand, each under its own address as an anchor.
ANCHORS = {"accessibility", "contact", "contents", "figures", "get-help", "guide", "main", "words"}


class SectionQuerySet(PublishedQuerySet):
    def guide(self):
        return self.filter(kind=Section.Kind.GUIDE)

    def plain(self):
        return self.filter(kind=Section.Kind.PAGE)

    def safety(self):
        return self.filter(kind=Section.Kind.SAFETY)


class Section(Translatable, HasAddress, Publishable):
    class Kind(models.TextChoices):
        GUIDE = "guide", _("Section of the guide")
        PAGE = "page", _("Plain page, listed in the footer")
        SAFETY = "safety", _("Part of the page on using this site safely")

    title = Line(_("title"), max_length=120)
    slug = models.SlugField(
        _("address"),
        max_length=80,
        unique=True,
        help_text=_("The last part of the page's address. People share it, so keep it short."),
    )
    kind = models.CharField(
        _("where it belongs"), max_length=10, choices=Kind.choices, default=Kind.GUIDE
    )
    position = models.PositiveSmallIntegerField(
        _("position"),
        default=100,
        help_text=_("Lower numbers come first, in the guide and in the footer."),
    )
    on_help_page = models.BooleanField(
        _("also on the help page"),
        default=False,
        help_text=_("Checked: the whole text also appears on the help page, below the numbers."),
    )
    about_site = models.BooleanField(
        _("contact and accessibility below"),
        default=False,
        help_text=_(
            "Checked: the organization's contact details and EIN, and the accessibility "
            "statement, appear below the text."
        ),
    )
    summary = Lines(
        _("summary"),
        max_length=300,
        help_text=_(
            "One or two sentences. They appear before the text, and search engines and "
            "messages show them for this page."
        ),
    )
    body = RichTextField(_("text"))

    objects = SectionQuerySet.as_manager()

    class Meta(Publishable.Meta):
        default_permissions = RIGHTS
        verbose_name = _("section or page")
        verbose_name_plural = _("sections and pages")
        ordering = ["kind", "position", "title"]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        if self.kind == self.Kind.SAFETY:
            return f"{reverse('pages:safety')}#{self.slug}"
        route = "pages:section" if self.kind == self.Kind.GUIDE else "pages:page"
        return reverse(route, args=[self.slug])

    def clean(self):
        super().clean()
        if self.slug in ANCHORS:
            message = _("Our pages already use “%(slug)s” for one of their parts. Choose another.")
            raise ValidationError({"slug": ValidationError(message, params={"slug": self.slug})})
        if self.kind == self.Kind.PAGE and self.slug and is_taken(self.slug):
            message = _("The site already uses the address /%(slug)s/. Choose another.")
            raise ValidationError({"slug": ValidationError(message, params={"slug": self.slug})})


def is_taken(slug):
    """Whether ``/slug/`` already answers with something that is no plain page, or will."""
    slug = slug.lower()  # an address in capitals leads to the one in small letters
    if slug in PROMISED or slug in dict(settings.LANGUAGES):
        return True
    try:
        return resolve(f"/{slug}/").view_name != "pages:page"
    except Resolver404:
        return False


class Citation(models.Model):
    section = models.ForeignKey(Section, models.CASCADE, related_name="citations")
    title = Line(_("title"), max_length=250)
    publisher = Line(_("publisher"), max_length=200)
    url = Address(_("address"), max_length=500, validators=[https_only])
    read_on = models.DateField(
        _("read on"),
        null=True,
        blank=True,
        help_text=_(
            "The last day on which somebody read this source and compared our text with it."
        ),
    )
    note = Line(
        _("note for readers"),
        max_length=250,
        blank=True,
        help_text=_("Shown after the source."),
    )
    staff_note = Line(
        _("note for staff"),
        max_length=250,
        blank=True,
        help_text=_("What still has to be checked here. The public never sees it."),
    )

    class Meta:
        verbose_name = _("citation")
        verbose_name_plural = _("citations")
        ordering = ["id"]

    def __str__(self):
        return self.title
