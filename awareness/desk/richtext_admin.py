"""The admin of rich text: what its editor is told once it is saved."""

import re

from django.conf import settings
from django.contrib import messages
from django.utils.translation import gettext as _

from awareness.content.fields import letters
from awareness.content.richtext import RichTextFormField
from awareness.web.csp import FORM_POLICY, set_policy

from .preview import public_page

MOST = 50  # pages that are asked for while somebody waits


def own_links(html):
    """The addresses of this site that it leads to, as they are written."""
    own = re.findall(rf'<a href="(?:{re.escape(settings.SITE_URL)})?(/[^"#]*)', html)
    return list(dict.fromkeys(map(letters, own)))[:MOST]


def leading_nowhere(addresses):
    """Those that are, exactly as they are written, no public page's."""
    return [address for address in addresses if public_page(address).status_code != 200]


class RichTextAdmin:
    """For a ModelAdmin (before it in the bases) whose form holds rich text."""

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        for name, field in form.fields.items():
            if isinstance(field, RichTextFormField):
                if field.tidied:
                    messages.info(request, f"{field.label}: {' '.join(field.tidied)}")
                if nowhere := leading_nowhere(own_links(form.cleaned_data[name])):
                    sentence = _(
                        "%(field)s: no public page has this address: %(addresses)s. Check the "
                        "link for typos, or publish the page it leads to."
                    )
                    addresses = ", ".join(f"“{address[:100]}”" for address in nowhere)
                    named = {"field": field.label, "addresses": addresses}
                    messages.warning(request, sentence % named)

    def render_change_form(self, request, *args, **kwargs):
        response = super().render_change_form(request, *args, **kwargs)
        # CKEditor writes style attributes and a <style> of its own. Scripts stay 'self'.
        set_policy(response, FORM_POLICY | {"style-src": ["'self'", "'unsafe-inline'"]})
        return response
