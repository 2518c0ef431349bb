"""Words as people read them: what nobody sees, and what turns the words around, is left out.

A pasted text brings such characters along unseen. They end a line of a log, a header or a cell,
make a feed that no program can read, and let a number be shown backwards (bidi overrides). The
fields clean whichever way they are saved, so that no import, script or form brings one in.
"""

import re
from html import unescape
from unicodedata import category

from django.db import models

from awareness.content.validators import undisguised

# Line ends of other programs: vertical tab (Word's), form feed, NEL, and Unicode's two.
OTHER_LINE_ENDS = re.compile("\r(?!\n)|[\x0b\x0c\x85\u2028\u2029]")
HARD_SPACES = re.compile("[\xa0\u2007\u202f]")  # a line of them breaks within words, on a phone
HIDDEN = re.compile(
    "["
    "\x00-\x08\x0e-\x1f\x7f-\x9f"  # controls
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # the direction of what follows
    "\u200b\u2060-\u2064\ufeff\ufff9-\ufffb"  # of no width, but for joiners, which scripts need
    "\xad"  # soft hyphens: whoever looks for the word types none
    "\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff"  # no characters at all
    "\U000e0000-\U000e007f"  # tags: a second text that only machines read
    "]"
)
# Looked for at the start of a space alone: from each of its characters, a long one takes minutes.
BREAKS = re.compile(r"(?<!\s)[^\S\n\t]*[\n\t]\s*")
TAG = re.compile(r"<[^>]+>")
NO_LETTER = re.compile(r"&#[0-9]{4000,};?")


def letters(html):
    """``html`` with letters in the place of their numbers and names. A number of thousands of
    digits is no letter; Python's own fails at it."""
    return unescape(NO_LETTER.sub("\ufffd", html))


def words_alone(html):
    """``html`` without its tags. Where no ">" follows there is none, and nothing to look for again
    and again."""
    end = html.rfind(">") + 1
    return letters(TAG.sub(" ", html[:end]) + html[end:])


def seen(text):
    """``text`` without what nobody sees, and with line ends and spaces that every program knows."""
    return HIDDEN.sub("", HARD_SPACES.sub(" ", OTHER_LINE_ENDS.sub("\n", text)))


def one_line(text):
    return BREAKS.sub(" ", seen(text)).strip()


def as_typed(text):
    """With the dashes and spaces of a keyboard: web pages have others that look the same."""
    kinds = {"Pd": "-", "Zs": " ", "Cf": ""}
    return "".join("-" if c == "\u2212" else kinds.get(category(c), c) for c in text)


class Plain:
    """For a model field that holds words: full_clean(), save(), update() and bulk_create() all
    go through to_python()."""

    cleaned_by = staticmethod(seen)

    def to_python(self, value):
        value = super().to_python(value)
        return self.cleaned_by(value) if isinstance(value, str) else value

    def pre_save(self, model_instance, add):
        value = self.to_python(super().pre_save(model_instance, add))
        # Not setattr: modeltranslation would copy an English fallback into the Spanish text.
        model_instance.__dict__[self.attname] = value
        return value

    def deconstruct(self):
        name, _path, args, kwargs = super().deconstruct()
        return name, f"django.db.models.{self.known_as}", args, kwargs


class Line(Plain, models.CharField):
    cleaned_by, known_as = staticmethod(one_line), "CharField"


class Number(Line):
    """Digits that people copy from web pages."""

    cleaned_by = staticmethod(lambda text: one_line(as_typed(text)))


class Lines(Plain, models.TextField):
    known_as = "TextField"


class Address(Plain, models.URLField):
    cleaned_by, known_as = staticmethod(one_line), "URLField"
    default_validators = [*models.URLField.default_validators, undisguised]


class Mail(Plain, models.EmailField):
    cleaned_by, known_as = staticmethod(one_line), "EmailField"
