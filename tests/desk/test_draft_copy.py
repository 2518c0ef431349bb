"""The working copy on a draft: clean words whoever wrote it, and whole after the move out of the
revisions in which it was until 2026."""

import json
from importlib import import_module

import pytest
from django.apps import apps
from django.contrib.auth.models import User
from django.core import serializers
from django.core.management import CommandError
from django.utils import timezone
from reversion.models import ContentType, Revision, Version

from awareness.desk.drafts import open_draft
from awareness.desk.item_version import ItemVersion
from awareness.desk.models import Draft
from awareness.desk.workflow import Workflow
from pages.models import Citation, Section
from stats.models import Figure
from tests import factories
from tests.desk.test_admin import address, fields_of, fill
from tests.html import read

carry_over = import_module("awareness.migrations.0007_draft_copy").carry_over

pytestmark = pytest.mark.also_postgres


def test_what_is_shown_of_a_draft_is_what_publishing_writes(publisher):
    """Written by an earlier release, by a script, or with an earlier list of what is allowed."""
    row = factories.section(title="Old")
    citation = factories.citation(row, title="A study")
    form = address(Section, "change", row.pk)
    typed = {"title_en": "New", "body_en": "<p>New</p>", "citations-0-title": "B"}
    fill(publisher, form, "_draft", **typed)
    draft = Draft.objects.get()
    item, part = (one["fields"] for one in draft.copy)
    item["title_en"] = "N\u200bew \u202ewords"
    item["body_en"] = '<p onclick="x()">A <font>word</font></p>'
    part["title"] = "B\u200b"
    draft.save()
    there = fields_of(read(publisher.get(form)))
    preview = publisher.get(address(Section, "preview_page", row.pk)).content.decode()
    Workflow.apply("publish", row, User.objects.get(username="publisher"))
    row.refresh_from_db()
    citation.refresh_from_db()
    assert (row.title_en, row.body_en, citation.title) == ("New words", "<p>A word</p>", "B")
    assert (there["title_en"], there["body_en"]) == (row.title_en, row.body_en)
    assert there["citations-0-title"] == "B"
    assert row.title_en in preview
    assert row.body_en in preview


def as_it_was_kept(version, number):
    """The revision that a draft was until 2026: rows without a number have one below zero."""
    revision = Revision.objects.create(date_created=timezone.now())
    rows = [row for rows in version.inlines.values() for row in rows]
    for below, row in enumerate([version.item, *rows]):
        Version.objects.create(
            revision=revision,
            content_type=ContentType.objects.get_for_model(row),
            object_id=str(row.pk or (number if row is version.item else -below)),
            db="default",
            format="json",
            serialized_data=serializers.serialize("json", [row]),
            object_repr=str(row),
        )
    return revision


def old_draft(version, number, **fields):
    kind = ContentType.objects.get_for_model(version.item)
    given = {"title": "In flight", "revision": as_it_was_kept(version, number), **fields}
    return Draft.objects.create(content_type=kind, object_id=number, **given)


@pytest.fixture
def section(db):
    """As a draft had it: one citation changed, one gone, two new."""
    row = factories.section(title="Old")
    kept, _gone = (factories.citation(row, title=title) for title in ("Kept", "Gone"))
    row.title_en, row.title_es, kept.note_es = "New", "Nuevo", "Nota"
    new = [Citation(section=row, title=f"New {n}", url="https://a.example/") for n in (1, 2)]
    return ItemVersion(row, {"citations": [kept, *new]})


def test_a_draft_that_was_a_revision_is_carried_over_whole(section, client):
    figure = ItemVersion(factories.figure(), {})
    figure.item.pk, figure.item.value = None, 7
    person = User.objects.create(username="ed")
    fields = {"state": "review", "note": "Right?", "author": person, "contributor_ids": [person.pk]}
    changed = ["title_en", "title_es", "citations"]
    old_draft(section, section.item.pk, changed=changed, approved_by=person, **fields)
    old_draft(figure, -12, **fields)
    before = list(Draft.objects.order_by("pk").values())
    carry_over(apps, None)
    after = list(Draft.objects.order_by("pk").values())
    assert [row | {"copy": None} for row in after] == before
    of_section, of_figure = Draft.objects.order_by("pk")
    live = ItemVersion.of(Section.objects.get())
    assert open_draft(live, of_section).differs(section) == []
    assert open_draft(None, of_figure).item.value == 7
    assert Revision.objects.count() == 2
    assert open_draft(live, of_section).differs(live) == changed


def break_json(versions):
    versions.update(serialized_data="[")


def add_another(versions):
    item = versions.first()
    item.pk, item.content_type = None, ContentType.objects.get_for_model(Figure)
    item.object_id = "5"
    item.save()


def name_another(versions):
    version = versions.order_by("pk").last()
    (part,) = json.loads(version.serialized_data)
    part["pk"] = 400
    version.serialized_data = json.dumps([part])
    version.save()


@pytest.mark.parametrize(
    "spoil", [break_json, add_another, name_another, lambda versions: versions.all().delete()]
)
def test_a_draft_that_cannot_be_carried_over_whole_stops_the_upgrade(section, spoil):
    draft = old_draft(section, section.item.pk)
    spoil(Version.objects.filter(revision=draft.revision))
    with pytest.raises(CommandError) as stopped:
        carry_over(apps, None)
    assert f"The draft of “In flight” (number {draft.pk}) could not" in str(stopped.value)
    assert "nothing was changed" in str(stopped.value)
