"""Which numbers can be dialed, as phonenumbers (Google's lists of them) knows."""

import re
from functools import lru_cache

import phonenumbers
from phonenumbers import ValidationResult

HERE = "US"
# Digits of a short code: 911, 988 and 211 take calls and often texts, longer ones take texts alone.
CALLED, TEXTED = {3}, {3, 5, 6}
# Of a sentence: a short code, one without its area code, or digits that are too many for a year.
SHORT = re.compile(r"(?<![\d,.:/$-])(?:\d{5,}|\d{3}[-. ]\d{4}|\d{3}|\d-\d-\d)(?![-:/]?\d|[,.]\d)")


def digits_of(number):
    return re.sub(r"\D", "", number)


@lru_cache(1024)
def parsed(number):
    """None for what is no number."""
    try:
        return phonenumbers.parse(number, HERE)
    except phonenumbers.NumberParseException:
        return None


def is_whole(found):
    """Whether it has as many digits as its country's numbers, the area code among them."""
    reason = found and phonenumbers.is_possible_number_with_reason(found)
    return reason == ValidationResult.IS_POSSIBLE


def is_possible(number, short=TEXTED):
    """``short``: how many digits a short code may have here."""
    return len(digits_of(number)) in short or is_whole(parsed(number))


def is_assigned(number, short=TEXTED):
    """Whether such numbers are given to anybody at all, as far as is known."""
    if len(digits_of(number)) in short:
        return phonenumbers.is_valid_short_number_for_region(parsed(number), HERE)
    return phonenumbers.is_valid_number(parsed(number))


def number_in(text):
    """The first thing in a text that somebody could dial; "" if there is none. Prices, days,
    years and times are none."""
    for match in phonenumbers.PhoneNumberMatcher(text, HERE, phonenumbers.Leniency.POSSIBLE):
        if is_whole(match.number):
            return match.raw_string
    found = [match[0] for match in SHORT.finditer(text)]
    return next((n for n in found if len(digits_of(n)) > 3 or is_assigned(n, CALLED)), "")


def dialed(number):
    """As a phone takes it: whole ones with the country before them."""
    found = parsed(number)
    if not is_whole(found):
        return digits_of(number)
    return phonenumbers.format_number(found, phonenumbers.PhoneNumberFormat.E164)
