"""Which words exist in every language. An editor fills them in side by side."""

from modeltranslation.translator import TranslationOptions, register

from .models import Amount, CallToAction, Citation, HelpLine, Notice, Section, SiteSettings, Update


@register(Section)
class SectionTranslation(TranslationOptions):
    fields = ("title", "summary", "body")
    required_languages = ("en",)


@register(Citation)
class CitationTranslation(TranslationOptions):
    fields = ("note",)


@register(Update)
class UpdateTranslation(TranslationOptions):
    fields = ("title", "summary", "body")
    required_languages = ("en",)


@register(CallToAction)
class CallToActionTranslation(TranslationOptions):
    fields = ("heading", "message", "button")
    required_languages = {"en": ("heading", "message")}


@register(Amount)
class AmountTranslation(TranslationOptions):
    fields = ("pays_for",)
    required_languages = ("en",)


@register(HelpLine)
class HelpLineTranslation(TranslationOptions):
    fields = ("name", "hours", "languages", "description", "leaves_behind")
    required_languages = {"en": ("name", "description")}


@register(Notice)
class NoticeTranslation(TranslationOptions):
    fields = ("text",)
    required_languages = ("en",)


@register(SiteSettings)
class SiteSettingsTranslation(TranslationOptions):
    fields = (
        "tagline",
        "opening_statement",
        "opening_attribution",
        "unreported",
        "source_note",
        "mission",
        "deduction_statement",
        "footer_text",
    )
