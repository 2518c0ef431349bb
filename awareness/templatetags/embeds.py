from django import template
from django.utils.html import format_html

from awareness.sharing import embeds

register = template.Library()


@register.inclusion_tag("includes/embed.html", takes_context=True)
def embed_panel(context, place=None):
    """Lines to copy: of a place, or of the help lines."""
    return {"lines": embeds.lines(context["site_context"], place)}


@register.simple_tag(takes_context=True)
def oembed_link(context):
    """For the head of a page that has an embed."""
    link = '<link rel="alternate" type="application/json+oembed" href="{}">\n'
    return format_html(link, embeds.oembed_address(context["request"].path))
