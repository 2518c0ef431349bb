"""Which words exist in every language. An editor fills them in side by side."""

from modeltranslation.translator import TranslationOptions, register

from .models import (
    Amount,
    CallToAction,
    CampaignLink,
    Citation,
    Correction,
    HelpLine,
    Image,
    LanguageCard,
    Notice,
    Section,
    Service,
    SiteSettings,
    Update,
)


@register(Section)
class SectionTranslation(TranslationOptions):
    fields = ("title", "summary", "body")
    required_languages = {"en": ("title", "summary")}


@register(Correction)
class CorrectionTranslation(TranslationOptions):
    fields = ("text",)
    required_languages = ("en",)


@register(Citation)
class CitationTranslation(TranslationOptions):
    fields = ("note",)


@register(Update)
class UpdateTranslation(TranslationOptions):
    fields = ("title", "summary", "body", "place")
    required_languages = {"en": ("title", "summary", "body")}


@register(CallToAction)
class CallToActionTranslation(TranslationOptions):
    fields = ("heading", "message", "button")
    required_languages = {"en": ("heading", "message")}


@register(Amount)
class AmountTranslation(TranslationOptions):
    fields = ("pays_for",)
    required_languages = ("en",)


@register(Image)
class ImageTranslation(TranslationOptions):
    fields = ("alt",)


@register(HelpLine)
class HelpLineTranslation(TranslationOptions):
    fields = ("name", "hours", "languages", "description", "leaves_behind")
    required_languages = {"en": ("name", "description")}


@register(Notice)
class NoticeTranslation(TranslationOptions):
    fields = ("text",)
    required_languages = ("en",)


@register(Service)
class ServiceTranslation(TranslationOptions):
    fields = ("name", "what_it_does", "serves", "languages", "hours")
    required_languages = {"en": ("name", "what_it_does")}


@register(LanguageCard)
class LanguageCardTranslation(TranslationOptions):
    fields = ("name",)
    required_languages = ("en",)


@register(CampaignLink)
class CampaignLinkTranslation(TranslationOptions):
    """None: nobody reads words of it."""


@register(SiteSettings)
class SiteSettingsTranslation(TranslationOptions):
    fields = (
        "tagline",
        "opening_statement",
        "opening_attribution",
        "unreported",
        "source_note",
        "mission",
        "ways_to_give",
        "deduction_statement",
        "footer_text",
    )
