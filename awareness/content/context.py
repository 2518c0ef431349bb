"""What every template knows."""

from django.conf import settings
from django.utils import translation

from awareness.content.translatable import is_translated
from awareness.web.addresses import absolute
from awareness.web.language import in_language


def page_address(request):
    return head(request)


def head(request, query="", item=None):
    """What a page says of its own address, and of the same page in other languages. ``query``
    begins with "?"; ``item`` is the row that the page is about: where its words are missing in a
    language, the page there is only the English one with a note."""
    there = versions(request.path, query)
    for version in there:
        version["is_translated"] = item is None or is_translated(item, version["code"])
    (own,) = [each for each in there if each["code"] == translation.get_language()]
    return {
        "address": absolute(f"{request.path}{query}"),
        "canonical": (own if own["is_translated"] else there[0])["address"],
        "versions": there,
    }


def versions(path, query=""):
    """The same page in each language, named in that language; ``query`` begins with "?"."""
    found = []
    for code, _name in settings.LANGUAGES:
        there = f"{in_language(path, code)}{query}"
        name = translation.get_language_info(code)["name_local"].capitalize()
        found.append({"code": code, "name": name, "path": there, "address": absolute(there)})
    return found


def numbered(request, page):
    """The same of one page of a list that is cut into pages."""
    query = f"?page={page.number}" if page.number > 1 else ""
    return {"page": page, **head(request, query)}
