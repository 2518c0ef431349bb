"""The admin's first page: what waits for somebody, each with the place where it is mended.

It stands above both apps. A fixed number of questions to the database, whatever there is: one for
all drafts, one for each kind of item, one for all translations.
"""

import datetime
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth.models import User
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery, Value
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from awareness.accounts.rights import missing, with_rights
from awareness.audit.admin import form_address, may_see, with_links
from awareness.audit.models import Event
from awareness.audit.record import Kind
from awareness.backup import shelf
from awareness.content.publishing import State
from awareness.content.translatable import Translatable, TranslationState
from awareness.desk import cards as desk
from awareness.desk.alerts.views import card as alerts
from awareness.desk.cards import SOON, Card, Entry, entry_of
from awareness.desk.models import Draft
from awareness.launch import checklist
from awareness.links.cards import link_cards
from pages.models import (
    CallToAction,
    CampaignLink,
    Citation,
    HelpLine,
    LanguageCard,
    Notice,
    Section,
    Service,
    Update,
)
from pages.models.citation import READ_AFTER
from stats.models import Figure, Place

EVENTS = 8
CHECK_AFTER = datetime.timedelta(days=180)  # numbers change hands, and somebody may be in need
BACKUP_AFTER = datetime.timedelta(days=2)  # one is made each night
GOES_AWAY = gettext_lazy("This list goes away once all of it is done.")
PUBLISHABLE = [Section, Update, CallToAction, HelpLine, Service, LanguageCard, Notice, CampaignLink]
TRANSLATED = [model for model in PUBLISHABLE if issubclass(model, Translatable)]


def index_context(request):
    """What the first page shows beside the menu."""
    found = cards(request.user)
    waiting = [card for card in found if card.key in ("waiting", "drafts")]
    events = Event.objects.none()
    if may_see(request.user, Event):
        events = Event.objects.exclude(kind=Kind.SIGNED_IN)  # it would be of little else
        events = events.select_related("content_type")[:EVENTS]
    return {
        "alerts": alerts(request.user),
        "waiting": waiting,
        "attention": [card for card in found if card not in waiting],
        "events": with_links(request.user, events),
        "backup": last_backup(request.user, timezone.now()),
    }


def cards(user, at=None):
    """The cards that have something on them, of what this person may see."""
    at = at or timezone.now()
    drafts = list(Draft.objects.select_related("content_type", "author", "note_by"))
    drafted = {(draft.item_model, draft.object_id) for draft in drafts}
    seen = [draft for draft in drafts if may_see(user, draft.item_model)]
    rows = [row for model in PUBLISHABLE if may_see(user, model) for row in in_need(model, at)]
    undrafted = [row for row in rows if (type(row), row.pk) not in drafted]
    found = [
        Card(_("Before the site goes public"), checklist(user), "launch", GOES_AWAY),
        Card(_("Waiting for review"), desk.waiting(seen), "waiting"),
        Card(_("Drafts"), desk.drafts(seen) + desk.never_published(undrafted, at), "drafts"),
        Card(_("Scheduled"), desk.scheduled(seen, rows, at), "scheduled"),
        Card(
            _("Expiring within 30 days"),
            desk.expiring(rows, at),
            "expiring",
            _("Set a later end for what should stay, or none. Check a service nearby again."),
        ),
        Card(
            _("Help lines to check"),
            unchecked(rows, at),
            "help-lines",
            _("Nobody has checked these for six months. Call or look, then set “checked on”."),
        ),
        Card(
            _("Texts to read again"),
            unread(rows, at),
            "texts",
            _("These have not changed in a year. Read them, and open their sources."),
        ),
        *link_cards(user),
        Card(_("Missing figures"), missing_figures(user, at), "figures"),
        Card(_("Spanish"), translations(user), "spanish"),
        *house_cards(user, at),
    ]
    return [card for card in found if card.entries]


def house_cards(user, at):
    return [
        Card(
            _("Accounts to look at"),
            incomplete_accounts(user),
            "accounts",
            _("Is that what you want? Open an account to mend it, or to close it."),
        ),
        Card(
            _("Backup"),
            late_backup(user, at),
            "backup",
            _("Tell the person who runs the server: without one, nothing can be brought back."),
        ),
    ]


# --- What is due -----------------------------------------------------------------------


def in_need(model, at):
    """The rows of this model that any card may speak of; the cards then choose. One question."""
    wanted = Q(published=False) | Q(publish_at__gt=at)
    wanted |= Q(expire_at__gt=at, expire_at__lte=at + SOON)
    rows = model.objects.all()
    if model is HelpLine:
        wanted |= Q(published=True)  # they are few, and when each was checked takes all of it
    if model is Section:
        newest = Citation.objects.filter(section=OuterRef("pk"), read_on__isnull=False)
        newest = newest.order_by("-read_on").values("read_on")[:1]
        rows = rows.annotate(sources_read_on=Subquery(newest))
        wanted |= Q(updated_at__lt=at - READ_AFTER)
    return (rows.without_bodies() if hasattr(model, "body") else rows).filter(wanted)


def unchecked(rows, at):
    """Live help lines that nobody has checked for half a year; never checked comes first."""
    since = timezone.localdate(at) - CHECK_AFTER
    lines = [
        row
        for row in rows
        if isinstance(row, HelpLine)
        and row.kind != HelpLine.Kind.EMERGENCY  # nobody calls 911 to see whether it answers
        and row.state(at) == State.LIVE
        and (row.checked is None or row.checked < since)
    ]
    return [
        entry_of(
            row,
            _("Last checked %(day)s") % {"day": date_format(row.checked)}
            if row.checked
            else _("Never checked"),
        )
        for row in sorted(lines, key=lambda row: row.checked or datetime.date.min)
    ]


def unread(rows, at):
    """Live sections that nobody looked after for a year.

    Either counts as looking after it: saving the form, or opening one of its sources again (which
    "read on" says).
    """
    since = at - READ_AFTER
    sections = [
        row
        for row in rows
        if isinstance(row, Section)
        and row.state(at) == State.LIVE
        and row.updated_at < since
        and (not row.sources_read_on or row.sources_read_on < timezone.localdate(since))
    ]
    return [
        entry_of(
            row,
            _("Last changed %(day)s")
            % {"day": date_format(timezone.localtime(row.updated_at), "DATE_FORMAT")},
        )
        for row in sorted(sections, key=lambda row: row.updated_at)
    ]


def due_year(day):
    """The newest year whose figures should be there.

    Sources publish a year some months after it ends: it is asked for from July on, and then until
    it is there.
    """
    return day.year - (1 if day.month > 6 else 2)


def missing_figures(user, at):
    """Places with figures, but none of the newest year that should be there, for who may enter it.

    A row that says why there is none ("not published") is an answer too: whoever entered it has
    looked, and would be asked again every day.
    """
    if not user.has_perm("stats.add_figure"):
        return []
    year = due_year(timezone.localdate(at))
    of_place = Figure.objects.filter(place=OuterRef("pk"))
    of_year = of_place.filter(
        first_day=datetime.date(year, 1, 1), last_day=datetime.date(year, 12, 31)
    )
    found, screen = [], reverse("admin:stats_figure_year")
    for place in Place.objects.filter(Exists(of_place), ~Exists(of_year)):
        where = f"{screen}?{urlencode({'place': place.code, 'year': year})}"
        detail = _("Nothing has been entered for %(year)s yet") % {"year": year}
        found.append(Entry(f"{place}, {year}", where, detail))
    return found


def translations(user):
    """How many of each kind have no Spanish, or Spanish that is older than the English."""
    states = {
        TranslationState.MISSING: _("People who read Spanish see part of it in English."),
        TranslationState.OLDER: _("The English changed, but the Spanish did not."),
    }
    asked = [(model, state) for model in TRANSLATED if may_see(user, model) for state in states]
    if not asked:
        return []
    rows = [  # not by managers: modeltranslation's would put the columns in another order
        model.in_translation_state(QuerySet(model).order_by(), state).values_list(Value(n), "pk")
        for n, (model, state) in enumerate(asked)
    ]
    numbers = [n for n, _key in rows[0].union(*rows[1:], all=True).order_by()]
    return [
        Entry(
            f"{capfirst(model._meta.verbose_name_plural)}: {numbers.count(n)}",
            f"{form_address(model, '')}?{urlencode({'translation': state.value})}",
            states[state],
            what=state.label,
        )
        for n, (model, state) in enumerate(asked)
        if n in numbers
    ]


def incomplete_accounts(user):
    """Of people who can do nothing, get no mail, or were invited and have not come yet."""
    if not may_see(user, User):
        return []
    accounts = with_rights(User.objects.order_by("username"))
    found = [(account, "; ".join(missing(account))) for account in accounts]
    return [entry_of(account, capfirst(words)) for account, words in found if words]


# --- The last backup -------------------------------------------------------------------


def may_publish(user):
    names = ((model._meta.app_label, model._meta.model_name) for model in PUBLISHABLE)
    return any(user.has_perm(f"{app}.publish_{name}") for app, name in names)


def last_backup(user, at):
    """Its age in words, for those who may publish. That there is none, the card says."""
    newest = shelf.newest(settings.BACKUP_DIR, at)
    if newest is None or not may_publish(user):
        return ""
    day = timezone.localdate(newest[0])
    days = max(0, (timezone.localdate(at) - day).days)
    if not days:
        return _("Last backup: today, %(time)s") % {
            "time": date_format(timezone.localtime(newest[0]), "TIME_FORMAT")
        }
    return ngettext(
        "Last backup: %(day)s, %(days)d day ago",
        "Last backup: %(day)s, %(days)d days ago",
        days,
    ) % {"day": date_format(day), "days": days}


def late_backup(user, at):
    """Where the site is public, it has one that is no older than two days."""
    if settings.IS_LOCAL or not may_publish(user):
        return []
    newest = shelf.newest(settings.BACKUP_DIR, at)
    if newest and at - newest[0] <= BACKUP_AFTER:
        return []
    title = _("The last backup is too old") if newest else _("There is no backup")
    return [Entry(title, "", last_backup(user, at) or _("There should be one every night"))]
