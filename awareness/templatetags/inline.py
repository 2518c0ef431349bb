from django import template

from awareness.web import inline

register = template.Library()


@register.simple_tag
def inline_style():
    """The whole style sheet, to stand inside <style>; the policy knows its hash."""
    return inline.style()


@register.simple_tag
def inline_script(name):
    """static/js/NAME.js, to stand inside <script>; the policy knows its hash."""
    return inline.script(name)
