"""The admin of what people read page by page."""

from django.contrib import admin, messages
from django.shortcuts import redirect
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from modeltranslation.admin import TranslationAdmin

from awareness.audit.admin import AuditedAdmin, form_address
from awareness.content.list_limits import ListLimits
from awareness.content.lookups import in_every_language
from awareness.content.readability import in_words
from awareness.desk.content_admin import (
    PUBLISHING,
    REVIEWED,
    DraftFilter,
    FormFields,
    PublishableAdmin,
    StateFilter,
    TranslatedInline,
    TranslationFilter,
)
from awareness.desk.kept_form import KeptFormMixin
from awareness.desk.reorder import OrderMixin
from awareness.desk.richtext_admin import RichTextAdmin

from ..models import (
    Citation,
    Correction,
    Section,
    Synonym,
    Update,
)
from .images import ChoosesPicture


class CitationInline(TranslatedInline):
    model = Citation
    fields = ["title", "publisher", "url", "read_on", "note", "staff_note"]


@admin.register(Section)
class SectionAdmin(ChoosesPicture, OrderMixin, RichTextAdmin, PublishableAdmin):
    order_by_groups = "kind"
    duplicates_by = "title"
    list_display = [
        "title",
        "state_in_words",
        "kind",
        "translation_in_words",
        "updated_at",
    ]
    list_filter = ["kind", StateFilter, DraftFilter, TranslationFilter]
    search_fields = [
        *in_every_language("title", "summary", "body", "citations__note"),
        "citations__title__alike",
        "citations__publisher__alike",
        "citations__url",
        "citations__staff_note__alike",
    ]
    prepopulated_fields = {"slug": ["title_en"]}
    inlines = [CitationInline]
    raw_id_fields = ["picture"]
    readonly_fields = ["reading_grade"]
    fieldsets = [
        (
            None,
            {
                "fields": [
                    "title_en",
                    "slug",
                    "summary_en",
                    "picture",
                    "body_en",
                    "reading_grade",
                    "reviewed_on",
                ]
            },
        ),
        (
            _("Place"),
            {
                "fields": [
                    ("kind", "position"),
                    ("group", "drawing"),
                    "on_help_page",
                    "folded",
                    "for_reports",
                    "about_site",
                ]
            },
        ),
        PUBLISHING,
        REVIEWED,
    ]

    def own_notes(self, version):
        section, citations = version.item, version.inlines["citations"]
        if not citations and section.body_en and section.kind != Section.Kind.PAGE:
            message = gettext("No source is named: under Citations, say where this comes from.")
            yield message, "citations-group"
        for citation in citations:
            if citation.is_due:
                message = gettext("“%(source)s” was last read on %(day)s: read it again.")
                named = {"source": citation.title[:80], "day": date_format(citation.read_on)}
                yield message % named, f"{getattr(citation, 'form_prefix', 'citations-0')}-read_on"

    @admin.display(description=_("how easy it is to read"))
    def reading_grade(self, section):
        return in_words(section.body_en, section.body_es)


@admin.register(Update)
class UpdateAdmin(ChoosesPicture, RichTextAdmin, PublishableAdmin):
    duplicates_by = "title"
    list_display = ["title", "state_in_words", "publish_at", "expire_at", "translation_in_words"]
    search_fields = in_every_language("title", "summary", "body")
    date_hierarchy = "publish_at"
    raw_id_fields = ["picture"]
    prepopulated_fields = {"slug": ["title_en"]}
    help_texts = PublishableAdmin.help_texts | {
        "starts_at": _("Only of an event or a training."),
    }
    fieldsets = [
        (None, {"fields": ["title_en", "slug", "summary_en", "picture", "body_en"]}),
        (
            _("If it is an event"),
            {"fields": [("starts_at", "ends_at"), "place_en", "sign_up_url"]},
        ),
        PUBLISHING,
        REVIEWED,
    ]


@admin.register(Correction)
class CorrectionAdmin(ListLimits, KeptFormMixin, FormFields, AuditedAdmin, TranslationAdmin):
    """What was published as wrong stays: no form changes it or takes it away."""

    list_display = ["about", "day", "text"]
    list_select_related = ["section", "update"]
    search_fields = in_every_language("text")

    fields = ["section", "update", "text_en", "text_es"]

    def get_fields(self, request, obj=None):
        """From the form of an item, it is settled what it is about."""
        settled = self.settled(request)
        left_out = {"section", "update"} - {settled} if settled else ()
        return [name for name in self.fields if name not in left_out]

    def settled(self, request):
        return next((name for name in ("section", "update") if name in request.GET), None)

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        """Without the other field, the form cannot tell that it is about nothing."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name == self.settled(request):
            field.required = True
        return field

    def response_add(self, request, obj, post_url_continue=None):
        """Back to the item."""
        told = _("The correction of “%s” is public, with today’s date.") % obj.about
        messages.success(request, told)
        return redirect(form_address(type(obj.about), obj.about.pk))

    @admin.display(description=_("about"))
    def about(self, correction):
        return correction.about

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(Synonym)
class SynonymAdmin(ListLimits, KeptFormMixin, AuditedAdmin, admin.ModelAdmin):
    list_display = ["word", "means"]
    search_fields = ["word", "means"]
