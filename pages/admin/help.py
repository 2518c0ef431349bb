"""The admin of where people get help."""

from django.contrib import admin, messages
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from awareness.content.lookups import in_every_language
from awareness.desk.content_admin import (
    PUBLISHING,
    REVIEWED,
    DraftFilter,
    PublishableAdmin,
    StateFilter,
    TranslationFilter,
)
from awareness.desk.reorder import OrderMixin

from ..models import (
    HelpLine,
    LanguageCard,
    Service,
)

NOT_CHECKED = _("“Checked on” is empty. Call or look, then set the day.")


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
        (
            None,
            {
                "fields": [
                    "name_en",
                    ("kind", "position"),
                    ("where", "knows_nearby"),
                    ("number", "text_word"),
                    "url",
                ]
            },
        ),
        (_("Who it serves"), {"fields": [("area", "area_name"), "hours_en", "languages_en"]}),
        (_("Words"), {"fields": ["description_en", "leaves_behind_en"]}),
        (_("Is it right?"), {"fields": ["checked_on", ("source_title", "source_url")]}),
        (_("If it is unusual"), {"fields": ["assurance"]}),
        PUBLISHING,
        REVIEWED,
    ]

    def public_path(self, item):
        return reverse("pages:help")

    def explain_return(self, line, note):
        if "assurance" in line.problems_of_number():
            line.assurance = note

    def carry_out(self, request, form_state, version):
        super().carry_out(request, form_state, version)
        if form_state.shown and form_state.shown.item.checked_on and not version.item.checked_on:
            messages.warning(request, NOT_CHECKED)


@admin.register(Service)
class ServiceAdmin(PublishableAdmin):
    list_display = ["name", "state_in_words", "checked_on", "expire_at", "translation_in_words"]
    search_fields = [
        *in_every_language("name", "what_it_does", "serves", "languages"),
        "counties__alike",
        "staff_note__alike",
    ]
    fieldsets = [
        (None, {"fields": ["name_en", "what_it_does_en", "serves_en"]}),
        (_("Where, and how to reach it"), {"fields": ["counties", "phone", "url"]}),
        (_("When, and in which languages"), {"fields": ["hours_en", "languages_en"]}),
        (
            _("Is it right?"),
            {"fields": ["checked_on", ("source_title", "source_url"), "staff_note"]},
        ),
        (_("Publishing"), {"fields": ["publish_at"]}),
        REVIEWED,
    ]

    def public_path(self, item):
        return reverse("pages:near")


@admin.register(LanguageCard)
class LanguageCardAdmin(PublishableAdmin):
    list_display = ["name", "own_name", "state_in_words", "position", "translation_in_words"]
    search_fields = [*in_every_language("name"), "own_name__alike", "code"]
    fieldsets = [
        (None, {"fields": ["name_en", "own_name", ("code", "direction"), "text", "position"]}),
        PUBLISHING,
        REVIEWED,
    ]

    def public_path(self, item):
        return reverse("pages:languages")
