"""Short addresses for posters and cards: /go/WORD/ leads to a page, as long as a campaign lasts."""

from django.core.exceptions import ValidationError
from django.core.validators import MinLengthValidator
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from awareness.content.fields import Line, one_line
from awareness.content.publishing import RIGHTS, Moment, Publishable
from awareness.content.redirects import HasAddress, address_of, stored
from awareness.web.addresses import absolute

from .notice import OwnPath
from .section import Section, is_taken

RESERVED = {"act", "all", "healthz", "languages", "near"}  # parts of addresses; routes say the rest
A_PAGE = _("“%(slug)s” belongs to the address of a page. Choose another word.")
TAKEN = _("Another short address has this word. Choose another, or change that one.")


def as_word(text):
    """“/go/Truck Stops/” → “truck-stops”: the last part of whatever was typed or pasted."""
    return slugify(one_line(text).strip("/").rpartition("/")[2].replace("_", " "))


class Word(Line):
    cleaned_by = staticmethod(as_word)


class CampaignLink(HasAddress, Publishable):
    slug = Word(
        _("short address"),
        max_length=40,
        unique=True,
        validators=[MinLengthValidator(2)],
        error_messages={"unique": TAKEN},
        help_text=_(
            "The word after /go/, such as truck-stops: letters, digits, and hyphens. Capitals lead "
            "there too. If you change it, the old word still leads there."
        ),
    )
    page = OwnPath(
        _("leads to"),
        max_length=300,
        help_text=_("A public page of this site, such as /learn/signs/ or /es/help/."),
    )
    staff_note = Line(
        _("note for staff"),
        max_length=250,
        blank=True,
        help_text=_("What it is for and where it hangs. The public never sees it."),
    )
    expire_at = Moment(
        _("ends"),
        null=True,
        blank=True,
        help_text=_(
            "From then on it leads to the home page, so a poster that still hangs is no dead end. "
            "Leave empty if it has no end."
        ),
    )

    class Meta(Publishable.Meta):
        default_permissions = RIGHTS
        verbose_name = _("short address")
        verbose_name_plural = _("short addresses")
        ordering = ["slug"]

    def __str__(self):
        return f"/go/{self.slug}/"

    def get_absolute_url(self):
        return reverse("go", args=[self.slug])

    @property
    def address(self):
        """As it is printed: the language is that of the page it leads to."""
        return absolute(address_of(self))

    def clean(self):
        super().clean()
        before = stored(self)
        # What was there before a page of that name is not kept from saving the rest.
        if (before is None or before.slug != self.slug) and is_of_a_page(self.slug):
            raise ValidationError({"slug": ValidationError(A_PAGE, params={"slug": self.slug})})


def is_of_a_page(word):
    there = word in RESERVED or is_taken(word)
    return there or Section._base_manager.filter(kind=Section.Kind.PAGE, slug=word).exists()
