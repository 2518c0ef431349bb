"""The language is in the path alone: never in a header or a cookie, which would be a trace."""

from django.conf import settings
from django.utils import translation


def language_of(path):
    first = path.split("/")[1] if path.startswith("/") else ""
    return first if first in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


def in_language(path, code):
    """The path of the same page in another language."""
    current = language_of(path)
    if current != settings.LANGUAGE_CODE:
        # "/es//host" would become "//host", which leads to another host.
        path = f"/{path.removeprefix(f'/{current}').lstrip('/')}"
    return path if code == settings.LANGUAGE_CODE else f"/{code}{path}"


def language_from_path(get_response):
    def middleware(request):
        request.LANGUAGE_CODE = language_of(request.path_info)
        with translation.override(request.LANGUAGE_CODE):
            return get_response(request)

    return middleware


def missing(item, field):
    """Whether these words are not there in the current language, so that English stands in."""
    code = translation.get_language()
    return code != settings.LANGUAGE_CODE and not getattr(item, f"{field}_{code}", True)
