import pytest
from django.core.exceptions import ValidationError

from awareness.search import search
from pages.models import Synonym
from tests import factories


def titles(query):
    return [result.title for result in search(query)]


def test_what_people_type_finds_our_words_for_it(db):
    factories.section(title="Immigration help")
    factories.section(title="Another thing", body="<p>help</p>")
    assert titles("la migra") == []
    Synonym.objects.create(word="la migra", means="immigration help, visas")
    assert titles("la migra") == ["Immigration help"]
    assert titles("LA MIGRA will come") == ["Immigration help"]


def test_one_that_is_no_help_is_refused(db):
    factories.section(title="Signs of it")
    for word, means, sentence in [
        ("Signs", "hints", "“signs” is already a word of ours, in “Signs of it”"),
        ("hints", "hints, signs", "“hints” already finds itself"),
        ("$$$", "money", "Write a word that people type."),
    ]:
        with pytest.raises(ValidationError) as error:
            Synonym(word=word, means=means).full_clean()
        assert error.value.messages[0].startswith(sentence)


def test_the_starter_has_them_and_each_may_be_saved(starter):
    rows = list(Synonym.objects.all())
    assert len(rows) >= 60
    for row in rows:
        row.full_clean()
