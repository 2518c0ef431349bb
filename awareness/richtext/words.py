"""Rich text as plain lines, for people who compare two versions of it."""

from html.parser import HTMLParser

from .sanitiser import BLOCKS, clean


class _Lines(HTMLParser):
    """Reads only what the sanitiser wrote: well formed, and nothing but ALLOWED."""

    def __init__(self):
        super().__init__()
        self.lines = []
        self.parts = []  # the words of the line, or of the table cell, that is being read
        self.mark = ""  # what stands before them: a list item's bullet or number
        self.lists = []  # for each open list the number of its last item; None without numbers
        self.links = []  # for each open link its address, and where in `parts` its words begin
        self.titles = []  # for each open abbreviation what it stands for
        self.rows = 0  # how many table rows are open: 2 is a table within a table
        self.cells = []

    def handle_data(self, data):
        self.parts.append(data)

    def words(self):
        text = " ".join("".join(self.parts).split())
        self.parts.clear()
        return text

    def end_line(self):
        if self.rows:
            self.parts.append(" ")  # a row is one line, whatever its cells hold
            return
        if text := self.words():
            self.lines.append(self.mark + text)
            self.mark = ""

    def handle_starttag(self, tag, attrs):
        if tag in BLOCKS:
            self.end_line()
        if tag in ("ul", "ol"):
            self.lists.append(int(dict(attrs).get("start", 1)) - 1 if tag == "ol" else None)
        elif tag == "li":
            self.begin_item()
        elif tag == "tr":
            self.rows += 1
        elif tag in ("td", "th") and self.rows > 1 and "".join(self.parts).strip():
            self.parts.append(" | ")
        elif tag == "a":
            self.links.append((dict(attrs).get("href", ""), len(self.parts)))
        elif tag == "abbr":
            self.titles.append(dict(attrs).get("title", ""))
        elif tag == "q":
            self.parts.append("“")

    def begin_item(self):
        if self.lists and self.lists[-1] is not None:
            self.lists[-1] += 1
            mark = f"{self.lists[-1]}. "
        else:
            mark = "• "
        if self.rows:
            self.parts.append(mark)
        else:
            self.mark = mark

    def handle_endtag(self, tag):
        if tag in BLOCKS:
            self.end_line()
        if tag in ("ul", "ol") and self.lists:
            self.lists.pop()
        elif tag == "li":
            self.mark = ""
        elif tag in ("td", "th") and self.rows == 1:
            self.cells.append(self.words())
        elif tag == "tr" and self.rows:
            self.end_row()
        elif tag == "a" and self.links:
            self.end_link(*self.links.pop())
        elif tag == "abbr" and self.titles and (title := self.titles.pop()):
            self.parts.append(f" (= {title})")
        elif tag == "q":
            self.parts.append("”")

    def end_row(self):
        self.rows -= 1
        if not self.rows:
            if any(self.cells):
                self.lines.append(" | ".join(self.cells))
            self.cells.clear()

    def end_link(self, address, begins):
        words = "".join(self.parts[begins:])
        if address and words.strip() != address:
            space = " " if words[-1:].isspace() else ""
            self.parts.append(f" (→ {address}){space}")


def in_lines(html):
    """What a reader reads of it: a line for each block, without markup.

    A link says where it leads, an abbreviation what it stands for: both can be changed without
    a change of the words on the page. What is only layout (bold, the level of a heading, the
    language of a phrase) leaves no trace: ``canonical`` tells two such texts apart.
    """
    reader = _Lines()
    reader.feed(clean(html or ""))  # cleaned again: html.parser takes minutes for hostile markup
    reader.close()
    reader.end_line()
    return reader.lines
