"""Rich text on its way out: the only place in the project that trusts a string as HTML."""

import re

from django import template
from django.utils.safestring import mark_safe

from awareness.richtext import clean

register = template.Library()

_HEADING = re.compile(r"(</?h)([234])(?=>)")


@register.filter
def rich(value):
    """Cleaned again on the way out: rows written by other means are no less safe."""
    return mark_safe(clean(value or ""))


@register.filter
def rich_nested(value):
    """The same, one heading level lower, to stand under a title that is an h2."""
    return mark_safe(
        _HEADING.sub(lambda match: f"{match[1]}{int(match[2]) + 1}", clean(value or ""))
    )
