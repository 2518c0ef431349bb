"""Pictures and papers, drawn by typst from templates/press/. Nothing else knows typst.

What is drawn goes in as JSON, never as markup, so no words can become commands. Fonts are those
in typst's own wheel, so that every machine draws the same; colors those of static/css/tokens.css.
"""

import json
import re
import subprocess
import sys
from html import escape

from django.conf import settings

from awareness.content.pictures import in_few_colors
from awareness.web.feeds import in_xml

FOLDER = settings.BASE_DIR / "templates" / "press"
TYPESETTER = settings.BASE_DIR / "awareness" / "press" / "typesetter.py"
PPI = 144  # of a PNG: twice the size in points, for sharp screens
MOST_BYTES = 290_000  # of a PNG in all its colors: messengers want less than 300 kB
LONG = 20  # seconds; a picture takes a tenth of one


def draw(template, form, data, ppi=PPI):
    """templates/press/TEMPLATE.typ with this data, as bytes of an "svg", "png" or "pdf"."""
    asked = {
        "template": str(FOLDER / f"{template}.typ"),
        "root": str(settings.BASE_DIR),
        "form": form,
    }
    asked |= {"ppi": ppi, "data": data}
    done = subprocess.run(  # noqa: S603 - all of it is ours; words come as JSON
        [sys.executable, "-I", str(TYPESETTER)],
        input=json.dumps(asked).encode(),
        capture_output=True,
        timeout=LONG,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"{template}.typ could not be drawn: {done.stderr.decode()[-2000:]}")
    if form == "png" and len(done.stdout) > MOST_BYTES:
        return in_few_colors(done.stdout)
    return done.stdout


def described(svg, title, description):
    """The same SVG with its words for those who cannot see it; typst draws letters as shapes."""
    words = in_xml(f"<title>{escape(title)}</title><desc>{escape(description)}</desc>")
    head = re.match(rb"<svg[^>]*", svg)[0]
    return head + b' role="img">' + words.encode() + svg[len(head) + 1 :]
