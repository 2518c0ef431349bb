"""Words that the site does not use, and what it says instead. Staff add to them."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from awareness.content.fields import Line


class AvoidedWord(models.Model):
    """A row is of one language: hardly any such word has its exact match in the other."""

    word = Line(
        gettext_lazy("word to avoid"),
        max_length=80,
        help_text=gettext_lazy(
            "One word or a few. It is found in small and capital letters, and with an s or es at "
            "its end."
        ),
    )
    language = models.CharField(
        gettext_lazy("language"),
        max_length=5,
        choices=settings.LANGUAGES,
        default=settings.LANGUAGE_CODE,
    )
    better = Line(
        gettext_lazy("better"),
        max_length=200,
        help_text=gettext_lazy("What we say instead. Whoever writes the word reads this."),
    )

    class Meta:
        verbose_name = gettext_lazy("word to avoid")
        verbose_name_plural = gettext_lazy("words to avoid")
        ordering = ["language", "word"]
        constraints = [
            models.UniqueConstraint(
                fields=["word", "language"],
                name="awareness_avoidedword_once",
                violation_error_message=gettext_lazy("This word is in the list already."),
            )
        ]

    def __str__(self):
        return self.word

    def clean(self):
        super().clean()
        self.word = (self.word or "").casefold()
        if self.word and not (self.word[0].isalnum() and self.word[-1].isalnum()):
            raise ValidationError({"word": _("Begin and end with a letter.")})
