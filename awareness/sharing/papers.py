"""Sheets to print, put up and hand out. The address holds every choice, so that the same address
gives the same sheet, with the numbers of that moment."""

import re

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.text import capfirst
from django.utils.translation import get_language, get_language_info, gettext_lazy
from django.utils.translation import gettext as _

from awareness.press.codes import qr_code
from awareness.web.addresses import absolute
from pages.site_context import site_context

SHEETS = {
    "poster": (
        gettext_lazy("Poster"),
        gettext_lazy("One page, with tabs to tear off. A tab holds the number and nothing else."),
    ),
    "flyer": (gettext_lazy("Flyer"), gettext_lazy("Half a page, two on a sheet to cut apart.")),
    "cards": (
        gettext_lazy("Wallet cards"),
        gettext_lazy("Ten on a sheet, in the size of business cards."),
    ),
    "sticker": (
        gettext_lazy("Restroom sticker"),
        gettext_lazy("Four on a sheet. Large numbers, and no code that others could see scanned."),
    ),
}
NOT_THE_STATES = gettext_lazy(
    "Missouri law (RSMo 595.120) asks some places to post the state’s own sign. This is not that "
    "sign."
)
ALL = "all"  # in one picture, so that their page asks for one
CODES = [code for code, _name in settings.LANGUAGES]
LANGUAGES = {**{code: [code] for code in CODES}, "both": CODES[:2]}
NAMES = {code: capfirst(get_language_info(code)["name_local"]) for code in CODES}
NAMES["both"] = gettext_lazy("Both languages")
LONGEST = 60  # letters of a group's name
# Where another number or address could stand under our mark.
FOREIGN = re.compile(r"[<>@]|\d{3}|://|www\.|\.\w{2,}(?:\W|$)", re.IGNORECASE)
SIZES = {"": 144, "small": 44}  # pixels an inch of a PNG


def choices(**asked):
    chosen = {"sheet": "", "group": "", "language": get_language(), **asked}
    sheets = [(name, *words) for name, words in SHEETS.items()]
    return {"sheets": sheets, "languages": NAMES.items(), "longest": LONGEST, "chosen": chosen}


def problem_of(sheet, language, size, group):
    if sheet not in (*SHEETS, ALL) or language not in LANGUAGES or size not in SIZES:
        return _("We have no such sheet. Choose one of these.")
    if len(group) > LONGEST:
        return _("The name is too long: there is room for %(most)d letters.") % {"most": LONGEST}
    if FOREIGN.search(group):
        return _(
            "Write only the name of your group: no number, web address, or code. The numbers on "
            "our sheets are those of our help lines."
        )
    return ""


def sheet_data(sheet, languages, group, request):
    """What templates/press/sheet.typ draws; None without a number to call."""
    frame = site_context(request)
    if not frame.call:
        return None
    numbers = {
        "call": frame.call.number,
        "text": frame.text.number if frame.text else "",
        "danger": frame.emergency.number if frame.emergency else "",
    }
    with translation.override(languages[0]):
        address = absolute(reverse("pages:help"))
    return {
        "sheet": sheet,
        "words": [words_in(language, sheet, frame) for language in languages],
        "numbers": numbers,
        "site": frame.site.site_name,
        "group": group,
        "code": [list(map(int, row)) for row in qr_code(address).matrix],
        "address": address,
        "shown": address.partition("://")[2].rstrip("/"),
    }


def words_in(language, sheet, frame):
    with translation.override(language):
        hours = " ".join(f"{words}." for words in (frame.call.hours, frame.call.languages) if words)
        title = SHEETS[sheet][0] if sheet in SHEETS else _("Print and pass on")
        danger = frame.emergency and _("In danger now? Call %(number)s.") % {
            "number": frame.emergency.number
        }
        return {
            "language": language,
            "title": f"{title} – {frame.site.site_name}",
            "question": _("Is someone controlling you, your papers, or your pay?"),
            "short": _("Is someone controlling you?"),
            "call": _("Call"),
            "text": _("Text"),
            "hours": hours,
            "danger": danger or "",
            "other": str(NOT_THE_STATES),
        }
