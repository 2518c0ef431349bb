"""What the admins of both apps share: states, languages side by side, one-row tables."""

from django.conf import settings
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db import models
from django.db.models import OuterRef
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override
from modeltranslation.admin import TranslationAdmin, TranslationStackedInline
from reversion.admin import VersionAdmin

from awareness.audit.admin import AuditedAdmin
from awareness.content.list_limits import ListLimits
from awareness.content.publishing import State
from awareness.content.translatable import ORIGINAL, OTHERS, TranslationState
from awareness.desk.admin import DeskAdmin
from awareness.desk.bulk import BulkActions
from awareness.desk.forms import DayAndTime, DayInput, DeskFormSet, MomentField, RowForm
from awareness.desk.history import History
from awareness.desk.kept_form import KeptFormMixin
from awareness.desk.models import Draft
from awareness.desk.optimistic_lock import OptimisticLock
from awareness.desk.recovery import Recovery

LANGUAGES = dict(settings.LANGUAGES)


def side_by_side(lines):
    """The lines of a form, each translated field in one with its other languages."""
    for line in lines:
        names = [line] if isinstance(line, str) else line
        codes = {name: name.rpartition("_")[2] for name in names}
        if not LANGUAGES.keys() & codes.values():
            yield line
            continue
        for name, code in codes.items():
            if code == ORIGINAL:
                yield tuple(f"{name.removesuffix(code)}{other}" for other in LANGUAGES)
            elif code not in OTHERS:
                yield name


class FormFields:
    """Labels in words, languages side by side, and web addresses that are taken to be https."""

    formfield_overrides = {
        models.URLField: {"assume_scheme": "https"},
        models.DateField: {"widget": DayInput},
        models.DateTimeField: {"form_class": MomentField, "widget": DayAndTime},
    }

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        language = getattr(db_field, "language", None)
        if field and language:
            name = db_field.translated_field.verbose_name
            field.label = format_html("{} ({})", name[:1].upper() + name[1:], LANGUAGES[language])
            field.widget.attrs["lang"] = language  # what it is spelled and read aloud in
            if language != ORIGINAL:
                field.help_text = ""  # it stands below the English, beside it
        return field

    def get_fieldsets(self, request, obj=None):
        return [
            (name, {**options, "fields": list(side_by_side(options["fields"]))})
            for name, options in super().get_fieldsets(request, obj)
        ]

    def save_model(self, request, obj, form, change):
        """The untranslated columns hold the English words, whoever's desk it is."""
        with override(settings.LANGUAGE_CODE):
            super().save_model(request, obj, form, change)


class Versioned(ListLimits, KeptFormMixin, AuditedAdmin, History, Recovery, FormFields):
    """What is changed here has its history. Before VersionAdmin in the bases."""


class ContentAdmin(Versioned, TranslationAdmin, VersionAdmin):
    """A model that the public reads: in two languages, with its history."""


class FewRows:
    """For an inline, before it in the bases. Django makes a thousand rows more than are allowed
    before it says so, and shows them all, however small what was sent is."""

    extra = 0
    max_num = 100

    def get_formset(self, request, obj=None, **kwargs):
        formset = super().get_formset(request, obj, **kwargs)
        formset.absolute_max = self.max_num
        formset.default_error_messages = {
            "too_many_forms": _("There are too many of these. There is room for %(num)d.")
        }
        return formset


class TranslatedInline(FewRows, FormFields, TranslationStackedInline):
    """The rows of an item, which travel with its drafts."""

    form, formset = RowForm, DeskFormSet
    template = "admin/desk/rows.html"


# For the end of a form.
REVIEWED = (
    _("Who read the translation"),
    {"fields": [("translation_reviewed_by", "translation_reviewed_on")]},
)

# In the panel beside the form.
PUBLISHING = (None, {"fields": ["publish_at", "expire_at"], "classes": ["desk-times"]})


class StateFilter(admin.SimpleListFilter):
    title = _("state")
    parameter_name = "state"

    def lookups(self, request, model_admin):
        return State.choices

    def queryset(self, request, queryset):
        return queryset.in_state(self.value()) if self.value() in State.values else queryset


class DraftFilter(admin.SimpleListFilter):
    title = _("draft")
    parameter_name = "draft"

    def lookups(self, request, model_admin):
        return Draft.State.choices

    def queryset(self, request, queryset):
        if self.value() in Draft.State.values:
            return queryset.filter(draft_state=self.value())
        return queryset


class TranslationFilter(admin.SimpleListFilter):
    title = _("translation")
    parameter_name = "translation"

    def lookups(self, request, model_admin):
        return TranslationState.choices

    def queryset(self, request, queryset):
        if self.value() in TranslationState.values:
            return queryset.model.in_translation_state(queryset, self.value())
        return queryset


class PublishableAdmin(BulkActions, DeskAdmin, ContentAdmin):
    show_full_result_count = False  # one question less
    list_filter = [StateFilter, DraftFilter, TranslationFilter]
    help_texts = {  # which time is meant, the panel says once
        "publish_at": _("With a later time, what you publish stays hidden until then."),
        "expire_at": _("The public no longer sees it after this time. Leave empty to keep it."),
    }

    def get_form(self, request, obj=None, **kwargs):
        return super().get_form(request, obj, help_texts=self.help_texts, **kwargs)

    def get_queryset(self, request):
        drafts = Draft.objects.of(self.model).filter(object_id=OuterRef("pk"))
        return super().get_queryset(request).annotate(draft_state=drafts.values("state")[:1])

    @admin.display(description=_("state"), ordering="published")
    def state_in_words(self, item):
        """What the public sees, and what somebody is working on."""
        state = item.state()
        draft = Draft.State(item.draft_state).label if item.draft_state else None
        if draft is None or (state == State.DRAFT and item.draft_state == Draft.State.WRITING):
            return state.label
        return _("%(state)s; %(draft)s") % {"state": state.label, "draft": draft.lower()}

    @admin.display(description=_("translation"))
    def translation_in_words(self, item):
        state = item.translation_state()
        if state != TranslationState.REVIEWED:
            return state.label
        return _("%(state)s by %(name)s on %(day)s") % {
            "state": state.label,
            "name": item.translation_reviewed_by or "?",
            "day": date_format(item.translation_reviewed_on),
        }

    def get_view_on_site_url(self, obj=None):
        """Only for what a visitor would find there."""
        live = obj is not None and obj.pk and obj.state() == State.LIVE
        return super().get_view_on_site_url(obj) if live else None


class OneRow:
    """Its list is its one row's form."""

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def changelist_view(self, request, extra_context=None):
        if not self.has_view_permission(request):
            raise PermissionDenied
        row, _created = self.model.objects.get_or_create(pk=1)
        names = self.opts.app_label, self.opts.model_name
        return redirect(reverse("admin:{}_{}_change".format(*names), args=[row.pk]))


class PlainAdmin(OptimisticLock, ContentAdmin):
    """Without drafts: what is saved is public."""


class SingletonAdmin(OneRow, PlainAdmin):
    pass
