"""The admin as staff meet it: its name, and what belongs to no single list."""

from django.contrib import admin
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.translation import gettext_lazy as _

from awareness.desk.menu import by_job


def accounts():
    """Its models are not there yet at the start."""
    from awareness.accounts import views

    return views


class DeskSite(admin.AdminSite):
    site_header = site_title = "Aware Missouri"
    index_title = _("What would you like to do?")
    empty_value_display = "–"

    def get_urls(self):
        return [
            path("search/", self.admin_view(self.search), name="search"),
            path("alerts/<int:number>/", self.admin_view(self.alert), name="alert"),
            *super().get_urls(),
        ]

    def get_app_list(self, request, app_label=None):
        return by_job(super().get_app_list(request, app_label))

    def app_index(self, request, app_label, extra_context=None):
        """An app is nothing to whoever works here: the menu is on the first page."""
        return redirect("admin:index")

    def alert(self, request, number):
        from awareness.desk.alerts.views import view  # as below

        return view(request, number)

    def login(self, request, extra_context=None):
        return accounts().sign_in(request)

    def logout(self, request, extra_context=None):
        return accounts().sign_out(request)

    def password_change(self, request, extra_context=None):
        return redirect("account_change_password")

    def search(self, request):
        from awareness.content.list_limits import Query  # models are not there at the start
        from awareness.desk.search import search

        query = Query.read(request.GET.get("q", ""))
        found = search(self, request, query) if query.is_enough else []
        context = {
            **self.each_context(request),
            "title": _("Search"),
            "query": query,
            "found": found,
            "total": sum(one.total for one in found),
        }
        request.current_app = self.name
        return TemplateResponse(request, "admin/desk/search.html", context)
