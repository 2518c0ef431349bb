"""A row that is there already, on its form: what it said is not changed without a word."""

import datetime

import pytest
from django.urls import reverse

from stats.models import Figure
from tests import factories
from tests.desk.test_admin import fields_of, mistakes
from tests.html import read


@pytest.fixture
def row(db):
    return factories.figure(year=2015, value=291, as_of=datetime.date(2017, 5, 3))


@pytest.fixture
def save(admin_client, row):
    def save(**typed):
        where = reverse("admin:stats_figure_change", args=[row.pk])
        sent = fields_of(read(admin_client.get(where)))
        return admin_client.post(where, {**sent, **typed, "_publish": "on"})

    return save


def test_another_number_is_asked_about_at_the_assurance(save, row):
    assert mistakes(save(value="305")) == {
        "assurance": [
            "This row said 291 as of May 3, 2017. If the source says something else now, leave "
            "this row and add a new one: the public sees both.",
            "If it was typed wrongly, write that here, and save again.",
        ]
    }
    assert Figure.objects.get().value == 291
    assert save(value="305", assurance="I had typed 291.").status_code == 302
    assert Figure.objects.get().value == 305
    assert list(mistakes(save(value="306"))) == ["assurance"]


def test_days_are_read_as_those_of_a_file(save, row):
    """One that can only be read in one way proves the others; two digits are a year of ours."""
    mended = {"assurance": "Typed wrongly."}
    for typed, found in {
        ("1/1/2016", "12/31/16", "7/1/17"): ("2016-01-01", "2016-12-31", "2017-07-01"),
        ("1/1/15", "31/12/15", "3/5/2017"): ("2015-01-01", "2015-12-31", "2017-05-03"),
    }.items():
        days = dict(zip(("first_day", "last_day", "as_of"), typed, strict=True))
        assert save(**days, **mended, value=row.value).status_code == 302, typed
        mended["assurance"] += " Again."
        stored = Figure.objects.get()
        assert (str(stored.first_day), str(stored.last_day), str(stored.as_of)) == found, typed
    assert mistakes(save(as_of="3/5/2017")) == {
        "as_of": ["“3/5/2017” could be 2017-03-05 or 2017-05-03. Write the one you mean."]
    }
    assert mistakes(save(as_of="5/31/99")) == {
        "as_of": ["“5/31/99” is not a date. Write it like this: 2024-12-31."]
    }


def test_another_note_or_source_is_not_asked_about(save, row):
    other = factories.source()
    typed = {"note_en": "A note.", "note_es": "Una nota.", "counted_en": "calls"}
    assert save(**typed, source=other.pk).status_code == 302
    found = Figure.objects.get()
    assert (found.value, found.note_es, found.source) == (291, "Una nota.", other)
