"""Words in several languages: which translation is missing, older than the English, or reviewed."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from modeltranslation.translator import translator

from awareness.content.fields import Line
from awareness.content.richtext import canonical

ORIGINAL = settings.LANGUAGE_CODE
OTHERS = [code for code, _name in settings.LANGUAGES if code != ORIGINAL]


class TranslationState(models.TextChoices):
    MISSING = "missing", _("Missing")
    OLDER = "older", _("Older than the English")
    UNREVIEWED = "unreviewed", _("Not reviewed")
    REVIEWED = "reviewed", _("Reviewed")


def words(item, name):
    """As they count for a comparison: forms and the editor send other line ends than they got."""
    text = getattr(item, name, None) or ""
    return canonical(text) if name.startswith("body") else " ".join(text.split())


def is_translated(item, code):
    """Whether all that was written of it in English is there in this language."""
    names = translator.get_options_for_model(type(item)).fields
    written = [name for name in names if getattr(item, f"{name}_{ORIGINAL}")]
    return all(getattr(item, f"{name}_{code}") for name in written)


class Translatable(models.Model):
    """Remembers when the original and when a translation of it last changed."""

    original_changed_at = models.DateTimeField(null=True, editable=False)
    translation_changed_at = models.DateTimeField(null=True, editable=False)
    translation_reviewed_by = Line(
        _("translation reviewed by"),
        max_length=80,
        blank=True,
        help_text=_("Who read the translation. Best is a native speaker."),
    )
    translation_reviewed_on = models.DateField(_("translation reviewed on"), null=True, blank=True)

    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        self.note_changes()
        super().save(*args, **kwargs)

    def clean(self):
        super().clean()
        if bool(self.translation_reviewed_by) != bool(self.translation_reviewed_on):
            field = "on" if self.translation_reviewed_by else "by"
            message = _("A review needs both: who read the translation, and on which day.")
            raise ValidationError({f"translation_reviewed_{field}": message})

    @classmethod
    def translated_fields(cls):
        return sorted(translator.get_options_for_model(cls).fields)

    def note_changes(self):
        before = type(self)._base_manager.filter(pk=self.pk).first() if self.pk else None
        now = timezone.now()
        if self.differs(before, [ORIGINAL]):
            self.original_changed_at = now
        if self.differs(before, OTHERS):
            self.translation_changed_at = now

    def differs(self, before, codes):
        names = [f"{name}_{code}" for name in self.translated_fields() for code in codes]
        return any(words(self, name) != words(before, name) for name in names)

    @classmethod
    def lacking(cls):
        """Rows in which English words have no translation."""
        lacking = Q()
        for name in cls.translated_fields():
            written = Q(**{f"{name}_{ORIGINAL}__gt": ""})
            for code in OTHERS:
                empty = Q(**{f"{name}_{code}": ""}) | Q(**{f"{name}_{code}__isnull": True})
                lacking |= written & empty
        return lacking

    @classmethod
    def in_translation_state(cls, rows, state):
        """Those of ``rows`` in this state."""
        lacking = cls.lacking()
        older = Q(translation_changed_at__lt=F("original_changed_at"))
        reviewed = Q(
            translation_reviewed_on__isnull=False,
            translation_reviewed_on__gte=F("translation_changed_at__date"),
        )
        return rows.filter(
            {
                TranslationState.MISSING: lacking,
                TranslationState.OLDER: ~lacking & older,
                TranslationState.REVIEWED: ~lacking & ~older & reviewed,
                TranslationState.UNREVIEWED: ~lacking & ~older & ~reviewed,
            }[state]
        )

    def translation_state(self):
        """The same rule, for a row that is already in hand."""
        if not all(is_translated(self, code) for code in OTHERS):
            return TranslationState.MISSING
        changed, reviewed = self.translation_changed_at, self.translation_reviewed_on
        if changed and self.original_changed_at and changed < self.original_changed_at:
            return TranslationState.OLDER
        if changed and reviewed and reviewed >= timezone.localdate(changed):
            return TranslationState.REVIEWED
        return TranslationState.UNREVIEWED
