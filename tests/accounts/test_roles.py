"""What the two roles may do, as one table. A right that is given by mistake fails here."""

import pytest
from django.contrib.auth.models import Group, Permission, User

from awareness.audit.models import Event
from awareness.content.models import OldAddress
from awareness.desk.models import DeskRules
from pages.models import (
    Amount,
    CallToAction,
    Citation,
    HelpLine,
    Notice,
    Section,
    SiteSettings,
    Update,
)
from stats.models import Break, Figure, Headline, Measure, Place, ReadingGuide, Source
from tests.desk.test_admin import address

# v: view, a: add, c: change, d: delete, p: publish
TABLE = [
    # model, Editor, Publisher
    (Section, "vac", "vacdp"),
    (Update, "vac", "vacdp"),
    (CallToAction, "vac", "vacdp"),
    (Notice, "vac", "vacdp"),
    (HelpLine, "vc", "vacdp"),
    (Figure, "vc", "vacdp"),
    (Citation, "vacd", "vacd"),  # these two stand in the forms of others
    (Amount, "vacd", "vacd"),
    (Place, "v", "vacd"),
    (Measure, "v", "vacd"),
    (Source, "v", "vacd"),
    (Break, "v", "vacd"),
    (Headline, "v", "vacd"),
    (SiteSettings, "v", "vc"),
    (ReadingGuide, "v", "vc"),
    (Event, "v", "v"),
    (OldAddress, "", "vd"),
    (DeskRules, "", "v"),
]
WORDS = {"v": "view", "a": "add", "c": "change", "d": "delete", "p": "publish"}
ROLES = ["Editor", "Publisher"]


def rights(table, column):
    return {
        f"{row[0]._meta.app_label}.{WORDS[letter]}_{row[0]._meta.model_name}"
        for row in table
        for letter in row[column]
    }


def person(role):
    user = User.objects.create_user(role.lower(), is_staff=True)
    user.groups.add(Group.objects.get(name=role))
    return user


@pytest.mark.parametrize(("column", "role"), [*enumerate(ROLES, 1)])
def test_a_role_may_do_what_stands_in_the_table_and_nothing_else(db, column, role):
    given = Permission.objects.filter(group__name=role).select_related("content_type")
    assert {f"{p.content_type.app_label}.{p.codename}" for p in given} == rights(TABLE, column)


def test_whoever_publishes_may_do_all_that_an_editor_may(db):
    assert rights(TABLE, 1) < rights(TABLE, 2)


@pytest.mark.parametrize("role", ROLES)
def test_neither_role_reaches_accounts_and_roles(client, db, role):
    client.force_login(person(role))
    for model in (User, Group):
        for view in ("changelist", "add"):
            assert client.get(address(model, view)).status_code == 403
    assert client.get(address(User, "change", User.objects.get().pk)).status_code == 403


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("model", [Place, Measure, Source, Break], ids=lambda m: m.__name__)
def test_the_admin_keeps_to_the_table(client, db, model, role):
    letters = next(row for row in TABLE if row[0] is model)[1 + ROLES.index(role)]
    client.force_login(person(role))
    for letter, view in (("v", "changelist"), ("a", "add")):
        allowed = letter in letters
        assert client.get(address(model, view)).status_code == (200 if allowed else 403)
