"""Who else has a form open. In the cache, for half a minute: no table, no history of who looked."""

import hashlib
import time

from django.core.cache import cache
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from .base import without_list
from .cards import name_of

HERE = 25  # seconds after a beat: the form sends one every ten while its tab is in sight


def others_here(request, at=None):
    """In words; "" when nobody else is. This person is here from now on."""
    at = at or time.time()
    if request.resolver_match.url_name.endswith("_add") and "draft" not in request.GET:
        return ""  # two who begin something new begin two things
    query = without_list(request.GET.urlencode())
    where = hashlib.sha256(f"{request.path} {query}".encode()).hexdigest()
    known = cache.get(f"here:{where}", {})
    here = {pk: (name, since) for pk, (name, since) in known.items() if since > at - HERE}
    here[request.user.pk] = name_of(request.user), at
    cache.set(f"here:{where}", here, HERE)
    names = sorted(name for pk, (name, _since) in here.items() if pk != request.user.pk)
    if not names:
        return ""
    words = ngettext("%s has this open too.", "%s have this open too.", len(names))
    return words % get_text_list(names, _("and"))
