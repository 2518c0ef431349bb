"""Rich text on its way out: the only place in the project that trusts a string as HTML."""

import re

from django import template
from django.utils.safestring import mark_safe
from django.utils.translation import get_language

from awareness.content.richtext import clean
from awareness.web.language import in_language

register = template.Library()

_OWN_PATH = re.compile(r'(?<=<a href=")/[^"#?]*')
_INSIDE = re.compile(r"<(blockquote|li|td|th|caption)\b[^>]*>.*?</\1>", re.DOTALL)
_PART = re.compile(r"<h2>(.*?)</h2>", re.DOTALL)
_HEADING = re.compile(r"(</?h)([234])(?=>)")


@register.filter
def rich(value):
    """Cleaned again on the way out: rows written by other means are no less safe."""
    return mark_safe(localised(clean(value or "")))


@register.filter
def rich_nested(value):
    """The same, one heading level lower, to stand under a title that is an h2."""
    return mark_safe(
        _HEADING.sub(lambda match: f"{match[1]}{int(match[2]) + 1}", localised(clean(value or "")))
    )


@register.filter
def rich_folded(value):
    """Each heading 2 with what follows it opens with a tap, without script."""
    html = localised(clean(value or ""))
    if any(
        "<h2>" in found[0] for found in _INSIDE.finditer(html)
    ):  # it would open in one part and close in another
        return mark_safe(html)
    start, *parts = _PART.split(html)
    folded = (
        f"<details><summary><h2>{heading}</h2></summary><div>{text}</div></details>"
        for heading, text in zip(parts[::2], parts[1::2], strict=True)
    )
    return mark_safe(start + "".join(folded))


def localised(html):
    """Links to our own pages lead to those in the reader's language."""
    code = get_language()
    return _OWN_PATH.sub(lambda match: in_language(match[0], code), html)
