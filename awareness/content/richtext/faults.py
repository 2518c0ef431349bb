"""What makes a clean text harder to read, to hear or to use than it need be, as far as its markup
shows. Each is found with where it stands: an offset at which a mark can be put into the text."""

import re

from awareness.content.fields import words_alone

from .figures import FIGURE

LINK = re.compile(r'<a href="([^"]*)">(.*?)</a>', re.DOTALL)
HEADING = re.compile(r"<h([234])>(.*?)</h\1>", re.DOTALL)
TABLE = re.compile(r"<table>.*?</table>", re.DOTALL)
CELL = re.compile(r"<td[^>]*>")
# The words of a link that say nothing of where it leads, in both languages.
VAGUE = {
    *("click", "click here", "click this link", "here", "go here", "see here", "link", "this"),
    *("this link", "this page", "this site", "this website", "page", "website", "web site"),
    *("more", "read more", "see more", "learn more", "find out more", "more info", "info"),
    *("more information", "details", "more details", "continue", "continue reading"),
    *("clic", "clic aquí", "haga clic", "haga clic aquí", "haz clic", "haz clic aquí"),
    *("pulse aquí", "aquí", "vea aquí", "ver aquí", "enlace", "este enlace", "esta página"),
    *("este sitio", "página", "sitio web", "más", "lea más", "leer más", "vea más", "ver más"),
    *("conozca más", "saber más", "más información", "información", "detalles", "más detalles"),
    *("continuar", "seguir leyendo", "siga leyendo"),
}
TEMPLATE = re.compile(r"\[[^\W\d_][^][]{9,}\]")  # and not “[sic]”
BARE = re.compile(r"(?:https?://|www\.)\S+|[\w-]+(?:\.[\w-]+)+/\S*", re.IGNORECASE)


def readable(html):
    return " ".join(words_alone(html).split())


def links(html):
    """(where its words begin, the address as it is written, its words) of each."""
    for match in LINK.finditer(html):
        yield match.start(2), match[1], readable(match[2])


def is_vague(words):
    return " ".join(re.findall(r"\w+", words.casefold())) in VAGUE


def is_bare(words):
    return bool(BARE.fullmatch(words))


def skipped_levels(html):
    """(where, its words, its level, the level that should be there at most) of each heading that
    is more than one below the one before it; the page's title is the 1."""
    last = 1
    for match in HEADING.finditer(html):
        level = int(match[1])
        if level > last + 1:
            yield match.start(2), readable(match[2]), level, last + 1
        last = level


def tables_without_headings(html):
    for table in TABLE.finditer(html):
        cell = CELL.search(table[0])
        if "<th" not in table[0] and cell:
            yield table.start() + cell.end()


def pictures(html):
    """(where, number) of each."""
    for match in FIGURE.finditer(html):
        yield match.start(), int(match[1])


def of_templates(text):
    """Where each instruction in brackets begins, which was to be written over."""
    return [match.start() for match in TEMPLATE.finditer(text)]


def occurrences(text, phrases):
    """(where, which of ``phrases``, how it is written) of each that stands in it: in any letters,
    each of its words with the ending of a plural or without. Not inside of a tag, and not behind a
    quotation mark: that speaks of the word."""
    if not phrases:
        return
    longest_first, plural = sorted(phrases, key=len, reverse=True), r"(?:e?s)?"
    between = rf"{plural}\s+"
    patterns = [between.join(map(re.escape, phrase.split())) for phrase in longest_first]
    either = "|".join(f"({pattern})" for pattern in patterns)
    quoted = "|".join(patterns)
    pattern = rf"<[^<>]*>|[“\"«‘](?:{quoted}){plural}\b|\b(?:{either}){plural}\b"
    for match in re.finditer(pattern, text, re.IGNORECASE):
        if match.lastindex:
            yield match.start(), longest_first[match.lastindex - 1], " ".join(match[0].split())


# --- Marks ---------------------------------------------------------------------------------

# One letter of the private use area for each number: it passes the sanitizer and whatever makes a
# page of the text, and no address or anchor is made of it.
FIRST, MOST = 0xE100, 200


def with_marks(html, marks):
    """``marks``: [(where, number)]."""
    for at, number in sorted(marks, reverse=True):
        html = f"{html[:at]}{chr(FIRST + number)}{html[at:]}"
    return html


def marks_shown(page, show):
    """A page that was made of such a text, with ``show(number)`` in the place of each mark."""
    letter = f"[{chr(FIRST)}-{chr(FIRST + MOST)}]"

    def replaced(match):
        tag = match[0]
        return re.sub(letter, "", tag) if tag[0] == "<" else show(ord(tag) - FIRST)

    return re.sub(rf"<[^<>]*>|{letter}", replaced, page)
