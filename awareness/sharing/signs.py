"""A sheet of signs: what a section says, to hang where people work."""

import re
from html import unescape

from django.conf import settings
from django.utils.html import strip_tags

from awareness.content.richtext.outline import split
from awareness.content.translatable import is_translated
from pages.models import Section

FIRST = "signs"  # the guide's own page of them; the others are each for one kind of place
BLOCK = re.compile(
    r'<[uo]l(?: class="(?P<kind>do|dont)")?[^>]*>(?P<items>.*?)</[uo]l>'
    r"|<(?P<tag>p|h3)\b[^>]*>(?P<text>.*?)</(?:p|h3)>",
    re.DOTALL,
)
ITEM = re.compile(r"<li>(.*?)</li>", re.DOTALL)


def sections_of(site_context):
    """Those that there are to print."""
    return [*filter(None, [site_context.by_slug.get(FIRST)]), *site_context.signs]


def section_of(site_context, slug):
    """With its words; None if there is none to print of that name. Without a name, the first."""
    there = [section for section in sections_of(site_context) if slug in ("", section.slug)]
    return Section.objects.live().filter(pk=there[0].pk).first() if there else None


def languages_of(section, languages):
    """English stands in where its words are missing, once."""
    return list(
        dict.fromkeys(
            code if is_translated(section, code) else settings.LANGUAGE_CODE for code in languages
        )
    )


def parts_of(section):
    """{title, before: [block], parts: [[heading, [block]]]} in the current language, as plain
    words. A block is ["p" or "h3", its words] or ["do", "dont" or "list", [item]]."""
    before, parts = split(section.body)
    return {
        "title": section.title,
        "before": blocks_of(before),
        "parts": [[words(part.heading), blocks_of(part.text)] for part in parts],
    }


def blocks_of(html):
    return [
        [found["tag"], words(found["text"])]
        if found["tag"]
        else [found["kind"] or "list", [words(item) for item in ITEM.findall(found["items"])]]
        for found in BLOCK.finditer(html)
    ]


def words(html):
    return " ".join(unescape(strip_tags(html)).split())
