"""The order of items, moved by buttons.

A press says "this item to that place", and which list was seen, so that nobody moves an item within
a list that has become another.
"""

from dataclasses import dataclass

import reversion
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from reversion.models import Version

from awareness.audit.record import Kind, record
from awareness.content.publishing import Publishable, publish_right
from awareness.desk import drafts

STEP = 10  # so that a number typed into a form can still stand between two others


@dataclass
class Row:
    item: object
    number: int  # its place, from 1
    last: int
    focus: str = ""  # the button that was pressed before: "up" or "down"

    @property
    def state(self):
        return self.item.state().label if isinstance(self.item, Publishable) else ""

    @property
    def up(self):
        """What its button sends; empty without one."""
        return f"{self.item.pk}:{self.number - 1}" if self.number > 1 else ""

    @property
    def down(self):
        return f"{self.item.pk}:{self.number + 1}" if self.number < self.last else ""


class OrderMixin:
    """For the ModelAdmin (before it in the bases) of a model that is ordered by ``position``.

    ``order_by_groups`` names a field each of whose values has an order of its own.
    """

    order_by_groups = None
    change_list_template = "admin/desk/ordered_list.html"

    def has_order_permission(self, request):
        """What stands first is what the public sees first: it is of whoever may publish. Under
        the rule of two the position is changed in the form, as a draft."""
        if drafts.needs_second_person(self, request):
            return False
        return request.user.has_perm(publish_right(self.model))

    def order_name(self, view):
        return f"{self.opts.app_label}_{self.opts.model_name}_{view}"

    def get_urls(self):
        view = self.admin_site.admin_view(self.order_view)
        return [path("order/", view, name=self.order_name("order")), *super().get_urls()]

    def changelist_view(self, request, extra_context=None):
        added = {"base_list": super().change_list_template}
        if self.has_order_permission(request):
            added["order_url"] = reverse(f"admin:{self.order_name('order')}")
        return super().changelist_view(request, {**added, **(extra_context or {})})

    def order_groups(self):
        """[{"title", "rows", "shown"}]: all that there is, as it stands."""
        groups, name = [], self.order_by_groups
        everything = self.model._default_manager.all()
        for value, title in self.opts.get_field(name).choices if name else [(None, "")]:
            items = [item for item in everything if not name or getattr(item, name) == value]
            rows = [Row(item, number, len(items)) for number, item in enumerate(items, 1)]
            shown = ",".join(str(item.pk) for item in items)
            groups.append({"title": title, "rows": rows, "shown": shown})
        return [group for group in groups if group["rows"]]

    def order_view(self, request):
        if not self.has_order_permission(request):
            raise PermissionDenied
        if request.method == "POST":
            return self.order_asked(request)
        groups = self.order_groups()
        moved, _colon, by = request.GET.get("moved", "").partition(":")
        focused = [row for group in groups for row in group["rows"] if str(row.item.pk) == moved]
        for row in focused:  # at an end of the list the button that was pressed is gone
            row.focus = "up" if row.up and (by == "up" or not row.down) else "down"
        context = {
            **self.admin_site.each_context(request),
            "title": _("Change the order"),
            "opts": self.opts,
            "groups": groups,
            "focused": focused,
        }
        return TemplateResponse(request, "admin/desk/order.html", context)

    def order_asked(self, request):
        here = reverse(f"admin:{self.order_name('order')}")
        moved = self.order_move(request)
        if not moved:
            messages.error(
                request,
                _(
                    "Nothing was moved, because the list changed after you opened this page. "
                    "Below is the list as it is now. Please look at it, and move again."
                ),
            )
            return redirect(here)
        return redirect(f"{here}?moved={moved}")

    @transaction.atomic
    def order_move(self, request):
        """Returns "12:up", the item and its direction; None if the list is not what was shown."""
        # One after the other, as in awareness/desk/workflow.py. What PostgreSQL gives is in the
        # order from before the wait, so the list is read anew after it.
        rows = self.model._base_manager.order_by("pk").select_for_update(no_key=True)
        list(rows.values_list("pk", flat=True))
        shown, move = request.POST.get("shown"), request.POST.get("move")
        for group in self.order_groups():
            for row in group["rows"]:
                if move and group["shown"] == shown and move in (row.up, row.down):
                    to = row.number - 1 if move == row.up else row.number + 1
                    self.order_save(request, row, [one.item for one in group["rows"]], to)
                    return f"{row.item.pk}:{'up' if move == row.up else 'down'}"
        return None

    def order_save(self, request, row, items, to):
        items.insert(to - 1, items.pop(row.number - 1))
        message = _("“%(title)s” is now %(number)s of %(all)s.") % {
            "title": row.item,
            "number": to,
            "all": row.last,
        }
        changed = []
        for number, one in enumerate(items, 1):
            if one.position != number * STEP:
                one.position = number * STEP
                changed.append(one)
        with self.create_revision(request):
            # No save(): to stand elsewhere is no change of an item's words, whose date feeds show.
            self.model._base_manager.bulk_update(changed, ["position"])
            reversion.set_comment(_("Order changed: %(said)s") % {"said": message})
            for one in {row.item, *changed}:  # the item may have the right number already
                reversion.add_to_revision(one)
        version = Version.objects.get_for_object(row.item).select_related("revision").latest("pk")
        record(Kind.ORDERED, request.user, row.item, message, version.revision)
        messages.success(request, message)
