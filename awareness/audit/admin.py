"""The audit list as staff read it, and what puts changes of content into it."""

from collections import defaultdict

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import QuerySet, Value
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy

from awareness.audit.models import Event
from awareness.audit.record import Kind, record
from awareness.content.list_limits import ListLimits

NOBODY = gettext_lazy("the site itself")
NO_NAME = "*"  # in addresses; no user name may have this character


class AuditedAdmin:
    """For a ModelAdmin (before it in the bases): what is changed in it stands in the list."""

    def log_addition(self, request, obj, message):
        entry = super().log_addition(request, obj, message)
        self.record_change(request, obj, entry)
        return entry

    def log_change(self, request, obj, message):
        entry = super().log_change(request, obj, message)
        if message:
            self.record_change(request, obj, entry)
        return entry

    def record_change(self, request, obj, entry):
        record(Kind.CHANGED, request.user, obj, entry.get_change_message())

    def log_deletions(self, request, queryset):
        for item in queryset:
            record(Kind.DELETED, request.user, item)
        return super().log_deletions(request, queryset)


def may_see(user, model):
    """``model`` may be None: one that the code no longer has."""
    if model is None:
        return False
    app, name = model._meta.app_label, model._meta.model_name
    return user.has_perm(f"{app}.view_{name}") or user.has_perm(f"{app}.change_{name}")


def form_address(model, key):
    """Of this row's form; of the list, when no row is named; "" when there is neither."""
    view, args = ("change", [key]) if key else ("changelist", [])
    try:
        return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{view}", args=args)
    except NoReverseMatch:
        return ""


def with_links(user, events):
    """Gives each event ``link``: to its item's form, if that exists and this person may see it.

    One question to the database, however many events and kinds of items there are. ``events`` were
    read together with their ``content_type``.
    """
    events = list(events)
    keys = defaultdict(set)
    for event in events:
        model = event.content_type.model_class() if event.content_type else None
        event.about = model if may_see(user, model) else None
        if event.about and event.object_id.isdigit():
            keys[event.about].add(int(event.object_id))
    there = existing(keys)
    for event in events:
        known = event.about and (not event.object_id or (event.about, event.object_id) in there)
        event.link = form_address(event.about, event.object_id) if known else ""
    return events


def existing(keys):
    """Which of these rows exist: {model: numbers} → {(model, number as text)}."""
    models = list(keys)
    asked = [  # not by managers: modeltranslation's would put the columns in another order
        QuerySet(model).filter(pk__in=keys[model]).order_by().values_list(Value(n), "pk")
        for n, model in enumerate(models)
    ]
    found = asked[0].union(*asked[1:], all=True).order_by() if asked else []
    return {(models[n], str(key)) for n, key in found}


class LinkedList(ChangeList):
    def get_results(self, request):
        super().get_results(request)
        self.result_list = with_links(request.user, self.result_list)


class WhoFilter(admin.SimpleListFilter):
    """By the name that was written down, so that accounts that are gone are found too."""

    title = gettext_lazy("who")
    parameter_name = "who"

    def lookups(self, request, model_admin):
        names = Event.objects.order_by("who").values_list("who", flat=True).distinct()
        return [(name or NO_NAME, name or NOBODY) for name in names]

    def queryset(self, request, queryset):
        if self.value() is None:
            return queryset
        return queryset.filter(who="" if self.value() == NO_NAME else self.value())


@admin.register(Event)
class EventAdmin(ListLimits, admin.ModelAdmin):
    """To be read: nobody adds, changes or deletes a line of it, whatever their rights."""

    list_display = ["at", "person", "kind", "item", "note"]
    list_display_links = None
    list_filter = ["kind", WhoFilter]
    list_select_related = ["content_type"]
    date_hierarchy = "at"
    search_fields = ["title", "who", "note"]
    show_facets = admin.ShowFacets.NEVER  # counts for each filter, and
    show_full_result_count = False  # for the whole list: questions that grow with it
    list_per_page = 50
    fields = ["at", "person", "kind", "title", "note"]

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def get_changelist(self, request, **kwargs):
        return LinkedList

    def changelist_view(self, request, extra_context=None):
        title = capfirst(self.opts.verbose_name_plural)
        return super().changelist_view(request, {"title": title, **(extra_context or {})})

    @admin.display(description=gettext_lazy("who"), ordering="who")
    def person(self, event):
        return event.who or NOBODY

    @admin.display(description=gettext_lazy("to what"), ordering="title")
    def item(self, event):
        return (
            format_html('<a href="{}">{}</a>', event.link, event.title)
            if event.link
            else (event.title or "–")
        )
