"""How to cite what a page of figures shows, with an address that later revisions do not change."""

from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from . import sentences


def citations(choice, site):
    """[(style, words)]; none before there are figures. ``site`` is the name of this site."""
    day = choice.pinned.as_of
    if not day:
        return []
    words = {
        "site": site,
        "year": day.year,
        "title": sentences.title(choice),
        "counters": get_text_list(
            list(dict.fromkeys(map(sentences.counter, choice.measures))), _("and")
        ),
        "day": sentences.day_in_words(day),
        "address": choice.pinned.address,
    }
    return [
        ("APA", _("%(site)s. (%(year)s). %(title)s [Data set]. %(address)s") % words),
        ("MLA", _("“%(title)s.” %(site)s, %(day)s, %(address)s.") % words),
        (
            _("In a sentence"),
            _(
                "Figures from %(counters)s (%(title)s), as known on %(day)s and collected by "
                "%(site)s: %(address)s"
            )
            % words,
        ),
    ]
