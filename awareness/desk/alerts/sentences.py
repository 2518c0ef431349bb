"""An alert as staff read it, on the first page and in an e-mail."""

import unicodedata

from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from awareness.audit.admin import form_address
from awareness.desk.alerts.models import Baseline
from awareness.desk.compare import EMPTY, Text, differences, in_words
from awareness.desk.item_version import fields_of

Kind = Baseline.Kind
SENTENCES = {
    Kind.CHANGED: gettext_lazy("“%(title)s” was changed."),
    Kind.PUBLISHED: gettext_lazy("“%(title)s” was published."),
    Kind.UNPUBLISHED: gettext_lazy("“%(title)s” was unpublished."),
    Kind.DELETED: gettext_lazy("“%(title)s” was deleted."),
    Kind.BEGAN: gettext_lazy("The publish time of “%(title)s” has come: the public sees it now."),
    Kind.ENDED: gettext_lazy("The expiry time of “%(title)s” has come: nobody sees it now."),
}


def visible(text):
    """What would show as nothing, or turn other words around, is named: a number with a hidden
    sign in it must not look like the one before."""
    return "".join(
        f"[U+{ord(letter):04X}]"
        if unicodedata.category(letter) in ("Cc", "Cf", "Cn", "Co", "Cs") and letter not in "\n"
        else letter
        for letter in text
    )


def on_one_line(text, length=120):
    return visible(Truncator(" ".join(str(text).split())).chars(length))


def describe(alert):
    """All that is shown of it."""
    is_there = alert.kind != Kind.DELETED
    return {
        "alert": alert,
        "title": on_one_line(alert),
        "sentence": SENTENCES[alert.kind] % {"title": on_one_line(alert)},
        "by_whom": by_whom(alert),
        "changes": changes(alert),
        "way_back": way_back(alert),
        "form_address": form_address(alert.model, alert.object_id) if is_there else "",
    }


def by_whom(alert):
    names = ", ".join(filter(None, alert.who))
    found = [_("By %(who)s") % {"who": on_one_line(names, 300)}] if names else []
    if alert.kind in (Kind.BEGAN, Kind.ENDED):
        found.insert(0, _("By its date"))
    elif "" in alert.who:
        found.append(_("Not changed in the site's forms, so nobody knows who did it"))
    return "; ".join(found)


def way_back(alert):
    """What the button does, on it."""
    goal = alert.goal()
    if goal is None:
        return _("Hide it again")
    was, now = alert.row(goal), alert.row(alert.seen)
    for name in alert.model.guarded:
        value = getattr(was, name)
        is_choice = was._meta.get_field(name).choices
        if value and value != getattr(now, name, "") and not is_choice:
            return _("Make it %(number)s again") % {"number": on_one_line(value)}
    return _("Bring back what it was")


def changes(alert):
    """Of an item that came or went, its number is enough."""
    names = {field.name for field in fields_of(alert.model)} - {"position"}
    if alert.confirmed is None or alert.seen is None:
        names = alert.model.guarded
    now = alert.row(alert.seen)
    before = alert.row(alert.confirmed, alert.row(alert.seen))
    sides = ((before, alert.confirmed), (now, alert.seen))
    return differences(*(of_one(row, seen, names) for row, seen in sides))


def of_one(row, seen, names):
    """{label: value} of what the public sees of it."""
    if row is None:
        return {}
    words = {_("The public sees it"): _("Yes") if seen["live"] else _("No")}
    found = in_words(row, names).items()
    return words | {label: shown(value) for label, value in found if value != EMPTY}


def shown(value):
    """One line is one value: a number reads better whole, "this → that"."""
    if isinstance(value, Text) and len(value) != 1:
        return Text(map(visible, value), visible(value.markup))
    return visible(value[0] if isinstance(value, Text) else str(value))
