"""A sheet of signs: what a section lists below its headings, to hang where people work."""

import re
from html import unescape

from django.conf import settings
from django.utils.html import strip_tags

from awareness.content.richtext.outline import split
from awareness.content.translatable import is_translated
from pages.models import Section

FIRST = "signs"  # the guide's own page of them; the others are each for one kind of place
PARAGRAPH = re.compile(r"<p\b[^>]*>(.*?)</p>", re.DOTALL)
LIST = re.compile(r'<[uo]l(?: class="(do|dont)")?[^>]*>(.*?)</[uo]l>', re.DOTALL)
ITEM = re.compile(r"<li>(.*?)</li>", re.DOTALL)


def sections_of(frame):
    """Those that there are to print."""
    return [*filter(None, [frame.by_slug.get(FIRST)]), *frame.signs]


def section_of(frame, slug):
    """With its words; None if there is none to print of that name. Without a name, the first."""
    there = [section for section in sections_of(frame) if slug in ("", section.slug)]
    return Section.objects.live().filter(pk=there[0].pk).first() if there else None


def languages_of(section, languages):
    """English stands in where its words are missing, once."""
    return list(
        dict.fromkeys(
            code if is_translated(section, code) else settings.LANGUAGE_CODE for code in languages
        )
    )


def lists_of(section):
    """{title, before: [paragraph], lists: [[heading, "do", "dont" or "", [item]]]} in the current
    language, as plain words."""
    before, parts = split(section.body)
    lists = [
        [words(part.heading) if n == 0 else "", kind, [words(item) for item in ITEM.findall(items)]]
        for part in parts
        for n, (kind, items) in enumerate(LIST.findall(part.text))
    ]
    return {
        "title": section.title,
        "before": [words(text) for text in PARAGRAPH.findall(before)],
        "lists": lists,
    }


def words(html):
    return " ".join(unescape(strip_tags(html)).split())
