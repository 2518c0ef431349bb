"""What figures are about: places, measures, sources, breaks, and how to read them."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from reversion.admin import VersionAdmin

from awareness.admin import ContentAdmin, FormFields, SingletonAdmin, translations
from awareness.desk.kept import KeptFormMixin
from awareness.richtext import RichTextAdmin
from stats.models import Break, Headline, Measure, Place, ReadingGuide, Source


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
    list_display = ["name", "code", "defined_on", "position"]
    fieldsets = [
        (None, {"fields": ["name_en", ("noun_one_en", "noun_many_en"), "code", "position"]}),
        (_("What it means"), {"fields": ["definition_en", "defined_on", "caveat_en"]}),
        *translations("name", "noun_one", "noun_many", "definition", "caveat"),
    ]


@admin.register(Source)
class SourceAdmin(KeptFormMixin, FormFields, VersionAdmin):
    list_display = ["title", "publisher", "kind"]
    list_filter = ["kind"]
    search_fields = ["title", "publisher", "url"]


@admin.register(Break)
class BreakAdmin(ContentAdmin):
    list_display = ["year", "where", "what", "explanation"]
    list_filter = ["place", "measure"]
    list_select_related = ["place", "measure"]
    fieldsets = [
        (
            None,
            {
                "fields": [("place", "measure"), "year", "explanation_en"],
                "description": _(
                    "Where the way of counting changed, so that nobody reads a rise or fall across "
                    "it as a change in trafficking. The public sees it in every chart and table."
                ),
            },
        ),
        *translations("explanation"),
    ]

    @admin.display(description=_("place"), ordering="place")
    def where(self, item):
        return item.place or _("every place")

    @admin.display(description=_("measure"), ordering="measure")
    def what(self, item):
        return item.measure or _("every measure")


@admin.register(ReadingGuide)
class ReadingGuideAdmin(RichTextAdmin, SingletonAdmin):
    fieldsets = [
        (None, {"fields": ["caveat_en", "notes_en"]}),
        *translations("caveat", "notes"),
    ]
