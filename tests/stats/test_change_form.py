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
        return admin_client.post(where, {**sent, **typed, "_publish": "on", "_anyway": "1"})

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


def test_another_note_or_source_is_not_asked_about(save, row):
    other = factories.source()
    typed = {"note_en": "A note.", "note_es": "Una nota.", "counted_en": "calls"}
    assert save(**typed, source=other.pk).status_code == 302
    found = Figure.objects.get()
    assert (found.value, found.note_es, found.source) == (291, "Una nota.", other)
