"""The way back, to an earlier version or after a deletion: what no form shows is as it was too."""

import datetime

import pytest
import reversion
from django.utils import timezone
from reversion.models import Version

from awareness.audit.models import Event
from awareness.content.translatable import TranslationState
from pages.models import CallToAction, Section
from stats.models import Figure
from tests import factories
from tests.desk.test_admin import address, fields_of, fill
from tests.desk.test_drafts import said
from tests.html import read

DAY = datetime.timedelta(days=1)


def kept(row):
    """The version of it as it is now."""
    with reversion.create_revision():
        reversion.add_to_revision(row)
    return Version.objects.get_for_object(row).first()


def return_to(client, row, version):
    return client.post(address(type(row), "revision", row.pk, version.pk))


def delete_and_recover(client, row):
    client.post(address(type(row), "delete", row.pk), {"post": "yes"})
    assert not type(row).objects.filter(pk=row.pk).exists()
    version = Version.objects.get_deleted(type(row)).get()
    client.post(address(type(row), "recover", version.pk))
    return type(row).objects.get(pk=row.pk)


# --- Stamps ----------------------------------------------------------------------------


def with_older_spanish():
    row = factories.section(title_en="One", title_es="Uno", summary_es="S", body_es="<p>E</p>")
    long_ago = timezone.now() - 10 * DAY
    Section.objects.filter(pk=row.pk).update(translation_changed_at=long_ago)
    row.refresh_from_db()
    assert row.translation_state() == TranslationState.OLDER
    return row


def test_older_spanish_is_still_older_after_a_return(publisher):
    row = with_older_spanish()
    version = kept(row)
    fill(publisher, address(Section, "change", row.pk), title_en="Two", title_es="Dos")
    row.refresh_from_db()
    assert row.translation_state() != TranslationState.OLDER
    return_to(publisher, row, version)
    row = Section.objects.get(pk=row.pk)
    assert (row.title_en, row.title_es) == ("One", "Uno")
    assert row.translation_state() == TranslationState.OLDER


def test_older_spanish_is_still_older_after_a_recovery(publisher):
    back = delete_and_recover(publisher, with_older_spanish())
    assert back.title_es == "Uno"
    assert back.translation_state() == TranslationState.OLDER


def test_a_recovered_figure_was_entered_when_it_was(publisher):
    row = factories.figure()
    entered = timezone.now() - 300 * DAY
    Figure.objects.filter(pk=row.pk).update(recorded_at=entered)
    back = delete_and_recover(publisher, row)
    assert abs(back.recorded_at - entered) < datetime.timedelta(seconds=1)


# --- Figures that look like a mistake --------------------------------------------------


def test_a_return_to_a_figure_needs_no_further_word(publisher):
    """The press itself says why: a later figure would have to, where it differs much."""
    row = factories.figure(value=100)
    version = kept(row)
    form = address(Figure, "change", row.pk)
    assert fill(publisher, form, value="10", assurance="Typed wrongly.").status_code == 302
    done = return_to(publisher, row, version)
    assert said(done, publisher)[-1].endswith(", and public.")
    row.refresh_from_db()
    assert row.value == 100
    assert row.assurance.startswith("As it was on ")


def test_so_does_a_recovery(publisher):
    beside = factories.figure(year=2020, value=100)
    row = factories.figure(year=2019, value=10, place=beside.place, measure=beside.measure)
    back = delete_and_recover(publisher, row)
    assert (back.value, back.assurance) == (10, "Brought back after deletion")


# --- Whose draft it replaces -----------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "ends"),
    [("publisher", ", and public."), ("editor", ", a draft of “Second” was made.")],
)
def test_a_return_says_what_becomes_of_a_draft_that_there_was(
    editor, publisher, other_publisher, who, ends
):
    row = factories.section(title="First", summary="In short.")
    version = kept(row)
    form = address(Section, "change", row.pk)
    fill(publisher, form, title_en="Second")
    fill(other_publisher, form, "_draft", summary_en="Hours of work")
    client = {"editor": editor, "publisher": publisher}[who]
    *_rest, first, second = said(return_to(client, row, version), client)
    assert first.endswith(ends)
    assert second == "The earlier draft of “Second” is now in the history."
    there = fields_of(read(client.get(form)))
    assert (there["title_en"], there["summary_en"]) == ("First", "In short.")
    # And there it is.
    lost = Event.objects.filter(kind=Event.Kind.DRAFTED).earliest("pk").revision
    old = Version.objects.get_for_object(row).get(revision=lost)
    assert old.field_dict["summary_en"] == "Hours of work"


def test_where_there_was_no_draft_a_return_speaks_of_none(publisher):
    row = factories.section(title="First")
    version = kept(row)
    fill(publisher, address(Section, "change", row.pk), title_en="Second")
    (sentence,) = said(return_to(publisher, row, version), publisher)[1:]
    assert sentence.endswith(", and public.")


def test_a_version_that_is_as_now_is_no_return_whatever_the_order_of_its_rows(publisher):
    row = factories.appeal(amounts=[(50, True, "a night"), (20, False, "a meal")])
    version = kept(row)
    (sentence,) = said(return_to(publisher, row, version), publisher)
    assert sentence.startswith("“Please help” is already as it was on")
    assert Version.objects.get_for_model(CallToAction).count() == 1
