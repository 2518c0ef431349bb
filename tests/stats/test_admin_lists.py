"""The lists and forms of the desk: as few questions for many rows as for one."""

import datetime

from django.urls import reverse

from stats.models import Break, Figure, Measure, Place, Source
from tests import factories
from tests.desk.test_admin import fill, mistakes
from tests.html import read


def series_break():
    of = {"place": factories.place(), "measure": factories.measure()}
    return Break.objects.create(**of, year=2015, explanation="Otherwise.")


LISTS = {
    Break: series_break,
    Figure: factories.figure,
    Measure: factories.measure,
    Place: factories.place,
    Source: factories.source,
}


def test_a_list_asks_little_whatever_is_in_it(admin_client, django_assert_max_num_queries):
    for model, make in LISTS.items():
        already = model.objects.count()
        for _ in range(30):
            make()
        with django_assert_max_num_queries(10, info=model):
            where = reverse(f"admin:stats_{model._meta.model_name}_changelist")
            page = read(admin_client.get(where))
        rows = page.one("table", id="result_list").one("tbody").all("tr")
        assert len(rows) == already + 30, model


def test_a_break_is_marked_for_every_place(admin_client, db):
    where = reverse("admin:stats_break_add")
    typed = {"year": "2014", "explanation_en": "Before: all calls. Since: those about trafficking."}
    assert fill(admin_client, where, **typed)["Location"] == reverse("admin:stats_break_changelist")
    row = Break.objects.get()
    assert (row.place, row.measure, row.year) == (None, None, 2014)
    assert row.explanation.startswith("Before: all calls.")
    page = read(admin_client.get(reverse("admin:stats_break_changelist")))
    assert "every place" in page.one("td", class_="field-where").text
    assert list(mistakes(fill(admin_client, where, **{**typed, "year": "2007"}))) == ["year"]


def test_the_day_of_a_definition_can_be_set_and_that_of_an_entry_stays(admin_client, db):
    row = factories.figure()
    measure = reverse("admin:stats_measure_change", args=[row.measure.pk])
    fill(admin_client, measure, defined_on="2020-01-01")
    assert Measure.objects.get().defined_on == datetime.date(2020, 1, 1)
    where = reverse("admin:stats_figure_change", args=[row.pk])
    page = read(admin_client.get(where))
    assert "Entered:" in page.one("div", class_="field-recorded_at").text
    fill(admin_client, where, note_en="A note.")
    changed = Figure.objects.get()
    assert (changed.recorded_at, changed.note) == (row.recorded_at, "A note.")
