"""Many figures at once: a CSV in with a preview, all or nothing, and the same CSV out."""

import re
import uuid

import reversion
from django import forms
from django.contrib import messages
from django.contrib.admin.models import ADDITION, CHANGE, LogEntry
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from awareness.audit.record import Kind, record
from awareness.content.fields import one_line
from awareness.desk import drafts
from stats import spreadsheet
from stats.imports import Import, as_row
from stats.models import Figure

KEPT_AS, HOUR = "import-%s", 3600  # seconds between a preview and its confirmation
ORDERS = [
    ("", "---------"),
    ("month", gettext_lazy("The month, as in 12/31/2024")),
    ("day", gettext_lazy("The day, as in 31/12/2024")),
]


class NotTaken(Exception):
    """Ends the transaction, and the revision with it, when a row turned out to be wrong."""


class UploadForm(forms.Form):
    import_file = forms.FileField(
        label=gettext_lazy("CSV file"),
        help_text=gettext_lazy(
            "At most 2,000 rows. Nothing changes yet. The next page shows what would change."
        ),
        error_messages={"empty": gettext_lazy("The file is empty.")},
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,text/csv"}),
    )
    order = forms.ChoiceField(
        label=gettext_lazy("What comes first in its dates"), choices=ORDERS, required=False
    )
    assurance = forms.CharField(
        label=gettext_lazy("Why unusual numbers are right"),
        max_length=500,
        required=False,
        widget=forms.TextInput(attrs={"class": "vTextField"}),
        help_text=gettext_lazy(
            "Leave this empty at first. If rows are unusual, or change an earlier number, the "
            "next page lists them. If all of them are right, write here how you know. Only "
            "staff see it."
        ),
    )
    reason = forms.CharField(
        label=gettext_lazy("Why numbers changed"),
        max_length=500,
        required=False,
        widget=forms.TextInput(attrs={"class": "vTextField"}),
        help_text=gettext_lazy(
            "For rows that revise an earlier number without giving a reason. The public sees "
            "this with each of them."
        ),
    )

    def clean(self):
        if file := self.cleaned_data.get("import_file"):
            try:
                if file.size > spreadsheet.MOST_BYTES:
                    raise spreadsheet.Refused(_("The file is larger than 2 MB. Split it up."))
                records = spreadsheet.read(file.read())
                order = spreadsheet.order_of_days(records, self.cleaned_data["order"])
            except spreadsheet.TwoWays as asked:
                self.add_error("order", str(asked))
            except spreadsheet.Refused as refused:
                self.add_error("import_file", str(refused))
            else:
                given = {name: self.cleaned_data.get(name, "") for name in ("assurance", "reason")}
                self.file = {"name": one_line(file.name), "records": records}
                self.answers = {**given, "order": order}

    def shown(self):
        """The question about days only when it was asked."""
        return [field for field in self if field.name != "order" or field.errors or field.value()]


class CSVMixin:
    """For the admin of figures."""

    change_list_template = "admin/stats/figure/change_list.html"

    def get_urls(self):
        views = {
            "import": self.import_view,
            "process_import": self.confirm_view,
            "export": self.export_view,
        }
        return [
            *(
                path(f"{name}/", self.admin_site.admin_view(view), name=f"stats_figure_{name}")
                for name, view in views.items()
            ),
            *super().get_urls(),
        ]

    def changelist_view(self, request, extra_context=None):
        may = {"has_import_permission": self.has_import_permission(request)}
        return super().changelist_view(request, {**may, **(extra_context or {})})

    def has_import_permission(self, request):
        may_write = self.has_add_permission(request) and self.has_change_permission(request)
        return may_write and self.has_publish_permission(request)

    def left_to_two(self, request):
        """A file has many figures: no second person can look at each of them in it."""
        if not self.has_import_permission(request):
            raise PermissionDenied
        if not drafts.needs_second_person(self, request):
            return None
        message = _(
            "Nothing was imported, because the publishing rules require a second person. Enter"
            " the figures year by year, so that each can be checked."
        )
        messages.error(request, message)
        return redirect("admin:stats_figure_changelist")

    def import_view(self, request):
        """Shows what a file would change, and keeps it for confirm_view()."""
        if refused := self.left_to_two(request):
            return refused
        form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
        if not form.is_valid():
            return self.import_page(request, form)
        with transaction.atomic():
            found = Import(form.file["records"], **form.answers)
            transaction.set_rollback(True)
        if found.wrong:
            return self.import_page(request, form, found=found)
        number = uuid.uuid4().hex
        # In the cache: whichever worker answers next can read it.
        cache.set(KEPT_AS % number, (form.file, form.answers), HOUR)
        return self.import_page(request, form, found=found, preview=number)

    def import_page(self, request, form, **context):
        context |= {
            **self.admin_site.each_context(request),
            "title": _("Import"),
            "opts": self.opts,
            "form": form,
            "columns": spreadsheet.COLUMNS,
            "required": spreadsheet.REQUIRED,
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, "admin/stats/figure/import.html", context)

    def confirm_view(self, request):
        """All rows or none, looked at once more."""
        if refused := self.left_to_two(request):
            return refused
        number = request.POST.get("preview", "")
        kept = re.fullmatch("[0-9a-f]{32}", number) and cache.get(KEPT_AS % number)
        if request.method != "POST" or not kept:
            messages.error(request, _("The preview is too old. Choose the file again."))
            return redirect("admin:stats_figure_import")
        file, answers = kept
        try:
            with self.create_revision(request):
                # In the order of awareness/desk/workflow.py, before the first is written.
                rows = Figure.objects.order_by("pk").select_for_update(no_key=True)
                list(rows.values_list("pk", flat=True))
                found = Import(file["records"], **answers)
                if found.wrong:
                    raise NotTaken
                found.save()
                reversion.set_comment(_("Imported from %(file)s") % {"file": file["name"]})
                message = in_words(found, file["name"])
                record(Kind.IMPORTED, request.user, Figure, note=message)
                for rows, flag in ((found.new, ADDITION), (found.changed, CHANGE)):
                    LogEntry.objects.log_actions(
                        request.user.pk,
                        [row.figure for row in rows],
                        flag,
                        change_message=_("From a CSV."),
                    )
        except NotTaken:
            return self.import_page(request, UploadForm(), found=found)
        cache.delete(KEPT_AS % number)
        messages.success(request, message)
        return redirect("admin:stats_figure_changelist")

    def export_view(self, request):
        """What the list shows, with its filters."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        try:
            rows = self.get_changelist_instance(request).get_queryset(request).with_names()
        except IncorrectLookupParameters:  # a filter in the address that there is not
            return redirect("admin:stats_figure_export")
        response = HttpResponse(spreadsheet.write(map(as_row, rows)), content_type="text/csv")
        name = f"figures-{timezone.localdate()}.csv"
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        return response


def in_words(found, name):
    counts = {kind: len(getattr(found, kind)) for kind in ("new", "changed", "same")}
    counts["file"] = name
    return _("From %(file)s: %(new)s new, %(changed)s changed, %(same)s as before.") % counts
