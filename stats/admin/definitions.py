"""What figures are about: places, measures, sources, breaks, and how to read them."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from reversion.admin import VersionAdmin

from awareness.content.lookups import in_every_language
from awareness.desk.content_admin import (
    FewRows,
    FormFields,
    PlainAdmin,
    SingletonAdmin,
    Versioned,
)
from awareness.desk.optimistic_lock import OptimisticLock
from awareness.desk.reorder import OrderMixin
from awareness.desk.richtext_admin import RichTextAdmin
from stats.models import Break, Headline, Measure, Place, ReadingGuide, Source


class HeadlineInline(FewRows, FormFields, admin.StackedInline):
    model = Headline


@admin.register(Place)
class PlaceAdmin(OrderMixin, PlainAdmin):
    list_display = ["name", "code", "position"]
    search_fields = [*in_every_language("name", "in_sentence"), "code"]
    prepopulated_fields = {"slug": ["name_en"]}
    inlines = [HeadlineInline]
    fieldsets = [
        (None, {"fields": ["name_en", "in_sentence_en", ("code", "slug"), "position"]}),
    ]


@admin.register(Measure)
class MeasureAdmin(OrderMixin, PlainAdmin):
    list_display = ["name", "code", "defined_on", "leads", "position"]
    search_fields = [
        *in_every_language("name", "noun_one", "noun_many", "counter", "definition", "caveat"),
        "code",
    ]
    fieldsets = [
        (
            None,
            {
                "fields": [
                    "name_en",
                    ("noun_one_en", "noun_many_en"),
                    "counter_en",
                    "leads",
                    "code",
                    "position",
                ]
            },
        ),
        (_("What it means"), {"fields": ["definition_en", "defined_on", "caveat_en"]}),
    ]


@admin.register(Source)
class SourceAdmin(OptimisticLock, Versioned, VersionAdmin):
    list_display = ["title", "publisher", "kind"]
    list_filter = ["kind"]
    search_fields = ["title__alike", "publisher__alike", "url"]


@admin.register(Break)
class BreakAdmin(PlainAdmin):
    list_display = ["year", "where", "what", "explanation"]
    list_filter = ["place", "measure"]
    search_fields = [*in_every_language("explanation"), "year"]
    list_select_related = ["place", "measure"]
    fieldsets = [
        (
            None,
            {
                "fields": [("place", "measure"), "year", "explanation_en"],
                "description": _(
                    "Where the way of counting changed, so that nobody takes a rise or fall "
                    "across it for a change in trafficking. The public sees it in every chart "
                    "and table."
                ),
            },
        ),
    ]

    @admin.display(description=_("place"), ordering="place")
    def where(self, item):
        return item.place or _("every place")

    @admin.display(description=_("measure"), ordering="measure")
    def what(self, item):
        return item.measure or _("every measure")


@admin.register(ReadingGuide)
class ReadingGuideAdmin(RichTextAdmin, SingletonAdmin):
    search_fields = in_every_language("caveat", "notes")
    fieldsets = [
        (None, {"fields": ["caveat_en", "notes_en"]}),
    ]
