"""Pages of this site and their headings, by words in them, for whoever links to one."""

from itertools import chain

from django.conf import settings
from django.db.models import Q
from django.http import JsonResponse
from django.urls import reverse
from django.utils import translation
from django.utils.html import strip_tags
from django.utils.text import capfirst

from awareness.audit.admin import may_see
from awareness.content.fields import letters
from awareness.content.list_limits import Query
from awareness.content.lookups import in_every_language
from awareness.content.publishing import State
from awareness.content.redirects import address_of
from awareness.content.richtext import split
from awareness.sitemaps import FIXED_PAGES, indexes
from pages.models import Section, Update
from pages.models.section import PART_OF
from stats.models import Place

MOST = 20


def link_targets(request):
    """As JSON, for the link box of the editor: static/editor/links.js."""
    query, code = Query.read(request.GET.get("q", "")), request.GET.get("language")
    code = code if code in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
    found = [*fixed(query, code), *rows(query, code, request.user)] if query.is_enough else []
    found.sort(key=lambda page: (bool(page[0]["page"]), bool(page[0]["state"])))
    return JsonResponse({"targets": list(chain.from_iterable(found))[:MOST]})


def target(title, beside, address, kind="", state="", page=""):
    """``page`` is that of a heading; ``beside`` the title in the other language."""
    beside = "" if beside == title else beside
    return {
        "title": title,
        "beside": beside,
        "address": address,
        "kind": kind,
        "state": state,
        "page": page,
    }


def in_languages(code, titles):
    """(the title in this language, in another); ``titles``: {code: title}."""
    own = titles[code] or titles[settings.LANGUAGE_CODE]
    return own, next((title for other, title in titles.items() if other != code and title), "")


def fixed(query, code):
    """The pages that are always there, and those that list others."""
    for route, words in [*FIXED_PAGES, *indexes()]:
        titles = {}
        for language, _name in settings.LANGUAGES:
            with translation.override(language):
                titles[language] = str(words)
        if query.is_in(titles.values()):
            with translation.override(settings.LANGUAGE_CODE):
                yield [target(*in_languages(code, titles), reverse(route))]


SEARCHED = [(Section, "title", "body"), (Update, "title", "body"), (Place, "name")]


def rows(query, code, user):
    for model, name, *body in SEARCHED:
        if not may_see(user, model):
            continue
        wanted = Q()
        for word in query.words:
            wanted &= Q.create([(field, word) for field in in_every_language(name, *body)], Q.OR)
        for row in model.objects.filter(wanted):
            titles = {c: getattr(row, f"{name}_{c}") or "" for c, _name in settings.LANGUAGES}
            if page := targets_of(row, titles, query, code):
                yield page


def targets_of(row, titles, query, code):
    """[the page, its headings]: all of them if its title was meant, else those that were."""
    title, beside = in_languages(code, titles)
    address, kind, state = address_of(row), capfirst(row._meta.verbose_name), ""
    if hasattr(row, "state") and row.state() != State.LIVE:
        state = row.state().label
    if hasattr(row, "kind"):
        kind = row.get_kind_display()
    is_meant = query.is_in(titles.values())
    headings = [
        target(words, "", f"{address}#{part.anchor}", state=state, page=title)
        for part in parts(row, code)
        if (words := letters(strip_tags(part.heading)))
        and (is_meant or query.is_in([words, title]))
    ]
    page = target(title, beside, address, kind, state)
    return [page, *headings] if is_meant else headings


def parts(row, code):
    """What has an address of its own within its page, which names it in the reader's language."""
    if isinstance(row, Place) or getattr(row, "kind", None) in PART_OF:
        return []
    body = getattr(row, f"body_{code}") or getattr(row, f"body_{settings.LANGUAGE_CODE}")
    return split(body or "")[1]
