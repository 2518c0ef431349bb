from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from awareness.content.fields import Line, Lines
from awareness.content.publishing import RIGHTS, Publishable
from awareness.content.redirects import HasAddress
from awareness.content.richtext import RichTextField
from awareness.content.translatable import Translatable


class Update(Translatable, HasAddress, Publishable):
    title = Line(_("title"), max_length=150)
    slug = models.SlugField(
        _("address"),
        max_length=80,
        unique=True,
        help_text=_("The last part of the page's address. People share it, so keep it short."),
    )
    summary = Lines(
        _("summary"),
        max_length=300,
        help_text=_("One or two sentences, for the list of updates, the feed and messages."),
    )
    body = RichTextField(_("text"))
    recorded_at = models.DateTimeField(_("entered"), default=timezone.now, editable=False)

    class Meta(Publishable.Meta):
        default_permissions = RIGHTS
        verbose_name = _("update")
        verbose_name_plural = _("updates")
        ordering = ["-publish_at", "-id"]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("pages:update", args=[self.slug])
