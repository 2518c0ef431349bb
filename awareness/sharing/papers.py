"""Sheets to print, put up and hand out. The address holds every choice, so that the same address
gives the same sheet, with the numbers of that moment."""

import re
from typing import NamedTuple
from unicodedata import normalize

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.text import capfirst
from django.utils.translation import get_language, get_language_info, gettext_lazy
from django.utils.translation import gettext as _

from awareness.content.fields import one_line
from awareness.press.codes import qr_code
from awareness.sharing import signs
from awareness.web.addresses import absolute
from pages.models import HelpLine

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
    "signs": (
        gettext_lazy("Signs to know"),
        gettext_lazy("For a staff room or a front desk: one page, two in both languages."),
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
# Where another number or address could stand under our mark. Whoever has fewer than five digits is
# called by letters after them, or is one of three digits to dial. Post 3168 is nobody’s number.
FOREIGN = re.compile(
    r"[<>@]|://|www\.|[.。]\w{2,}(?:\W|$)|(?:\D*\d){5}|(?:\d\W*){3}[^\W\d]"
    r"|(?<!\d)(?:[2-9]\W*1\W*1|9\W*8\W*8)\W*$",
    re.IGNORECASE,
)
# What the fonts have for sure: Latin letters, and the marks between them.
PRINTED = re.compile(r"[ -~¡-ɏḀ-ỿ‐-―‘-„†-•…€]*")
SIZES = {"": 144, "small": 44}  # pixels an inch of a PNG


class Asked(NamedTuple):
    """What an address says of a sheet."""

    sheet: str = ""
    language: str = ""
    group: str = ""
    about: str = ""  # of a sheet of signs: the slug of its section
    size: str = ""


def asked_in(query, sheet=""):
    group, language = normalize("NFKC", query.get("group", "")), query.get("in", get_language())
    group = one_line(group)  # whose ⑤ is a 5 now
    return Asked(sheet, language, group, query.get("about", ""), query.get("size", ""))


def choices(site_context, asked, problem=""):
    """What the page of them shows: all that can be asked for, and what was."""
    sections = signs.sections_of(site_context)
    return {
        "sheets": [(name, *words) for name, words in SHEETS.items() if name != "signs" or sections],
        "languages": NAMES.items(),
        "longest": LONGEST,
        "signs": sections,
        "chosen": asked,
        "problem": problem,
    }


def problem_of(asked):
    if (
        asked.sheet not in (*SHEETS, ALL)
        or asked.language not in LANGUAGES
        or asked.size not in SIZES
    ):
        return _("We have no such sheet. Choose one of these.")
    if len(asked.group) > LONGEST:
        return _("The name is too long: there is room for %(most)d letters.") % {"most": LONGEST}
    if FOREIGN.search(asked.group):
        return _(
            "Write only the name of your group: no number, web address, or code. The numbers on "
            "our sheets are those of our help lines."
        )
    if not PRINTED.fullmatch(asked.group):
        return _("We can print only Latin letters, as in English and Spanish.")
    return ""


def sheet_data(asked, site_context):
    """(what templates/press/sheet.typ draws, the sentence that says why it cannot be)"""
    if problem := problem_of(asked):
        return None, problem
    if not site_context.call:
        return None, _("There is no number to print yet: no help line is published.")
    languages, section = LANGUAGES[asked.language], None
    if asked.sheet in ("signs", ALL):
        section = signs.section_of(site_context, asked.about)
    if section:
        languages = signs.languages_of(section, languages)
    elif asked.sheet == "signs":
        return None, _("We have no such sheet. Choose one of these.")
    return {
        "sheet": asked.sheet,
        "words": [words_in(language, asked.sheet, site_context, section) for language in languages],
        "numbers": {
            "call": site_context.call.number,
            "text": site_context.text.number if site_context.text else "",
            "danger": site_context.emergency.number if site_context.emergency else "",
        },
        "site": site_context.site.site_name,
        "group": asked.group,
    }, ""


def state_lines(site_context):
    """Of Missouri, to call: who must report a child's case must call one of these."""
    kind, area = HelpLine.Kind.CALL, HelpLine.Area.MISSOURI
    return [line for line in site_context.more_lines if (line.kind, line.area) == (kind, area)]


def words_in(language, sheet, site_context, section):
    with translation.override(language):
        hours = " ".join(
            f"{words}." for words in (site_context.call.hours, site_context.call.languages) if words
        )
        title = SHEETS[sheet][0] if sheet in SHEETS else _("Print and pass on")
        danger = site_context.emergency and _("In danger now? Call %(number)s.") % {
            "number": site_context.emergency.number
        }
        address = absolute(reverse("pages:help"))
        if sheet == "signs":
            title, address = section.title, absolute(section.get_absolute_url())
        return {
            "language": language,
            "title": f"{title} – {site_context.site.site_name}",
            "signs": section and signs.parts_of(section),
            "question": _("Is someone controlling you, your papers, or your pay?"),
            "short": _("Is someone controlling you?"),
            "call": _("Call"),
            "text": _("Text"),
            "hours": hours,
            "danger": danger or "",
            "state": ". ".join(f"{line.name}: {line.number}" for line in state_lines(site_context)),
            "other": str(NOT_THE_STATES),
            "code": [list(map(int, row)) for row in qr_code(address).matrix],
            "address": address,
            "shown": address.partition("://")[2].rstrip("/"),
        }
