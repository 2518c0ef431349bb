"""A picture in a text: <figure data-picture="12"><figcaption>words</figcaption></figure>.

The number is that of its row; what is shown of it comes from there.
"""

import re

from django.apps import apps

FIGURE = re.compile(
    r'<figure data-picture="([0-9]{1,9})">(?:<figcaption>(.*?)</figcaption>)?</figure>', re.DOTALL
)
PARTS = {"figure", "figcaption"}
IN_CAPTION = {"a", "abbr", "cite", "em", "q", "span", "strong", "sub", "sup"}
VOID = {"br", "hr"}
_TAG = re.compile(r"(<[^>]*>)")
_NAME = re.compile(r"</?([a-z][a-z0-9]*)")


def marked(number):
    """What stands in every text that shows this picture."""
    return f'data-picture="{number}"'


def numbers(html):
    return {int(number) for number, _caption in FIGURE.findall(html)}


def titles(html):
    """{number: what staff call it} of the pictures in it that are in the library, whose model is
    another app's: named as a foreign key would name it."""
    shown = numbers(html)
    if not shown:
        return {}
    library = apps.get_model("pages.Image").objects
    return dict(library.filter(pk__in=shown).values_list("pk", "title"))


def arranged(html):
    """Each figure as FIGURE has it, if it stands in nothing else; of all others the words stay.
    ``html`` comes from the sanitizer: well formed, and no ">" in a value."""
    if "<fig" not in html:
        return html
    kept, caption, depth = [], None, 0
    for piece in _TAG.split(html):
        name = (match := _NAME.match(piece)) and match[1]
        closes = piece.startswith("</")
        if name == "figure" and not depth:
            kept.append(piece)
            caption = []
        elif caption is not None:
            caption.append(piece if not name or name in IN_CAPTION else " ")
        else:
            kept.append(" " if name in PARTS else piece)
        if name and name not in VOID:
            depth += -1 if closes else 1
        if caption is not None and not depth:
            words = " ".join("".join(caption).split())
            has_words = _TAG.sub("", words).strip()
            kept.append(f"<figcaption>{words}</figcaption></figure>" if has_words else "</figure>")
            caption = None
    return "".join(kept)
