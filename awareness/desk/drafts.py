"""Reading working copies: whose there are, what they say, and who has to look at them."""

import datetime
import re
import secrets

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from awareness.audit.models import Event
from awareness.content.publishing import publish_right
from awareness.desk.models import DeskRules, Draft

from .item_version import ItemVersion, fields_of

REST = datetime.timedelta(minutes=30)
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


def new_number():
    """Of an item that is not in its table yet."""
    return -1 - secrets.randbits(59)


def draft_of(item):
    return draft_at(type(item), item.pk)


def draft_at(model, number):
    """The draft of the item with this number: below zero, of one that is not in its table yet."""
    return Draft.objects.of(model).filter(object_id=number).first()


def lock(model, numbers):
    """Keep everybody else from these items and their drafts until the transaction ends. Returns
    both, {number: draft} and {number: item}, as they are by now.

    Always drafts before items, each in the order of their numbers, and before anything is written:
    then no two wait for each other on PostgreSQL. SQLite lets in one at a time. ``no_key``: rows
    that only point to an item do not wait for it.
    """
    mine = Draft.objects.of(model).filter(object_id__in=numbers).order_by("pk")
    mine = mine.select_for_update(no_key=True, of=["self"])
    found = {draft.object_id: draft for draft in mine}
    items = model._base_manager.filter(pk__in=numbers).order_by("pk")
    items = {item.pk: item for item in items.select_for_update(no_key=True)}
    if items.keys() - found.keys() and connection.features.has_select_for_update:
        found = {draft.object_id: draft for draft in mine.all()}  # begun while we waited
    return found, items


def drafts_of(items):
    """{primary key: draft} of items of one model. One query."""
    found = Draft.objects.of(items.model).filter(object_id__in=[item.pk for item in items])
    return {draft.object_id: draft for draft in found}


def number_of(text):
    """Of a row, as a browser sent it; None if no row has it. Python reads only so many digits, and
    SQLite takes fewer."""
    return int(text) if re.fullmatch(r"[0-9]{1,18}", text) else None


def new_draft(model, number):
    """The draft with this number, of an item of ``model`` that is not in its table yet."""
    return unlisted(model).filter(pk=number_of(number)).first()


def unlisted(model):
    """The drafts of items that are in no list, since they are not in their table yet."""
    return Draft.objects.of(model).filter(object_id__lt=0)


def first_of(model, number):
    """The draft that a form of a new item begins; the form has given it its number."""
    if not re.fullmatch(r"-[0-9]{1,18}", number):
        return None
    return Draft(content_type=ContentType.objects.get_for_model(model), object_id=int(number))


def sitting_of(draft, user):
    """The line of the audit list with which a sitting of this person began, while it goes on:
    nobody has done anything else with the draft since, and there was no long rest. All that is
    saved until then is one line and one version."""
    if draft is None or draft.author_id != user.pk or draft.saved_at < timezone.now() - REST:
        return None
    events = Event.objects.select_related("revision").filter(object_id=str(draft.object_id))
    last = events.filter(content_type=draft.content_type_id).first()
    mine = last and last.kind == Event.Kind.DRAFTED and last.user_id == user.pk
    return last if mine else None


class Unreadable(ValidationError):
    """A working copy that the models of today cannot take."""


def open_draft(live, draft):
    """What the item would be. Fields that the draft does not touch are as they are now. ``live``
    is None for an item that is not in its table yet."""
    if draft is None or draft.copy is None:
        return live
    untouched = live.names() - {*draft.changed} if live else ()
    try:
        upon = live or ItemVersion.empty(draft.item_model)
        version = ItemVersion.of_copy(draft.copy, upon, untouched)
    except (ValidationError, ValueError, LookupError, TypeError) as error:
        raise Unreadable(_("This draft can no longer be read.")) from error
    if names_what_is_gone(version.item, draft.changed):
        raise Unreadable(_("Something that the draft refers to was deleted."))
    return version


def names_what_is_gone(item, changed):
    """Whether a row that the draft points to was deleted meanwhile: no table holds it fast."""
    keys = [f for f in fields_of(type(item)) if f.is_relation and f.name in changed]
    numbers = [(key.related_model, key.value_from_object(item)) for key in keys]
    return any(
        number is not None and not model._base_manager.filter(pk=number).exists()
        for model, number in numbers
    )


def was_hidden_by(item, user):
    """Whether this person took it out of the public's sight: deleting it is for somebody else."""
    kind = ContentType.objects.get_for_model(item)
    hidden = Event.objects.filter(kind=Event.Kind.UNPUBLISHED, object_id=str(item.pk))
    last = hidden.filter(content_type=kind).first()
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
    return not user.has_perm(publish_right(draft.item_model))


def may_discard(draft, user):
    """What is in no table yet is in no history either. What somebody else wrote into it is gone for
    good then, as what is deleted: for whoever may delete such items."""
    if draft.object_id > 0 or not {*draft.contributor_ids} - {user.pk}:
        return True
    opts = draft.item_model._meta
    return user.has_perm(f"{opts.app_label}.delete_{opts.model_name}")


def lacks_second_person(model_admin, request, draft, changed=False):
    """Whether the rules ask for two, and it would be published by whoever wrote it: no other
    publisher has seen it as it is.

    Somebody who wrote in it earlier may publish it only if the last who saved it could have
    published it too: an editor who mends a comma has not looked at a number for them.
    """
    user = request.user
    if not needs_second_person(model_admin, request):
        return False
    if draft is None or changed or draft.author_id in (None, user.pk):
        return True
    if not draft.contributor_ids:  # somebody hid it, and asked nobody to bring it back
        return True
    if user.pk not in draft.contributor_ids:
        return False
    return not draft.author.has_perm(publish_right(draft.item_model))
