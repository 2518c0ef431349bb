"""What the two roles may do, as one table. A right that is given by mistake fails here."""

import pytest
from django.contrib.auth.models import Group, Permission, User

from awareness.audit.models import Event
from awareness.content.models import OldAddress
from awareness.desk.avoided_words import AvoidedWord
from awareness.desk.models import DeskRules
from pages.models import (
    Amount,
    CallToAction,
    CampaignLink,
    Citation,
    Correction,
    HelpLine,
    Image,
    LanguageCard,
    Notice,
    Section,
    Service,
    SiteSettings,
    Synonym,
    Update,
)
from stats.models import Break, Figure, Headline, Measure, Place, ReadingGuide, Source
from tests.accounts.signing_in import signed_in
from tests.desk.test_admin import address

# v: view, a: add, c: change, d: delete, p: publish
TABLE = [
    # model, Editor, Publisher
    (Section, "vac", "vacdp"),
    (Update, "vac", "vacdp"),
    (CallToAction, "vac", "vacdp"),
    (Notice, "vac", "vacdp"),
    (CampaignLink, "vac", "vacdp"),
    (Service, "vac", "vacdp"),
    (LanguageCard, "vac", "vacdp"),
    (Image, "vac", "vacdp"),
    (Synonym, "v", "vacd"),
    (Correction, "v", "va"),  # what was published as wrong stays
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
    (AvoidedWord, "v", "vacd"),
]
WORDS = {"v": "view", "a": "add", "c": "change", "d": "delete", "p": "publish"}
ROLES = ["Editor", "Publisher"]


def rights(table, column):
    return {
        f"{row[0]._meta.app_label}.{WORDS[letter]}_{row[0]._meta.model_name}"
        for row in table
        for letter in row[column]
    }


@pytest.mark.parametrize(("column", "role"), [*enumerate(ROLES, 1)])
def test_a_role_may_do_what_stands_in_the_table_and_nothing_else(db, column, role):
    given = Permission.objects.filter(group__name=role).select_related("content_type")
    assert {f"{p.content_type.app_label}.{p.codename}" for p in given} == rights(TABLE, column)


def test_whoever_publishes_may_do_all_that_an_editor_may(db):
    assert rights(TABLE, 1) < rights(TABLE, 2)


@pytest.mark.parametrize(("column", "role"), [*enumerate(ROLES, 1)])
def test_the_admin_keeps_to_the_table_and_to_accounts_goes_neither(db, column, role):
    client = signed_in("somebody", role)
    letters = {row[0]: row[column] for row in TABLE}
    for model in (Place, Measure, Source, Break, User, Group):
        for letter, view in (("v", "changelist"), ("a", "add")):
            allowed = letter in letters.get(model, "")
            status = client.get(address(model, view)).status_code
            assert status == (200 if allowed else 403), (model, view)
    assert client.get(address(User, "change", User.objects.get().pk)).status_code == 403
