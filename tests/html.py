"""A page as a tree, read with the standard library alone."""

from html.parser import HTMLParser

INLINE = {"a", "abbr", "b", "em", "small", "span", "strong", "time"}
VOID = {"base", "br", "hr", "img", "input", "link", "meta", "source"}


class Element:
    def __init__(self, tag="", attrs=(), parent=None):
        self.tag, self.attrs, self.parent, self.children = tag, dict(attrs), parent, []

    @property
    def text(self):
        """Its words as they are read, without those of scripts: one space for any space."""
        return " ".join(self.words.split())

    @property
    def words(self):
        read = [c for c in self.children if getattr(c, "tag", "") not in ("script", "style")]
        words = "".join(c if isinstance(c, str) else c.words for c in read)
        return words if self.tag in INLINE else f" {words} "

    @property
    def raw(self):
        words = "".join(c if isinstance(c, str) else c.raw for c in self.children)
        return words if self.tag in INLINE else f" {words} "

    def walk(self):
        waiting = self.children[::-1]
        while waiting:
            child = waiting.pop()
            if isinstance(child, Element):
                yield child
                waiting.extend(reversed(child.children))

    def is_like(self, tags, attrs, classes):
        return (
            (not tags or self.tag in tags)
            and attrs.items() <= self.attrs.items()
            and set(classes.split()) <= set(self.attrs.get("class", "").split())
        )

    def all(self, *tags, class_="", **attrs):
        """The elements of these kinds inside it, with these attributes and classes, in order."""
        return [element for element in self.walk() if element.is_like(tags, attrs, class_)]

    def one(self, *tags, **attrs):
        found = self.all(*tags, **attrs)
        assert len(found) == 1, f"{len(found)} of {tags} {attrs}"
        return found[0]


class Reader(HTMLParser):
    def __init__(self):
        super().__init__()
        self.root = self.here = Element()

    def handle_starttag(self, tag, attrs):
        element = Element(tag, attrs, self.here)
        self.here.children.append(element)
        if tag not in VOID:
            self.here = element

    def handle_startendtag(self, tag, attrs):
        self.here.children.append(Element(tag, attrs, self.here))

    def handle_endtag(self, tag):
        assert tag == self.here.tag, f"</{tag}> inside <{self.here.tag}>"
        self.here = self.here.parent

    def handle_data(self, data):
        self.here.children.append(data)


def read(response):
    return read_text(response.content.decode())


def read_text(html):
    """The tree of it; a tag that is not closed where it should be fails the test."""
    reader = Reader()
    reader.feed(html)
    reader.close()
    assert reader.here is reader.root, f"<{reader.here.tag}> is never closed"
    return reader.root


def table(element):
    """[[words of each cell] for each row of the body]."""
    rows = element.one("tbody").all("tr")
    return [[cell.text for cell in row.all("th", "td")] for row in rows]


def fields_of(page):
    """What a browser would send if nobody touched the form: {name: value}."""
    sent = {}
    form = next(f for f in page.all("form") if f.attrs.get("id", "").endswith("_form"))
    for element in form.all("input", "textarea", "select"):
        name, kind = element.attrs.get("name"), element.attrs.get("type")
        if not name or kind in ("submit", "button", "file") or "__prefix__" in name:
            continue
        if element.tag == "select":
            chosen = [o for o in element.all("option") if "selected" in o.attrs]
            sent[name] = (
                [o.attrs["value"] for o in chosen]
                if "multiple" in element.attrs
                else (chosen[0].attrs["value"] if chosen else "")
            )
        elif kind in ("checkbox", "radio"):
            if "checked" in element.attrs:
                sent[name] = element.attrs.get("value", "on")
        else:
            sent[name] = (
                element.raw.strip() if element.tag == "textarea" else element.attrs.get("value", "")
            )
    return sent
