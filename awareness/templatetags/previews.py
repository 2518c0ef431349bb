from django import template

from awareness.sharing import previews

register = template.Library()


@register.simple_tag(takes_context=True)
def preview(context):
    """The address of the picture that a message shows of this page; "" where it has none."""
    request = context["request"]
    return previews.address_of(request.path, request.resolver_match.view_name) or ""
