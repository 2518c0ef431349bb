"""What was deleted, and the way to bring it back."""

import re
from copy import copy

from django.contrib import messages
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db import IntegrityError, models, transaction
from django.http import Http404
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from reversion.models import Version

from awareness.audit.models import Event
from awareness.audit.record import Kind
from awareness.content.redirects import address_of, give_free_address

from . import drafts
from .base import ON_A_PAGE, Desk
from .compare import as_lines, compare, in_words
from .item_version import ItemVersion, data_of, fields_of, relations
from .kept import form_of, keep, owner_of
from .workflow import Workflow


def with_texts(was, sent):
    """The ItemVersion with the texts of what was sent to its form laid over it, right or wrong."""
    inlines = {}
    for name, key in relations(type(was.item)).items():
        there = {str(row.pk): row for row in was.inlines[name]}
        found = (re.fullmatch(rf"({name}-\d+-)id", field) for field in sent)
        inlines[name] = [
            typed_over(there.get(sent[f"{prefix}id"], key.model()), sent, prefix)
            for prefix in sorted(m[1] for m in found if m)
        ]
    return ItemVersion(typed_over(was.item, sent), inlines)


def typed_over(row, sent, prefix=""):
    row = copy(row)
    for field in fields_of(type(row)):
        if isinstance(field, models.CharField | models.TextField) and not field.choices:
            setattr(row, field.attname, sent.get(prefix + field.name, getattr(row, field.attname)))
    return row


class Recovery(Desk):
    """For a VersionAdmin, before it in the bases, in the place of its own pages."""

    def delete_model(self, request, obj):
        Workflow.apply("delete", obj, request.user)

    def delete_queryset(self, request, queryset):
        for item in drafts.lock(self.model, [item.pk for item in queryset])[1].values():
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
            .annotate(last=models.Max("pk"))
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

    def is_there_already(self, request):
        messages.info(request, _("This already exists. Nothing was changed."))
        return redirect(self.address("changelist"))

    def _get_obj_does_not_exist_redirect(self, request, opts, object_id):
        """Somebody deleted it while this person was writing: their text is not lost. Where the item
        is brought back, it is in the form again."""
        is_sent = request.method == "POST" and form_of(request)
        if not is_sent or drafts.number_of(object_id) is None:
            return super()._get_obj_does_not_exist_redirect(request, opts, object_id)
        events = Event.objects.filter(kind=Kind.DELETED, object_id=object_id)
        kind = ContentType.objects.get_for_model(self.model)
        was = ItemVersion.empty(self.model, object_id)
        if version := self.deleted().filter(object_id=object_id).first():
            was = ItemVersion.of_version(version, was)
        changes = compare(was, with_texts(was, request.POST))
        context = {
            "title": _("This no longer exists"),
            "event": events.filter(content_type=kind).first(),
            "version": version if self.has_add_permission(request) else None,
            "is_kept": keep(request, owner_of(request)),
            "texts": [(c.label, "\n".join(lines)) for c in changes if (lines := as_lines(c.after))],
        }
        return self.page(request, "admin/desk/gone.html", None, context)
