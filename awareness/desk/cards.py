"""Entries for the first page of what the desk itself knows: drafts, and what changes by itself."""

import datetime
from dataclasses import dataclass, field
from urllib.parse import urlencode

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from awareness.audit.admin import form_address
from awareness.content.publishing import State
from awareness.desk.drafts import in_local_words as moment
from awareness.desk.models import Draft

MOST = 8  # entries of a card
SOON = datetime.timedelta(days=30)


@dataclass
class Entry:
    title: str
    link: str
    detail: str
    what: str = ""  # section, update, ...
    note: str = ""  # what somebody wrote about it
    row: tuple = ()  # (model, key), for the list of all


@dataclass
class Card:
    title: str
    entries: list
    key: str = ""  # for its anchor on the page
    help: str = ""
    lists: list = field(init=False)  # (words, address) when there are more than it shows

    def __post_init__(self):
        self.lists = all_of(self.entries) if len(self.entries) > MOST else []

    @property
    def shown(self):
        return self.entries[:MOST]

    @property
    def more(self):
        return len(self.entries) - len(self.shown)


def all_of(entries):
    """A list in the admin for each kind of item, with exactly these in it."""
    rows = {}
    for model, key in (entry.row for entry in entries if entry.row):
        rows.setdefault(model, {})[str(key)] = None  # once each, in their order
    return [
        (
            _("All %(number)s: %(what)s")
            % {"number": len(keys), "what": model._meta.verbose_name_plural},
            f"{form_address(model, '')}?{urlencode({'id__in': ','.join(keys)})}",
        )
        for model, keys in rows.items()
    ]


def entry_of_draft(draft, detail, note=""):
    model = draft.item_model
    return Entry(
        draft.title,
        draft.url,
        detail,
        what=capfirst(model._meta.verbose_name),
        note=note,
        row=(model, draft.object_id) if draft.object_id > 0 else (),
    )


def entry_of(row, detail):
    return Entry(
        str(row),
        form_address(type(row), str(row.pk)),
        detail,
        what=capfirst(row._meta.verbose_name),
        row=(type(row), row.pk),
    )


def name_of(account):
    return account.get_full_name() or account.get_username() if account else _("a former account")


def waiting(drafts):
    """Whoever has waited longest comes first."""
    asked = [draft for draft in drafts if draft.state == Draft.State.REVIEW]
    return [
        entry_of_draft(
            draft,
            _("Asked by %(who)s, %(when)s")
            % {
                "who": name_of(draft.note_by or draft.author),
                "when": moment(draft.saved_at),
            },
            draft.note,
        )
        for draft in sorted(asked, key=lambda draft: draft.saved_at)
    ]


def drafts(drafts):
    """Those that were returned come first: somebody wrote why."""
    found = []
    kinds = {
        Draft.State.RETURNED: _("Returned by %(who)s; saved %(when)s"),
        Draft.State.WRITING: _("Saved by %(who)s, %(when)s"),
    }
    for state, words in kinds.items():
        of_state = [draft for draft in drafts if draft.state == state and not draft.apply_at]
        for draft in sorted(of_state, key=lambda draft: draft.saved_at, reverse=True):
            returned = state == Draft.State.RETURNED
            who = name_of(draft.note_by if returned else draft.author)
            detail = words % {"who": who, "when": moment(draft.saved_at)}
            found.append(entry_of_draft(draft, detail, draft.note if returned else ""))
    return found


def never_published(rows, at):
    hidden = [row for row in rows if row.state(at) == State.DRAFT]
    return [
        entry_of(
            row,
            _("Not published; last changed %(when)s") % {"when": moment(row.updated_at)},
        )
        for row in sorted(hidden, key=lambda row: row.updated_at, reverse=True)
    ]


def scheduled(drafts, rows, at):
    """What comes next stands first."""
    found = [
        (
            draft.apply_at,
            entry_of_draft(draft, _("Changes on %(when)s") % {"when": moment(draft.apply_at)}),
        )
        for draft in drafts
        if draft.apply_at and draft.state != Draft.State.REVIEW
    ]
    found += [
        (
            row.publish_at,
            entry_of(row, _("Appears on %(when)s") % {"when": moment(row.publish_at)}),
        )
        for row in rows
        if row.state(at) == State.SCHEDULED
    ]
    return [entry for _when, entry in sorted(found, key=lambda pair: pair[0])]


def expiring(rows, at):
    ending = [
        row
        for row in rows
        if row.state(at) == State.LIVE and row.expire_at and row.expire_at <= at + SOON
    ]
    return [
        entry_of(row, _("Disappears on %(when)s") % {"when": moment(row.expire_at)})
        for row in sorted(ending, key=lambda row: row.expire_at)
    ]
