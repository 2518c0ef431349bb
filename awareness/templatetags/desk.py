"""What signed-in staff see. On public pages, nobody else's has a letter more or less."""

from django import template
from django.conf import settings
from django.contrib import admin
from django.contrib.auth import SESSION_KEY
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext

from awareness.accounts.whom_to_ask import whom_to_ask
from awareness.content.publishing import publish_right
from awareness.web.headers import may_enter

register = template.Library()


def is_signed_in(request):
    """Looked up beside ``request.session``, whose use shows in the headers: whoever was signed in
    once, and is no more, gets the page that everybody gets."""
    key = request.COOKIES.get(settings.SESSION_COOKIE_NAME)
    return bool(key) and SESSION_KEY in type(request.session)(key).load()


def asks_as_staff(request):
    """Found out once for each request: a page has many links."""
    if not hasattr(request, "is_asked_by_staff"):
        request.is_asked_by_staff = (
            may_enter(request) and is_signed_in(request) and admin.site.has_permission(request)
        )
    return request.is_asked_by_staff


@register.simple_tag(takes_context=True)
def edit_link(context, item, words=None):
    """A link to the form of what is being read, for whoever may change it."""
    request = context.get("request")
    if request is None or not asks_as_staff(request):
        return ""
    if not admin.site.get_model_admin(type(item)).has_change_permission(request, item):
        return ""
    # No row yet, of which there is one at most: its list makes it.
    view, args = ("changelist", []) if item._state.adding else ("change", [item.pk])
    address = reverse(f"admin:{item._meta.app_label}_{item._meta.model_name}_{view}", args=args)
    return format_html(
        '<p class="crumb"><a href="{}">{}<span class="hidden">: {}</span></a></p>',
        address,
        words or gettext("Edit this page"),
        item,
    )


@register.simple_tag(takes_context=True)
def ask_for(context, opts, verb):
    """Who may do this with such items, for whoever may not."""
    may_publish = publish_right(opts.model)
    right = may_publish if verb == "publish" else f"{opts.app_label}.{verb}_{opts.model_name}"
    return whom_to_ask(right, context["request"].user)
