import re

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from awareness.content.fields import Line

from .section import Section

LANGUAGES = dict(settings.LANGUAGES)


class Synonym(models.Model):
    """What people type in the search, and our words for it."""

    word = Line(
        _("what people type"),
        max_length=80,
        unique=True,
        help_text=_("One word or a few, in small letters: la migra."),
    )
    means = Line(
        _("our words for it"),
        max_length=300,
        help_text=_("What it should find, with commas between: immigration, visas."),
    )

    class Meta:
        verbose_name = _("search word")
        verbose_name_plural = _("search words")
        ordering = ["word"]

    def __str__(self):
        return self.word

    def clean(self):
        super().clean()
        self.word = (self.word or "").casefold()
        if not re.search(r"\w", self.word):
            raise ValidationError({"word": _("Write a word that people type.")})
        if self.word in [part.strip().casefold() for part in (self.means or "").split(",")]:
            message = _("“%(word)s” already finds itself. Write the other words that it means.")
            raise ValidationError({"means": message % {"word": self.word}})
        titled = Section.objects.live().exclude(kind__in=(Section.Kind.WORD, Section.Kind.MYTH))
        for section in titled:
            titles = " ".join(getattr(section, f"title_{code}") or "" for code in LANGUAGES)
            if self.word in re.findall(r"\w+", titles.casefold()):
                message = _(
                    "“%(word)s” is already a word of ours, in “%(title)s”: search finds it."
                )
                values = {"word": self.word, "title": section.title}
                raise ValidationError({"word": message % values})
