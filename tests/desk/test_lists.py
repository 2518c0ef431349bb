"""The lists of the desk: what their address may ask, and that filters outlast a visit to a form."""

import pytest
from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.auth.models import Group, User
from django.db import connection
from django.test.utils import CaptureQueriesContext

from awareness.audit.models import Event
from pages.models import Section, Update
from stats.models import Figure
from tests import factories
from tests.desk.test_admin import SINGLETONS, address, fill
from tests.desk.test_drafts import step
from tests.html import read

LISTS = [model for model in admin.site._registry if model not in SINGLETONS]
NOBODY_OFFERED = ("regex", "iregex", "icontains", "gt", "startswith")


def lookups(model):
    """Of each column, and of each column of what it points to."""
    for field in model._meta.concrete_fields + model._meta.many_to_many:
        names = [field.name]
        if field.is_relation and field.related_model:
            there = field.related_model._meta.concrete_fields
            names += [f"{field.name}__{one.name}" for one in there]
        yield from (f"{name}__{how}" for name in names for how in NOBODY_OFFERED)


def takes(model, lookup, request):
    try:
        return admin.site._registry[model].lookup_allowed(lookup, "x", request)
    except IncorrectLookupParameters:
        return False


def test_no_list_takes_a_lookup_that_it_does_not_offer(admin_client, starter, rf):
    """A regular expression in a link kept the one who opened it, and the site, waiting for 30 s."""
    for model in LISTS:
        for lookup in lookups(model):
            assert not takes(model, lookup, rf.get("/")), (model, lookup)
        where = address(model, "changelist")
        with CaptureQueriesContext(connection) as asked:
            answer = admin_client.get(where, {lookup: "(a+)+$"})
        assert answer["Location"] == f"{where}?e=1", (model, lookup)
        assert "(a+)+$" not in str(asked.captured_queries), (model, lookup)
        assert "This list has no such filter" in read(admin_client.get(f"{where}?e=1")).text
    assert {User, Group, Event} <= set(LISTS)


@pytest.mark.slow
def test_what_a_list_offers_it_takes(admin_client, starter):
    factories.update(title="One")
    for model in LISTS:
        where = address(model, "changelist")
        links = [link.attrs.get("href", "") for link in read(admin_client.get(where)).all("a")]
        offered = {link.partition("=")[0]: link for link in links if link.startswith("?")}
        for link in offered.values():  # the last of each filter
            assert admin_client.get(where + link).status_code == 200, (model, link)
        assert admin_client.get(f"{where}?id__in=1,2").status_code == 200, model


def test_a_year_that_no_calendar_has_is_no_error(admin_client, starter):
    for model, day in ((Event, "at"), (Update, "publish_at"), (Figure, "last_day")):
        where = address(model, "changelist")
        for wrong in ("9999", "0001", "0", "10000", "²", "9" * 5000, "-1", "2024&x__month=1"):
            answer = admin_client.get(f"{where}?{day}__year={wrong}")
            assert answer["Location"] == f"{where}?e=1", (model, wrong)
        for wrong in ("13", "x", "²"):
            answer = admin_client.get(f"{where}?{day}__year=2024&{day}__month={wrong}", follow=True)
            assert "This list has no such filter" in read(answer).text, (model, wrong)
        assert admin_client.get(f"{where}?{day}__year=2024").status_code == 200, model


def test_filters_are_kept_through_every_button_of_the_form(editor, publisher):
    where = address(Section, "changelist")
    filters = "kind__exact=guide&q=Old"
    kept = "_changelist_filters=kind__exact%3Dguide%26q%3DOld"

    def form():
        row = factories.section(title="Old")
        links = [
            link.attrs.get("href", "")
            for link in read(publisher.get(f"{where}?{filters}")).all("a")
        ]
        (found,) = {link for link in links if f"/{row.pk}/change/" in link}
        return row, found

    for button in ("_draft", "_publish"):
        _row, here = form()
        done = fill(publisher, here, button, title_en="Old, and new")
        assert done["Location"].endswith(f"/change/?{kept}"), button
    row, here = form()
    assert fill(editor, here, "_ask", title_en="Old, and new")["Location"] == f"{where}?{filters}"
    page = read(publisher.get(here))
    steps = [
        one.attrs["action"] for one in page.all("form") if "/desk/" in one.attrs.get("action", "")
    ]
    assert len(steps) == 4
    for goal in steps:
        done = publisher.post(goal, {"_note": "Again.", "_confirmed": "1"})
        assert done["Location"].endswith(f"/change/?{kept}"), goal
    assert all(kept in link.attrs["href"] for link in page.all("a", class_="deletelink"))
    back = [link.attrs["href"] for link in page.one("nav", class_="desk-crumbs").all("a")]
    assert back[-1] == f"{where}?{filters}"
    assert step(publisher, row, "unpublish", _confirmed="1")["Location"].endswith("/change/")


def test_how_many_there_are_is_said_only_of_a_part(publisher):
    for title in ("Old", "New"):
        factories.section(title=title)
    where = address(Section, "changelist")
    for asked, said in (("", None), ("?o=1", None), ("?q=Old", "1 result (Show all)")):
        page = read(publisher.get(where + asked))
        counts = [span.text for span in page.all("span", class_="small quiet")]
        assert counts == ([said] if said else []), asked
    assert page.one("a", class_="desk-to-filters", href="#changelist-filter")
    assert len([one for one in page.walk() if one.attrs.get("id") == "changelist-filter"]) == 1
