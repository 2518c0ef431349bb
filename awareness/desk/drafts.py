"""Reading working copies: whose there are, what they say, and who has to look at them."""

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from reversion.models import Version

from awareness.audit.models import Event
from awareness.content.publishing import publish_right
from awareness.desk.models import DeskRules, Draft

from .item_version import Snapshot

WOULD_HIDE = gettext_lazy(
    "This is public now, and the publish time would hide it until then. To change it "
    "at a set time, leave the publish time as it is and press Schedule."
)


def in_local_words(moment):
    return date_format(timezone.localtime(moment), "DATETIME_FORMAT")


def is_public(item):
    """Whether changing its row could change what the public sees, now or by its dates."""
    return getattr(item, "published", True)


def would_hide(item, begins):
    """Whether this publish time would take away what the public sees now."""
    return bool(begins) and is_public(item) and begins > timezone.now() >= item.publish_at


def draft_of(item):
    return draft_at(type(item), item.pk)


def draft_at(model, number):
    """The draft of the item with this number: below zero, of one that is not in its table yet."""
    kind = ContentType.objects.get_for_model(model)
    people = ("author", "note_by", "approved_by", "revision", "content_type")
    found = Draft.objects.filter(content_type=kind, object_id=number)
    return found.select_related(*people).first()


def drafts_of(items):
    """{primary key: draft} of items of one model. One query."""
    kind = ContentType.objects.get_for_model(items.model)
    found = Draft.objects.filter(content_type=kind, object_id__in=[item.pk for item in items])
    return {draft.object_id: draft for draft in found.select_related("revision")}


def new_draft(model, number):
    """The draft with this number, of an item of ``model`` that is not in its table yet."""
    if not number.isascii() or not number.isdigit():
        return None
    kind = ContentType.objects.get_for_model(model)
    found = Draft.objects.filter(pk=number, content_type=kind, object_id__lt=0)
    return found.select_related("author", "note_by", "revision", "content_type").first()


def version_of(draft):
    versions = Version.objects.filter(revision=draft.revision, content_type=draft.content_type)
    return versions.select_related("revision").get()


def open_new(draft, model):
    """A draft of an item that is not in its table yet."""
    return Snapshot.of_version(version_of(draft), Snapshot(model(), {}))


class Unreadable(ValidationError):
    """A working copy that the models of today cannot take."""


def open_draft(live, draft):
    """What the item would be. Fields that the draft does not touch are as they are now."""
    if draft is None or draft.revision is None:
        return live
    try:
        copy = Snapshot.of_version(version_of(draft), live)
    except (Version.DoesNotExist, ValidationError, ValueError, LookupError) as error:
        raise Unreadable(_("The draft of this can no longer be read.")) from error
    if names_what_is_gone(copy, draft.changed):
        raise Unreadable(_("What the draft names was deleted."))
    kept = [name for name in copy.differs(live, left_out=()) if name not in draft.changed]
    for name in kept:
        if name in copy.inlines:
            copy.inlines[name] = live.inlines[name]
        else:
            column = copy.item._meta.get_field(name).attname
            setattr(copy.item, column, getattr(live.item, column))
    return copy


def names_what_is_gone(copy, names):
    """Whether a row that the draft points to was deleted meanwhile: no table holds it fast."""
    for name in set(names) - copy.inlines.keys():
        field = copy.item._meta.get_field(name)
        key = field.value_from_object(copy.item)
        if not field.is_relation or key is None:
            continue
        if not field.related_model._base_manager.filter(pk=key).exists():
            return True
    return False


def was_hidden_by(item, user):
    """Whether this person took it out of the public's sight: deleting it is for somebody else."""
    kind = ContentType.objects.get_for_model(item)
    found = Event.objects.filter(
        content_type=kind, object_id=str(item.pk), kind=Event.Kind.UNPUBLISHED
    )
    last = found.first()
    return last is not None and last.user_id == user.pk


def needs_second_person(model_admin, request):
    """Whether the rules ask for two people here; asked once a request."""
    if not model_admin.is_checked_by_two:
        return False
    if not hasattr(request, "second_person"):
        request.second_person = DeskRules.load().second_person
    return request.second_person


def is_out_of_reach(draft, user):
    """Whether somebody who may publish it has settled when it becomes public, and ``user`` may
    not: changing it would take it off the timetable."""
    if draft is None or draft.apply_at is None:
        return False
    return not user.has_perm(publish_right(draft.content_type.model_class()))


def lacks_second_person(draft, user, changed):
    """Whether it would be published by whoever wrote it: no other publisher has seen it as it is.

    Somebody who wrote in it earlier may publish it only if the last who saved it could have
    published it too: an editor who mends a comma has not looked at a number for them.
    """
    if draft is None or changed or draft.author_id in (None, user.pk):
        return True
    if not draft.hands:  # somebody hid it, and asked nobody to bring it back
        return True
    if user.pk not in draft.hands:
        return False
    return not draft.author.has_perm(publish_right(draft.content_type.model_class()))
