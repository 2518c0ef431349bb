"""One sentence above the first line of every page, for as long as it is true."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from awareness.content import phones
from awareness.content.fields import Line, as_typed, one_line
from awareness.content.publishing import RIGHTS, Moment, Publishable
from awareness.content.translatable import Translatable
from awareness.web.addresses import absolute
from awareness.web.headers import is_staff_path
from awareness.web.language import in_language

from .help_line import HelpLine

NEEDS_END = _("Say when it ends: nobody remembers to take a notice down.")
TYPED_NUMBER = _(
    "“%(value)s” looks like a phone number. Take it out and choose the help line below. Its number "
    "is shown here, and stays right when it changes."
)
ONE_LINK = _("A notice has one link at most: choose a help line or give a page, not both.")
ONLY_REPORTS = _("This line is only for reports and shows only beside the signs. Choose another.")
NOT_OURS = _("Use the address of a public page of this site, such as /help/.")


def is_ours(path):
    return path.startswith("/") and not path.startswith("//") and "\\" not in path


def public_path(path):
    if not is_ours(path) or is_staff_path(path):
        raise ValidationError(NOT_OURS, "not_ours")


def own_path(text):
    """Of a page of this site; one that was copied with its host loses that."""
    return one_line(text).removeprefix(settings.SITE_URL)


class OwnPath(Line):
    cleaned_by = staticmethod(own_path)
    default_validators = [public_path]


class Notice(Translatable, Publishable):
    line = None  # its help line, where the public sees that: pages/site_context.py

    text = Line(
        _("notice"),
        max_length=200,
        help_text=_(
            "One or two short sentences, above everything else on every page: The hotline’s text "
            "line is down today; call. No phone number: choose the help line below."
        ),
    )
    help_line = models.ForeignKey(
        HelpLine,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("help line to use"),
        help_text=_("Its number stands after the words, as a link. Not together with a page."),
    )
    page = OwnPath(
        _("page that says more"),
        max_length=200,
        blank=True,
        help_text=_("A page of this site, such as /updates/closed/. Empty: no link."),
    )
    urgent = models.BooleanField(
        _("urgent"),
        default=False,
        help_text=_(
            "Checked: it begins with “Urgent” and has a colored edge. Only for what keeps people "
            "from getting help."
        ),
    )
    expire_at = Moment(
        _("ends"),
        error_messages={"null": NEEDS_END},
        help_text=_("From this time on nobody sees it. Missouri time (Central)."),
    )

    class Meta(Publishable.Meta):
        default_permissions = RIGHTS
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        ordering = ["-publish_at", "-id"]  # where several are live, the first of them shows
        constraints = [
            *Publishable.Meta.constraints,
            models.CheckConstraint(
                condition=Q(page="") | Q(help_line__isnull=True),
                name="pages_notice_has_one_link",
                violation_error_message=ONE_LINK,
            ),
        ]

    def __str__(self):
        return self.text

    def clean(self):
        super().clean()
        if self.page and self.help_line_id:
            raise ValidationError({"page": ONE_LINK})
        if self.help_line and self.help_line.where == HelpLine.Where.REPORT:
            raise ValidationError({"help_line": ONLY_REPORTS})
        names = [f"text_{code}" for code, _name in settings.LANGUAGES]
        found = {name: phones.number_in(as_typed(getattr(self, name) or "")) for name in names}
        typed = {name: number for name, number in found.items() if number}
        if typed:
            raise ValidationError({n: TYPED_NUMBER % {"value": typed[n]} for n in typed})

    @property
    def href(self):
        """Where its link leads; "" without one."""
        if self.page and is_ours(self.page):  # SQL by hand may have written another
            return in_language(self.page, get_language())
        return self.line.href if self.line else ""

    @property
    def number(self):
        return self.line.number if self.line and self.line.kind != HelpLine.Kind.CHAT else ""

    @property
    def link_words(self):
        """Before the number, if there is one."""
        if self.number:
            return gettext("Text") if self.line.kind == HelpLine.Kind.TEXT else gettext("Call")
        return gettext("Open the chat") if self.line else gettext("More about this")

    @property
    def link(self):
        """The same for a file, which is on no host."""
        return absolute(self.href) if self.href.startswith("/") else self.href

    @property
    def in_words(self):
        """For a feed, in which nothing can be pressed."""
        after = f"{self.link_words} {self.number}" if self.number else self.link
        return " ".join(filter(None, [self.text, after]))

    @property
    def as_data(self):
        return {
            "text": self.text,
            "urgent": self.urgent,
            "link": self.link or None,
            "until": timezone.localtime(self.expire_at).isoformat(timespec="seconds"),
        }
