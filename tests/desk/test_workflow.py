"""What happens to an item and its draft happens with its line in the audit list, or not at all."""

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection
from django.utils import timezone

from awareness.audit.models import Event
from awareness.desk.item_version import ItemVersion
from awareness.desk.models import Draft
from awareness.desk.workflow import Workflow
from pages.models import Section
from tests import factories
from tests.desk.test_admin import stored

HOUR = factories.DAY / 24


def with_title(row, title):
    copy = ItemVersion.of(Section.objects.get(pk=row.pk))
    copy.item.title_en = title
    return copy


def actions(row):
    """{action: what is given with it}: all that can be done with a public item with a draft."""
    new, at = with_title(row, "Newer"), timezone.now() + HOUR
    return {
        "save": {"version": new},
        "ask": {"note": "Please.", "version": new},
        "hand_back": {"note": "No."},
        "schedule": {"at": at},
        "unschedule": {},
        "discard": {},
        "publish": {},
        "restore": {"version": new, "note": "As it was"},
        "unpublish": {},
    }


@pytest.fixture
def row(publisher):
    row = factories.section(title="Old")
    user = User.objects.get(username="publisher")
    given = {"version": with_title(row, "New"), "at": timezone.now() + HOUR}
    Workflow.apply("schedule", row, user, **given)
    return row


def no_audit(execute, sql, *rest):
    if sql.startswith('INSERT INTO "awareness_event"'):
        raise IntegrityError("no room for another line")
    return execute(sql, *rest)


def test_without_its_line_in_the_audit_list_nothing_has_changed(row):
    user = User.objects.get(username="publisher")
    before = stored(row), Draft.objects.values().get()
    for action, given in actions(row).items():
        with connection.execute_wrapper(no_audit), pytest.raises(IntegrityError):
            Workflow.apply(action, row, user, **given)
        assert (stored(row), Draft.objects.values().get()) == before, action


def test_whoever_has_not_the_right_changes_nothing(row, editor):
    user, nobody = User.objects.get(username="editor"), User.objects.create_user("nobody")
    before = stored(row), Draft.objects.values().get(), Event.objects.count()
    for action, given in actions(row).items():
        with pytest.raises(PermissionDenied):
            Workflow.apply(action, row, nobody, **given)
        refusal = "" if action in ("save", "ask", "discard") else PermissionDenied
        with pytest.raises(refusal or Exception, match=None if refusal else "cancel the schedule"):
            Workflow.apply(action, row, user, **given)
        now = stored(row), Draft.objects.values().get(), Event.objects.count()
        assert now == before, action


def test_each_button_leaves_no_change_without_its_line(row, publisher):
    """As they are pressed: what the site answers is an error, and nothing is half done."""
    before = stored(row), Draft.objects.values().get()
    for step in ("return", "unschedule", "discard", "unpublish"):
        where = f"/admin/pages/section/{row.pk}/desk/{step}/"
        with connection.execute_wrapper(no_audit), pytest.raises(IntegrityError):
            publisher.post(where, {"_note": "No.", "_confirmed": "1"})
        assert (stored(row), Draft.objects.values().get()) == before, step
