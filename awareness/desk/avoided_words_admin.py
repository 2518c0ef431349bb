from django.contrib import admin

from awareness.audit.admin import AuditedAdmin
from awareness.content.list_limits import ListLimits

from .avoided_words import AvoidedWord
from .kept_form import KeptFormMixin


@admin.register(AvoidedWord)
class AvoidedWordAdmin(ListLimits, KeptFormMixin, AuditedAdmin, admin.ModelAdmin):
    list_display = ["word", "language", "better"]
    list_filter = ["language"]
    search_fields = ["word", "better"]
