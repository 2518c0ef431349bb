"""Missouri's 114 counties and the City of St. Louis, in regions (counties.toml)."""

from functools import cache
from pathlib import Path

from django.utils.translation import get_language

from awareness.content.starter import read_toml

ALL = "all"


@cache
def read_regions():
    return read_toml(Path(__file__).parent / "counties.toml")["regions"]


def regions():
    """[(name in the current language, its counties)]"""
    name = "name_es" if get_language() == "es" else "name"
    return [(region[name], region["counties"]) for region in read_regions()]


@cache
def known():
    """{as people type it: its name}"""
    found = {plain(name): name for region in read_regions() for name in region["counties"]}
    return {ALL: ALL, **found}


def plain(name):
    """Without what people add, leave out, or write in another way."""
    words = name.casefold().replace("sainte ", "ste ").replace("saint ", "st ")
    words = words.removeprefix("condado de ").removesuffix(" county")
    for start in ("city of ", "ciudad de "):
        if words.startswith(start):
            words = f"{words.removeprefix(start)} city"
    return words.replace(".", "").replace(" ", "")


def is_one(name):
    """The county's own name; None if there is none like it."""
    return known().get(plain(name))


def named(text):
    """Names between commas or on lines of their own."""
    return [name.strip() for name in text.replace("\n", ",").split(",") if name.strip()]
