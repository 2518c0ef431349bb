"""One person at one form: what the form opened on, which button was pressed, what it may do."""

from dataclasses import dataclass

from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from reversion.models import Version

from awareness.desk.models import Draft

from . import drafts
from .forms import MomentForm
from .item_version import ItemVersion
from .workflow import TAKE_OFF_FIRST, Workflow

AUTOSAVE, DRAFT, ASK, PUBLISH, SCHEDULE = ACTIONS = (
    "_autosave",
    "_draft",
    "_ask",
    "_publish",
    "_schedule",
)


@dataclass
class ChangeFormState:
    """One person at one form: what the tables have, what the form opened on, what is asked."""

    admin: object
    request: object
    live: ItemVersion | None = None  # None: the item is not there yet
    draft: Draft | None = None
    shown: ItemVersion | None = None
    flow: Workflow | None = None  # of what is sent: the item and its draft, locked
    notes: list | None = None  # of the checker, on what is about to be published

    def lock(self, target):
        """Returns the item as it is by now; None when it has no row."""
        self.flow = Workflow(target, self.request.user)
        self.draft = self.flow.draft
        return self.flow.item

    @property
    def action(self):
        """The button that was pressed. Of several or none, the one that shows nothing."""
        return next((name for name in ACTIONS if name in self.request.POST), DRAFT)

    @property
    def content_hashes(self):
        return self.shown.content_hashes() if self.shown else {"item": ""}

    @property
    def is_public(self):
        return self.live is not None and drafts.is_public(self.live.item)

    @property
    def is_out_of_reach(self):
        return drafts.is_out_of_reach(self.draft, self.request.user)

    def lacks_second_person(self, changed=False):
        """Whether somebody else than this person has to publish what stands in the form."""
        return drafts.lacks_second_person(self.admin, self.request, self.draft, changed)

    @property
    def is_unfinished(self):
        """Whether what is sent becomes a draft, which may lack anything."""
        return self.action in (AUTOSAVE, DRAFT)

    @property
    def is_publishing(self):
        return self.action in (PUBLISH, SCHEDULE)

    @property
    def is_sure(self):
        """Whether they have seen the notes, and publish all the same."""
        return "_anyway" in self.request.POST

    @property
    def asks_about_notes(self):
        """Whether nothing but notes that can be overruled stands against it."""
        return self.is_publishing and self.notes and not any(n.is_error for n in self.notes)

    def problem(self, form):
        """Why what was asked cannot be done, in one sentence; None if it can."""
        if self.action == AUTOSAVE:
            return None
        if self.action != SCHEDULE and self.has_moment:
            return _(
                "You set a day or a time under “Publish it later”. Press Schedule to publish "
                "the draft then, or clear both fields first."
            )
        if self.action in (DRAFT, ASK):
            return str(TAKE_OFF_FIRST) if self.is_out_of_reach else None
        if not self.admin.has_publish_permission(self.request):
            return _(
                "Only a publisher may publish this. Nothing was changed. Save it as a draft "
                "and ask for a review."
            )
        if self.lacks_second_person(form.has_changed()):
            return _(
                "The publishing rules require a second person to publish this. Nothing was "
                "changed. Save it as a draft and ask for a review."
            )
        begins, ends = map(form.cleaned_data.get, ("publish_at", "expire_at"))
        if self.is_public and drafts.would_hide(self.live.item, begins):
            return str(drafts.WOULD_HIDE)
        if not self.is_public and begins and ends and begins < ends <= timezone.now():
            return _("Its expiry time has passed. Choose a later one, or clear it, then publish.")
        if self.action == SCHEDULE:
            if not self.is_public:
                return _("This is not public yet. Set the publish time above instead.")
            if not self.moment.is_valid():
                return " ".join(self.moment.errors["at"])
        return None

    @cached_property
    def moment(self):
        """When to change, beside the button Schedule."""
        return MomentForm(self.request.POST if self.action == SCHEDULE or self.has_moment else None)

    @property
    def has_moment(self):
        return any(self.request.POST.get(f"{MomentForm.prefix}-at_{n}", "").strip() for n in (0, 1))

    @property
    def saved_last_by(self):
        """Who saved what the form would overwrite; None when nobody knows."""
        if self.draft or not self.live:
            return self.draft and self.draft.author
        versions = Version.objects.get_for_object(self.live.item)
        version = versions.select_related("revision__user").first()
        return version and version.revision.user
