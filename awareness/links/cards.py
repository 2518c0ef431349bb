"""Links with a fault, on the desk's first page: each where it stands, so that it can be mended."""

from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from awareness.audit.admin import form_address, may_see
from awareness.desk.cards import Card, Entry
from awareness.links.models import CheckedLink
from awareness.links.places import places


def link_cards(user):
    rows = [row for row in CheckedLink.objects.all() if row.is_broken or row.is_moved]
    where = places() if rows else {}
    seen = [
        (row, place)
        for row in rows
        for place in where.get(row.url, ())  # none: somebody has mended it since
        if may_see(user, place.model)
    ]
    return [
        Card(
            _("Links that lead nowhere"),
            [entry_of(row, place) for row, place in seen if row.is_broken],
            "links",
            _("Open the form. Put in a better address, or take the link out."),
        ),
        Card(
            _("Links that have moved"),
            [entry_of(row, place) for row, place in seen if row.is_moved],
            "moved-links",
            _("They still work. Put in the new address when you next change the form."),
        ),
    ]


def entry_of(row, place):
    words = row.in_words
    if not row.is_moved:
        words = _("%(fault)s, since %(day)s") % {"fault": words, "day": date_format(row.since)}
    return Entry(
        place.title,
        form_address(place.model, str(place.key)),
        f"{row.url}: {words}",
        what=capfirst(place.model._meta.verbose_name),
        row=(place.model, place.key),
    )
