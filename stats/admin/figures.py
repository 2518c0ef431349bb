from django.contrib import admin
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from awareness.content.lookups import in_every_language
from awareness.desk.admin import DeskAdmin
from awareness.desk.content_admin import ContentAdmin
from stats import guards, sentences
from stats.models import Figure, StoredFigures

from .importing import CSVMixin
from .year import YearMixin


@admin.register(Figure)
class FigureAdmin(YearMixin, CSVMixin, DeskAdmin, ContentAdmin):
    is_checked_by_two = True
    list_display = ["period", "place", "measure", "amount", "status", "day", "publisher"]
    list_filter = ["place", "measure", "status"]
    list_select_related = ["place", "measure", "source"]
    search_fields = [
        *in_every_language("counted", "note", "reason"),
        "source__title__alike",
        "source__publisher__alike",
    ]
    date_hierarchy = "last_day"
    show_full_result_count = False  # one question less
    autocomplete_fields = ["source"]
    readonly_fields = ["recorded_at"]
    fieldsets = [
        (
            None,
            {
                "fields": [
                    ("place", "measure"),
                    ("first_day", "last_day"),
                    ("qualifier", "value"),
                    "status",
                ],
                "description": _(
                    "One row is what one source said on one day. If a source later says "
                    "something else, leave this row as it is and add a new one with a later "
                    "as-of date. The public sees the newest one, with the earlier one beside "
                    "it."
                ),
            },
        ),
        (
            _("Source and date"),
            {"fields": ["source", ("as_of", "as_of_exact"), "recorded_at"]},
        ),
        (_("What it counts"), {"fields": ["counted_en", "note_en"]}),
        (
            _("If it differs from an earlier row"),
            {
                "fields": ["change", "reason_en"],
                "description": _("For a later row of the same period. The public sees both."),
            },
        ),
        (_("If it is unusual"), {"fields": ["assurance"]}),
    ]

    def public_path(self, figure):
        return figure.place.get_absolute_url()

    def explain_return(self, figure, note):
        if "assurance" in guards.problems(figure, StoredFigures()):
            figure.assurance = note

    @admin.display(description=_("period"), ordering="last_day")
    def period(self, figure):
        return sentences.period(figure)

    @admin.display(description=_("source"), ordering="source__publisher")
    def publisher(self, figure):
        return figure.source and Truncator(figure.source.publisher).chars(24)

    @admin.display(description=_("as of"), ordering="as_of")
    def day(self, figure):
        """Short, so that the list fits beside its filters."""
        return figure.as_of.isoformat()

    @admin.display(description=_("value"), ordering="value")
    def amount(self, figure):
        return "–" if figure.value is None else sentences.what_it_says(figure)
