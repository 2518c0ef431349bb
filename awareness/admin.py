"""What stands in the admin of tables that belong to neither app. The rooms register themselves."""

from django.contrib import admin

import awareness.accounts.admin
import awareness.audit.admin
import awareness.desk.avoided_words_admin
import awareness.desk.redirects_admin
import awareness.sharing.admin  # noqa: F401
from awareness.audit.admin import AuditedAdmin
from awareness.desk.content_admin import OneRow
from awareness.desk.models import DeskRules


@admin.register(DeskRules)
class DeskRulesAdmin(OneRow, AuditedAdmin, admin.ModelAdmin):
    """For whoever looks after the site; publishers read them."""
