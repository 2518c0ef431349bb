"""A year on one screen: three figures entered together, saved together or not at all."""

import datetime

import pytest
from django.contrib.auth.models import Permission, User
from django.urls import reverse
from reversion.models import Revision, Version

from awareness.audit.models import Event
from stats.admin.year import last_year
from stats.models import Figure, Place, Source
from tests import factories
from tests.desk.test_admin import fields_of, mistakes
from tests.html import read

WHERE = "/admin/stats/figure/year/?place=US-MO&year=2022"
MEASURES = ["contacts", "cases", "victims"]


@pytest.fixture
def report(starter):
    return factories.source(title="Missouri, 2022", publisher="The hotline")


def enter(client, where=WHERE, **typed):
    sent = fields_of(read(client.get(where)))
    assert typed.keys() <= sent.keys() | {"cases-assurance", "victims-assurance", "_list"}
    return client.post(where, {**sent, **typed})


def whole_year(report):
    return {
        "contacts-value": "1000",
        "contacts-source": report.pk,
        "contacts-as_of": "2024-01-05",
        "contacts-counted_en": "signals",
        "cases-value": "245",
        "victims-value": "330",
        "victims-note_en": "Rounded by nobody.",
    }


def test_three_figures_are_saved_together_with_one_source(admin_client, admin_user, report):
    before = Figure.objects.count()
    response = enter(admin_client, **whole_year(report))
    assert response["Location"] == WHERE
    assert Figure.objects.count() == before + 3
    rows = Figure.objects.filter(first_day__year=2022).order_by("measure__position")
    day = datetime.date(2024, 1, 5)
    assert [(r.measure.code, r.value, r.source, r.as_of, r.as_of_exact) for r in rows] == [
        ("contacts", 1000, report, day, True),
        ("cases", 245, report, day, True),
        ("victims", 330, report, day, True),
    ]
    assert [(row.counted, row.note) for row in rows] == [
        ("signals", ""),
        ("", ""),
        ("", "Rounded by nobody."),
    ]
    page = read(admin_client.get(WHERE))
    said = page.one("ul", class_="messagelist").text
    assert said == "Saved for Missouri, 2022: Contacts, Cases and Victims."
    there = [line.text for line in page.all("p", class_="there")]
    assert there[1].startswith(
        "Now: 245 (Published), as of January 5, 2024, The hotline: Missouri, 2022."
    )
    links = [line.one("a").attrs["href"] for line in page.all("p", class_="there")]
    assert links == [reverse("admin:stats_figure_change", args=[row.pk]) for row in rows]
    revision = Revision.objects.latest("date_created")
    assert revision.user == admin_user
    assert revision.get_comment() == "Entered a year: Missouri, 2022"
    assert Version.objects.get_for_model(Figure).filter(revision=revision).count() == 3
    assert Event.objects.filter(user=admin_user, kind="published").count() == 3


def test_nothing_typed_is_nothing_saved(admin_client, starter):
    before = Figure.objects.count(), Revision.objects.count()
    enter(admin_client)
    assert (Figure.objects.count(), Revision.objects.count()) == before
    said = read(admin_client.get(WHERE)).one("ul", class_="messagelist").text
    assert said == "Nothing was typed, so nothing was saved."


def test_a_row_left_empty_is_not_saved_and_the_day_is_as_inexact_as_above(admin_client, report):
    before = Figure.objects.count()
    sent = {**fields_of(read(admin_client.get(WHERE))), **whole_year(report), "_list": "1"}
    sent["cases-value"] = ""
    del sent["contacts-as_of_exact"]
    response = admin_client.post(WHERE, sent)
    assert response["Location"] == reverse("admin:stats_figure_changelist")
    assert Figure.objects.count() == before + 2
    rows = Figure.objects.filter(first_day__year=2022)
    assert set(rows.values_list("measure__code", "source", "as_of_exact")) == {
        ("contacts", report.pk, False),
        ("victims", report.pk, False),
    }


def test_one_wrong_row_keeps_all_of_them_out_and_loses_nothing(admin_client, report):
    typed = whole_year(report)
    typed["victims-value"] = "about 300"
    before = Figure.objects.count(), Revision.objects.count()
    response = enter(admin_client, **typed)
    assert list(mistakes(response)) == ["victims-value"]
    kept = fields_of(read(response))
    assert {name: kept[name] for name in typed} == {k: str(v) for k, v in typed.items()}
    assert (Figure.objects.count(), Revision.objects.count()) == before
    assert not Event.objects.exclude(kind="signed_in").exists()


def test_what_is_missing_is_asked_for_at_its_row(admin_client, starter):
    response = enter(admin_client, **{"cases-value": "245"})
    assert mistakes(response) == {
        "cases-as_of": ["On what day did the source say so?"],
        "cases-source": ["A figure needs a source. Choose one, or add it with the plus sign."],
    }


def test_the_rows_are_compared_with_each_other_and_the_question_can_be_answered(
    admin_client, report
):
    typed = whole_year(report)
    typed["cases-value"] = "1000"
    before = Figure.objects.count(), Revision.objects.count()
    first = enter(admin_client, **typed)
    assert (Figure.objects.count(), Revision.objects.count()) == before
    found = mistakes(first)
    assert list(found) == ["cases-assurance", "victims-assurance"]
    assert "1,000 is the number of cases and also of contacts" in found["cases-assurance"][0]
    assert "330 victims are fewer than 1,000 cases" in found["victims-assurance"][0]
    page = read(first)
    assert not page.all("input", name="contacts-assurance")
    sure = {"cases-assurance": "The report says so.", "victims-assurance": "Here too."}
    response = admin_client.post(WHERE, {**fields_of(page), **sure})
    assert response["Location"] == WHERE
    assert Figure.objects.get(value=330).assurance == "Here too."


def test_a_year_that_is_there_already_asks_why_it_changed(admin_client, report):
    where = "/admin/stats/figure/year/?place=US-MO&year=2023"
    page = read(admin_client.get(where))
    assert not page.all("select", name="contacts-change")
    assert page.one("select", name="cases-change")
    typed = {"cases-value": "250", "cases-source": report.pk, "cases-as_of": "2026-06-01"}
    response = enter(admin_client, where, **typed)
    assert list(mistakes(response)) == ["cases-change", "cases-reason_en"]
    why = {"cases-change": "revision", "cases-reason_en": "It gives no reason."}
    assert enter(admin_client, where, **typed, **why)["Location"] == where
    row = Figure.objects.current().get(
        place__code="US-MO", measure__code="cases", first_day__year=2023
    )
    assert (row.value, row.change, row.reason) == (250, "revision", "It gives no reason.")


def test_no_number_is_a_row_of_its_own(admin_client, starter):
    typed = {"cases-status": "not_published", "cases-as_of": "2024-06-01"}
    enter(admin_client, **typed)
    row = Figure.objects.get(place__code="US-MO", measure__code="cases", first_day__year=2022)
    assert (row.value, row.status, row.source) == (None, "not_published", None)


def test_a_rounded_number_keeps_its_word(admin_client, report):
    """A year that was looked for in vain is a row, too."""
    typed = {**whole_year(report), "cases-qualifier": "nearly", "cases-value": "12000"}
    enter(admin_client, **typed | {"contacts-value": "", "contacts-status": "not_found"})
    rows = Figure.objects.filter(place__code="US-MO", first_day__year=2022)
    assert set(rows.values_list("measure__code", "qualifier", "value", "status")) == {
        ("contacts", "", None, "not_found"),
        ("cases", "nearly", 12_000, "published"),
        ("victims", "", 330, "published"),
    }
    assert "nearly 12,000 (Published)" in read(admin_client.get(WHERE)).text


def test_a_wrong_address_gets_one_sentence_and_a_form_to_choose(admin_client, starter):
    years = "The year must be from 2008, the hotline's first whole year, to {}, the last year "
    years = years.format(last_year()) + "that has ended."
    for query, sentence in {
        "place=US-XX&year=2022": "There is no place called “US-XX”. Choose one of these.",
        "year=2022": "Choose a place.",
        "place=US-MO&year=soon": "Enter a whole number.",
        "place=US-MO": "This field is required.",
        "place=US-MO&year=2007": years,
        "place=US-MO&year=99999999999999999999": years,
    }.items():
        page = read(admin_client.get(f"/admin/stats/figure/year/?{query}"))
        assert page.one("ul", class_="errorlist").text == sentence, query
        assert not page.all("fieldset")
        assert page.one("select", name="place")


def test_it_opens_without_an_address_and_is_linked(admin_client, starter):
    page = read(admin_client.get("/admin/stats/figure/year/"))
    assert not page.all("ul", class_="errorlist")
    place = Place.objects.get(code="US-MO")
    for where in ("/admin/stats/figure/", f"/admin/stats/place/{place.pk}/change/"):
        links = [a.attrs["href"] for a in read(admin_client.get(where)).all("a")]
        assert [link for link in links if link.startswith("/admin/stats/figure/year/")]


def test_every_field_has_a_label_within_the_group_of_its_measure(admin_client, starter):
    page = read(admin_client.get(WHERE))
    groups = page.all("fieldset")
    assert [group.one("legend").text for group in groups] == ["Contacts", "Cases", "Victims"]
    for group in groups:
        labels = {label.attrs["for"] for label in group.all("label")}
        fields = {field.attrs["id"] for field in group.all("input", "select", "textarea")}
        assert fields == labels


def test_who_may_not_add_figures_does_not_get_in(client, starter):
    user = User.objects.create_user("reader", is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="view_figure"))
    client.force_login(user)
    assert client.get(WHERE).status_code == 403
    assert client.post(WHERE, {"cases-value": "1"}).status_code == 403
    assert "/figure/year/" not in client.get("/admin/stats/figure/").content.decode()


def test_it_asks_the_database_little_whatever_is_there(
    admin_client, starter, django_assert_max_num_queries
):
    for _ in range(30):
        factories.source()
    assert Source.objects.count() > 30
    with django_assert_max_num_queries(10):
        admin_client.get("/admin/stats/figure/year/?place=US-MO&year=2021")
