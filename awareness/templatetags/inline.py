from django import template

from awareness.web import inline

register = template.Library()


@register.simple_tag
def inline_style(name=None):
    """The style sheet of every page, or static/css/pages/NAME.css, to stand inside <style>; the
    policy knows its hash."""
    return inline.style(name)


@register.simple_tag
def inline_script(name):
    """static/js/NAME.js, to stand inside <script>; the policy knows its hash."""
    return inline.script(name)
