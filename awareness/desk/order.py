"""The order in which items stand: moved by buttons, or dragged where scripts run.

A press and a drop say the same thing, "this item to that place", and whoever says it says also
which list they saw, so that nobody moves an item within a list that has become another.
"""

from dataclasses import dataclass, field

import reversion
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from reversion.models import Version

from awareness.desk import drafts
from awareness.desk.audit import Kind, record
from awareness.publishing import Publishable, publish_right

STEP = 10  # so that a number typed into a form can still stand between two others


class NotMoved(Exception):
    """The list is not the one that was shown."""


@dataclass
class Row:
    item: object
    url: str
    number: int
    last: int
    focus: str = ""  # the button that was pressed before: "up" or "down"

    @property
    def state(self):
        return self.item.state().label if isinstance(self.item, Publishable) else ""

    @property
    def up(self):
        return self.number - 1 if self.number > 1 else None

    @property
    def down(self):
        return self.number + 1 if self.number < self.last else None


@dataclass
class Group:
    title: str = ""
    items: list = field(default_factory=list)

    @property
    def shown(self):
        return [item.pk for item in self.items]


@dataclass
class Move:
    """What was asked for: in the list ``shown``, put the item ``pk`` at place ``to``, from 1."""

    shown: list
    pk: int
    to: int

    @classmethod
    def read(cls, sent):
        try:
            shown = [int(pk) for pk in sent.get("shown", "").split(",")]
            pk, to = (int(number) for number in sent.get("move", "").split(":"))
        except ValueError:
            raise NotMoved from None
        if pk not in shown or not 1 <= to <= len(shown):
            raise NotMoved
        return cls(shown, pk, to)

    @property
    def direction(self):
        return "up" if self.to <= self.shown.index(self.pk) else "down"


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
        """All that there is, as it stands."""
        groups, name = {}, self.order_by_groups
        for value, title in self.opts.get_field(name).choices if name else [(None, "")]:
            groups[value] = Group(title)
        for item in self.model._default_manager.all():
            groups[getattr(item, name) if name else None].items.append(item)
        return [group for group in groups.values() if group.items]

    def order_view(self, request):
        if not self.has_order_permission(request):
            raise PermissionDenied
        if request.method == "POST":
            return self.order_asked(request)
        groups = []
        for group in self.order_groups():
            rows = [
                Row(
                    item,
                    reverse(f"admin:{self.order_name('change')}", args=[item.pk]),
                    number,
                    len(group.items),
                )
                for number, item in enumerate(group.items, 1)
            ]
            for row in rows:
                if str(row.item.pk) == request.GET.get("moved"):
                    by = request.GET.get("by")
                    # At an end of the list the button that was pressed is gone.
                    row.focus = by if by in ("up", "down") and getattr(row, by) else ""
                    row.focus = row.focus or ("down" if row.down else "up")
            groups.append({"title": group.title, "shown": group.shown, "rows": rows})
        context = {
            **self.admin_site.each_context(request),
            "title": _("Change the order"),
            "opts": self.opts,
            "groups": groups,
            "focused": any(row.focus for group in groups for row in group["rows"]),
        }
        return TemplateResponse(request, "admin/desk/order.html", context)

    def order_asked(self, request):
        here = reverse(f"admin:{self.order_name('order')}")
        try:
            move = Move.read(request.POST)
            item, said = self.order_move(request, move)
        except NotMoved:
            messages.error(
                request,
                _(
                    "Nothing was moved: the list has changed since you opened this page. "
                    "Below is how it stands now. Please look at it, and move again."
                ),
            )
            return redirect(here)
        messages.success(request, said)
        return redirect(f"{here}?{urlencode({'moved': item.pk, 'by': move.direction})}")

    @transaction.atomic
    def order_move(self, request, move):
        """Returns the item and the sentence that says where it stands now."""
        # One after the other, as in awareness/desk/workflow.py. What PostgreSQL gives is in the
        # order from before the wait, so the list is read anew after it.
        rows = self.model._base_manager.order_by("pk").select_for_update(no_key=True)
        list(rows.values_list("pk", flat=True))
        group = next((group for group in self.order_groups() if move.pk in group.shown), None)
        if group is None or group.shown != move.shown:
            raise NotMoved
        item = group.items.pop(move.shown.index(move.pk))
        group.items.insert(move.to - 1, item)
        said = _("“%(title)s” is now %(number)s of %(all)s.") % {
            "title": item,
            "number": move.to,
            "all": len(group.items),
        }
        if group.shown != move.shown:
            self.order_save(request, item, group, said)
        return item, said

    def order_save(self, request, item, group, said):
        changed = []
        for number, one in enumerate(group.items, 1):
            if one.position != number * STEP:
                one.position = number * STEP
                changed.append(one)
        with self.create_revision(request):
            # No save(): to stand elsewhere is no change of an item's words, whose date feeds show.
            self.model._base_manager.bulk_update(changed, ["position"])
            reversion.set_comment(_("Order changed: %(said)s") % {"said": said})
            for one in {item, *changed}:  # the item may have the right number already
                reversion.add_to_revision(one)
        version = Version.objects.get_for_object(item).select_related("revision").latest("pk")
        record(Kind.ORDERED, request.user, item, said, version.revision)
