"""A colleague is invited by one form; a link for one use sets the password."""

import re
import time

import pytest
from django.contrib.auth.models import Group, User
from django.core import mail
from django.test import Client

from tests.accounts.signing_in import NEW, account, may_enter, sign_in
from tests.accounts.test_people import right
from tests.audit.test_audit import happened
from tests.desk.test_admin import address, mistakes
from tests.html import read

SENT = {"first_name": "José", "last_name": "Núñez Ruiz", "email": "jose@example.org"}


def invite(client, role="Editor", **typed):
    given = {**SENT, "groups": [Group.objects.get(name=role).pk] if role else [], **typed}
    return client.post(address(User, "add"), given)


def again(client, *accounts):
    sent = {"action": "invite_again", "_selected_action": [each.pk for each in accounts]}
    return client.post(address(User, "changelist"), sent)


def link_in(text):
    return re.search(r"http://localhost:8000(/accounts/invitation/\?invitation=[\w:%-]+)", text)[1]


def follow(link, password=None, client=None):
    """What the link leads to; with a password, after it was typed."""
    client = client or Client()
    page = client.get(link, follow=True)
    sent = {"password1": password, "password2": password}
    return client.post("/accounts/invitation/", sent) if password else page


def refusal(page):
    assert read(page).one("h1").text == "This invitation does not work"
    return read(page).one("p", role="alert").text


def shown(page):
    return link_in(read(page).one("textarea", id="link-1").text)


def test_who_is_invited_by_mail_sets_a_password_and_comes_in(admin_client, caplog):
    assert invite(admin_client)["Location"] == address(User, "changelist")
    (letter,) = mail.outbox
    assert letter.to == ["jose@example.org"]
    for said in ("admin invites you", "“jose.nunez.ruiz”"):
        assert said in letter.body
    note = "Account added. May enter the admin. Role: + Editor."
    assert happened() == [("invited", "jose.nunez.ruiz", note)]
    listed = read(admin_client.get(address(User, "changelist"))).one("tbody").text
    assert "has not used the invitation yet" in listed
    link = link_in(letter.body)
    first = Client().get(link)
    assert first["Location"] == "/accounts/invitation/", "the address bar holds no key"
    assert first["Referrer-Policy"] == "same-origin"
    client = Client()
    assert "jose.nunez.ruiz" in read(follow(link, client=client)).one("main").text
    assert "too common" in follow(link, "password1234", client).content.decode()
    assert follow(link, NEW)["Location"] == "/accounts/login/"
    assert may_enter(sign_in("jose.nunez.ruiz", NEW))
    used = "This invitation was already used. Sign in with your password."
    assert refusal(follow(link, "yet another password")) == used
    assert refusal(follow(link, client=client)) == used, "in a tab that was open"
    assert may_enter(sign_in("jose.nunez.ruiz", NEW))
    assert caplog.text == ""


@pytest.mark.parametrize("lacks", ["mail", "an answer of the mail server"])
def test_without_mail_the_link_is_shown_once(admin_client, settings, mailer, lacks, caplog):
    if lacks == "mail":
        settings.SENDS_MAIL = False
    else:
        mailer("django.core.mail.backends.smtp.EmailBackend", host="127.0.0.1", port=1)
    link = shown(invite(admin_client))
    key = link.partition("=")[2]
    assert key not in caplog.text
    assert key not in admin_client.get(address(User, "changelist"), follow=True).content.decode()
    newer = shown(again(admin_client, User.objects.get(email=SENT["email"])))
    assert refusal(follow(link)) == "There is a newer invitation. Use the link you got last."
    follow(newer, NEW)
    assert may_enter(sign_in("jose.nunez.ruiz", NEW))


def test_what_is_wrong_with_a_link_is_one_sentence(admin_client, client, monkeypatch):
    invite(admin_client)
    link, jose = link_in(mail.outbox[0].body), User.objects.get(email=SENT["email"])
    signed_in = refusal(follow(link, client=admin_client))
    assert signed_in == "You are signed in as “admin”. Sign out, then open the link again."
    incomplete = "This link is incomplete. Copy all of it from the message you got."
    for cut in (link[:-3], link + "x", "/accounts/invitation/"):
        assert refusal(follow(cut)) == incomplete, cut
    with monkeypatch.context() as patch:
        later = time.time() + 3 * 24 * 3600 + 1
        patch.setattr("django.core.signing.time.time", lambda: later)
        old = "This invitation is more than three days old. Ask for a new one."
        assert refusal(follow(link)) == old
    User.objects.filter(pk=jose.pk).update(email="other@example.org")
    assert refusal(follow(link)).startswith("There is a newer invitation.")
    User.objects.filter(pk=jose.pk).update(is_active=False)
    assert refusal(follow(link)).startswith("This account was closed.")
    tries = [client.post("/accounts/invitation/").status_code for _ in range(30)]
    assert sorted({*tries}) == [200, 429]


def test_an_address_invites_one_person_and_a_role_is_needed(admin_client, db):
    ann = account("ann", "Editor")
    taken = mistakes(invite(admin_client, email="ANN@example.org"))["email"]
    assert taken[0].startswith("“ann” has this address already.")
    assert "groups" in mistakes(invite(admin_client, role=None))
    again(admin_client, ann)
    assert ann.check_password("four words in a row")
    assert (len(mail.outbox), User.objects.count()) == (0, 2)
    for n in (1, 2):
        assert invite(admin_client, email=f"{n}@example.org", last_name="").status_code == 302
    assert {*User.objects.values_list("username", flat=True)} >= {"jose", "jose2"}


def test_who_looks_after_accounts_invites_nobody_to_full_rights(client, db):
    ann = account("ann", "Editor")
    client.force_login(ann)
    assert invite(client).status_code == 403
    ann.user_permissions.add(*map(right, ("view_user", "add_user", "change_user")))
    assert not read(client.get(address(User, "add"))).all("input", name="is_superuser")
    assert invite(client, is_superuser="on").status_code == 302
    assert not User.objects.get(email=SENT["email"]).is_superuser
