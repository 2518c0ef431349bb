"""What can be done with a working copy: save, hand in, return, schedule, discard, publish.

One rule decides what a draft changes: of an item that is published the tables stay as they are,
and the draft is a revision beside them; an item that is not public is its own draft.
"""

import reversion
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from reversion.models import Version

from awareness.models import DeskRules, Draft, Event

from .audit import Kind, record
from .snapshot import Snapshot

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
    people = ("author", "note_by", "approved_by", "revision")
    return Draft.objects.of(item).select_related(*people).first()


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


@transaction.atomic
def save_draft(snapshot, live, user, draft=None):
    """Keep it without showing it. Returns the draft, or None when nothing differs any more.

    ``live`` is what the tables have; None for an item that is not there yet.
    """
    item, revision, changed = snapshot.item, None, []
    if live is None and not hasattr(item, "published"):
        revision = snapshot.keep(user, _("Draft saved"))
        kind = ContentType.objects.get_for_model(item)
        draft = draft or Draft(content_type=kind, object_id=-revision.pk)
    elif live is None or not is_public(live.item):
        item.published = False
        with reversion.create_revision():
            snapshot.write()
            reversion.set_user(user)
            reversion.set_comment(_("Draft saved"))
    else:
        changed = snapshot.differs(live)
        if not changed:
            if draft:
                discard(draft, user)
            return None
        revision = snapshot.keep(user, _("Draft saved"))
    if item.pk:
        draft = draft or Draft.objects.of(item).first() or Draft(item=item)
    draft.title, draft.revision, draft.changed = str(item)[:300], revision, changed
    draft.author, draft.saved_at = user, timezone.now()
    draft.hands = sorted({*draft.hands, user.pk})
    draft.apply_at = draft.approved_by = None  # what was approved was another text
    if draft.state == Draft.State.SCHEDULED:
        draft.state = Draft.State.WRITING
    draft.save()
    write_down(Kind.DRAFTED, user, draft)
    return draft


def write_down(kind, user, draft, note=""):
    record(kind, user, draft.item, note, draft.revision, draft.title)


def ask(draft, user, note):
    """Hand it in for a review."""
    step(draft, Draft.State.REVIEW, user, note)
    write_down(Kind.ASKED, user, draft, note)


def hand_back(draft, user, note):
    """Return it to whoever wrote it, with a note."""
    step(draft, Draft.State.RETURNED, user, note)
    write_down(Kind.RETURNED, user, draft, note)


def schedule(draft, user, at):
    draft.approved_by = user
    step(draft, Draft.State.SCHEDULED, None, "", at)
    write_down(Kind.SCHEDULED, user, draft, in_local_words(at))


def step(draft, state, user, note, at=None):
    draft.state, draft.note, draft.note_by, draft.apply_at = state, note, user, at
    draft.save()


@transaction.atomic
def discard(draft, user):
    write_down(Kind.DISCARDED, user, draft)
    draft.delete()


def publish(snapshot, user, kind=Kind.PUBLISHED, note="", check=True, draft=None, as_in=None):
    """Make it what the public sees, at once or from its publish time on; its draft goes.

    ``draft`` is that of an item that is not in its table yet, ``as_in`` the data of the
    version that somebody returns to. Raises ValidationError, and then nothing has changed.
    """
    item = snapshot.item
    with transaction.atomic(), reversion.create_revision():
        begin_to_publish(item)
        if check:
            snapshot.check()
        snapshot.write()
        if as_in:
            snapshot.keep_stamps(as_in)
        reversion.set_user(user)
        reversion.set_comment(note or str(Kind(kind).label))
        if draft:
            draft.delete()
        Draft.objects.of(item).delete()
        record(kind, user, item, note)


def begin_to_publish(item, at=None):
    """An item that was not public is, from now on, or from the time to come that it names."""
    if not is_public(item):
        at = at or timezone.now()
        item.published = True
        item.publish_at = max(at, item.publish_at or at)


@transaction.atomic
def unpublish(item, user):
    """Hide it: its rows become a draft, of whoever hid it. A working copy that there was goes into
    the history."""
    # As it is by now: what somebody saved since it was read must stay.
    item = type(item)._base_manager.select_for_update().get(pk=item.pk)
    with reversion.create_revision():
        item.published = False
        item.save()
        reversion.set_user(user)
        reversion.set_comment(_("Unpublished"))
    Draft.objects.of(item).delete()
    Draft(item=item, title=str(item)[:300], author=user).save()  # nobody wrote in it yet
    record(Kind.UNPUBLISHED, user, item)


@transaction.atomic
def delete(item, user):
    """With its draft; its last state is kept, so that it can be brought back."""
    Snapshot.of(item).keep(user, _("As it was when it was deleted"))
    Draft.objects.of(item).delete()
    item.delete()


def was_hidden_by(item, user):
    """Whether this person took it out of the public's sight: deleting it is for somebody else."""
    kind = ContentType.objects.get_for_model(item)
    found = Event.objects.filter(content_type=kind, object_id=str(item.pk), kind=Kind.UNPUBLISHED)
    last = found.first()
    return last is not None and last.user_id == user.pk


def needs_second_person(model_admin, request):
    """Whether the rules ask for two people here; asked once a request."""
    if not model_admin.is_checked_by_two:
        return False
    if not hasattr(request, "second_person"):
        request.second_person = DeskRules.load().second_person
    return request.second_person


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
    kind = draft.content_type
    return not draft.author.has_perm(f"{kind.app_label}.publish_{kind.model}")
