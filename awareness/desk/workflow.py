"""Everything that is done with an item and its draft: ``Workflow.apply()`` is the one way.

Each action is one transaction. In it both rows are locked, so that of two who press at once the
second acts on what the first has left; then the rights are asked, the change is made, and its line
is written into the audit list: all of it or nothing.

One rule decides what a draft changes: of an item that is published the tables stay as they are,
and the draft is a copy beside them. The rows of an item that is not public become its draft when
somebody presses a button and nothing is missing; until then, and of all that is saved by itself,
the draft is a copy here too. So no key that somebody presses touches a table of the public's.
"""

import json

import reversion
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from awareness.audit.record import Kind, record
from awareness.content.publishing import publish_right
from awareness.desk.models import Draft

from . import drafts, readiness
from .compare import LEFT_OUT, name_of
from .drafts import is_public
from .item_version import ItemVersion, title_of

FOR_PUBLISHERS = {"hand_back", "schedule", "unschedule", "publish", "restore", "unpublish"}
FOR_PUBLISHERS |= {"schedule_with"}
TAKE_OFF_FIRST = gettext_lazy(
    "This draft is scheduled, and changing it would cancel that. Nothing was changed. Ask a "
    "publisher to cancel the schedule first."
)


class Scheduled(ValidationError):
    """Whoever may not schedule a draft may not undo that either, by whatever button."""


class Workflow:
    def __init__(self, target, user):
        """Within a transaction. ``target``: an item, or the draft of one that has no row."""
        self.user = user
        if isinstance(target, Draft):
            self.model, number = target.item_model, target.object_id
        else:
            self.model, number = type(target), target.pk
        found, items = drafts.lock(self.model, [number])
        self.draft, self.item = found.get(number), items.get(number)
        self.number = number or drafts.new_number()

    @classmethod
    def apply(cls, action, target, user, **given):
        with transaction.atomic():
            return cls(target, user).perform(action, **given)

    def perform(self, action, **given):
        """Raises ValidationError or PermissionDenied, and then nothing has changed."""
        self.check(action)
        with transaction.atomic():
            return getattr(self, action)(**given)

    def check(self, action):
        if action in FOR_PUBLISHERS:
            right = publish_right(self.model)
        else:
            verb = "change" if self.item else "add"
            verb = {"delete": "delete", "duplicate": "add"}.get(action, verb)
            right = f"{self.model._meta.app_label}.{verb}_{self.model._meta.model_name}"
        if not self.user.has_perm(right):
            raise PermissionDenied
        if action == "discard" and self.draft and not drafts.may_discard(self.draft, self.user):
            raise PermissionDenied
        if action in ("save", "ask", "discard") and drafts.is_out_of_reach(self.draft, self.user):
            raise Scheduled(TAKE_OFF_FIRST)

    @cached_property
    def live(self):
        """What the tables have; None for an item that is not there yet."""
        return self.item and ItemVersion.of(self.item)

    @property
    def is_public(self):
        return self.item is not None and is_public(self.item)

    # --- The draft ----------------------------------------------------------------------

    @property
    def may_be_rows(self):
        """Whether its own rows can be its draft: a figure is public as soon as it is one."""
        return hasattr(self.model, "published") and not self.is_public

    def save(self, version, by_itself=False):
        """Keep it without showing it. Returns the draft, or None when nothing differs any more."""
        copy, revision, changed = None, None, []
        sitting = drafts.sitting_of(self.draft, self.user)
        if self.may_be_rows and not by_itself and not readiness.mistakes(version):
            version.item.published = False
            if self.item is None:  # it has another number from now on
                sitting = None
            self.write(version, _("Draft saved"))
            if sitting and sitting.revision:  # it is in these rows now
                sitting.revision.delete()
        elif self.item is None:
            copy = version.as_copy()  # which cleans it
        elif changed := version.differs(self.live):
            copy = version.as_copy()
            if sitting and not sitting.revision:
                sitting = None
            before = sitting and sitting.revision
            revision = version.save_as_revision(self.user, _("Draft saved"), before)
        elif self.draft is None or not self.may_be_rows:
            return self.draft and self.discard()
        self.keep(version.item, copy, changed)
        if sitting is None:
            self.record_draft(Kind.DRAFTED, revision=revision)
        return self.draft

    def keep(self, item, copy, changed):
        draft = self.draft or Draft(content_type=ContentType.objects.get_for_model(item))
        draft.object_id = item.pk or self.number
        draft.title, draft.copy, draft.changed = title_of(item), copy, changed
        draft.author, draft.saved_at = self.user, timezone.now()
        draft.contributor_ids = sorted({*draft.contributor_ids, self.user.pk})
        draft.apply_at = draft.approved_by = None  # what was approved was another text
        if draft.state == Draft.State.SCHEDULED:
            draft.state = Draft.State.WRITING
        draft.save(force_update=draft.pk is not None)
        self.draft = draft

    def save_first(self, version):
        return self.draft if version is None else self.save(version)

    def ask(self, note, version=None):
        """Hand it in for a review."""
        if self.save_first(version):
            self.set_state(Draft.State.REVIEW, Kind.ASKED, note)
        return self.draft

    def hand_back(self, note):
        """Return it to whoever wrote it."""
        self.set_state(Draft.State.RETURNED, Kind.RETURNED, note)

    def schedule(self, at, version=None):
        if self.save_first(version):
            self.draft.approved_by = self.user
            self.set_state(Draft.State.SCHEDULED, Kind.SCHEDULED, at=at)
        return self.draft

    def schedule_with(self, at, together):
        """At one moment with others: timetable.py makes all of them public, or none. So what is not
        public waits as a copy, too: by its publish time it would come out alone."""
        version = drafts.open_draft(self.live, self.draft)
        if not self.is_public and version.item.publish_at > max(at, timezone.now()):
            raise ValidationError(_("Its publish time is later than that. Change it in its form."))
        self.check_ready(version)
        if self.draft is None:
            self.own_draft()
        self.draft.copy = self.draft.copy or version.as_copy()
        self.schedule(at)
        Draft.objects.filter(pk=self.draft.pk).update(together=together)

    def check_ready(self, version):
        """Raises ValidationError if it cannot be published as it is."""
        if self.item and drafts.would_hide(self.item, getattr(version.item, "publish_at", None)):
            raise ValidationError(drafts.WOULD_HIDE)
        readiness.refuse(version)

    def unschedule(self):
        self.set_state(Draft.State.WRITING, Kind.UNSCHEDULED)

    def fail(self, reason):
        """At its time: it goes back, and nobody in particular did that."""
        note = _("It could not be published at the scheduled time: %(reason)s") % {"reason": reason}
        self.user = None
        self.set_state(Draft.State.RETURNED, Kind.FAILED, note, message=reason)

    def set_state(self, state, kind, note="", at=None, message=""):
        draft = self.draft
        draft.state, draft.note, draft.apply_at, draft.together = state, note, at, None
        draft.note_by = self.user if state in (Draft.State.REVIEW, Draft.State.RETURNED) else None
        draft.save(force_update=True)
        self.record_draft(kind, message or (drafts.in_local_words(at) if at else note))

    def discard(self):
        self.record_draft(Kind.DISCARDED)
        self.drop_draft()

    def drop_draft(self):
        if self.draft:
            Draft.objects.filter(pk=self.draft.pk).delete()
            self.draft = None

    def record_draft(self, kind, note="", revision=None):
        item = self.item or self.model(pk=self.draft.object_id)
        record(kind, self.user, item, note, revision, self.draft.title)

    def duplicate(self, name):
        """Returns another item with the same words, as the form shows them: a draft."""
        version = drafts.open_draft(self.live, self.draft).duplicate(name)
        other = Workflow(self.model(), self.user)
        other.perform("save", version=version)
        return other

    # --- What the public sees -----------------------------------------------------------

    def publish(self, version=None, kind=Kind.PUBLISHED, note="", check=True, as_in=None):
        """Make it what the public sees, at once or from its publish time on; its draft goes.

        Without a version, the draft as it is. ``as_in``: the data of the version that somebody
        returns to.
        """
        version = version or drafts.open_draft(self.live, self.draft)
        item = version.item
        if self.item and drafts.would_hide(self.item, getattr(item, "publish_at", None)):
            raise ValidationError(drafts.WOULD_HIDE)
        note = note or self.in_words(version)
        if not is_public(item):
            item.published = True
            item.publish_at = max(timezone.now(), item.publish_at or timezone.now())
        if check:
            readiness.refuse(version)
        comment = kind.label
        if self.draft and self.draft.state == Draft.State.SCHEDULED:
            comment = _("Published as scheduled")
        self.write(version, f"{comment}. {note}" if note else str(comment), as_in)
        self.drop_draft()
        record(kind, self.user, item, note)

    def in_words(self, version):
        """What this changes for the public; "" when it saw nothing before."""
        changed = version.differs(self.live, LEFT_OUT) if self.is_public else []
        if not changed:
            return ""
        message = [{"changed": {"fields": [name_of(self.model, name) for name in changed]}}]
        return LogEntry(change_message=json.dumps(message)).get_change_message()

    def restore(self, version, note, **given):
        """An earlier version is public again."""
        if self.draft and self.draft.copy:  # written down: it may be a colleague's
            self.discard()
        self.publish(version, note=note, **{"kind": Kind.RESTORED, **given})

    def write(self, version, comment, as_in=None):
        with reversion.create_revision():
            version.apply(is_new=self.item is None)
            if as_in:
                version.restore_timestamps(as_in)
            reversion.set_user(self.user)
            reversion.set_comment(comment)
        self.item = version.item

    def own_draft(self, *contributor_ids):
        """Its rows are a draft now, of whoever did this; the contributors wrote what is in it."""
        self.draft = Draft.objects.create(
            item=self.item,
            title=title_of(self.item),
            author=self.user,
            contributor_ids=sorted({*contributor_ids} - {None}),
        )

    def unpublish(self):
        """Hide it: its rows become a draft, of whoever hid it. A working copy that there was goes
        into the history."""
        self.live.item.published = False
        self.write(self.live, _("Unpublished"))
        self.drop_draft()
        self.own_draft()  # nobody wrote in it yet
        record(Kind.UNPUBLISHED, self.user, self.item)

    def delete(self):
        """With its draft; its last state is kept, so that it can be brought back."""
        if self.item:  # nobody else was first
            self.live.save_as_revision(self.user, _("As it was when it was deleted"))
            self.drop_draft()
            self.item.delete()

    def recover(self, version, as_in, author=None):
        """As a draft, if it has states; ``author``: the number of who wrote what comes back."""
        if self.item:
            raise ValidationError(_("This already exists. Nothing was changed."))
        readiness.refuse(version)
        self.write(version, _("Brought back after deletion"), as_in)
        record(Kind.RECOVERED, self.user, self.item)
        if hasattr(self.item, "published"):
            self.own_draft(self.user.pk, author)
