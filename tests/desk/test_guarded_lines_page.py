"""The changes of a week on the first page: for whom, how long, and what it says of each."""

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from awareness.desk import drafts
from awareness.desk.alerts.baseline import look
from awareness.desk.alerts.emails import RETRY, send_due
from awareness.desk.alerts.views import WEEK, week
from tests import factories
from tests.desk.test_admin import fill
from tests.desk.test_guarded_lines import DAY, NEW, OLD, form, fresh, save_number
from tests.desk.test_guarded_lines_mail import account, change_by_sql
from tests.desk.test_guarded_lines_return import entries, first_form, press_first
from tests.html import read

# --- Who, and for how long -------------------------------------------------------------


def test_it_stands_for_a_week(line, db):
    boss = User.objects.create_superuser("boss")
    save_number(line)
    look(now := timezone.now())
    moments = [now, now + WEEK - DAY / 24, now + WEEK]
    assert [len(week(boss, at)) for at in moments] == [1, 1, 0]


ROLES = {
    "publisher": (302, 302),
    "superuser": (302, 302),
    "editor": (403, 403),
    "staff": (403, 403),
    "visitor": (302, 302),
    "away": (302, 302),
    "nobody": (302, 302),
}


def signed_in_as(role):
    client = Client()
    fields = {
        "superuser": {"role": None, "is_superuser": True},
        "editor": {"role": "Editor"},
        "staff": {"role": None},
        "visitor": {"is_staff": False},
        "away": {"is_active": False},
    }.get(role, {})
    if role != "nobody":
        client.force_login(account(role, **fields))
    return client


@pytest.mark.parametrize("role", ROLES)
def test_only_who_may_publish_help_lines_sees_and_returns_changes(line, role):
    save_number(line)
    (alert,) = look()
    client, where = signed_in_as(role), f"/admin/alerts/{alert.pk}/"
    page = client.get("/admin/")
    assert ("desk-alerts" in page.content.decode()) == (role in ("publisher", "superuser"))
    stamp = first_form(signed_in_as("superuser2") if role == "superuser" else a_publisher())
    seen = stamp.one("input", name="seen").attrs["value"]
    codes = client.get(where).status_code, client.post(where, {"seen": seen}).status_code
    assert codes == ROLES[role]
    assert fresh(line).number == (OLD if role in ("publisher", "superuser") else NEW)


def a_publisher():
    client = Client()
    client.force_login(account("another"))
    return client


def test_the_button_needs_the_token_of_its_page(line):
    save_number(line)
    (alert,) = look()
    client = Client(enforce_csrf_checks=True)
    client.force_login(account("ann"))
    seen = first_form(client).one("input", name="seen").attrs["value"]
    assert client.post(f"/admin/alerts/{alert.pk}/", {"seen": seen}).status_code == 403
    assert fresh(line).number == NEW
    assert press_first(client)
    assert fresh(line).number == OLD


def test_a_change_that_is_not_there_is_404(publisher):
    for number in ("0", "999999", str(2**63), "9" * 40):
        assert publisher.get(f"/admin/alerts/{number}/").status_code == 404, number
        assert publisher.post(f"/admin/alerts/{number}/").status_code == 404, number


# --- What the page says ----------------------------------------------------------------


def test_it_says_what_was_changed_by_whom_and_when(line, publisher):
    fill(publisher, form(line), number=NEW)
    (alert,) = look()
    (entry,) = entries(publisher)
    when = drafts.in_local_words(alert.changed_at)
    assert entry.text.startswith(
        f"“Line 2” was changed. By publisher, {when} "
        f"Number: [removed: {OLD}] → [added: {NEW}] "
        f"Make it {OLD} again: Line 2 It was meant: Line 2 Open its form: Line 2"
    )


def test_hidden_signs_and_markup_are_shown_and_not_obeyed(line, publisher):
    change_by_sql(line, number=f"{OLD}\u200b", name_en="<b>\u202eLine</b>")
    page = publisher.get("/admin/").content.decode()
    assert f"{OLD}[U+200B]" in page
    assert "[U+202E]Line" in page
    assert "<b>\u202e" not in page
    assert "&lt;b&gt;" in page


UNREACHED = "The e-mail did not reach 1 publisher: tell them yourself, and ask the person who runs"
ANN = "ann@example.org"
MAIL = {  # {what: (SENDS_MAIL, the address, a server that works, what the page says)}
    "it went out": (True, ANN, True, None),
    "none is set": (False, ANN, True, "This site does not send e-mail, so nobody was told"),
    "no address": (True, "", True, "told by e-mail, because no publisher has an address."),
    "it failed twice": (True, ANN, False, f"{UNREACHED} the server."),
}


@pytest.mark.parametrize("what", MAIL)
def test_it_says_when_the_mail_did_not_go_out(line, settings, mailer, what):
    settings.SENDS_MAIL, address, works, words = MAIL[what]
    if not works:
        mailer("tests.desk.test_guarded_lines_mail.Down")
    client = Client()
    client.force_login(account("ann", email=address))
    save_number(line)
    (alert,) = look()
    for wait in (0, 1):
        send_due(alert.changed_at + wait * RETRY)
    text = read(client.get("/admin/")).one("section", id="desk-alerts").text
    found = [w for w in ("does not send e-mail", "told by e-mail", "The e-mail") if w in text]
    assert (words in text) if words else found == []
    assert len(found) == bool(words)


def test_the_first_page_costs_no_more_whatever_was_changed(line, publisher):
    def count():
        with CaptureQueriesContext(connection) as asked:
            publisher.get("/admin/")
        return len(asked)

    save_number(line)
    look()
    few = count()
    for n in range(20):
        factories.help_line(name=f"More {n}", position=n)
    assert len(look()) == 20
    assert count() == few <= 20


def test_nobody_hides_a_change_behind_many_others(lines, publisher):
    save_number(lines[0])
    look()
    for n in range(20):
        save_number(lines[1], hours_en=f"Hour {n}")
        save_number(lines[0], hours_en=f"Hour {n}")
        look()
    first, second = sorted(entry.text for entry in entries(publisher))
    assert f"[removed: {OLD}] → [added: {NEW}]" in first
    assert "Hour 19" in second
    assert "Hour 18" not in second, "one entry a line, of what is there now"


def test_with_nothing_else_to_do_the_page_does_not_say_that_all_is_well(line, publisher):
    save_number(line)
    look()
    assert "Everything is up to date" not in read(publisher.get("/admin/")).text
