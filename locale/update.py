"""Bring the catalogs up to date with the code and the templates, and compile them.

    make messages

Babel does what makemessages does with gettext, which a bare machine has not. Another language is
a line in LANGUAGES (awareness/settings.py) and a run of this: docs/translating.md.
"""

import io
import os
import sys
from pathlib import Path

import django
from babel.messages import mofile, pofile
from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = ("awareness", "pages", "stats", "templates")
KEYWORDS = DEFAULT_KEYWORDS | {  # each lazy one as the other of its name
    f"{name}_lazy": DEFAULT_KEYWORDS[name] for name in ("gettext", "ngettext", "pgettext")
}


def messages():
    """A catalog of every string that is marked for translation."""
    from django.utils.translation.template import templatize

    found = Catalog(charset="utf-8")
    for path in sorted(path for folder in FOLDERS for path in (ROOT / folder).rglob("*")):
        if path.suffix not in (".py", ".html", ".txt"):
            continue
        source = path.read_text("utf-8")
        if path.suffix != ".py":
            lines = templatize(source, origin=str(path)).splitlines()
            source = "\n".join(line.lstrip() for line in lines)  # Python minds indentation
        for _line, message, comments, context in extract(
            "python", io.BytesIO(source.encode()), KEYWORDS, options={"encoding": "utf-8"}
        ):
            place = [(str(path.relative_to(ROOT)), None)]  # a line would change with every edit
            found.add(message, locations=place, auto_comments=comments, context=context)
    return found


def catalog_file(language):
    return ROOT / "locale" / language / "LC_MESSAGES" / "django.po"


def read(file):
    with file.open("rb") as opened:
        return pofile.read_po(opened, locale=file.parts[-3])


def own_words_of_django():
    """Catalogs that go before Django's own: the words that only a developer would understand."""
    return sorted((ROOT / "locale" / "django").glob("*/LC_MESSAGES/django.po"))


def compiled(catalog):
    out = io.BytesIO()
    mofile.write_mo(out, catalog)
    return out.getvalue()


def update(language):
    file = catalog_file(language)
    file.parent.mkdir(parents=True, exist_ok=True)
    catalog = read(file) if file.exists() else Catalog(locale=language, charset="utf-8")
    catalog.project, catalog.version, catalog.fuzzy = "Aware Missouri", "1", False
    catalog.header_comment = "# Aware Missouri, interface. See docs/translating.md."
    catalog.update(messages(), no_fuzzy_matching=True)
    catalog.obsolete.clear()
    with file.open("wb") as out:
        pofile.write_po(out, catalog, width=96, include_lineno=False)
    file.with_suffix(".mo").write_bytes(compiled(catalog))
    missing = sum(1 for message in catalog if message.id and not message.string)
    print(f"{language}: {len(catalog)} strings, {missing} without a translation.")


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "awareness.settings")
    django.setup()
    from django.conf import settings

    for code, _name in settings.LANGUAGES:
        if code != settings.LANGUAGE_CODE:
            update(code)
    for file in own_words_of_django():
        file.with_suffix(".mo").write_bytes(compiled(read(file)))
