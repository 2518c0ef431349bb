"""Words as staff look for them: “ultima” finds “Última”, in whatever database."""

import re
import unicodedata

from django.conf import settings
from django.db.models import CharField, Lookup, TextField
from django.db.models.lookups import IRegex

ACCENTS = {
    "a": "áàâäãå",
    "c": "ç",
    "e": "éèêë",
    "i": "íìîï",
    "n": "ñ",
    "o": "óòôöõ",
    "u": "úùûü",
    "y": "ýÿ",
}


def pattern(word):
    """A regular expression, read alike by Python (and so by SQLite) and PostgreSQL, that finds
    this word, also within another; capital letters are left to the flag for them."""
    return "".join(letter(one) for one in unicodedata.normalize("NFC", word))


def letter(one):
    plain = unicodedata.normalize("NFD", one.lower())[0]
    if plain not in ACCENTS:
        return re.escape(one)
    alike = plain + ACCENTS[plain]
    return f"[{alike}{alike.upper()}]"  # SQL servers know the capitals of their own language alone


@CharField.register_lookup
@TextField.register_lookup
class Alike(Lookup):
    """For ``search_fields``: ``"title_es__alike"``."""

    lookup_name = "alike"
    prepare_rhs = False

    def as_sql(self, compiler, connection):
        return IRegex(self.lhs, pattern(str(self.rhs))).as_sql(compiler, connection)


def in_every_language(*names):
    """For ``search_fields``: a translated name alone means the language of whoever asks."""
    return [f"{name}_{code}__alike" for name in names for code, _name in settings.LANGUAGES]
