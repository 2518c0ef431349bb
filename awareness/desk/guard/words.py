"""A notice as staff read it, on the first page and in a letter."""

import unicodedata

from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from awareness.desk.compare import EMPTY, Text, differences
from awareness.desk.compare import in_words as words_of
from awareness.desk.snapshot import fields_of
from awareness.models import Notice

from .alarms import row_of

Kind = Notice.Kind
SENTENCES = {
    Kind.CHANGED: gettext_lazy("“%(title)s” was changed."),
    Kind.PUBLISHED: gettext_lazy("“%(title)s” was published."),
    Kind.UNPUBLISHED: gettext_lazy("“%(title)s” was unpublished."),
    Kind.DELETED: gettext_lazy("“%(title)s” was deleted."),
    Kind.BEGAN: gettext_lazy("The publish time of “%(title)s” has come: the public sees it now."),
    Kind.ENDED: gettext_lazy("The expiry time of “%(title)s” has come: nobody sees it now."),
    Kind.ORDER: gettext_lazy("The order of the help lines was changed."),
}
BY_DATE = (Kind.BEGAN, Kind.ENDED)


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
    return visible(Truncator(" ".join(text.split())).chars(length))


def sentence(notice):
    return SENTENCES[notice.kind] % {"title": on_one_line(notice.title)}


def by_whom(notice):
    if notice.kind in BY_DATE:
        return _("By its date")
    if notice.who:
        return _("By %(who)s") % {"who": on_one_line(notice.who, 300)}
    return _("Not in the site's forms, so nobody knows by whom")


def way_back(alarm):
    """What the button does, on it."""
    goal, found = alarm.goal, alarm.found
    if alarm.is_of_order:
        return _("Put them in the order of before again")
    if goal is None:
        return _("Hide it again")
    sides = [seen and row_of(alarm.model, seen) for seen in (goal, found)]
    for name in alarm.model.guarded:
        was, is_now = (getattr(row, name, "") for row in sides)
        if was and was != is_now and not alarm.model._meta.get_field(name).choices:
            return _("Make it %(number)s again") % {"number": on_one_line(was)}
    return _("Return it to what it was")


def in_words(notice):
    """[Change] of what the public saw before and after."""
    return changes(notice.model, notice.kind, notice.before, notice.after)


def changes(model, kind, before, after, in_short=False):
    if kind == Kind.ORDER:
        label = _("Order")
        return differences({label: titles(before)}, {label: titles(after)})
    names = {field.name for field in fields_of(model)} - {"position"}
    names = model.guarded if in_short else names
    upon = after and row_of(model, after)
    sides = [before and row_of(model, before, upon and row_of(model, after)), upon]
    words = [of_one(row, seen, names) for row, seen in zip(sides, (before, after), strict=True)]
    return differences(*words)


def titles(placed):
    return Text(on_one_line(one["title"]) for one in placed)


def of_one(row, seen, names):
    """{label: value} of what the public sees of it."""
    if row is None:
        return {}
    words = {_("The public sees it"): _("Yes") if seen["live"] else _("No")}
    if "place" in seen:
        place, number = seen["place"]
        words[_("Place in the list")] = _("%(place)s of %(number)s") % {
            "place": place,
            "number": number,
        }
    found = words_of(row, names).items()
    return words | {label: shown(value) for label, value in found if value != EMPTY}


def shown(value):
    """One line is one value: a number reads better whole, "this → that"."""
    if isinstance(value, Text) and len(value) != 1:
        return Text(map(visible, value), visible(value.markup))
    return visible(value[0] if isinstance(value, Text) else str(value))
