"""A password is set anew by a link in a mail: once, for an hour, and nobody learns whose."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.core import mail
from django.test import Client
from django.utils import timezone

from awareness.accounts.adapters import AccountAdapter
from awareness.audit.models import Event
from tests.accounts.signing_in import NEW, PASSWORD, account, add_app, may_enter, sign_in
from tests.html import read
from tests.site import until


def reset_link(email="ann@example.org"):
    mail.outbox.clear()
    Client().post("/accounts/password/reset/", {"email": email})
    until(lambda: mail.outbox)
    return re.search(r"http\S+", mail.outbox[0].body)[0].removeprefix("http://localhost:8000")


def set_by_link(link, password):
    client = Client()
    form = client.get(link)
    if form.status_code == 302:
        sent = {"password1": password, "password2": password}
        form = client.post(form["Location"], sent)
    return form


def test_a_link_in_a_mail_sets_a_new_password_once(ann):
    old_session = sign_in("ann")
    link = reset_link()
    assert set_by_link(link, NEW)["Location"] == "/accounts/password/reset/done/"
    assert not may_enter(old_session)
    assert may_enter(sign_in("ann", NEW))
    stale = set_by_link(link, "yet another password")
    assert read(stale).one("h1").text == "This link no longer works"
    assert may_enter(sign_in("ann", NEW))


def test_the_link_is_sent_to_the_address_as_the_account_has_it(ann):
    """In the spelling that somebody typed, it can be another person's address."""
    User.objects.filter(pk=ann.pk).update(email="Ann@example.org")
    reset_link("aNN@example.org")
    assert mail.outbox[0].to == ["Ann@example.org"]


def test_a_link_in_a_mail_gets_in_also_after_too_many_tries(ann):
    for number in range(6):
        sign_in("ann", "wrong", REMOTE_ADDR=f"192.0.2.{number}")
    set_by_link(reset_link(), NEW)
    assert may_enter(sign_in("ann", NEW))


def set_meanwhile(ann, monkeypatch, way, change):
    """A new password of Ann's, and what happens to the account while it is checked."""

    def slowly(self, password, user=None):
        change(User.objects.get())
        return password

    client, link = sign_in("ann"), reset_link()
    monkeypatch.setattr("awareness.accounts.adapters.AccountAdapter.clean_password", slowly)
    sent = {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}
    in_form = way == "the form"
    done = client.post("/accounts/password/change/", sent) if in_form else set_by_link(link, NEW)
    ann.refresh_from_db()
    return done


@pytest.mark.parametrize("way", ["a link", "the form"])
def test_a_new_password_gives_no_right_back_that_went_meanwhile(ann, monkeypatch, way):
    set_meanwhile(ann, monkeypatch, way, lambda _ann: User.objects.update(is_staff=False))
    assert ann.check_password(NEW)
    assert not ann.is_staff


@pytest.mark.parametrize("way", ["a link", "the form"])
def test_of_two_new_passwords_at_once_the_first_stays(ann, monkeypatch, way):
    """Four people sent one link at once, and each was told that theirs was the password now."""

    def quicker(other):
        other.set_password("of somebody quicker")
        other.save()

    done = set_meanwhile(ann, monkeypatch, way, quicker)
    assert done["Location"] == "/accounts/login/"
    assert ann.check_password("of somebody quicker")
    assert not Event.objects.filter(kind="rights").exists()


def test_a_link_is_stale_after_an_hour(ann, settings, monkeypatch):
    from django.contrib.auth.tokens import PasswordResetTokenGenerator

    link = reset_link()
    later = (timezone.now() + timedelta(minutes=61)).replace(tzinfo=None)
    monkeypatch.setattr(PasswordResetTokenGenerator, "_now", lambda self: later)
    assert read(set_by_link(link, NEW)).one("h1").text == "This link no longer works"
    assert may_enter(sign_in("ann"))


@pytest.mark.parametrize(
    "change",
    [{"email": "other@example.org"}, {"is_active": False}],
    ids=["another address", "a closed account"],
)
def test_a_link_is_stale_once_the_account_has_changed(ann, change):
    link = reset_link()
    User.objects.update(**change)
    set_by_link(link, NEW)
    ann.refresh_from_db()
    assert ann.check_password(PASSWORD) or not ann.is_active


def test_a_reset_leaves_the_second_step(ann):
    add_app(ann)
    set_by_link(reset_link(), NEW)
    client = sign_in("ann", NEW)
    assert client.last["Location"] == "/accounts/second-step/code/"
    assert not may_enter(client)


def test_whether_there_is_such_an_account_is_not_said(ann):
    account("out", is_active=False)
    taken_away = account("none")
    taken_away.set_unusable_password()
    taken_away.save()
    account("visitor", is_staff=False)
    User.objects.filter(pk=ann.pk).update(email="now@example.org")
    addresses = ["now@example.org", "no@example.org", "ann@example.org"]
    addresses += ["out@example.org", "visitor@example.org", "none@example.org"]
    answers = [Client().post("/accounts/password/reset/", {"email": to}) for to in addresses]
    assert {answer["Location"] for answer in answers} == {"/accounts/password/reset/sent/"}
    until(lambda: mail.outbox)
    assert [message.to for message in mail.outbox] == [["now@example.org"]]


def test_as_much_is_done_for_an_address_that_nobody_has(ann, monkeypatch):
    written = []
    render_mail = AccountAdapter.render_mail

    def rendered(self, template, *args):
        written.append(template)
        return render_mail(self, template, *args)

    monkeypatch.setattr(AccountAdapter, "render_mail", rendered)
    for address in (ann.email, "nobody@example.org"):
        Client().post("/accounts/password/reset/", {"email": address})
    assert written == ["account/email/password_reset_key"] * 2
    until(lambda: mail.outbox)
    assert [message.to for message in mail.outbox] == [[ann.email]]


def test_the_link_is_of_the_sites_own_name_whatever_host_was_asked(ann, settings):
    settings.ALLOWED_HOSTS = ["*"]
    Client().post("/accounts/password/reset/", {"email": ann.email}, HTTP_HOST="evil.example")
    until(lambda: mail.outbox)
    assert "http://localhost:8000/accounts/password/reset/" in mail.outbox[0].body
    assert "evil" not in mail.outbox[0].body


def test_without_a_mail_server_the_page_says_whom_to_ask(db, settings):
    settings.SENDS_MAIL = False
    page = read(Client().get("/accounts/password/reset/"))
    assert "cannot send e-mail yet" in page.one("main").text
    assert page.all("input", type="email") == []


def test_a_mail_server_that_is_away_changes_nothing_that_is_seen(ann, mailer, caplog):
    mailer("django.core.mail.backends.smtp.EmailBackend", host="127.0.0.1", port=1)
    answer = Client().post("/accounts/password/reset/", {"email": ann.email})
    assert answer["Location"] == "/accounts/password/reset/sent/"
    until(lambda: "A mail could not be sent" in caplog.text)
    assert "password/reset" not in caplog.text
