"""Whatever changes the public content raises its version, in the same transaction."""

import io

import pytest
from django.apps import apps
from django.core import serializers
from django.core.management import call_command
from django.db import connection, transaction

from awareness.web import content_version
from awareness.web.models import ContentVersion
from pages.models import Amount, CallToAction, Section
from tests import factories

pytestmark = pytest.mark.also_postgres


@pytest.fixture
def raised(db):
    """A function: whether the version was raised since it was last called."""
    known = [ContentVersion.current()]

    def raised():
        known.append(ContentVersion.current())
        return known[-1] > known[-2]

    return raised


def raw(statement, *values):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def from_file(row):
    text = serializers.serialize("json", [row])
    for item in serializers.deserialize("json", text):
        item.save()


SECTION_CHANGES = {
    "saved": lambda row: row.save(),
    "updated in bulk": lambda row: Section.objects.filter(pk=row.pk).update(title="Other"),
    "saved in bulk": lambda row: Section.objects.bulk_update([row], ["title"]),
    "loaded from a file": from_file,
    "changed by hand": lambda row: raw("UPDATE pages_section SET title = %s", "By hand"),
    "deleted": lambda row: row.delete(),
    "deleted in bulk": lambda row: Section.objects.all().delete(),
    "a source was added": lambda row: factories.citation(row),
}


def test_every_way_of_changing_a_row_raises_it(raised):
    for name, change in SECTION_CHANGES.items():
        row = factories.section()
        assert raised(), name
        change(row)
        assert raised(), name


def test_new_rows_in_bulk_raise_it(raised):
    appeal = factories.appeal()
    raised()
    Amount.objects.bulk_create([Amount(appeal=appeal, dollars=5, pays_for="paper")])
    assert raised()
    same = Amount(pk=Amount.objects.get().pk, appeal=appeal, dollars=6, pays_for="ink")
    Amount.objects.bulk_create([same], ignore_conflicts=True)
    raised()
    Amount.objects.bulk_create(
        [same], update_conflicts=True, unique_fields=["id"], update_fields=["dollars"]
    )
    assert raised()
    CallToAction.objects.all().delete()  # its amounts go with it
    assert raised()


def test_reading_does_not(raised):
    factories.section()
    raised()
    list(Section.objects.live())
    assert not raised()


def test_a_change_that_is_taken_back_takes_the_raise_back(raised):
    row = factories.section()
    raised()
    with transaction.atomic():
        row.save()
        transaction.set_rollback(True)
    assert not raised()


def test_every_table_of_both_apps_is_watched(db):
    labels = set(content_version.CONTENT_APPS)
    models = [m for m in apps.get_models(include_auto_created=True) if m._meta.app_label in labels]
    assert {m._meta.db_table for m in models} == set(content_version.public_tables())
    assert len(content_version.triggers()) >= len(models) > 10
    assert content_version.missing() == {}


def test_what_was_lost_comes_back_and_counts_as_a_change(raised):
    name = next(iter(content_version.triggers()))
    on_table = ' ON "pages_section"' if connection.vendor == "postgresql" else ""
    if connection.vendor == "postgresql":
        name = f"{content_version.NAME}_pages_section"
    raw(f'DROP TRIGGER "{name}"{on_table}')
    assert list(content_version.missing()) == [name]
    content_version.install()
    assert content_version.missing() == {}
    assert raised()
    content_version.install()
    assert not raised()


def test_there_is_a_command_for_what_no_trigger_sees(raised):
    out = io.StringIO()
    call_command("forget_pages", stdout=out)
    assert raised()
    assert out.getvalue() == "Every page will be made anew.\n"
