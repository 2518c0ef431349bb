"""Rich text as plain lines, for people who compare two versions of it."""

from html.parser import HTMLParser

from django.utils.translation import gettext_lazy as _

from .figures import titles
from .sanitiser import BLOCKS, clean

MARKS = {"do": "✓ ", "dont": "✗ "}
KINDS = {"key": _("Key fact"), "myth": _("Myth"), "fact": _("Fact")}
PICTURE = _("Picture")
STARTS = [["• "], ["✓ "], ["✗ "]]


class _Lines(HTMLParser):
    """Reads only what the sanitiser wrote: well formed, and nothing but ALLOWED."""

    def __init__(self, pictures):
        super().__init__()
        self.pictures = pictures  # {number: title}
        self.lines = []
        self.parts = []  # the words of the line that is being read
        self.links = []  # for each open link its address, and where in `parts` its words begin
        self.titles = []  # for each open abbreviation what it stands for
        self.marks = []  # for each open list what stands before its items
        self.rows = 0  # table rows that are open: each is one line, whatever its cells hold

    def handle_data(self, data):
        self.parts.append(data)

    def end_line(self):
        if self.rows:
            self.parts.append(" ")
            return
        if (text := " ".join("".join(self.parts).split())).strip("•✓✗| "):
            self.lines.append(text.removesuffix(" |"))
        self.parts.clear()

    def handle_starttag(self, tag, attrs):
        # A paragraph may begin an item of a list; a caption stands behind its picture's name.
        if tag in BLOCKS and self.parts not in STARTS and tag != "figcaption":
            self.end_line()
        if tag in ("ul", "ol"):
            self.marks.append(MARKS.get(dict(attrs).get("class"), "• "))
        elif tag == "li":
            self.parts.append(self.marks[-1] if self.marks else "• ")
        elif tag == "p" and (kind := dict(attrs).get("class")):
            self.parts.append(f"({KINDS[kind]}) ")
        elif tag == "figure":
            number = int(dict(attrs)["data-picture"])
            self.parts.append(f"({PICTURE}: {self.pictures.get(number, number)}) ")
        elif tag == "tr":
            self.rows += 1
        elif tag == "a":
            self.links.append((dict(attrs).get("href", ""), len(self.parts)))
        elif tag == "abbr":
            self.titles.append(dict(attrs).get("title", ""))

    def handle_endtag(self, tag):
        if tag in ("td", "th"):
            self.parts.append(" | ")
        elif tag == "a":
            self.end_link(*self.links.pop())
        elif tag == "abbr" and (title := self.titles.pop()):
            self.parts.append(f" (= {title})")
        elif tag in ("ul", "ol"):
            self.marks.pop()
        self.rows -= tag == "tr"
        if tag in BLOCKS:
            self.end_line()

    def end_link(self, address, begins):
        words = "".join(self.parts[begins:])
        if address and words.strip() != address:
            space = " " if words[-1:].isspace() else ""
            self.parts.append(f" (→ {address}){space}")


def in_lines(html):
    """What a reader reads of it: a line for each block, without markup.

    A link says where it leads, an abbreviation what it stands for: both can be changed without
    a change of the words on the page. What is only layout (bold, the level of a heading, numbers
    of a list, quotation marks) leaves no trace: ``canonical`` tells two such texts apart.
    """
    html = clean(html or "")  # again: html.parser takes minutes for hostile markup
    reader = _Lines(titles(html))
    reader.feed(html)
    reader.close()
    reader.end_line()
    return reader.lines
