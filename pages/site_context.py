"""What stands around every page: the site's own words, the help lines, the menus.

Each process holds the last that it read, so that an error page shows the help lines when the
database is gone. A file in ``var/`` is the fallback of a process that starts without a database,
and the starter content the fallback of one that starts without the file.
"""

from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property, partial

from django.conf import settings
from django.core import serializers
from django.db import DatabaseError
from django.db.models import Exists
from django.utils.functional import SimpleLazyObject

from awareness.content.publishing import State
from awareness.content.reading import read_once
from awareness.desk.preview import is_previewing
from awareness.web import files

from .models import CallToAction, HelpLine, LanguageCard, Notice, Section, SiteSettings
from .models.section import grouped, indexes_of
from .starter import starter_help_lines

FIRST_KINDS = [HelpLine.Kind[name] for name in ("EMERGENCY", "CALL", "TEXT", "CHAT")]

_held = None


@dataclass
class SiteContext:
    site: SiteSettings
    lines: list
    sections: list = field(default_factory=list)
    notices: list = field(default_factory=list)

    @cached_property
    def help_lines(self):
        return [line for line in self.lines if line.where != HelpLine.Where.REPORT]

    @cached_property
    def foot_lines(self):
        return [line for line in self.lines if line.where == HelpLine.Where.EVERYWHERE]

    @cached_property
    def other_lines(self):
        return [line for line in self.lines if line.where == HelpLine.Where.HELP]

    @cached_property
    def report_lines(self):
        return [line for line in self.lines if line.where == HelpLine.Where.REPORT]

    def of(self, kind):
        return [section for section in self.sections if section.kind == kind]

    @cached_property
    def by_slug(self):
        """For links from a place of their own, which is not there where the page is not."""
        return {section.slug: section for section in self.sections}

    @cached_property
    def guide(self):
        return self.of(Section.Kind.GUIDE)

    @cached_property
    def guide_groups(self):
        """[(label, drawing, sections)]"""
        return grouped(self.guide)

    @cached_property
    def near_lines(self):
        lines = [line for line in self.help_lines if line.knows_nearby]
        return lines or list(filter(None, [self.call]))

    @cached_property
    def signs(self):
        return self.of(Section.Kind.SIGNS)

    @cached_property
    def help_pages(self):
        return self.of(Section.Kind.HELP)

    @cached_property
    def on_help_page(self):
        """What to read before calling: those that staff put there, then the pages about help."""
        chosen = [section for section in self.sections if section.on_help_page]
        return chosen + [page for page in self.help_pages if page not in chosen]

    @cached_property
    def plain_pages(self):
        return self.of(Section.Kind.PAGE)

    @cached_property
    def indexes(self):
        """(route, title) of the pages that list sections of one kind, where there are any."""
        return indexes_of({section.kind for section in self.sections})

    @cached_property
    def first_lines(self):
        """The first of each kind among the main ones, in the order in which people need them."""
        first = {line.kind: line for line in reversed(self.foot_lines)}
        return [first[kind] for kind in FIRST_KINDS if kind in first]

    @cached_property
    def more_lines(self):
        """The main ones but those, the nation's first; within an area in their own order."""
        areas = HelpLine.Area.values
        lines = [line for line in self.foot_lines if line not in self.first_lines]
        return sorted(lines, key=lambda line: areas.index(line.area))

    def first(self, kind):
        """The first of the main ones; another only where there is none."""
        lines = [*self.foot_lines, *self.other_lines]
        return next((line for line in lines if line.kind == kind), None)

    @cached_property
    def emergency(self):
        return self.first(HelpLine.Kind.EMERGENCY)

    @cached_property
    def call(self):
        return self.first(HelpLine.Kind.CALL)

    @cached_property
    def text(self):
        return self.first(HelpLine.Kind.TEXT)

    @cached_property
    def notice(self):
        """The newest one. Its help line is one of these, or none: never one that is hidden."""
        notice = next(iter(self.notices), None)
        if notice:
            lines = (line for line in self.help_lines if line.pk == notice.help_line_id)
            notice.line = next(lines, None)
        return notice

    @property
    def kept_rows(self):
        return [self.site, *self.lines, *self.notices]

    @property
    def row_versions(self):
        return [(row._meta.label, row.pk, row.updated_at) for row in self.kept_rows]


def read_site_context():
    """Read it from the database, and hold it, unless it is of a draft. Four queries."""
    global _held
    context = SiteContext(
        site=read_site(),
        lines=list(HelpLine.objects.live()),
        sections=list(Section.objects.live().without_bodies()),
        notices=list(Notice.objects.live()),
    )
    if is_previewing():
        return context
    if _held is None or _held.row_versions != context.row_versions:
        files.keep(context_file(), serializers.serialize("json", context.kept_rows))
    _held = context
    return context


def read_site():
    """The settings, and with them whether an appeal with a button is live, and a language card."""
    appeals = CallToAction.objects.live().exclude(url="")
    cards = LanguageCard.objects.live()
    rows = SiteSettings.objects.select_related("logo")
    rows = rows.annotate(can_give=Exists(appeals), has_languages=Exists(cards))
    return rows.filter(pk=1).first() or SiteSettings(pk=1)


def context_file():
    return settings.VAR_DIR / "site_context.json"


def held_context():
    """The last one that was read, without touching the database."""
    held = _held or context_from_file() or SiteContext(SiteSettings(), starter_help_lines())
    rows = (
        [row for row in rows if row.state() == State.LIVE]
        for rows in (held.lines, held.sections, held.notices)
    )
    return SiteContext(held.site, *rows)


def context_from_file():
    with suppress(Exception):  # whatever is wrong with it, the starter lines come next
        text = context_file().read_text("utf-8")
        rows = [row.object for row in serializers.deserialize("json", text)]
        lines, notices = (
            [row for row in rows[1:] if isinstance(row, model)] for model in (HelpLine, Notice)
        )
        rows[0].logo_id = None  # its row is where the database was
        return SiteContext(rows[0], lines, notices=notices)


def get_site_context(request):
    return read_once(request, read_site_context)


def latest_context(request=None):
    """The one that is current if the database answers, or else the one that is held."""
    try:
        return get_site_context(request) if request else read_site_context()
    except DatabaseError:
        return held_context()


def with_notice(get_response):
    """``request.notice`` and ``request.site_name``: for the files of an app that knows nothing of
    this one."""

    def middleware(request):
        request.notice = SimpleLazyObject(lambda: get_site_context(request).notice)
        request.site_name = SimpleLazyObject(lambda: get_site_context(request).site.site_name)
        return get_response(request)

    return middleware


def site_context(request):
    """Context processor: read when a template first asks for it."""
    return {"site_context": SimpleLazyObject(partial(get_site_context, request))}
