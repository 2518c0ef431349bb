import pytest
from django.core.exceptions import ValidationError

from pages.models import LanguageCard
from tests import factories
from tests.html import read


def test_a_card_says_its_language_and_direction_and_the_hotlines_number(client, db):
    assert client.get("/help/languages/").status_code == 404
    factories.help_line(number="1-800-555-0100")
    factories.language_card(name="Arabic", own_name="العربية", code="ar", direction="rtl")
    factories.language_card(name="Other", **factories.in_state("draft"))
    (card,) = read(client.get("/help/languages/")).all("section", class_="language")
    words = card.one("div")
    assert (words.attrs["lang"], words.attrs["dir"]) == ("ar", "rtl")
    assert card.one("a", class_="button").attrs["href"] == "tel:+18005550100"
    assert card.one("small").text == "Arabic"


def test_what_is_wrong_is_said(db):
    given = {"name_en": "Arabic", "own_name": "A", "code": "ar", "text": "Call 911 in danger."}
    LanguageCard(**given).full_clean()
    for fields, sentence in [
        ({"text": "Call 1-888-373-7888."}, "Take out"),
        ({"text": "In danger 911, or call 8883737888."}, "Take out"),
        ({"code": "Arabic!"}, "language’s code"),
    ]:
        with pytest.raises(ValidationError, match=sentence):
            LanguageCard(**given | fields).full_clean()
