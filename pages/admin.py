from django.contrib import admin, messages
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from awareness.content.lookups import in_every_language
from awareness.content.publishing import State
from awareness.content.readability import in_words
from awareness.desk.content_admin import (
    PUBLISHING,
    DraftFilter,
    PublishableAdmin,
    SingletonAdmin,
    StateFilter,
    TranslatedInline,
    TranslationFilter,
    translations,
)
from awareness.desk.reorder import OrderMixin
from awareness.desk.richtext_admin import RichTextAdmin, leading_nowhere

from .models import (
    Amount,
    CallToAction,
    Citation,
    HelpLine,
    Notice,
    Section,
    SiteSettings,
    Update,
)
from .models.notice import NEEDS_END

NOT_CHECKED = _("“Checked on” is empty. Call or look, then set the day.")


class CitationInline(TranslatedInline):
    model = Citation
    fields = ["title", "publisher", "url", "read_on", "note", "staff_note"]


@admin.register(Section)
class SectionAdmin(OrderMixin, RichTextAdmin, PublishableAdmin):
    order_by_groups = "kind"
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
    readonly_fields = ["reading_grade"]
    fieldsets = [
        (None, {"fields": ["title_en", "slug", "summary_en", "body_en", "reading_grade"]}),
        (_("Place"), {"fields": [("kind", "position"), "on_help_page", "about_site"]}),
        PUBLISHING,
        *translations("title", "summary", "body", reviewed=True),
    ]

    @admin.display(description=_("how easy it is to read"))
    def reading_grade(self, section):
        return in_words(section.body_en, section.body_es)


@admin.register(Update)
class UpdateAdmin(RichTextAdmin, PublishableAdmin):
    list_display = ["title", "state_in_words", "publish_at", "expire_at", "translation_in_words"]
    search_fields = in_every_language("title", "summary", "body")
    date_hierarchy = "publish_at"
    prepopulated_fields = {"slug": ["title_en"]}
    fieldsets = [
        (None, {"fields": ["title_en", "slug", "summary_en", "body_en"]}),
        PUBLISHING,
        *translations("title", "summary", "body", reviewed=True),
    ]


class AmountInline(TranslatedInline):
    model = Amount


@admin.register(CallToAction)
class CallToActionAdmin(PublishableAdmin):
    list_display = [
        "heading",
        "placement",
        "priority",
        "state_in_words",
        "expire_at",
        "translation_in_words",
    ]
    list_filter = [StateFilter, DraftFilter, TranslationFilter, "placement"]
    search_fields = in_every_language("heading", "message", "button", "amounts__pays_for")
    inlines = [AmountInline]
    fieldsets = [
        (None, {"fields": ["heading_en", "message_en", "button_en", "url"]}),
        (_("Place"), {"fields": [("placement", "priority")]}),
        PUBLISHING,
        *translations("heading", "message", "button", reviewed=True),
    ]

    def public_path(self, item):
        return reverse("pages:donate")


@admin.register(HelpLine)
class HelpLineAdmin(OrderMixin, PublishableAdmin):
    is_checked_by_two = True
    list_display = [
        "name",
        "state_in_words",
        "shown",
        "area",
        "checked_on",
        "translation_in_words",
    ]
    list_filter = [StateFilter, DraftFilter, TranslationFilter, "kind", "area"]
    search_fields = [
        *in_every_language("name", "hours", "languages", "description", "leaves_behind"),
        "number",
        "text_word",
        "area_name__alike",
        "source_title__alike",
    ]
    fieldsets = [
        (None, {"fields": ["name_en", ("kind", "position"), ("number", "text_word"), "url"]}),
        (_("Who it serves"), {"fields": [("area", "area_name"), "hours_en", "languages_en"]}),
        (_("Words"), {"fields": ["description_en", "leaves_behind_en"]}),
        (_("Is it right?"), {"fields": ["checked_on", ("source_title", "source_url")]}),
        (_("If it is unusual"), {"fields": ["assurance"]}),
        PUBLISHING,
        *translations("name", "hours", "languages", "description", "leaves_behind", reviewed=True),
    ]

    def public_path(self, item):
        return reverse("pages:help")

    def explain_return(self, line, note):
        if "assurance" in line.problems_of_number():
            line.assurance = note

    def carry_out(self, request, form_state, version):
        super().carry_out(request, form_state, version)
        if form_state.shown and form_state.shown.item.checked and not version.item.checked_on:
            messages.warning(request, NOT_CHECKED)


@admin.register(Notice)
class NoticeAdmin(PublishableAdmin):
    list_display = ["text", "state_in_words", "publish_at", "expire_at", "translation_in_words"]
    search_fields = [*in_every_language("text"), "page"]
    fieldsets = [
        (None, {"fields": ["text_en", "help_line", "page", "urgent"]}),
        PUBLISHING,
        *translations("text", reviewed=True),
    ]

    def public_path(self, item):
        return reverse("home")

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if db_field.name == "expire_at":
            kwargs["error_messages"] = {"required": NEEDS_END}
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        page, line = form.instance.page, form.instance.help_line
        if page and leading_nowhere([page]):
            sentence = _(
                "No public page has the address “%(page)s”: check it, or publish that page."
            )
            messages.warning(request, sentence % {"page": page})
        if line and line.state() != State.LIVE:
            sentence = _(
                "The public does not see “%(line)s”, so its number is left out: publish it."
            )
            messages.warning(request, sentence % {"line": line})


@admin.register(SiteSettings)
class SiteSettingsAdmin(SingletonAdmin):
    search_fields = [
        *in_every_language("tagline", "footer_text", "mission", "deduction_statement"),
        *in_every_language("opening_statement", "opening_attribution"),
        *in_every_language("unreported", "source_note"),
        "site_name__alike",
        "organisation_name__alike",
        "contact_email",
        "contact_address__alike",
        "ein",
    ]
    fieldsets = [
        (None, {"fields": ["site_name", "tagline_en", "footer_text_en"]}),
        (
            _("Home page and guide"),
            {
                "fields": [
                    "opening_statement_en",
                    ("opening_attribution_en", "opening_url"),
                    "unreported_en",
                    "source_note_en",
                ]
            },
        ),
        (
            _("The organization"),
            {
                "fields": [
                    "organisation_name",
                    "mission_en",
                    "contact_email",
                    "contact_address",
                    "ein",
                    "deduction_statement_en",
                ]
            },
        ),
        (_("Safety"), {"fields": ["exit_url"]}),
        *translations(
            "tagline",
            "footer_text",
            "opening_statement",
            "opening_attribution",
            "unreported",
            "source_note",
            "mission",
            "deduction_statement",
        ),
    ]
