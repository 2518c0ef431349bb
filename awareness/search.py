"""Search over everything that the public reads, forgiving of accents and small slips.

Nothing is kept: the words come in the body of a request and are gone with the answer. The
content of a site like this fits in memory many times over, so each search reads what is live
and scores it; there is no index to keep true.
"""

import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from rapidfuzz import fuzz, process

from awareness.plain import words_alone
from awareness.sitemaps import FIXED_PAGES
from awareness.starter import read_toml
from pages.models import HelpLine, Section, Update
from stats import sentences
from stats.models import Figure

MOST_WORDS = 12
MOST_RESULTS = 20
MOST_FIGURES = 6  # or a year's name would bring nothing else
FIGURE = _("Figure")
LANGUAGES = [code for code, _name in settings.LANGUAGES]
PART = 100  # letters that are made small and plain at once
ALIKE = 82  # per cent of a word's letters that must agree

WORDS = read_toml(Path(__file__).parent / "search_words.toml")
SMALL = set(WORDS["small"].split())
ASKS_FOR_HELP = set(WORDS["asks_for_help"].split())
PHRASES = WORDS["asks_for_help_in"]


@dataclass(eq=False)
class Result:
    kind: str
    title: str
    summary: str
    url: str
    words: dict  # {word: weight}
    score: float = 0


def normal(text):
    """Small letters without accents: “Línea” and “linea” are the same word."""
    text = text.casefold()
    # In parts: it sorts the accents of a letter, and takes minutes where they are 100,000.
    parts = (text[begin : begin + PART] for begin in range(0, len(text), PART))
    letters = "".join(unicodedata.normalize("NFKD", part) for part in parts)
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def words_of(text):
    return re.findall(r"\w+", normal(text))


def asks_for_help(query):
    """Whether somebody who typed this may need a help line before anything else."""
    if any(phrase in " ".join(words_of(query)) for phrase in PHRASES):
        return True
    return any(
        word in ASKS_FOR_HELP
        or (
            len(word) > 4
            and process.extractOne(word, ASKS_FOR_HELP, scorer=fuzz.ratio, score_cutoff=88)
        )
        for word in words_of(query)
    )


def search(query):
    """Returns the best results for these words, best first."""
    wanted = [word for word in words_of(query)[:MOST_WORDS] if word not in SMALL]
    if not wanted:
        return []
    found = []
    for result in everything():
        scores = [score(word, result.words) for word in wanted]
        result.score = sum(scores) * sum(map(bool, scores)) / len(wanted)
        if result.score:
            found.append(result)
    found.sort(key=lambda result: -result.score)
    too_many = [result for result in found if result.kind == FIGURE][MOST_FIGURES:]
    return [result for result in found if result not in too_many][:MOST_RESULTS]


def score(word, words):
    """How well one word is found among those of a text: its weight there, less for a slip."""
    if word in words:
        return words[word]
    if word.isdigit() or len(word) < 4:
        return 0
    alike = process.extract(word, words.keys(), scorer=fuzz.ratio, score_cutoff=ALIKE, limit=3)
    begun = [weight for other, weight in words.items() if other.startswith(word)]
    return max([*(words[other] * 0.6 for other, *_rest in alike), *(w * 0.7 for w in begun), 0])


def weighed(item, *names):
    """{word: weight} of an item's texts in every language, given in order of importance."""
    words = {}
    for weight, name in zip((4, 2, 1), names, strict=False):
        translated = [getattr(item, f"{name}_{code}", None) for code in LANGUAGES]
        for text in [*translated, getattr(item, name)]:
            for word in words_of(words_alone(text or "")):
                words.setdefault(word, weight)
    return words


def everything():
    """All that is live, as results without a score."""
    for route, title in FIXED_PAGES:
        texts = []
        for code in LANGUAGES:
            with translation.override(code):
                texts.append(str(title))
        words = {word: 4 for text in texts for word in words_of(text)}
        yield Result(_("Page"), title, "", reverse(route), words)
    for item in [*Section.objects.live(), *Update.objects.live()]:
        is_page = isinstance(item, Section) and item.kind != Section.Kind.GUIDE
        kind = _("Update") if isinstance(item, Update) else _("Page") if is_page else _("Guide")
        words = weighed(item, "title", "summary", "body")
        yield Result(kind, item.title, item.summary, item.get_absolute_url(), words)
    for line in HelpLine.objects.live():
        title = f"{line.name}: {line.shown}" if line.number else line.name
        words = weighed(line, "name", "description")
        words |= dict.fromkeys(words_of(f"{line.number} {line.text_word}"), 4)
        yield Result(_("Help line"), title, line.description, line.href, words)
    yield from figures()


def figures():
    """The newest figures come first among equals."""
    place_words, measure_words = {}, {}
    current = Figure.objects.current().filter(value__isnull=False).with_names()
    for figure in current.order_by("-last_day"):
        place, measure = figure.place, figure.measure
        if place.pk not in place_words:
            place_words[place.pk] = weighed(place, "name", "in_sentence")
        if measure.pk not in measure_words:
            measure_words[measure.pk] = weighed(measure, "name", "noun_many", "noun_one")
        words = place_words[place.pk] | measure_words[measure.pk]
        words |= dict.fromkeys(words_of(sentences.period(figure)), 4)
        words |= dict.fromkeys(words_of(str(figure.value)), 1)
        url = f"{place.get_absolute_url()}#series-{measure.code}"
        yield Result(FIGURE, sentences.sentence(figure), "", url, words)
