"""Search over everything that the public reads, forgiving of accents and small slips.

No word of a visitor is kept: they come in the body of a request and are gone with the answer. The
words of the site itself are held in each process, once for each language that somebody searched in,
for as long as the content version stays and no date of publishing or expiring comes.
"""

import re
import unicodedata
from bisect import bisect_left
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from threading import Lock

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _
from rapidfuzz import fuzz, process

from awareness.content.fields import words_alone
from awareness.content.publishing import next_moment
from awareness.content.starter import read_toml
from awareness.sitemaps import FIXED_PAGES, indexes
from awareness.web.models import ContentVersion
from pages.models import HelpLine, Section, Service, Synonym, Update
from stats import sentences
from stats.models import Figure

MOST_WORDS = 12
MOST_RESULTS = 20
MOST_FIGURES = 6  # or a year's name would bring nothing else
FIGURE = _("Figure")
KINDS = {
    Section.Kind.GUIDE: _("Guide"),
    Section.Kind.SIGNS: _("Signs"),
    Section.Kind.HELP: _("Help"),
    Section.Kind.QUESTION: _("Question"),
    Section.Kind.MYTH: _("Myth"),
    Section.Kind.WORD: _("Word"),
}
LANGUAGES = [code for code, _name in settings.LANGUAGES]
PART = 100  # letters that are made small and plain at once
LONG = 8  # letters of a word that is also found by one like it
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
    line: HelpLine | None = None  # whose number stands beside it: to open a result dials nothing


@dataclass(eq=False)
class Index:
    """What is live at ``at``, until something changes."""

    version: int
    since: datetime
    until: datetime | None
    synonyms: list = field(default_factory=list)  # (words that people type, [words of ours])
    results: list = field(default_factory=list)
    places: dict = field(default_factory=dict)  # {word: [(number of the result, weight)]}
    words: list = field(default_factory=list)  # in the order of the alphabet


_indexes = {}  # {language: Index}
_lock = Lock()


def index(at):
    """The index for this moment in the current language. One question while it is held."""
    language, version = translation.get_language(), ContentVersion.current()
    with _lock:  # one builds it while others wait
        held = _indexes.get(language)
        ended = held and (at < held.since or (held.until and at >= held.until))
        if not held or held.version != version or ended:
            held = _indexes[language] = built(Index(version, at, next_moment(at)))
        return held


def built(index):
    for number, (result, words) in enumerate(everything(index.since)):
        index.results.append(result)
        places = {}
        for word, weight in words.items():
            place = places.setdefault(weight, (number, weight))  # one tuple for many words
            index.places.setdefault(word, []).append(place)
    index.words = sorted(index.places)
    for row in Synonym.objects.all():
        meanings = [wanted_words(part) for part in row.means.split(",")]
        if words := words_of(row.word):
            index.synonyms.append((words, list(filter(None, meanings))))
    index.synonyms.sort(key=lambda pair: -len(pair[0]))
    return index


def normal(text):
    """Small letters without accents: “Línea” and “linea” are the same word."""
    text = text.casefold()
    if text.isascii():
        return text
    # In parts: it sorts the accents of a letter, and takes minutes where they are 100,000.
    parts = (text[begin : begin + PART] for begin in range(0, len(text), PART))
    letters = "".join(unicodedata.normalize("NFKD", part) for part in parts)
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def words_of(text):
    return re.findall(r"\w+", normal(text))


def asks_for_help(query):
    """Whether somebody who typed this may need a help line before anything else."""
    typed = f" {' '.join(words_of(query))} "
    if any(f" {phrase}" in typed for phrase in PHRASES):
        return True
    return any(
        word in ASKS_FOR_HELP
        or (
            len(word) > 4
            and process.extractOne(word, ASKS_FOR_HELP, scorer=fuzz.ratio, score_cutoff=88)
        )
        for word in words_of(query)
    )


def wanted_words(text):
    return [word for word in words_of(text) if word not in SMALL]


def search(query, at=None):
    """Returns the best results for these words, best first."""
    typed = words_of(query)[:MOST_WORDS]
    if not any(word not in SMALL for word in typed):
        return []
    held = index(at or timezone.now())
    scores = scores_of_synonyms(typed, held)
    scores += [score(word, held) for word in typed if word not in SMALL]
    best = {}
    for number in sorted(set().union(*scores)):
        found = [of_word[number] for of_word in scores if number in of_word]
        best[number] = sum(found) * len(found) / len(scores)
    numbers = sorted(best, key=best.get, reverse=True)
    found = [held.results[number] for number in numbers]
    too_many = [result for result in found if result.kind == FIGURE][MOST_FIGURES:]
    return [result for result in found if result not in too_many][:MOST_RESULTS]


def scores_of_synonyms(typed, index):
    """What staff say that some of these words mean; the words themselves go from ``typed``."""
    scores = []
    for words, meanings in index.synonyms:
        length = len(words)
        at = next((n for n in range(len(typed)) if typed[n : n + length] == words), None)
        if at is None:
            continue
        found = {}
        for phrase in [words, *meanings]:
            for number, worth in of_all(phrase, index).items():
                found[number] = max(found.get(number, 0), worth)
        scores.append(found)
        del typed[at : at + length]
    return scores


def of_all(words, index):
    """{number of a result in which all of the words are found: how well}"""
    parts = [score(word, index) for word in words]
    return {
        number: sum(part[number] for part in parts) / len(parts)
        for number in set(parts[0]).intersection(*parts)
    }


def score(word, index):
    """{number of a result: how well the word is found there}: its weight, less for a slip."""
    found = {}
    if len(word) > 3 and not word.isdigit():
        alike = []
        if len(word) >= LONG:  # of a short word, another one is as near as a slip
            alike = process.extract(
                word, index.words, scorer=fuzz.ratio, score_cutoff=ALIKE, limit=None
            )
        near = [(other, 0.6) for other, *_rest in alike]
        for other in index.words[bisect_left(index.words, word) :]:
            if not other.startswith(word):
                break
            near.append((other, 0.7))
        for other, part in near:
            for number, weight in index.places[other]:
                found[number] = max(found.get(number, 0), weight * part)
    return found | dict(index.places.get(word, []))


def weighed(item, *names):
    """{word: weight} of an item's texts in every language, given in order of importance."""
    words = {}
    for weight, name in zip((4, 2, 1), names, strict=False):
        translated = [getattr(item, f"{name}_{code}", None) for code in LANGUAGES]
        for text in dict.fromkeys([*translated, getattr(item, name)]):
            for word in words_of(words_alone(text or "")):
                words.setdefault(word, weight)
    return words


def everything(at):
    """[(result, {word: weight})] of all that is live at this moment."""
    near, there = reverse("pages:near"), reverse("pages:help")
    for route, title in [*FIXED_PAGES, *indexes(at)]:
        texts = []
        for code in LANGUAGES:
            with translation.override(code):
                texts.append(str(title))
        words = {word: 4 for text in texts for word in words_of(text)}
        yield Result(_("Page"), title, "", reverse(route)), words
    for item in [*Section.objects.live(at), *Update.objects.live(at)]:
        kind = _("Update") if isinstance(item, Update) else KINDS.get(item.kind, _("Page"))
        words = weighed(item, "title", "summary", "body")
        yield Result(kind, item.title, item.summary, item.get_absolute_url()), words
    for line in HelpLine.objects.live(at).exclude(where=HelpLine.Where.REPORT):
        words = weighed(line, "name", "description")
        words |= dict.fromkeys(words_of(f"{line.number} {line.text_word}"), 4)
        yield Result(_("Help line"), line.name, line.description, there, line), words
    for service in Service.objects.live(at):
        words = weighed(service, "name", "what_it_does", "counties")
        yield Result(_("Service nearby"), service.name, service.what_it_does, near), words
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
        yield Result(FIGURE, sentences.sentence(figure), "", url), words
