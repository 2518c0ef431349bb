"""Nothing that is marked for translation is left in English, or made from an older text."""

import re
import runpy

import pytest
from django.conf import settings

UPDATE = runpy.run_path(str(settings.BASE_DIR / "locale" / "update.py"))
TRANSLATED = [code for code, _name in settings.LANGUAGES if code != settings.LANGUAGE_CODE]
PLACEHOLDER = re.compile(r"%\(\w+\)s|\{\w*\}")


@pytest.fixture(params=TRANSLATED)
def catalog(request):
    return UPDATE["read"](UPDATE["catalog_file"](request.param))


def test_the_catalog_has_every_string_of_the_code(catalog):
    marked = {(m.context, m.id) for m in UPDATE["messages"]() if m.id}
    assert {(m.context, m.id) for m in catalog if m.id} == marked
    assert ("people", "Who") in marked  # by pgettext_lazy


def test_nothing_is_untranslated_or_fuzzy(catalog):
    for message in catalog:
        if message.id:
            texts = message.string if isinstance(message.string, tuple) else (message.string,)
            assert all(text.strip() for text in texts), message.id
            assert not message.fuzzy, message.id


def test_placeholders_survive(catalog):
    for message in catalog:
        if message.id:
            singular = message.id if isinstance(message.id, str) else message.id[1]
            strings = [message.string] if isinstance(message.string, str) else message.string
            for text in strings:
                found = sorted(PLACEHOLDER.findall(text))
                assert found == sorted(PLACEHOLDER.findall(singular)), message.id


def test_what_is_compiled_is_what_is_written():
    files = [UPDATE["catalog_file"](code) for code in TRANSLATED] + UPDATE["own_words_of_django"]()
    for file in files:
        assert file.with_suffix(".mo").read_bytes() == UPDATE["compiled"](UPDATE["read"](file)), (
            file
        )
