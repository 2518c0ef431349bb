"""The admin of what stands around the pages: appeals, notices, settings."""

from django.contrib import admin
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from awareness.content.lookups import in_every_language
from awareness.content.publishing import State
from awareness.desk.content_admin import (
    PUBLISHING,
    REVIEWED,
    DraftFilter,
    PublishableAdmin,
    SingletonAdmin,
    StateFilter,
    TranslatedInline,
    TranslationFilter,
)
from awareness.desk.richtext_admin import leading_nowhere

from ..models import (
    Amount,
    CallToAction,
    Notice,
    SiteSettings,
)
from ..models.notice import NEEDS_END
from .images import ChoosesPicture


class AmountInline(TranslatedInline):
    model = Amount


@admin.register(CallToAction)
class CallToActionAdmin(ChoosesPicture, PublishableAdmin):
    duplicates_by = "heading"
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
    raw_id_fields = ["picture"]
    fieldsets = [
        (None, {"fields": ["heading_en", "message_en", "picture"]}),
        (_("Button"), {"fields": ["button_en", "url", "monthly_url"]}),
        (_("Place"), {"fields": [("placement", "priority")]}),
        PUBLISHING,
        REVIEWED,
    ]

    def public_path(self, item):
        return reverse("pages:donate")


@admin.register(Notice)
class NoticeAdmin(PublishableAdmin):
    list_display = ["text", "state_in_words", "publish_at", "expire_at", "translation_in_words"]
    search_fields = [*in_every_language("text"), "page"]
    help_texts = PublishableAdmin.help_texts | {"expire_at": _("From this time on nobody sees it.")}
    fieldsets = [
        (None, {"fields": ["text_en", "help_line", "page", "urgent"]}),
        PUBLISHING,
        REVIEWED,
    ]

    def public_path(self, item):
        return reverse("home")

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if db_field.name == "expire_at":
            kwargs["error_messages"] = {"required": NEEDS_END}
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def own_notes(self, version):
        page, line = version.item.page, version.item.help_line
        if page and leading_nowhere([page]):
            message = _(
                "No public page has the address “%(page)s”: check it, or publish that page."
            )
            yield message % {"page": page}, "page"
        if line and line.state() != State.LIVE:
            message = _(
                "The public does not see “%(line)s”, so its number is left out: publish it."
            )
            yield message % {"line": line}, "help_line"


@admin.register(SiteSettings)
class SiteSettingsAdmin(ChoosesPicture, SingletonAdmin):
    raw_id_fields = ["logo"]
    search_fields = [
        *in_every_language("tagline", "footer_text", "mission", "deduction_statement"),
        *in_every_language("ways_to_give"),
        *in_every_language("opening_statement", "opening_attribution"),
        *in_every_language("unreported", "source_note"),
        "site_name__alike",
        "organisation_name__alike",
        "contact_email",
        "contact_address__alike",
        "ein",
    ]
    fieldsets = [
        (None, {"fields": ["site_name", "logo", "tagline_en", "footer_text_en"]}),
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
                    "ways_to_give_en",
                    "contact_email",
                    "contact_address",
                    "ein",
                    "deduction_statement_en",
                ]
            },
        ),
        (_("Safety"), {"fields": ["exit_url"]}),
        (
            _("Before the site goes public"),
            {"fields": ["lawyer_read_on", "survivor_read_on", "restored_on"]},
        ),
    ]
