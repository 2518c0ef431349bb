"""Many figures at once: a CSV in with a preview, all or nothing, and the same CSV out."""

import re

import reversion
from django import forms
from django.contrib import messages
from django.contrib.admin.models import LogEntry
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from import_export.admin import ExportMixin, ImportMixin
from import_export.forms import ConfirmImportForm, ImportForm
from import_export.results import RowResult
from import_export.tmp_storages import CacheStorage

from awareness.audit.record import Kind, record
from awareness.content.fields import one_line
from awareness.desk import drafts
from stats import spreadsheet
from stats.imports import FigureResource
from stats.models import Figure

ANSWERS = ["assurance", "reason", "order"]  # what is typed beside the file
ORDERS = [
    ("", "---------"),
    ("month", gettext_lazy("The month, as in 12/31/2024")),
    ("day", gettext_lazy("The day, as in 31/12/2024")),
]


class NotTaken(Exception):
    """Ends the transaction, and the revision with it, when a row turned out to be wrong."""


class OneFormat:
    """import-export asks for a format and a resource; there is one of each."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        del self.fields["format"], self.fields["resource"]

    def clean(self):
        return {**super().clean(), "format": "0", "resource": "0"}


class UploadForm(OneFormat, ImportForm):
    import_file = forms.FileField(
        label=gettext_lazy("CSV file"),
        help_text=gettext_lazy(
            "At most 2,000 rows. Nothing is changed yet: the next page shows what would change."
        ),
        error_messages={"empty": gettext_lazy("The file is empty.")},
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,text/csv"}),
    )
    order = forms.ChoiceField(
        label=gettext_lazy("What stands first in its days"), choices=ORDERS, required=False
    )
    assurance = forms.CharField(
        label=gettext_lazy("Why unusual numbers are right"),
        max_length=500,
        required=False,
        widget=forms.TextInput(attrs={"class": "vTextField"}),
        help_text=gettext_lazy(
            "Leave this empty at first. If rows are unusual, or change what they said, the next "
            "page names them; when all of them are right, write here how you know. Staff alone "
            "see it."
        ),
    )
    reason = forms.CharField(
        label=gettext_lazy("Why numbers changed"),
        max_length=500,
        required=False,
        widget=forms.TextInput(attrs={"class": "vTextField"}),
        help_text=gettext_lazy(
            "For rows that revise an earlier number and give no reason of their own. The public "
            "sees it with each of them."
        ),
    )
    field_order = None

    @property
    def media(self):
        """None: import-export's script guesses the format, and there is only one."""
        return forms.Media()

    def clean(self):
        given = super().clean()
        if file := given.get("import_file"):
            try:
                given["order"] = self.read(file, given.get("order", ""))
            except spreadsheet.TwoWays as asked:
                self.add_error("order", str(asked))
            except spreadsheet.Refused as refused:
                self.add_error("import_file", str(refused))
            file.seek(0)
        return given

    def read(self, file, chosen):
        if file.size > spreadsheet.MOST_BYTES:
            raise spreadsheet.Refused(_("The file is larger than 2 MB: divide it."))
        return spreadsheet.order_of_days(spreadsheet.read(file.read()), chosen)

    def shown(self):
        """The question about days only when it was asked."""
        return [field for field in self if field.name != "order" or field.errors or field.value()]


class ConfirmForm(OneFormat, ConfirmImportForm):
    """What the preview was made with, so that the import is the same."""

    assurance = forms.CharField(max_length=500, required=False, widget=forms.HiddenInput)
    reason = forms.CharField(max_length=500, required=False, widget=forms.HiddenInput)
    order = forms.ChoiceField(choices=ORDERS, required=False, widget=forms.HiddenInput)

    def clean_import_file_name(self):
        name = self.cleaned_data["import_file_name"]
        if not re.fullmatch("[0-9a-f]{32}", name) or CacheStorage(name=name).read() is None:
            raise forms.ValidationError(_("The preview is gone."))
        return name


class CSVMixin(ImportMixin, ExportMixin):
    """For the admin of figures."""

    resource_classes = [FigureResource]
    formats = [spreadsheet.FiguresCSV]
    tmp_storage_class = CacheStorage  # whichever worker answers next can read it
    import_form_class = UploadForm
    confirm_form_class = ConfirmForm
    import_template_name = "admin/stats/figure/import.html"
    import_export_change_list_template = "admin/stats/figure/change_list.html"
    skip_export_form = True

    def has_import_permission(self, request):
        may_write = self.has_add_permission(request) and self.has_change_permission(request)
        return may_write and self.has_publish_permission(request)

    def has_export_permission(self, request):
        return self.has_view_permission(request)

    def import_action(self, request, **kwargs):
        return self.left_to_two(request) or super().import_action(request, **kwargs)

    def left_to_two(self, request):
        """A file has many figures: no second person can look at each of them in it."""
        if not drafts.needs_second_person(self, request):
            return None
        said = _(
            "Nothing was imported: the rules for publishing ask for a second person. Enter the "
            "figures year by year, so that each can be checked."
        )
        messages.error(request, said)
        return redirect("admin:stats_figure_changelist")

    def get_import_context_data(self, **kwargs):
        return {"columns": spreadsheet.COLUMNS, "required": spreadsheet.REQUIRED}

    def get_import_resource_kwargs(self, request, form=None, **kwargs):
        given = getattr(form, "cleaned_data", {})
        return {name: given.get(name, "") for name in ANSWERS}

    def get_import_data_kwargs(self, **kwargs):
        kwargs.pop("form", None)
        return {**kwargs, "rollback_on_validation_errors": True}

    def get_confirm_form_initial(self, request, import_form):
        initial = super().get_confirm_form_initial(request, import_form)
        if import_form:
            initial |= {name: import_form.cleaned_data[name] for name in ANSWERS}
        return initial

    def process_import(self, request, **kwargs):
        if not self.has_import_permission(request):
            raise PermissionDenied
        if refused := self.left_to_two(request):
            return refused
        form = self.create_confirm_form(request)
        if not form.is_valid():
            messages.error(request, _("The preview is too old: choose the file again."))
            return redirect("admin:stats_figure_import")
        name = one_line(form.cleaned_data["original_file_name"])
        request.import_name = name
        try:
            with self.create_revision(request):
                # In the order of awareness/desk/workflow.py, before the first is written.
                rows = Figure.objects.order_by("pk").select_for_update(no_key=True)
                list(rows.values_list("pk", flat=True))
                reversion.set_comment(_("Imported from %(file)s") % {"file": name})
                return super().process_import(request, **kwargs)
        except NotTaken as refused:
            (result,) = refused.args
            context = {
                **self.admin_site.each_context(request),
                **self.get_import_context_data(),
                "title": _("Import"),
                "opts": self.opts,
                "form": self.get_import_form_class(request)(
                    self.get_import_formats(), self.get_import_resource_classes(request)
                ),
                "result": result,
            }
            return TemplateResponse(request, self.import_template_name, context)

    def process_result(self, result, request):
        if result.has_errors() or result.has_validation_errors():
            raise NotTaken(result)
        record(Kind.IMPORTED, request.user, Figure, note=self.in_words(result, request))
        return super().process_result(result, request)

    def _create_log_entry(self, user_pk, rows, import_type, action_flag):
        if rows:
            LogEntry.objects.log_actions(
                user_pk, rows, action_flag, change_message=_("From a CSV."), single_object=False
            )

    def in_words(self, result, request):
        counts = {
            "new": result.totals[RowResult.IMPORT_TYPE_NEW],
            "changed": result.totals[RowResult.IMPORT_TYPE_UPDATE],
            "same": result.totals[RowResult.IMPORT_TYPE_SKIP],
            "file": request.import_name,
        }
        return _("From %(file)s: %(new)s new, %(changed)s changed, %(same)s as before.") % counts

    def add_success_message(self, result, request):
        messages.success(request, self.in_words(result, request))

    def export_action(self, request):
        try:
            return super().export_action(request)
        except IncorrectLookupParameters:  # a filter in the address that there is not
            return redirect("admin:stats_figure_export")

    def get_export_filename(self, request, queryset, file_format):
        return f"figures-{timezone.localdate()}.csv"
