"""A place and a year on one screen: what is there, and a row to enter for each measure."""

import datetime

import reversion
from django import forms
from django.contrib import messages
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from awareness.audit.record import Kind, record
from awareness.desk import drafts, kept, kept_form
from awareness.desk.item_version import ItemVersion
from awareness.desk.workflow import Workflow
from stats import sentences
from stats.models import Figure, Measure, Place, Source
from stats.vocabulary import HOTLINE_BEGAN

LINES = [
    ("qualifier", "value", "status"),
    ("source",),
    ("as_of", "as_of_exact"),
    ("counted_en", "note_en"),
    ("change", "reason_en"),
    ("assurance",),
]
FIELDS = [name for line in LINES for name in line]
ASKED = {"change", "reason_en", "assurance"}  # by the guards, of numbers that are well-formed
AS_ABOVE = gettext_lazy("Empty: same as the row above.")


class NotSaved(Exception):
    """Ends the transaction, and the revision with it, when a row is wrong."""


def last_year():
    """The newest year that is over."""
    today = timezone.localdate()
    return today.year if (today.month, today.day) == (12, 31) else today.year - 1


class YearForm(forms.Form):
    """Which place and year."""

    place = forms.ModelChoiceField(
        Place.objects.all(),
        to_field_name="code",
        empty_label=None,
        label=gettext_lazy("Place"),
        error_messages={
            "required": gettext_lazy("Choose a place."),
            "invalid_choice": gettext_lazy(
                "There is no place called “%(value)s”. Choose one of these."
            ),
        },
    )
    year = forms.IntegerField(label=gettext_lazy("Year"))

    def clean_year(self):
        year, first, last = self.cleaned_data["year"], HOTLINE_BEGAN.year + 1, last_year()
        if not first <= year <= last:
            raise forms.ValidationError(
                _(
                    "The year must be from %(first)s, the hotline's first whole year, to "
                    "%(last)s, the last year that has ended."
                )
                % {"first": first, "last": last}
            )
        return year


class Row(forms.ModelForm):
    """One measure's figure of the year. The rows above it are saved before it is looked at."""

    class Meta:
        model = Figure
        fields = FIELDS

    def __init__(self, *args, before=None, above=(), **kwargs):
        super().__init__(*args, empty_permitted=True, use_required_attribute=False, **kwargs)
        self.before = before  # what is there already
        self.above = above
        self.fields["as_of"].required = False
        self.fields["as_of_exact"].label_suffix = ""
        if above:
            for name in ("source", "as_of"):
                self.fields[name].help_text = AS_ABOVE
        if before is None:
            del self.fields["change"], self.fields["reason_en"]

    def lines(self):
        """Its fields as they stand on the screen; the question only when it was asked."""
        asks = self["assurance"].errors or self["assurance"].value()
        for names in LINES if asks else LINES[:-1]:
            if names[0] in self.fields:
                yield [self[name] for name in names]

    def now(self):
        """What is there already, in short."""
        status = self.before.get_status_display()
        if self.before.value is None:
            return status
        return f"{sentences.what_it_says(self.before)} ({status})"

    def clean(self):
        given = super().clean()
        inherited = next((row.cleaned_data for row in reversed(self.above) if row.is_filled), {})
        if given.get("source") is None and "source" not in self.errors:
            given["source"] = inherited.get("source")
        if given.get("as_of") is None and "as_of" not in self.errors:
            given["as_of"] = inherited.get("as_of")
            given["as_of_exact"] = inherited.get("as_of_exact", True)
            if given["as_of"] is None:
                self.add_error("as_of", _("On what day did the source say so?"))
        return given

    @property
    def is_filled(self):
        return self.has_changed() and hasattr(self, "cleaned_data")


class YearMixin:
    """For the admin of figures."""

    kept_views = ("add", "change", "year")

    def get_urls(self):
        view = self.admin_site.admin_view(self.year_view)
        return [path("year/", view, name="stats_figure_year"), *super().get_urls()]

    def year_view(self, request):
        if not self.has_add_permission(request):
            raise PermissionDenied
        chosen = YearForm(request.GET) if request.GET else YearForm(initial={"year": last_year()})
        rows, text = [], kept.take(request)
        if chosen.is_valid():
            place, year = chosen.cleaned_data["place"], chosen.cleaned_data["year"]
            rows = self.year_rows(request, place, year, text)
            if request.method == "POST" and (done := self.save_year(request, place, year, rows)):
                if text:
                    text.delete()
                return done
        context = {
            **self.admin_site.each_context(request),
            "title": _("Enter a year"),
            "opts": self.opts,
            "chosen": chosen,
            "rows": rows,
            "kept": text if rows else None,
            "kept_form": "year_form",
            "has_errors": any(row.is_bound and row.errors for row in rows),
            "media": self.media + (rows[0].media if rows else forms.Media()),
            "has_view_permission": self.has_view_permission(request),
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, "admin/stats/figure/year.html", context)

    def year_rows(self, request, place, year, text=None):
        sent = kept_form.as_sent(text) if text else None
        if request.method == "POST":
            sent = request.POST
        days = datetime.date(year, 1, 1), datetime.date(year, 12, 31)
        period = Q(place=place, first_day=days[0], last_day=days[1])
        there = Figure.objects.current().filter(period).select_related("source")
        before = {figure.measure_id: figure for figure in there}
        form = forms.modelform_factory(
            Figure,
            form=Row,
            fields=FIELDS,
            formfield_callback=lambda field, **kwargs: self.formfield_for_dbfield(
                field, request, **kwargs
            ),
        )
        sources = [("", "---------"), *((row.pk, str(row)) for row in Source.objects.all())]
        rows = []
        for measure in Measure.objects.all():
            figure = Figure(place=place, measure=measure, first_day=days[0], last_day=days[1])
            row = form(
                sent,
                instance=figure,
                prefix=measure.code,
                before=before.get(measure.pk),
                above=list(rows),
            )
            row.fields["source"].widget = self.source_widget(request, sources)
            rows.append(row)
        return rows

    def source_widget(self, request, choices):
        """A plain list, which works without a script, and the plus sign where one may add."""
        wrapper = RelatedFieldWidgetWrapper(
            forms.Select(),
            Figure._meta.get_field("source").remote_field,
            self.admin_site,
            can_add_related=self.admin_site.get_model_admin(Source).has_add_permission(request),
        )
        wrapper.choices = choices  # one question for all rows
        return wrapper

    def save_year(self, request, place, year, rows):
        """All rows or none. Returns where to go next, or None when something is wrong."""
        names = {"place": place, "year": year}
        by_two = drafts.needs_second_person(self, request)
        by_two = by_two or not self.has_publish_permission(request)
        try:
            with self.create_revision(request):
                saved = [row for row in rows if self.save_row(row)]
                if by_two or any(row.errors for row in rows):
                    raise NotSaved
                reversion.set_comment(_("Entered a year: %(place)s, %(year)s") % names)
                for row in saved:
                    record(Kind.PUBLISHED, request.user, row.instance, _("Entered a year"))
        except NotSaved:
            if any(row.errors for row in rows):
                return None
            with transaction.atomic():
                for row in saved:
                    self.propose(request.user, row.instance)
        if not saved:
            messages.warning(request, _("Nothing was typed, so nothing was saved."))
        else:
            names["what"] = get_text_list([str(row.instance.measure) for row in saved], _("and"))
            message = _("Saved for %(place)s, %(year)s: %(what)s.")
            if by_two:
                message = _("Kept as drafts for a second person, %(place)s, %(year)s: %(what)s.")
            messages.success(request, message % names)
        to_list = "_list" in request.POST
        where = reverse("admin:stats_figure_changelist" if to_list else "admin:stats_figure_year")
        return HttpResponseRedirect(where if to_list else f"{where}?{request.GET.urlencode()}")

    def save_row(self, row):
        if not row.has_changed():
            return False
        if not row.is_valid():
            if row.errors.keys() <= ASKED:
                row.instance.save()  # for the rows below to be compared with; it is undone
            return False
        row.save()
        return True

    def propose(self, user, figure):
        """As a draft, where the rules ask for a second person: its row was undone."""
        figure.pk, figure._state.adding = None, True
        Workflow.apply("ask", figure, user, note="", version=ItemVersion(figure, {}))
