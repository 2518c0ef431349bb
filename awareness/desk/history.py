"""History: who did what and when, any two versions side by side, and the way back."""

import re
from contextlib import contextmanager

from django.contrib import messages
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404
from django.shortcuts import redirect
from django.urls import path
from django.utils.translation import gettext as _
from reversion.models import Version

from awareness.audit.models import Event
from awareness.audit.record import Kind

from . import drafts, readiness
from .base import ON_A_PAGE, Desk
from .compare import compare
from .item_version import PUBLISHING, ItemVersion, data_of
from .workflow import Scheduled, Workflow

# What leaves no version behind: it stands between those that it came between.
BETWEEN = [Kind.ASKED, Kind.RETURNED, Kind.SCHEDULED, Kind.UNSCHEDULED, Kind.FAILED, Kind.DISCARDED]


def drafted(revisions):
    """Those of these revisions that were drafts beside a published item."""
    events = Event.objects.filter(kind=Kind.DRAFTED, revision__in=revisions)
    return set(events.values_list("revision_id", flat=True))


class History(Desk):
    """For a VersionAdmin, before it in the bases, in the place of its own pages."""

    def get_urls(self):
        name = f"{self.opts.app_label}_{self.opts.model_name}_compare"
        view = self.admin_site.admin_view(self.compare_view)
        return [path("<path:object_id>/history/compare/", view, name=name), *super().get_urls()]

    @contextmanager
    def create_revision(self, request):
        """Not for looking: it begins a transaction, and on SQLite everybody would wait for it. What
        saves itself has one of its own."""
        by_itself = hasattr(self, "saves_itself") and "_autosave" in request.POST
        if request.method in ("GET", "HEAD") or by_itself:
            yield
        else:
            with super().create_revision(request):
                yield

    def versions(self, item):
        return Version.objects.get_for_object(item).select_related("revision__user").order_by("-pk")

    def history_view(self, request, object_id, extra_context=None):
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        item = self.get_object(request, object_id)
        if item is None:
            return self.gone(request, object_id)
        page = Paginator(self.versions(item), ON_A_PAGE).get_page(request.GET.get("page"))
        versions = list(page)
        self.put_between(page, versions, item)
        beside = drafted([version.revision_id for version in versions])
        now = page.number == 1
        for version in versions:
            version.is_draft = version.revision_id in beside
            version.is_now = now and not version.is_draft  # the first that is no draft
            now = now and version.is_draft
        context = {
            "title": _("History of “%s”") % item,
            "page": page,
            "versions": versions,
            "may_return": self.may_return(request, item),
            "returns_to_public": self.may_publish_at_once(request, item),
        }
        return self.page(request, "admin/desk/history.html", item, context)

    def put_between(self, page, versions, item):
        """Each version gets, as ``since``, what happened until the next newer one, newest first."""
        if not versions:
            return
        kind = ContentType.objects.get_for_model(self.model)
        events = Event.objects.filter(content_type=kind, object_id=str(item.pk), kind__in=BETWEEN)
        events = events.filter(at__gte=versions[-1].revision.date_created)
        if page.has_previous():
            newer = page.paginator.object_list[page.start_index() - 2]
            events = events.filter(at__lt=newer.revision.date_created)
        for version in versions:
            version.since = []
        for event in events:
            began = (v for v in versions if v.revision.date_created <= event.at)
            next(began).since.append(event)

    def compare_view(self, request, object_id):
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        item = self.get_object(request, object_id)
        if item is None:
            return self.gone(request, object_id)
        numbers = [request.GET.get(name, "") for name in ("before", "after")]
        numbers = [number for number in numbers if re.fullmatch(r"[0-9]{1,18}", number)]
        found = list(self.versions(item).filter(pk__in=numbers).order_by("pk"))
        if len(found) < 2:
            messages.warning(request, _("Choose two different versions to compare."))
            return redirect(self.address("history", item))
        before, after = found
        live = ItemVersion.of(item)
        beside = drafted([before.revision_id, after.revision_id])
        context = {
            "title": _("Two versions of “%s”") % item,
            "before": before,
            "after": after,
            "both": found,
            "after_is_draft": after.revision_id in beside,
            "before_is_draft": before.revision_id in beside,
            "changes": compare(*(ItemVersion.of_version(v, live) for v in (before, after))),
            "may_return": self.may_return(request, item),
            "returns_to_public": self.may_publish_at_once(request, item),
        }
        return self.page(request, "admin/desk/compare.html", item, context)

    # --- The way back -------------------------------------------------------------------

    def revision_view(self, request, object_id, version_id, extra_context=None):
        """Reading: this version beside what there is. Sending: return to it, by one press."""
        item = self.get_object(request, object_id)
        if item is None:
            return self.gone(request, object_id)
        version = self.versions(item).filter(pk=version_id).first()
        if version is None:
            raise Http404
        if request.method == "POST":
            if not self.may_return(request, item):
                raise PermissionDenied
            with transaction.atomic():
                flow = Workflow(item, request.user)
                if flow.item is None:
                    return self.gone(request, object_id)
                try:
                    self.return_to(request, flow, version)
                except Scheduled as refused:
                    messages.error(request, refused.message)
            return self.go(request, "change", item)
        newest = self.versions(item).first()
        if newest == version:
            return redirect(self.address("history", item))
        where = f"{self.address('compare', item)}?before={version.pk}&after={newest.pk}"
        return redirect(where)

    def may_return(self, request, item):
        return self.has_change_permission(request, item)

    def may_publish_at_once(self, request, item):
        """Whether a version that this person returns to is public by that."""
        if not (drafts.is_public(item) and self.has_publish_permission(request)):
            return False
        return not drafts.needs_second_person(self, request)

    def return_to(self, request, flow, version):
        item, live, draft = flow.item, flow.live, flow.draft
        flow.check("save")
        was = ItemVersion.of_version(version, live, left_out=PUBLISHING)
        self.say_left_out(request, was)
        names = {"title": item, "when": drafts.in_local_words(version.revision.date_created)}
        if not was.differs(live):
            message = _("“%(title)s” is already as it was on %(when)s.")
            if not drafts.is_public(item):
                message = _(
                    "The text is already as it was on %(when)s. It is not public. Press Publish."
                )
            messages.info(request, message % names)
            return
        note = _("As it was on %(when)s") % names
        self.explain_return(was.item, note)
        replaced = draft is not None and draft.copy is not None
        try:
            if self.may_publish_at_once(request, item):
                flow.perform("restore", version=was, note=note, as_in=data_of(version))
                message = _("“%(title)s” is again as it was on %(when)s, and public.")
            else:
                readiness.refuse(was)
                flow.perform("save", version=was)
                message = _("From the version of %(when)s, a draft of “%(title)s” was made.")
        except ValidationError as error:
            names["reason"] = " ".join(error.messages)
            message = _(
                "“%(title)s” stays as it is, because that version no longer works. %(reason)s"
            )
            messages.error(request, message % names)
            return
        messages.success(request, message % names)
        if replaced:
            message = _("The earlier draft of “%s” is now in the history.")
            messages.warning(request, message % item)
