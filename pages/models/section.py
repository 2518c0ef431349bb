"""What people read: the guide, signs by place, questions, the glossary, plain pages."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.urls import NoReverseMatch, resolve, reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from awareness.content.fields import Line, Lines
from awareness.content.publishing import RIGHTS, Publishable, PublishedQuerySet
from awareness.content.redirects import TAKEN, HasAddress
from awareness.content.richtext import RichTextField
from awareness.content.translatable import Translatable
from awareness.content.validators import refuse_future

from .. import drawings
from .image import LEAD, Image

# Addresses of the site that no view answers yet, or that something before the views does.
PROMISED = {"accounts", "embed", "go", "media", "share", "static"}


# Parts of pages on which sections stand, each under its own address as an anchor.
ANCHORS = {
    *("accessibility", "contact", "contents", "corrections", "figures", "get-help", "guide"),
    *("main", "more-to-read", "myths", "signs-by-place", "words"),
}


DOORS = ("signs", "act")  # what the home page leads to by its address


class SectionQuerySet(PublishedQuerySet):
    def of(self, *kinds):
        return self.filter(kind__in=kinds)

    def guide(self):
        return self.of(Section.Kind.GUIDE)

    def plain(self):
        return self.of(Section.Kind.PAGE)

    def safety(self):
        return self.of(Section.Kind.SAFETY)

    def indexes(self):
        """[(route, title)] of the pages that list these sections, and have one to list."""
        return indexes_of(set(self.order_by().values_list("kind", flat=True)))


class Section(Translatable, HasAddress, Publishable):
    class Kind(models.TextChoices):
        GUIDE = "guide", _("Section of the guide")
        SIGNS = "signs", _("Signs in one place")
        HELP = "help", _("Page about getting help")
        AUDIENCE = "audience", _("For your work or family")
        QUESTION = "question", _("Question and answer")
        MYTH = "myth", _("Myth and fact")
        WORD = "word", _("Word in the glossary")
        PAGE = "page", _("Plain page, listed in the footer")
        SAFETY = "safety", _("Part of the page on using this site safely")

    class Group(models.TextChoices):
        WHAT = "what", _("What it is")
        WHO = "who", pgettext_lazy("people", "Who")
        WHY = "why", _("How and why")
        ACT = "act", _("What you can do")

    title = Line(_("title"), max_length=120)
    slug = models.SlugField(
        _("address"),
        max_length=80,
        unique=True,
        error_messages={"unique": TAKEN},
        help_text=_("The last part of the page's address. People share it, so keep it short."),
    )
    kind = models.CharField(
        _("where it belongs"), max_length=10, choices=Kind.choices, default=Kind.GUIDE
    )
    position = models.PositiveSmallIntegerField(
        _("position"),
        default=100,
        help_text=_("Lower numbers come first among those that belong to the same place."),
    )
    group = models.CharField(
        _("heading in the guide"),
        max_length=10,
        choices=Group.choices,
        blank=True,
        help_text=_(
            "Only sections of the guide have one: the heading that it appears under on “The "
            "guide” and on the home page. If empty: “What it is”."
        ),
    )
    drawing = models.CharField(
        _("drawing"),
        max_length=20,
        choices=drawings.CHOICES,
        blank=True,
        help_text=_(
            "Shown at the top of the page, and on its card in the guide. If empty, the site picks "
            "one that fits."
        ),
    )
    picture = models.ForeignKey(
        Image,
        verbose_name=_("picture"),
        help_text=_("Shown at the top of the page, in place of the drawing."),
        **LEAD,
    )
    on_help_page = models.BooleanField(
        _("also on the help page"),
        default=False,
        help_text=_("Checked: a card on the help page, below the numbers, leads to it."),
    )
    folded = models.BooleanField(
        _("folded"),
        default=False,
        help_text=_(
            "Checked: each heading 2 and the text below it becomes a part that opens with a tap."
        ),
    )
    for_reports = models.BooleanField(
        _("lines for reports below"),
        default=False,
        help_text=_(
            "Checked: help lines that are only for people who report stand below the text."
        ),
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
            "messages show them for this page. Of a myth: the fact. Of a word: what it means."
        ),
    )
    body = RichTextField(
        _("text"), blank=True, help_text=_("May stay empty for a word or a myth alone.")
    )
    reviewed_on = models.DateField(
        _("last reviewed on"),
        null=True,
        blank=True,
        help_text=_("The last day on which somebody checked the whole text. The public sees it."),
    )

    objects = SectionQuerySet.as_manager()

    class Meta(Publishable.Meta):
        default_permissions = RIGHTS
        verbose_name = _("section or page")
        verbose_name_plural = _("sections and pages")
        ordering = ["kind", "position", "title"]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        if self.kind in PART_OF:
            return f"{reverse(PART_OF[self.kind])}#{self.slug}"
        return reverse(OWN_PAGE[self.kind], args=[self.slug])

    @property
    def drawn(self):
        """The name of its drawing: its own, or else that of its place."""
        return drawings.one_of(self.drawing, self.group, self.kind)

    @property
    def art(self):
        """The template of its drawing."""
        return f"drawings/{self.drawn}.html"

    @property
    def leads_to_places(self):
        """The page on signs, to which others lead: below it stand the signs by place."""
        return self.kind == self.Kind.GUIDE and self.slug == DOORS[0]

    @property
    def is_about_signs(self):
        return self.kind == self.Kind.SIGNS or self.leads_to_places

    @property
    def is_for_help(self):
        """Read where people look for help: the words have to be easier still."""
        return self.on_help_page or self.kind in (self.Kind.HELP, self.Kind.SAFETY)

    @property
    def index(self):
        """(route, title) of the page that lists it; None of a plain page."""
        return CRUMBS.get(self.kind)

    def clean(self):
        super().clean()
        if not self.body and self.kind not in (self.Kind.WORD, self.Kind.MYTH):
            raise ValidationError(
                {"body_en": _("Write the text: only a word or a myth needs none.")}
            )
        if self.picture_id and self.kind in PART_OF:
            message = _("It stands on a page with others, so no picture shows: take it out.")
            raise ValidationError({"picture": message})
        refuse_future(self, "reviewed_on")
        door = Section._base_manager.filter(pk=self.pk, slug__in=DOORS).values_list("slug").first()
        if door and door[0] != self.slug:
            message = _("Keep this address: the home page and the guide lead to it.")
            raise ValidationError({"slug": message})
        if self.slug in ANCHORS:
            message = _("Our pages already use “%(slug)s” for one of their parts. Choose another.")
            raise ValidationError({"slug": ValidationError(message, params={"slug": self.slug})})
        if self.kind in OWN_PAGE and self.slug and is_taken(self.slug, OWN_PAGE[self.kind]):
            message = _("The site already uses the address /%(slug)s/. Choose another.")
            params = {"slug": reverse(OWN_PAGE[self.kind], args=[self.slug]).strip("/")}
            raise ValidationError({"slug": ValidationError(message, params=params)})


# Where a section of each kind stands: on a page of its own, or as a part of one.
OWN_PAGE = {
    Section.Kind.GUIDE: "pages:section",
    Section.Kind.SIGNS: "pages:section",
    Section.Kind.HELP: "pages:section",
    Section.Kind.AUDIENCE: "pages:audience",
    Section.Kind.QUESTION: "pages:question",
    Section.Kind.PAGE: "pages:page",
}
PART_OF = {
    Section.Kind.SAFETY: "pages:safety",
    Section.Kind.MYTH: "pages:questions",
    Section.Kind.WORD: "pages:words",
}
# The pages that list them; each is there as long as it has something to list.
INDEXES = {
    Section.Kind.AUDIENCE: ("pages:audiences", _("For your work or family")),
    Section.Kind.QUESTION: ("pages:questions", _("Questions people ask")),
    Section.Kind.WORD: ("pages:words", _("Words explained")),
}
CRUMBS = {
    Section.Kind.GUIDE: ("guide", _("The guide")),
    Section.Kind.SIGNS: ("guide", _("The guide")),
    Section.Kind.HELP: ("pages:help", _("Get help now")),
    **INDEXES,
}


def grouped(guide):
    """[(label, drawing, sections)] of the guide: the group whose section comes first, first."""
    groups = {}
    for section in guide:
        known = section.group in Section.Group.values  # or else neither page would answer
        groups.setdefault(section.group if known else Section.Group.WHAT, []).append(section)
    return [
        (Section.Group(group).label, drawings.one_of(group), sections)
        for group, sections in groups.items()
    ]


def indexes_of(kinds):
    """Myths stand on the page of questions."""
    if Section.Kind.MYTH in kinds:
        kinds = {*kinds, Section.Kind.QUESTION}
    return [index for kind, index in INDEXES.items() if kind in kinds]


def kinds_at(route):
    return [kind for kind, there in OWN_PAGE.items() if there == route]


def is_taken(slug, route="pages:page"):
    """Whether the address of this slug already answers with something else, or will."""
    slug = slug.lower()  # an address in capitals leads to the one in small letters
    if route == "pages:page" and (slug in PROMISED or slug in dict(settings.LANGUAGES)):
        return True
    try:
        return resolve(reverse(route, args=[slug])).view_name != route
    except NoReverseMatch:  # no slug: that is said by the field
        return False
