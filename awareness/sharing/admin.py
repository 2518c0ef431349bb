"""The admin of short addresses: it knows which page of either app is there."""

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from awareness.desk.content_admin import PUBLISHING, DraftFilter, PublishableAdmin, StateFilter
from awareness.desk.forms import DeskForm
from awareness.sitemaps import live_address
from pages.models import CampaignLink
from pages.models.notice import own_path

NOT_THERE = _("The public finds no page at this address. Check it, or publish that page first.")


class CampaignLinkForm(DeskForm):
    def clean_page(self):
        page = own_path(self.cleaned_data["page"])
        if live_address(page) is None:
            raise ValidationError(NOT_THERE)
        return page


@admin.register(CampaignLink)
class CampaignLinkAdmin(PublishableAdmin):
    form = CampaignLinkForm
    list_display = ["__str__", "state_in_words", "page", "expire_at"]
    list_filter = [StateFilter, DraftFilter]
    search_fields = ["slug", "page", "staff_note__alike"]
    readonly_fields = ["to_print"]
    fieldsets = [(None, {"fields": ["slug", "page", "staff_note", "to_print"]}), PUBLISHING]

    def public_path(self, item):
        return item.page

    @admin.display(description=_("to print"))
    def to_print(self, link):
        """Of what is live: a draft may have another word."""
        live = CampaignLink.objects.live().filter(pk=link.pk).first()
        return render_to_string("admin/pages/short_address.html", {"link": live})
