from django import template
from django.urls import reverse

from awareness.sharing import previews
from awareness.web.addresses import absolute

register = template.Library()


@register.simple_tag(takes_context=True)
def preview(context):
    """The address of the picture that a message shows of this page; "" where it has none."""
    request = context["request"]
    return previews.address_of(request.path, request.resolver_match.view_name) or ""


@register.simple_tag
def absolute_url(route):
    """For what leaves the site in a message."""
    return absolute(reverse(route))
