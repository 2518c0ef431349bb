"""The list of old addresses: to see what leads where, and to free an address for something else."""

from django.contrib import admin
from django.db import transaction
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from awareness.audit.record import Kind, record
from awareness.content.list_limits import ListLimits
from awareness.content.models import OldAddress
from awareness.content.redirects import address_of, is_live


@admin.register(OldAddress)
class OldAddressAdmin(ListLimits, admin.ModelAdmin):
    list_display = ["path", "belongs_to", "leads_to", "at"]
    search_fields = ["path"]
    fields = ["path", "belongs_to", "leads_to", "at"]

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("item")

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    @admin.display(description=_("whose address it was"))
    def belongs_to(self, row):
        if row.item is None:
            return _("Deleted")
        meta = row.item._meta
        form = reverse(f"admin:{meta.app_label}_{meta.model_name}_change", args=[row.item.pk])
        return format_html('<a href="{}">{}</a> ({})', form, row.item, meta.verbose_name)

    @admin.display(description=_("leads to"))
    def leads_to(self, row):
        if row.item is None:
            return _("Nowhere: this was deleted.")
        if not is_live(row.item):
            return _("Nowhere, while this is not live.")
        return format_html('<a href="{0}">{0}</a>', address_of(row.item))

    def delete_model(self, request, obj):
        record(Kind.DELETED, request.user, obj)
        super().delete_model(request, obj)

    @transaction.atomic
    def delete_queryset(self, request, queryset):
        for row in queryset:
            record(Kind.DELETED, request.user, row)
        super().delete_queryset(request, queryset)
