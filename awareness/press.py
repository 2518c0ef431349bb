"""Pictures and papers, drawn by typst from templates/press/. Nothing else knows typst.

What is drawn goes in as JSON, never as markup, so no words can become commands. Fonts are those
in typst's own wheel, so that every machine draws the same.
"""

import json
import re
from html import escape

import typst
from django.conf import settings

from awareness.feeds import NOT_IN_XML

FOLDER = settings.BASE_DIR / "templates" / "press"
PPI = 144  # of a PNG: twice the size in points, for sharp screens


def draw(template, form, data):
    """templates/press/TEMPLATE.typ with this data, as bytes of an "svg", "png" or "pdf"."""
    return typst.compile(
        str(FOLDER / f"{template}.typ"),
        root=str(FOLDER),
        ignore_system_fonts=True,
        format=form,
        ppi=PPI,
        sys_inputs={"data": json.dumps(data)},
    )


def described(svg, title, description):
    """The same SVG with its words for those who cannot see it; typst draws letters as shapes."""
    words = f"<title>{escape(title)}</title><desc>{escape(description)}</desc>"
    words = NOT_IN_XML.sub(" ", words)
    head = re.match(rb"<svg[^>]*", svg)[0]
    return head + b' role="img">' + words.encode() + svg[len(head) + 1 :]
