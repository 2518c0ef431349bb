"""Languages, and what the site says of its accessibility."""

from django import template
from django.conf import settings
from django.utils.html import format_html

from awareness.content.accessibility import TESTED
from awareness.web.language import missing

register = template.Library()


@register.simple_tag
def lang_of(item, field):
    """`` lang="en"`` on words that stand in for a missing translation."""
    return format_html(' lang="{}"', settings.LANGUAGE_CODE) if missing(item, field) else ""


@register.filter
def lacks(item, field):
    return missing(item, field)


@register.filter
def stands_under(path, parent):
    """Whether a page stands below another, for the menu. An error page has no place of its own."""
    return bool(path) and path.startswith(parent)


@register.simple_tag
def accessibility_tests():
    """The sentences of the accessibility statement, each of which a test holds."""
    return TESTED.values()
