"""What may be published, and what takes the rest away. Nothing else knows nh3."""

import re
from functools import lru_cache
from string import ascii_lowercase
from typing import NamedTuple

import nh3
from django.utils.html import escape
from django.utils.translation import gettext as _

from awareness.content import phones
from awareness.content.fields import as_typed, letters, seen

from .figures import FIGURE, arranged

# What staff may set apart, and nothing freer: a key fact, a myth with its fact, what to do and not.
CLASSES = {"p": {"key", "myth", "fact"}, "ul": {"do", "dont"}, "ol": {"do", "dont"}}

# Everything that a body may hold. The editor's own filter is made from this too, so an editor who
# opens and saves a page loses nothing that the sanitiser would have kept.
ALLOWED = {
    **{tag: set() for tag in ("br", "hr", "h2", "h3", "h4", "li", "blockquote")},
    **{tag: {"class"} for tag in ("p", "ul")},
    "ol": {"start", "class"},
    **{tag: set() for tag in ("strong", "em", "cite", "q", "sub", "sup")},
    **{tag: set() for tag in ("table", "caption", "thead", "tbody", "tr")},
    "a": {"href"},
    "abbr": {"title"},
    "span": {"lang"},
    "th": {"scope", "colspan", "rowspan"},
    "td": {"colspan", "rowspan"},
    "figure": {"data-picture"},  # what may stand in one, and where: figures.py
    "figcaption": set(),
}
BLOCKS = {"p", "br", "hr", "h2", "h3", "h4", "ul", "ol", "li", "blockquote", "table", "caption"} | {
    *("thead", "tbody", "tr", "th", "td", "figure", "figcaption")
}
MAX_BYTES = 200_000
# Elements. The parser looks through all that are open at each new one: 40,000 took it 8 seconds.
MAX_PARTS = 5_000

# What is never published, and whose inside is no text for readers either.
CODE = {
    *("script", "style", "template", "noscript", "iframe", "object", "embed", "applet"),
    *("svg", "math", "canvas", "audio", "video", "textarea", "select"),
}
# Also never published, but their words are kept: an unclosed <form> must not swallow the page.
FORMS = {"form", "input", "button", "frame", "frameset", "fieldset"}
PICTURES = {"img", "image", "picture"}

# Same meaning under another name. A page's title is its only h1.
RENAMED = {"h1": "h2", "h5": "h4", "h6": "h4", "b": "strong", "i": "em"}
# Without these attributes the element says nothing, so it is unwrapped.
NEEDS = {"a": "href", "span": "lang", "figure": "data-picture"}

_RENAME = re.compile(rf"<(/?)({'|'.join(RENAMED)})(?=[\s/>])", re.IGNORECASE)
# The parser opens these again in each paragraph that comes after one in which they were not closed,
# all that differ in their attributes: 10 kB became 5 MB. None of them may have any, so away first.
_FORMATTING = re.compile(
    r"<(b|big|code|em|font|i|nobr|s|small|strike|strong|tt|u)[\s/][^>]*>", re.IGNORECASE
)
_PART = re.compile(r"<[a-z]", re.IGNORECASE)
_ANY_TAG = re.compile(r"<[^<>]*>")  # of what nobody has parsed yet
_BLOCK_END = re.compile(r"</(?:div|section|article|dd|dt|address)\s*>", re.IGNORECASE)
_TAG = re.compile(r"<[^>]*>")
_NEEDY = re.compile(rf"<(/?)({'|'.join(NEEDS)})\b([^>]*)>")
_START_TAG = re.compile(r"<([a-z][a-z0-9]*)([^>]*)>")
_PAIR = re.compile(r' ([^\s=]+)="([^"]*)"')
# Nothing to read in it: a "Key fact:" with no fact, or an entry without words in the contents.
_EMPTY = re.compile(
    r'<(p|h[2-4])(?: class="[a-z]+")?>'
    r"(?:\s|<br>|</?(?:a|abbr|cite|em|q|span|strong|sub|sup)\b[^>]*>)*</\1>"
)

_VALUE = {
    "title": re.compile(r"[^\x00-\x1f]{1,200}"),
    "lang": re.compile(r"[a-z]{2}"),  # what the button writes; not Word's "EN-US" on every phrase
    "scope": re.compile(r"row|col|rowgroup|colgroup"),
    "start": re.compile(r"[1-9]\d{0,3}"),
    "colspan": re.compile(r"[1-9]\d?"),
    "rowspan": re.compile(r"[1-9]\d?"),
    "data-picture": re.compile(r"[1-9][0-9]{0,8}"),
    # "//host" and "/\host" lead to another host, although they look like paths of our own; and
    # "https://host@other" leads to the other one. No "#part" of the same page: bodies have no ids,
    # and Word's and Google Docs' notes and contents bring links to theirs.
    "href": re.compile(
        r"/(?!/)[^\\]*|[?][^\\]*|https://[^/?#@\\\s]+(?:[/?#][^\\]*)?|(?:mailto|tel|sms):[^\\]+",
        re.IGNORECASE,
    ),
}


_NUMBER = re.compile(r"(?:tel|sms):([^?;&]*)", re.IGNORECASE)  # before what a text would say


def _attribute(tag, name, value):
    """The attribute's value as it may be published, or None."""
    if name == "href":
        # Browsers strip these from the ends and drop tabs and line ends from the middle, so
        # "/\t/host" is "//host" to them: whatever still holds one is refused.
        value = value.strip("".join(map(chr, range(33))))
        if re.search(r"[\x00-\x1f\x7f]", value):
            return None
        if match := _NUMBER.match(value):
            value = as_typed(match[0]) + value[match.end() :]
    if name == "class":
        return value if value in CLASSES.get(tag, ()) else None
    # Called for attributes of elements that are about to go, too: hence .get().
    allowed = _VALUE.get(name)
    return value if allowed and allowed.fullmatch(value) else None


_SANITISER = nh3.Cleaner(
    tags=set(ALLOWED),
    attributes={"*": set(), **ALLOWED},  # or else nh3 lets title and lang stand on all of them
    attribute_filter=_attribute,
    clean_content_tags=CODE,
    url_schemes={"https", "mailto", "tel", "sms"},
    link_rel=None,  # the Referrer-Policy header does this for the whole site
)


def _unwrap_needy(html):
    """Take away <a> without an address and the like, keeping their words.

    `html` comes from the sanitiser, so tags are well formed and hold no ">" in a value.
    """
    kept = []

    def replace(match):
        closing, tag, attributes = match.groups()
        if closing:
            keep = kept.pop()
        else:
            keep = f" {NEEDS[tag]}=" in attributes
            kept.append(keep)
        return match[0] if keep else " " * (tag == "figure")

    return _NEEDY.sub(replace, html)


def _bare(html):
    """Bold and the like without attributes. Where no ">" follows, there is no tag any more, and
    nothing to look for again and again."""
    end = html.rfind(">") + 1
    return _FORMATTING.sub(r"<\1>", html[:end]) + html[end:]


def _once(html):
    html = _bare(seen(html))
    html = _RENAME.sub(lambda m: f"<{m[1]}{RENAMED[m[2].lower()]}", html)
    html = _BLOCK_END.sub(r"\g<0> ", html)  # or the words on both sides would run together
    # Outlook writes its spaces so, and browsers those beside a tag: no line could break there.
    html = _unwrap_needy(_SANITISER.clean(html)).replace("&nbsp;", " ")
    return _EMPTY.sub("", arranged(html))


def has_too_many_parts(html):
    """Counted before it is parsed, since parsing is what takes long."""
    return len(_PART.findall(html)) > MAX_PARTS


@lru_cache(maxsize=256)
def clean(html):
    """`html` with only what ALLOWED names; "" where nothing is left to read.

    Repeated until nothing changes: text that parses differently the second time is how markup
    gets past sanitisers, so what never settles is published without any markup.
    """
    if has_too_many_parts(html):
        html = escape(letters(_ANY_TAG.sub(" ", html)))
    for _attempt in range(8):
        html, before = _once(html), html
        if html == before:
            break
    else:
        html = nh3.clean(html, tags=set())
    return html if "<hr>" in html or has_words(html) else ""


def has_words(html):
    return bool(letters(_TAG.sub("", html)).strip())


def canonical(html):
    """The same for two texts that differ only in line breaks and indentation, as a text does that
    the editor has opened and sent back unchanged."""
    html = re.sub(r"\s+", " ", clean(html))
    return re.sub(rf" ?(</?(?:{'|'.join(BLOCKS)})\b[^>]*>) ?", r"\1", html).strip()


class Review(NamedTuple):
    html: str  # the clean text
    refused: list  # sentences: the editor must mend these
    tidied: list  # sentences: what was left out, without harm


def _typed(html):
    """What a browser would make of `html` as it was typed: (tag, {attribute: value}) in order.

    Reports rest on this, never safety. The same parser as the sanitiser's, asked to keep
    everything: html.parser took minutes for 60,000 times "<a ".
    """
    html = _bare(html)
    squeezed = re.sub(r"[\x00-\x20]", "", letters(html)).lower()  # "java\tscript:" is a scheme too
    everything = nh3.Cleaner(
        tags=set(re.findall(r"<([a-z][a-z0-9]{0,20})", html.lower())),
        clean_content_tags=set(),
        generic_attribute_prefixes=set(ascii_lowercase),
        url_schemes=set(re.findall(r"[a-z][a-z0-9+.-]{0,20}(?=:)", squeezed)),
        link_rel=None,
    )
    for tag, attributes in _START_TAG.findall(everything.clean(html)):
        yield tag, {name: letters(value) for name, value in _PAIR.findall(attributes)}


def is_address_allowed(address):
    """Ask the sanitiser itself, so that the report and the outcome never differ."""
    return "href" in clean(f'<a href="{escape(address)}">x</a>')


def review(html):
    """Clean `html`, and say in an editor's words what cannot stay and what was left out."""
    typed, cleaned, refused, tidied = list(_typed(html)), clean(html), [], []
    tags = dict.fromkeys(tag for tag, _attributes in typed)
    addresses = dict.fromkeys(a.get("href", "").strip() for tag, a in typed if tag == "a")
    for address in addresses:
        if address and address[0] != "#" and not is_address_allowed(address):
            sentence = _(
                "The link to “%(address)s” can’t be published: use a web address that starts with "
                "https://, an e-mail address (mailto:), a number to call (tel:) or to text (sms:), "
                "or a page of this site such as /help/."
            )
            refused.append(sentence % {"address": address[:100]})
        number = _NUMBER.match(address)
        if number and number[1] and not phones.is_possible(as_typed(number[1])):
            sentence = _(
                "The link to “%(address)s” leads to no phone: a US number has 10 digits, with or "
                "without a 1 before them; a short number has 3, 5 or 6."
            )
            refused.append(sentence % {"address": address[:100]})
    refused += about_pictures(tags, typed, cleaned)
    if code := [tag for tag in tags if tag in FORMS | CODE - {"style"}]:
        sentence = _(
            "The text contains something that cannot be published (%(tags)s). Please take out "
            "the embedded video, form, or code."
        )
        refused.append(sentence % {"tags": ", ".join(code)})
    if "h1" in tags:
        tidied.append(
            _("Heading 1 became Heading 2, because the page’s title is already Heading 1.")
        )
    styled = any("=" in tag[0] for tag in _FORMATTING.finditer(html[: html.rfind(">") + 1]))
    styled |= any(a.keys() - ALLOWED.get(RENAMED.get(tag, tag), a) for tag, a in typed)
    styled |= any(a.get("class") not in {None, *CLASSES.get(tag, ())} for tag, a in typed)
    if styled or "style" in tags:
        tidied.append(_("Colors, fonts, and other styling were left out: the site has its own."))
    if dropped := tags.keys() - ALLOWED - RENAMED.keys() - PICTURES - FORMS - CODE:
        sentence = _(
            "Formatting that this site does not use was left out (%(tags)s). The words stayed."
        )
        tidied.append(sentence % {"tags": ", ".join(sorted(dropped))})
    if any(address[:1] in ("", "#") for address in addresses):
        tidied.append(_("A link that led nowhere became plain text."))
    return Review(cleaned, refused, tidied)


def about_pictures(tags, typed, cleaned):
    """What keeps them from being shown as they were typed."""
    if PICTURES & tags.keys():
        yield _(
            "A text shows only pictures from the library: press Picture in the editor and choose "
            "one, or take this one out."
        )
    valid = [a for t, a in typed if t == "figure" and _attribute(t, NEEDS[t], a.get(NEEDS[t], ""))]
    if valid and not has_words(FIGURE.sub("", cleaned)):
        yield _("A picture alone is no text. Write what you want to say, too.")
    elif len(valid) > len(FIGURE.findall(cleaned)):
        yield _(
            "A picture can’t stand in a list, a table, a quote, or a link. Put it between two "
            "paragraphs."
        )
