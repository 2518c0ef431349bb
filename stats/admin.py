from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from reversion.admin import VersionAdmin

from awareness.admin import ContentAdmin, FormFields, SingletonAdmin, translations
from awareness.richtext import RichTextAdmin

from . import sentences
from .models import Figure, Headline, Measure, Place, ReadingGuide, Source


class HeadlineInline(admin.TabularInline):
    model = Headline
    extra = 0


@admin.register(Place)
class PlaceAdmin(ContentAdmin):
    list_display = ["name", "code", "position"]
    prepopulated_fields = {"slug": ["name_en"]}
    inlines = [HeadlineInline]
    fieldsets = [
        (None, {"fields": ["name_en", "in_sentence_en", ("code", "slug"), "position"]}),
        *translations("name", "in_sentence"),
    ]


@admin.register(Measure)
class MeasureAdmin(ContentAdmin):
    list_display = ["name", "code", "position"]
    fieldsets = [
        (None, {"fields": ["name_en", ("noun_one_en", "noun_many_en"), "code", "position"]}),
        (_("What it means"), {"fields": ["definition_en", "caveat_en"]}),
        *translations("name", "noun_one", "noun_many", "definition", "caveat"),
    ]


@admin.register(Source)
class SourceAdmin(FormFields, VersionAdmin):
    list_display = ["title", "publisher", "kind"]
    list_filter = ["kind"]
    search_fields = ["title", "publisher", "url"]


@admin.register(Figure)
class FigureAdmin(ContentAdmin):
    list_display = ["period", "place", "measure", "amount", "status", "as_of", "publisher"]
    list_filter = ["place", "measure", "status"]
    list_select_related = ["place", "measure", "source"]
    search_fields = ["counted", "note", "source__title", "source__publisher"]
    date_hierarchy = "last_day"
    autocomplete_fields = ["source"]
    fieldsets = [
        (
            None,
            {
                "fields": [("place", "measure"), ("first_day", "last_day"), ("value", "status")],
                "description": _(
                    "One row is what one source said on one day. If a source later says something "
                    "else, leave this row as it is and add a new one with a later as-of date: the "
                    "public sees the newest, and what was said before beside it."
                ),
            },
        ),
        (_("Who said so, and when"), {"fields": ["source", ("as_of", "as_of_exact")]}),
        (_("What it counts"), {"fields": ["counted_en", "note_en"]}),
        *translations("counted", "note"),
    ]

    @admin.display(description=_("period"), ordering="last_day")
    def period(self, figure):
        return sentences.period(figure)

    @admin.display(description=_("source"), ordering="source__publisher")
    def publisher(self, figure):
        return figure.source and figure.source.publisher

    @admin.display(description=_("value"), ordering="value")
    def amount(self, figure):
        return "–" if figure.value is None else sentences.amount(figure.value)


@admin.register(ReadingGuide)
class ReadingGuideAdmin(RichTextAdmin, SingletonAdmin):
    fieldsets = [
        (None, {"fields": ["caveat_en", "notes_en"]}),
        *translations("caveat", "notes"),
    ]
