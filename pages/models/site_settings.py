from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from awareness.content.fields import Address, Line, Lines, Mail, Number
from awareness.content.singleton import Singleton
from awareness.content.validators import employer_number, https_only, refuse_future

from .image import LEAD, Image

DEFAULT_EXIT = "https://www.weather.gov/"


class SiteSettings(Singleton):
    site_name = Line(_("name of the site"), max_length=60, default="Aware Missouri")
    organisation_name = Line(_("name of the organization"), max_length=120, blank=True)
    logo = models.ForeignKey(
        Image,
        verbose_name=_("logo"),
        help_text=_(
            "Shown at the top of every page, in place of the sign. Best is a PNG with a "
            "see-through ground that can be read on white."
        ),
        **LEAD,
    )
    tagline = Line(
        _("what the site is"),
        max_length=200,
        blank=True,
        help_text=_(
            "One sentence on who you are and what this is for: below the statement on the home "
            "page, in search engines, and in messages, where it should not name the topic."
        ),
    )
    opening_statement = Lines(_("opening statement"), max_length=400, blank=True)
    opening_attribution = Line(_("whose statement it is"), max_length=120, blank=True)
    opening_url = Address(
        _("where it was read"), max_length=500, blank=True, validators=[https_only]
    )
    unreported = Lines(
        _("after the headline figures"),
        max_length=600,
        blank=True,
        help_text=_("Why figures are not the whole story, and what the reader can do."),
    )
    source_note = Lines(
        _("source note"),
        max_length=400,
        blank=True,
        help_text=_("Appears at the end of the guide: where its statements come from."),
    )
    mission = Lines(
        _("what the organization does"),
        max_length=1500,
        blank=True,
        help_text=_("For the donate page. An empty line starts a new paragraph."),
    )
    ways_to_give = Lines(
        _("other ways to give"),
        max_length=1500,
        blank=True,
        help_text=_(
            "For the donate page: a check by mail, goods instead of money, an employer who matches "
            "a gift. An empty line starts a new paragraph."
        ),
    )
    ein = Number(
        _("EIN"),
        max_length=20,
        blank=True,
        validators=[employer_number],
        help_text=_("The organization's tax number, such as 12-3456789."),
    )
    deduction_statement = Line(
        _("what you say about tax deductions"),
        max_length=300,
        blank=True,
        help_text=_("Shown only if there is also an EIN."),
    )
    contact_email = Mail(_("contact e-mail"), blank=True)
    contact_address = Lines(
        _("postal address"),
        max_length=300,
        blank=True,
        help_text=_("An office or a P.O. box. Never a shelter."),
    )
    exit_url = Address(
        _("where the exit leads"),
        max_length=300,
        default=DEFAULT_EXIT,
        validators=[https_only],
        help_text=_(
            "A harmless page on another site that anybody might have open. The texts on using "
            "this site safely mention a weather page: change them too."
        ),
    )
    footer_text = Lines(_("words in the footer"), max_length=400, blank=True)
    lawyer_read_on = models.DateField(
        _("a lawyer read the pages on rights and law"), null=True, blank=True
    )
    survivor_read_on = models.DateField(
        _("an advocate who is a survivor read the site"), null=True, blank=True
    )
    restored_on = models.DateField(
        _("a backup was put back, to try it"),
        null=True,
        blank=True,
        help_text=_("Ask the person who runs the server. What nobody has tried may not work."),
    )
    updated_at = models.DateTimeField(auto_now=True)

    class Meta(Singleton.Meta):
        verbose_name = _("site settings")
        verbose_name_plural = _("site settings")

    def __str__(self):
        return self.site_name

    @property
    def exit_address(self):
        """Never empty: the exit must lead away whatever happened to the setting."""
        return self.exit_url or DEFAULT_EXIT

    def clean(self):
        super().clean()
        refuse_future(self, "lawyer_read_on", "survivor_read_on", "restored_on")
        host = (urlsplit(self.exit_url).hostname or "").lower()
        if host in settings.ALLOWED_HOSTS:
            raise ValidationError(
                {"exit_url": _("The exit must lead away from this site. Use another address.")}
            )
