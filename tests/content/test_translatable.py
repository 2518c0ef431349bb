"""Staff see which translation is missing, older than the English, or reviewed, and by whom."""

import datetime

from django.utils import timezone

from awareness.content.translatable import TranslationState
from pages.models import CallToAction, HelpLine, Section, Update
from tests import factories

SPANISH = {"title_es": "Título", "summary_es": "En breve.", "body_es": "<p>Palabras.</p>"}
TODAY = timezone.localdate()


def states(row):
    """By the row itself, and by every state's query."""
    model = type(row)
    found = [s for s in TranslationState if model.in_translation_state(model.objects.all(), s)]
    assert found == [row.translation_state()]
    return found[0]


def test_without_all_of_the_spanish_it_is_missing_and_then_waits_for_review(db):
    for spanish in ({}, {"title_es": "Título"}):
        row = factories.section(**spanish)
        assert states(row) == TranslationState.MISSING, spanish
        row.delete()
    assert states(factories.section(**SPANISH)) == TranslationState.UNREVIEWED


def test_a_change_of_the_english_makes_it_older(db):
    row = Section.objects.get(pk=factories.section(**SPANISH).pk)
    before = row.original_changed_at, row.translation_changed_at
    row.position = 5
    row.save()
    assert (row.original_changed_at, row.translation_changed_at) == before
    row.body_en = "<p>Other words.</p>"
    row.save()
    assert states(row) == TranslationState.OLDER

    row.body_es = "<p>Otras palabras.</p>"
    row.save()
    assert states(row) == TranslationState.UNREVIEWED


def test_a_review_holds_until_the_next_change(db):
    row = factories.section(**SPANISH)
    row.translation_reviewed_by = "Ana"
    row.translation_reviewed_on = timezone.localdate()
    row.save()
    assert states(row) == TranslationState.REVIEWED

    row.translation_reviewed_on -= datetime.timedelta(days=1)
    row.save()
    assert states(row) == TranslationState.UNREVIEWED


def test_all_starter_content_is_translated(starter):
    for model in (Section, Update, CallToAction, HelpLine):
        for row in model.objects.all():
            assert row.translation_state() == TranslationState.UNREVIEWED


def test_the_admin_lists_by_state(admin_client, db):
    factories.section(title="Missing one")
    factories.section(title="Waiting one", **SPANISH)
    reviewed = {"translation_reviewed_by": "Ana Reyes", "translation_reviewed_on": TODAY}
    factories.section(title="Reviewed one", **SPANISH, **reviewed)
    expected = {"missing": "Missing one", "unreviewed": "Waiting one", "reviewed": "Reviewed one"}
    for state in TranslationState:
        page = admin_client.get(f"/admin/pages/section/?translation={state}").content.decode()
        for name, title in expected.items():
            assert (title in page) == (name == state), (state, name)
        assert ("by Ana Reyes on" in page) == (state == "reviewed"), state
