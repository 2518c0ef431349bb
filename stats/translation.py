"""Which words exist in every language."""

from modeltranslation.translator import TranslationOptions, register

from .models import Break, Figure, Measure, Place, ReadingGuide


@register(Place)
class PlaceTranslation(TranslationOptions):
    fields = ("name", "in_sentence")
    required_languages = ("en",)


@register(Measure)
class MeasureTranslation(TranslationOptions):
    fields = ("name", "noun_one", "noun_many", "counter", "definition", "caveat")
    required_languages = ("en",)


@register(Figure)
class FigureTranslation(TranslationOptions):
    fields = ("counted", "note", "reason")


@register(Break)
class BreakTranslation(TranslationOptions):
    fields = ("explanation",)
    required_languages = ("en",)


@register(ReadingGuide)
class ReadingGuideTranslation(TranslationOptions):
    fields = ("caveat", "notes")
