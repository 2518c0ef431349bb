"""How hard a text is to read: Flesch-Kincaid's grade for English, Fernández Huerta's ease for
Spanish. Syllables are counted by pyphen's hyphenation patterns, which miss a few: a guide for
the writer, not a mark.
"""

import re
from functools import cache

import pyphen
from django.utils.html import strip_tags
from django.utils.translation import gettext as _

from awareness.content.fields import letters

BLOCKS = re.compile(r"</(?:p|h\d|li|(?:fig)?caption|th|td|blockquote)>")
# Looked for at the first mark alone: from each of them, a long row of dots takes minutes.
END = re.compile(r"(?<![.!?:;])[.!?:;]+\s")
PATTERNS = {"en": "en_US", "es": "es"}
LONGEST = 50  # letters of a word; what goes on beyond them is none


@cache
def hyphens(language):
    """Read when a form first needs them: it takes a tenth of a second."""
    return pyphen.Pyphen(lang=PATTERNS[language])


def counts(html, language):
    """(sentences, words, syllables); each heading and list item is a sentence."""
    text = letters(strip_tags(BLOCKS.sub(". ", html)))
    words = re.findall(r"[^\W\d_]+", text)
    sentences = [part for part in END.split(text) if re.search(r"\w", part)]
    syllables = sum(hyphens(language).inserted(word[:LONGEST]).count("-") + 1 for word in words)
    return len(sentences), len(words), syllables


def grade(html):
    """The school year in which an American child could read this English text."""
    sentences, words, syllables = counts(html, "en")
    if not words:
        return None
    return round(0.39 * words / sentences + 11.8 * syllables / words - 15.59, 1)


def ease(html):
    """0 (hardest) to 100 (easiest) for a Spanish text; 70 to 80 is easy."""
    sentences, words, syllables = counts(html, "es")
    if not words:
        return None
    return round(206.84 - 60 * syllables / words - 1.02 * words / sentences)


def in_words(english, spanish):
    """What the editor sees beside the text."""
    parts = []
    if (english_grade := grade(english or "")) is not None:
        parts.append(
            _("English: grade %(grade)s (aim for 8 or lower, 6 where people look for help)")
            % {"grade": max(english_grade, 0)}
        )
    if (spanish_ease := ease(spanish or "")) is not None:
        parts.append(
            _("Spanish: ease %(ease)s of 100 (aim for 60 or higher, 70 where people look for help)")
            % {"ease": min(spanish_ease, 100)}
        )
    return ". ".join(parts) or "–"
