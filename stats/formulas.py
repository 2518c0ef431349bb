"""How a text goes into a cell that no spreadsheet runs as a formula, and how it comes back."""

import re

STARTS = ("=", "+", "-", "@", "\t", "\r")  # how a spreadsheet knows a formula
# One that cuts at semicolons, as it does where the comma is the decimal mark, sees the start of a
# cell behind each of them, quotation marks or not; it takes those that stand before a formula away,
# since the file doubles them. Apostrophes before a formula count too, or else nobody could tell
# whose they are.
_START = r"(?:^|(?<=[;|\t\r\n]))"
_FORMULA = rf"(?=['\"]*[{re.escape(''.join(STARTS))}])"
UNSAFE = re.compile(_START + _FORMULA)
MADE_SAFE = re.compile(f"{_START}'{_FORMULA}")


def safe(text):
    """With an apostrophe before it, a spreadsheet shows the text instead of calculating it."""
    return UNSAFE.sub("'", text)


def plain(cell):
    """The text that safe() was given."""
    return MADE_SAFE.sub("", cell)
