"""Whoever lacks a right is told who has it."""

import pytest
from django.contrib.auth.models import User

from awareness.desk.models import DeskRules
from pages.models import HelpLine, Section, Update
from stats.models import Place
from tests import factories
from tests.accounts.signing_in import account
from tests.desk.test_admin import address
from tests.html import read


@pytest.fixture
def colleagues(db):
    account("ana", "Publisher", first_name="Ana", last_name="Ruiz")
    account("bea", "Publisher")
    account("gone", "Publisher", is_active=False, first_name="Gone")
    account("secret.name", is_superuser=True)
    return "Ask Ana Ruiz or bea."


def main(client, *where):
    return read(client.get(address(*where))).one("main").text


def test_an_editor_reads_who_publishes_and_who_changes(editor, colleagues):
    update, section = factories.update(), factories.section()
    assert f"Only a publisher can make it public. {colleagues}" in main(
        editor, Update, "change", update.pk
    )
    refused = editor.get(address(Section, "delete", section.pk))
    assert refused.status_code == 403
    assert f"Your role does not allow this. {colleagues}" in read(refused).one("main").text
    line = factories.help_line()
    where, reads = (HelpLine, "change", line.pk), "You can read this, but not change it."
    if reads in main(editor, *where):
        assert f"{reads} {colleagues}" in main(editor, *where)
    place = factories.place()
    assert f"{reads} {colleagues}" in main(editor, Place, "change", place.pk)
    for elsewhere in ("/admin/autocomplete/", address(Update, "changelist") + "order/"):
        assert editor.get(elsewhere).status_code in (403, 302), elsewhere
    people = read(editor.get(address(User, "changelist")))
    assert "Ask a colleague with full rights." in people.one("main").text
    User.objects.filter(username="secret.name").update(first_name="Tom", last_name="Bell")
    assert "Ask Tom Bell." in read(editor.get(address(User, "changelist"))).one("main").text


def test_who_needs_a_second_person_is_not_told_to_ask_themselves(publisher, colleagues):
    DeskRules.objects.create(second_person=True)
    line = factories.help_line()
    told = main(publisher, HelpLine, "change", line.pk)
    assert f"The publishing rules require a second person here. {colleagues}" in told


def test_the_public_is_told_no_name(client, colleagues):
    assert client.get("/admin/").status_code == 302
    refused = client.post("/admin/", HTTP_COOKIE="csrftoken=x")
    assert "Ruiz" not in refused.content.decode()
