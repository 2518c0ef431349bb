"""What every template knows."""

from django.conf import settings
from django.utils import translation

from awareness.addresses import absolute
from awareness.language import in_language


def page_address(request):
    return {"address": absolute(request.path), "versions": versions(request.path)}


def versions(path, query=""):
    """The same page in each language, named in that language; ``query`` begins with "?"."""
    found = []
    for code, _name in settings.LANGUAGES:
        there = f"{in_language(path, code)}{query}"
        name = translation.get_language_info(code)["name_local"].capitalize()
        found.append({"code": code, "name": name, "path": there, "address": absolute(there)})
    return found
