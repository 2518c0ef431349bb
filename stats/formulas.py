"""How a text goes into a cell that no spreadsheet runs as a formula, and how it comes back."""

import re

STARTS = ("=", "+", "-", "@", "\t", "\r")  # how a spreadsheet knows a formula
# Apostrophes before it count too, or else nobody could tell whose they are.
UNSAFE = re.compile(r"'*[=+\-@\t\r]")
MADE_SAFE = re.compile(r"'+[=+\-@\t\r]")


def safe(text):
    """With an apostrophe before it, a spreadsheet shows the text instead of calculating it."""
    return f"'{text}" if UNSAFE.match(text) else text


def plain(cell):
    """The text that safe() was given."""
    return cell[1:] if MADE_SAFE.match(cell) else cell
