"""History: who changed what and when, any two versions side by side, and the way back."""

import re
from contextlib import contextmanager

from django.contrib import messages
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db import IntegrityError, transaction
from django.db.models import Max
from django.http import Http404
from django.shortcuts import redirect
from django.urls import path
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from reversion.models import Version

from awareness.audit.models import Event
from awareness.audit.record import Kind
from awareness.content.redirects import address_of, give_free_address

from . import drafts
from .base import Desk
from .compare import as_lines, compare, in_words
from .item_version import PUBLISHING, ItemVersion, data_of
from .workflow import Scheduled, Workflow, lock

ON_A_PAGE = 50


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
        """Not for looking: it begins a transaction, and on SQLite everybody would wait for it."""
        if request.method in ("GET", "HEAD"):
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

    def explain_return(self, item, note):
        """A model that asks why can be told here: the press itself says it."""

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
                was.check()
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

    # --- What was deleted ---------------------------------------------------------------

    def delete_model(self, request, obj):
        Workflow.apply("delete", obj, request.user)

    def delete_queryset(self, request, queryset):
        for item in lock(self.model, [item.pk for item in queryset]).values():
            self.delete_model(request, item)

    def deleted(self):
        """The last version of each deleted item that was no draft beside it."""
        last = Version.objects.get_deleted(self.model).exclude(object_id__startswith="-")
        events = Event.objects.filter(kind=Kind.DRAFTED, revision__isnull=False)
        numbers = (
            Version.objects.get_for_model(self.model)
            .filter(object_id__in=last.values("object_id"))
            .exclude(revision__in=events.values("revision"))
            .order_by()
            .values("object_id")
            .annotate(last=Max("pk"))
            .values("last")
        )
        return Version.objects.filter(pk__in=numbers).select_related("revision__user")

    def recoverlist_view(self, request, extra_context=None):
        if not (self.has_add_permission(request) and self.has_change_permission(request)):
            raise PermissionDenied
        page = Paginator(self.deleted().order_by("-pk"), ON_A_PAGE)
        context = {
            "title": _("Deleted %(name)s") % {"name": self.opts.verbose_name_plural},
            "page": page.get_page(request.GET.get("page")),
        }
        return self.page(request, "admin/desk/deleted.html", None, context)

    def recover_view(self, request, version_id, extra_context=None):
        if not (self.has_add_permission(request) and self.has_change_permission(request)):
            raise PermissionDenied
        version = self.deleted().filter(pk=version_id).first() if self.is_gone(version_id) else None
        if version is None:
            return self.is_there_already(request)
        nothing = ItemVersion.empty(self.model, int(version.object_id))
        was = ItemVersion.of_version(version, nothing)
        self.say_left_out(request, was)
        if request.method == "POST":
            return self.recover(request, was, version)
        context = {
            "title": _("Bring “%s” back") % version.object_repr,
            "version": version,
            "words": {label: as_lines(value) for label, value in in_words(was.item).items()},
        }
        return self.page(request, "admin/desk/recover.html", None, context)

    def is_gone(self, version_id):
        version = Version.objects.get_for_model(self.model).filter(pk=version_id).first()
        if version is None:
            raise Http404
        return not self.model._base_manager.filter(pk=version.object_id).exists()

    def recover(self, request, was, version):
        """As a draft, if it has states: a publisher decides whether the public sees it again."""
        item = was.item
        if hasattr(item, "published"):
            item.published = False
        elif drafts.needs_second_person(self, request) or not self.has_publish_permission(request):
            raise PermissionDenied
        try:
            with transaction.atomic():
                self.explain_return(item, _("Brought back after deletion"))
                moved = give_free_address(item)
                given = {"version": was, "as_in": data_of(version)}
                given["author"] = version.revision.user_id
                Workflow.apply("recover", item, request.user, **given)
        except IntegrityError:  # of two who press at once on PostgreSQL, the second
            return self.is_there_already(request)
        except ValidationError as error:
            message = _("“%(title)s” could not be brought back. %(reason)s")
            names = {"title": version.object_repr, "reason": " ".join(error.messages)}
            messages.error(request, message % names)
            return redirect(self.address("recoverlist"))
        message = (
            _("“%s” is back, as a draft.") if hasattr(item, "published") else _("“%s” is back.")
        )
        messages.success(request, message % item)
        if moved:
            message = _("Its address is now in use elsewhere, so it has a new one: %s")
            messages.warning(request, message % address_of(item))
        return redirect(self.address("change", item))

    def say_left_out(self, request, was):
        for name in was.leave_out_gone():
            message = _("“%(field)s” was left out: what it led to was deleted.")
            messages.warning(request, message % {"field": capfirst(name)})

    def is_there_already(self, request):
        messages.info(request, _("This already exists. Nothing was changed."))
        return redirect(self.address("changelist"))

    def _get_obj_does_not_exist_redirect(self, request, opts, object_id):
        """Somebody deleted it while this person was writing: their text is not lost."""
        if request.method != "POST" or not hasattr(request, "form_state"):
            return super()._get_obj_does_not_exist_redirect(request, opts, object_id)
        events = Event.objects.filter(kind=Kind.DELETED, object_id=object_id)
        kind = ContentType.objects.get_for_model(self.model)
        texts = [(name, "\n".join(filter(None, given))) for name, given in request.POST.lists()]
        context = {
            "title": _("This no longer exists"),
            "event": events.filter(content_type=kind).first(),
            "may_recover": self.has_add_permission(request),
            "texts": [
                (name.replace("_", " ").replace("-", " "), text)
                for name, text in texts
                if text and not name.startswith(("_", "csrf")) and not name.endswith("_FORMS")
            ],
        }
        return self.page(request, "admin/desk/gone.html", None, context)
