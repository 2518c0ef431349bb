"""Rich text on its way out: the only place in the project that trusts as HTML what people wrote.

Any other string that is marked as safe is our own file (web/inline.py) or our own markup around
what is escaped (stats/charts.py, stats/tables.py, templatetags/linked_data.py).
"""

import re
from dataclasses import replace

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from awareness.content.richtext import FIGURE, blocks, clean, numbers, split
from awareness.web.language import in_language
from pages.models import Image

register = template.Library()
LEAST_CONTENTS = 3

_OWN_PATH = re.compile(r'(?<=<a href=")/[^"#?]*')
_HEADING = re.compile(r"(</?h)([234])(?=>)")


# What is set apart says in words what it is, whatever stands above it: not every page has marks.
_LABELED = re.compile(r'<(?:p|[uo]l) class="(key|myth|fact|do|dont)"[^>]*>')
_LABELS = {
    "key": _("Key fact"),
    "myth": _("Myth"),
    "fact": _("Fact"),
    "do": _("Do"),
    "dont": _("Do not"),
}


def prepared(value):
    """Cleaned again on the way out: rows written by other means are no less safe."""
    return labeled(unlabeled(value))


def unlabeled(value):
    return localised(clean(value or ""))


def labeled(html, lists=True):
    """``lists``: those of what to do and what not to do, too."""
    code = get_language()

    def with_label(match):
        kind = match[1]
        if kind in ("key", "myth", "fact"):
            return f'{match[0]}<b class="what" lang="{code}">{_LABELS[kind]}:</b> '
        label = f'<p class="what" lang="{code}">{_LABELS[kind]}</p>'
        return f"{label}{match[0]}" if lists else match[0]

    return _LABELED.sub(with_label, html)


@register.filter
def rich(value):
    return mark_safe(prepared(value))


@register.filter
def rich_anchored(value):
    """The same, each heading 2 with an address of its own."""
    start, parts = split(unlabeled(value))
    marked = "".join(f'<h2 id="{part.anchor}">{part.heading}</h2>{part.text}' for part in parts)
    return mark_safe(labeled(start + marked))


@register.filter
def body_blocks(item):
    """The parts of its body, each with an address of its own: content/richtext/outline.py. Only of
    a pair, its marks and headings say what to do and what not to."""

    def ready(html, block):
        return mark_safe(labeled(html, lists=block.kind != "pair"))

    return [
        replace(
            block,
            text=ready(block.text, block),
            parts=[
                replace(part, heading=mark_safe(part.heading), text=ready(part.text, block))
                for part in block.parts
            ],
        )
        for block in blocks(unlabeled(item.body), folded=item.folded)
    ]


@register.filter
def contents(blocks):
    """Its headings, if there are enough of them to look for one; what folds shows them itself."""
    parts = [part for block in blocks if block.kind != "folded" for part in block.parts]
    return parts if len(parts) >= LEAST_CONTENTS else []


@register.filter
def rich_nested(value):
    """The same, one heading level lower, to stand under a title that is an h2."""
    return mark_safe(_HEADING.sub(lambda match: f"{match[1]}{int(match[2]) + 1}", prepared(value)))


@register.simple_block_tag
def with_pictures(content):
    """What stands in it, with the pictures of its texts: all are asked for at once, and none where
    none is shown. What is not in the library leaves nothing."""
    shown = numbers(content)
    if not shown:
        return content
    pictures = Image.objects.in_bulk(shown)

    def with_picture(match):
        number, caption = match.groups()
        context = {"image": pictures.get(int(number)), "caption": mark_safe(caption or "")}
        return render_to_string("includes/figure.html", context) if context["image"] else ""

    return mark_safe(FIGURE.sub(with_picture, content))


@register.filter
def have_pictures(items):
    """Whether the text of one of them shows any."""
    return any("<figure" in (item.body or "") for item in items)


def localised(html):
    """Links to our own pages lead to those in the reader's language."""
    code = get_language()
    return _OWN_PATH.sub(lambda match: in_language(match[0], code), html)
