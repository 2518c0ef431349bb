"""An app's codes and a passkey: what they open, and what nothing else does."""

import time

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import User
from django.core import mail
from django.core.cache import cache
from django.test import Client

from awareness.accounts.second_step import take_away
from awareness.audit.models import Event
from tests import staff
from tests.accounts.passkey import Passkey
from tests.accounts.signing_in import (
    NEW,
    account,
    add_app,
    code_of,
    may_enter,
    recovery_codes,
    said,
    sign_in,
)
from tests.html import read
from tests.site import until

WRONG_CODE = "This code is wrong, too old, or already used."


# --- The second step -------------------------------------------------------------------


def test_with_a_second_step_the_password_alone_opens_nothing(ann):
    secret = add_app(ann)
    client = sign_in("ann")
    assert client.last["Location"] == "/accounts/second-step/code/"
    page = read(client.get("/accounts/second-step/code/"))
    assert page.all("form", id="passkey") == [], "there is none"
    for where in ("/admin/", "/accounts/", "/accounts/sessions/", "/accounts/second-step/"):
        assert client.get(where).status_code == 302
    assert not may_enter(client)
    client.post("/accounts/second-step/code/", {"code": code_of(secret)})
    assert may_enter(client)


def test_a_code_works_once(ann):
    secret = add_app(ann)
    code = code_of(secret)
    assert may_enter(sign_in("ann", code=code))
    second = sign_in("ann", code=code)
    assert WRONG_CODE in said(second.last)
    assert not may_enter(second)


def test_the_code_that_adds_an_app_works_once_too(ann, django_capture_on_commit_callbacks):
    client = sign_in("ann")
    secret = read(client.get("/accounts/second-step/app/add/")).one("code", class_="key").text
    code = code_of(secret)
    with django_capture_on_commit_callbacks(execute=True):
        client.post("/accounts/second-step/app/add/", {"code": code})
    assert Authenticator.objects.filter(type="totp").exists()
    assert not may_enter(sign_in("ann", code=code))


def test_a_code_of_another_time_is_refused(ann):
    secret = add_app(ann)
    for seconds in (-60, 60):
        client = sign_in("ann", code=code_of(secret, time.time() + seconds))
        assert WRONG_CODE in said(client.last), seconds
        assert not may_enter(client), seconds


def test_a_recovery_code_works_once_in_its_place(ann):
    add_app(ann)
    first, second = recovery_codes(ann)[:2]
    assert may_enter(sign_in("ann", code=first))
    assert not may_enter(sign_in("ann", code=first))
    assert may_enter(sign_in("ann", code=second))


def test_on_a_public_address_it_has_to_be_set_up_first(ann, public_site, enrol):
    client = sign_in("ann")
    for where in ("/admin/", "/admin/pages/helpline/", "/admin/search/?q=x"):
        assert client.get(where)["Location"] == "/accounts/second-step/"
        assert client.post(where)["Location"] == "/accounts/second-step/"
    page = client.get("/accounts/second-step/")
    assert "Add a second step first" in said(page)
    enrol(client)
    assert may_enter(client)


@pytest.mark.django_db(transaction=True)
def test_on_a_local_address_it_can_wait_under_a_banner():
    account("root", is_superuser=True)
    client = sign_in("root")
    assert len(read(client.get("/admin/")).all("p", class_="second-step-waits")) == 1
    secret = read(client.get("/accounts/second-step/app/add/")).one("code", class_="key").text
    client.post("/accounts/second-step/app/add/", {"code": code_of(secret)})
    assert read(client.get("/admin/")).all("p", class_="second-step-waits") == []


def test_adding_a_step_signs_out_whoever_came_in_before_it(ann, public_site, enrol):
    thief, client = sign_in("ann"), sign_in("ann")
    enrol(client)
    assert may_enter(client)
    assert thief.get("/accounts/").status_code == 302


def test_changing_how_one_signs_in_asks_again_after_five_minutes(ann, settings, enrol):
    client = sign_in("ann")
    enrol(client)
    settings.ACCOUNT_REAUTHENTICATION_TIMEOUT = 0
    for where in ("app/remove/", "codes/", "codes/new/", "codes/file/", "passkeys/add/"):
        answer = client.get(f"/accounts/second-step/{where}")
        assert answer["Location"].startswith("/accounts/confirm/?next=")
    client.post("/accounts/second-step/app/remove/")
    assert Authenticator.objects.filter(type="totp").exists()
    wrong = client.post("/accounts/confirm/", {"password": "wrong"})
    assert "This is not your password." in said(wrong)


def test_one_confirms_by_password_or_by_code_on_a_page_of_its_own(ann):
    client = sign_in("ann", code=code_of(add_app(ann)))
    for where in ("/accounts/confirm/", "/accounts/second-step/confirm/"):
        page = read(client.get(where))
        assert page.one("form", class_="card").attrs["action"] == where
        assert [link.attrs["href"] for link in page.one("ul", class_="ways").all("a")] != [where]


def test_a_step_that_is_added_or_removed_is_mailed_and_written_down(
    ann, enrol, django_capture_on_commit_callbacks
):
    client = sign_in("ann")
    enrol(client)
    with django_capture_on_commit_callbacks(execute=True):
        client.post("/accounts/second-step/app/remove/")
    until(lambda: len(mail.outbox) == 2)
    assert {message.subject for message in mail.outbox} == {
        "A second step was added",
        "A second step was removed",
    }
    assert all(message.to == ["ann@example.org"] for message in mail.outbox)
    notes = [event.note for event in Event.objects.filter(kind="rights").order_by("pk")]
    assert notes == ["Second sign-in step added.", "Second sign-in step removed."]


# --- A passkey -------------------------------------------------------------------------

BY_PASSKEY = "/accounts/second-step/passkeys/login/"


@pytest.fixture
def browser():
    return Client(headers={"host": "localhost"})


def question(browser):
    answer = browser.get(BY_PASSKEY, headers={"accept": "application/json"})
    return answer.json()["request_options"]["publicKey"]["challenge"]


def test_a_passkey_signs_in_alone_if_it_asks_for_a_finger(ann, browser):
    passkey = Passkey(ann)
    for with_finger in (False, True):
        browser.post(BY_PASSKEY, {"credential": passkey.answer(question(browser), with_finger)})
        assert may_enter(browser) == with_finger


def test_a_stolen_key_answers_no_question_of_a_second_step_instead(ann, browser):
    """A colleague's own second step asks for no finger; that question is not for signing in."""
    stolen = Passkey(ann)
    add_app(account("bob", "Editor"))
    sign_in("bob", client=browser).get("/accounts/second-step/code/")
    asked = browser.session["mfa.webauthn.state"]["challenge"]
    browser.post("/accounts/logout/")
    browser.post(BY_PASSKEY, {"credential": stolen.answer(asked, with_finger=False)})
    assert not may_enter(browser)


def test_an_answer_of_a_passkey_works_once_and_for_staff_alone(ann, browser):
    answer = Passkey(ann).answer(question(browser))
    User.objects.update(is_staff=False)
    browser.post(BY_PASSKEY, {"credential": answer})
    User.objects.update(is_staff=True)
    browser.post(BY_PASSKEY, {"credential": answer})
    assert not may_enter(browser)


def test_a_passkey_that_was_removed_opens_nothing(ann, browser, enrol):
    passkey = Passkey(ann)
    browser.post(BY_PASSKEY, {"credential": passkey.answer(question(browser))})
    other = Client(headers={"host": "localhost"})
    asked = question(other)  # before it is gone
    step = Authenticator.objects.get(user=ann)
    enrol(browser)  # an app in its place, so that the account keeps a second step
    browser.post(f"/accounts/second-step/passkeys/{step.pk}/remove/")
    assert not Authenticator.objects.filter(type="webauthn").exists()
    other.post(BY_PASSKEY, {"credential": passkey.answer(asked)})
    assert not may_enter(other)
    sign_in("ann", client=other)
    other.get("/accounts/second-step/code/")
    asked = other.session["mfa.webauthn.state"]["challenge"]
    other.post("/accounts/second-step/code/", {"credential": passkey.answer(asked)})
    assert not may_enter(other)


def test_an_answer_that_was_overheard_opens_nothing(ann, browser):
    """Sent again by another browser, by the same one, and against a question of its own."""
    sent = {"credential": Passkey(ann).answer(question(browser))}
    browser.post(BY_PASSKEY, sent)
    assert may_enter(browser)
    browser.post("/accounts/logout/")
    other = Client(headers={"host": "localhost"})
    for again in (browser, other, browser, other):
        answer = again.post(BY_PASSKEY, sent, follow=True)
        assert WRONG_CODE in said(answer)
        assert not may_enter(again)
        question(again)


def test_a_copy_of_a_passkey_is_noticed_by_its_count(ann, browser):
    passkey = Passkey(ann)

    def enters(count):
        passkey.count = count - 1
        browser.post(BY_PASSKEY, {"credential": passkey.answer(question(browser))})
        entered = may_enter(browser)
        browser.post("/accounts/logout/")
        return entered

    counts = [0, 0, 7, 8, 8, 7, 0, 9]  # many count nothing, and say 0 each time
    assert [enters(count) for count in counts] == [True] * 4 + [False] * 3 + [True]


def test_the_staffs_pages_are_looked_at_and_sent_to_and_nothing_else(ann, browser):
    """Deleted by DELETE, a passkey went without a mail, a line in the list or another sign-in."""
    browser.post(BY_PASSKEY, {"credential": Passkey(ann).answer(question(browser))})
    step = Authenticator.objects.get(user=ann)
    there = [*staff.addresses(), f"/accounts/second-step/passkeys/{step.pk}/remove/"]
    for method in ("DELETE", "PUT", "PATCH", "OPTIONS", "TRACE", "ODD"):
        answers = {browser.generic(method, address).status_code for address in there}
        assert (method, answers) == (method, {405})
    assert Authenticator.objects.filter(pk=step.pk).exists()
    assert may_enter(browser)


NO_ANSWERS = ["", "no JSON", "5", "[]", "null", "{}", '{"id": 5, "rawId": 5, "response": 5}']
NO_ANSWERS += ['{"id": "AA", "response": {"userHandle": "MQ"}}']
NO_ANSWERS += ['{"id": "AA", "rawId": "AA", "response": {}}']


def test_an_answer_that_is_none_is_refused(ann, browser):
    Passkey(ann)
    for sent in NO_ANSWERS:
        cache.clear()  # it is not about how often one may try
        question(browser)
        answer = browser.post(BY_PASSKEY, {"credential": sent})
        assert answer["Location"] == "/accounts/login/", sent
    sign_in("ann", client=browser)
    for sent in NO_ANSWERS:
        cache.clear()
        answer = browser.post("/accounts/second-step/code/", {"credential": sent})
        assert answer.status_code == 200, sent


# --- Between the password and the code -------------------------------------------------


def change_the_password(ann):
    ann.set_password(NEW)
    ann.save()


@pytest.mark.parametrize(
    "change",
    [
        change_the_password,
        lambda ann: User.objects.update(is_active=False),
        lambda ann: User.objects.update(is_staff=False),
    ],
    ids=["another password", "closed", "no longer staff"],
)
def test_a_code_opens_nothing_once_the_account_has_changed(ann, change):
    secret = add_app(ann)
    client = sign_in("ann")
    change(ann)
    answer = client.post("/accounts/second-step/code/", {"code": code_of(secret)}, follow=True)
    assert answer.request["PATH_INFO"] == "/accounts/login/"
    assert "your account changed" in said(answer)
    assert not Event.objects.filter(kind=Event.Kind.SIGNED_IN).exists()
    User.objects.update(is_active=True, is_staff=True)
    assert not may_enter(client)


@pytest.mark.parametrize("change", [take_away, User.delete], ids=["no second step", "deleted"])
def test_whoever_waits_for_a_code_that_is_no_longer_asked_for_starts_anew(ann, change):
    add_app(ann)
    client = sign_in("ann")
    change(ann)
    answer = client.get("/accounts/login/", follow=True)
    assert answer.request["PATH_INFO"] == "/accounts/login/"
    assert "your account changed" in said(answer)
    assert may_enter(sign_in("ann", client=client)) == User.objects.exists()
