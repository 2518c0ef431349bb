"""Search over everything that the public reads, forgiving of accents and small slips.

Nothing is kept: the words come in the body of a request and are gone with the answer. The
content of a site like this fits in memory many times over, so each search reads what is live
and scores it; there is no index to keep true.
"""

import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from django.utils.html import strip_tags
from django.utils.translation import gettext_lazy as _
from rapidfuzz import fuzz, process

from awareness.starter import read_toml
from pages.models import HelpLine, Section, Update
from stats import sentences
from stats.models import Figure

MOST_WORDS = 12
MOST_RESULTS = 20
ALIKE = 82  # per cent of a word's letters that must agree

WORDS = read_toml(Path(__file__).parent / "search_words.toml")
SMALL = set(WORDS["small"].split())
ASKS_FOR_HELP = set(WORDS["asks_for_help"].split())


@dataclass
class Result:
    kind: str
    title: str
    summary: str
    url: str
    words: dict  # {word: weight}
    score: float = 0


def normal(text):
    """Small letters without accents: “Línea” and “linea” are the same word."""
    letters = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def words_of(text):
    return re.findall(r"\w+", normal(text))


def asks_for_help(query):
    """Whether somebody who typed this may need a help line before anything else."""
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
    return sorted(found, key=lambda r: (-r.score, len(r.title)))[:MOST_RESULTS]


def score(word, words):
    """How well one word is found among those of a text: its weight there, less for a slip."""
    if word in words:
        return words[word]
    if word.isdigit() or len(word) < 4:
        return 0
    alike = process.extract(word, words.keys(), scorer=fuzz.ratio, score_cutoff=ALIKE, limit=3)
    begun = [weight for other, weight in words.items() if other.startswith(word)]
    return max([*(words[other] * 0.6 for other, *_rest in alike), *(w * 0.7 for w in begun), 0])


def weighed(*texts):
    """{word: weight} of texts that are given in order of importance."""
    words = {}
    for weight, text in zip((4, 2, 1), texts, strict=False):
        for word in words_of(text or ""):
            words.setdefault(word, weight)
    return words


def everything():
    """All that is live, as results without a score."""
    for section in Section.objects.live():
        yield Result(
            _("Guide") if section.kind == Section.Kind.GUIDE else _("Page"),
            section.title,
            section.summary,
            section.get_absolute_url(),
            weighed(section.title, section.summary, strip_tags(section.body)),
        )
    for update in Update.objects.live():
        yield Result(
            _("Update"),
            update.title,
            update.summary,
            update.get_absolute_url(),
            weighed(update.title, update.summary, strip_tags(update.body)),
        )
    for line in HelpLine.objects.live():
        yield Result(
            _("Help line"),
            f"{line.name}: {line.shown}" if line.number else line.name,
            line.description,
            line.href,
            weighed(line.name, f"{line.number} {line.text_word}", line.description),
        )
    for figure in Figure.objects.current().filter(value__isnull=False).with_names():
        sentence = sentences.sentence(figure)
        yield Result(
            _("Figure"),
            sentence,
            "",
            f"{figure.place.get_absolute_url()}#series-{figure.measure.code}",
            weighed(
                f"{figure.place} {figure.measure} {sentences.period(figure)}",
                f"{figure.measure.noun_one} {figure.measure.noun_many}",
                sentence,
            ),
        )
