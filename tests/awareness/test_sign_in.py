"""Who gets in: passwords, codes, passkeys' absence, limits, resets."""

import re
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.hashers import identify_hasher
from django.contrib.auth.models import User
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from awareness import settings as site_settings
from awareness.accounts.adapters import AccountAdapter
from awareness.accounts.second_step import take_away
from awareness.models import Event
from tests import staff
from tests.awareness.passkey import Passkey
from tests.awareness.signing_in import (
    PASSWORD,
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

NOT_THESE = "The username and the password do not belong together. Check both."
TOO_MANY = "There were too many wrong tries."
WRONG_CODE = "This code is wrong, too old, or was used before."


@pytest.fixture
def ann(db):
    return account("ann", "Publisher")


@pytest.fixture
def public_site(settings):
    """As on a public address."""
    settings.IS_LOCAL = False


@pytest.fixture
def enrol(django_capture_on_commit_callbacks):
    def enrol(client):
        """As a person does it, right after signing in."""
        page = read(client.get("/accounts/second-step/app/add/"))
        secret = page.one("code", class_="key").text
        with django_capture_on_commit_callbacks(execute=True):
            done = client.post("/accounts/second-step/app/add/", {"code": code_of(secret)})
        assert done["Location"] == "/accounts/second-step/codes/"
        codes = [code.text for code in read(client.get(done["Location"])).all("code")]
        assert len(codes) == 10

    return enrol


# --- With a password -------------------------------------------------------------------


def test_a_username_and_its_password_sign_in(ann):
    client = sign_in("ann")
    assert client.last["Location"] == "/admin/"
    assert may_enter(client)
    assert Event.objects.get(kind=Event.Kind.SIGNED_IN).user == ann


@pytest.mark.parametrize(
    ("name", "password"),
    [
        ("ann", "another"),
        ("nobody", PASSWORD),
        ("ann@example.org", PASSWORD),
        ("ann", PASSWORD + " "),
    ],
)
def test_anything_else_is_refused_in_the_same_words(ann, name, password):
    client = sign_in(name, password)
    assert NOT_THESE in said(client.last)
    assert not may_enter(client)


def test_passwords_are_kept_as_argon2_hashes(settings, ann):
    settings.PASSWORD_HASHERS = site_settings.PASSWORD_HASHERS
    ann.set_password(PASSWORD)
    assert identify_hasher(ann.password).algorithm == "argon2"


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("eleven long", "too short"),
        ("1q2w3e4r5t6y", "too common"),
        ("ann@example.org", "too similar"),
        ("123456789012", "entirely numeric"),
    ],
)
def test_a_password_that_is_easy_to_guess_is_refused(ann, password, why):
    client = sign_in("ann")
    sent = {"oldpassword": PASSWORD, "password1": password, "password2": password}
    answer = client.post("/accounts/password/change/", sent)
    assert why in said(answer)
    ann.refresh_from_db()
    assert ann.check_password(PASSWORD)


@pytest.mark.parametrize(
    "path",
    ["/accounts/signup/", "/accounts/email/", "/accounts/login/code/", "/accounts/3rdparty/"],
)
def test_nobody_signs_up_or_in_by_other_ways(db, path):
    assert Client().get(path).status_code == Client().post(path).status_code == 404


# --- Too many tries --------------------------------------------------------------------


def test_the_sixth_wrong_password_is_refused_from_anywhere_and_the_right_one_too(ann):
    for number in range(5):
        client = sign_in("ann" if number % 2 else "ANN", "wrong", REMOTE_ADDR=f"192.0.2.{number}")
        assert NOT_THESE in said(client.last)
    for host in ("localhost", "localhost:81", "127.0.0.1:9"):
        client = sign_in("ann", PASSWORD, REMOTE_ADDR="198.51.100.7", HTTP_HOST=host)
        assert TOO_MANY in said(client.last)
        assert not may_enter(client)
    account("bob", "Editor")
    assert may_enter(sign_in("bob"))


def test_one_address_may_not_try_many_accounts(ann):
    for number in range(10):
        sign_in(f"person{number}", "wrong", REMOTE_ADDR="192.0.2.1")
    assert TOO_MANY in said(sign_in("ann", "wrong", REMOTE_ADDR="192.0.2.1").last)
    assert may_enter(sign_in("ann", REMOTE_ADDR="192.0.2.2"))


def test_old_addresses_in_the_new_way_of_writing_are_not_one_address(ann):
    for number in range(10):
        sign_in(f"person{number}", "wrong", REMOTE_ADDR="::ffff:192.0.2.1")
    assert TOO_MANY in said(sign_in("ann", REMOTE_ADDR="192.0.2.1").last)
    assert may_enter(sign_in("ann", REMOTE_ADDR="::ffff:192.0.2.2"))


def test_what_is_counted_is_not_pushed_out_by_trying_other_names(ann):
    for number in range(5):
        sign_in("ann", "wrong", REMOTE_ADDR=f"192.0.2.{number}")
    for number in range(400):  # more than Django's caches keep if they are not told
        cache.set(f"other-{number}", number)
    assert TOO_MANY in said(sign_in("ann", REMOTE_ADDR="198.51.100.1").last)


def test_the_sixth_wrong_code_is_refused_and_the_right_one_too(ann):
    secret = add_app(ann)
    client = sign_in("ann")
    for _ in range(5):
        assert WRONG_CODE in said(client.post("/accounts/second-step/code/", {"code": "000000"}))
    answer = client.post("/accounts/second-step/code/", {"code": code_of(secret)})
    assert TOO_MANY in said(answer)
    assert not may_enter(client)


def test_the_sixth_wrong_password_of_today_is_refused_and_the_right_one_too(ann):
    client = sign_in("ann")
    sent = {"password1": NEW, "password2": NEW}
    for where in ("/accounts/confirm/", "/accounts/password/change/"):
        for _ in range(3):
            client.post(where, {**sent, "password": "wrong", "oldpassword": "wrong"})
    answer = client.post("/accounts/password/change/", {**sent, "oldpassword": PASSWORD})
    assert TOO_MANY in said(answer)
    ann.refresh_from_db()
    assert ann.check_password(PASSWORD)


def test_asking_for_many_mails_is_refused(ann):
    answers = [
        Client().post("/accounts/password/reset/", {"email": ann.email}, REMOTE_ADDR=f"192.0.2.{n}")
        for n in range(6)
    ]
    assert [answer.status_code for answer in answers] == [302] * 5 + [429]
    assert read(answers[-1]).one("h1").text == "Too many tries"


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


def test_the_code_that_adds_an_app_works_once_too(ann):
    client = sign_in("ann")
    secret = read(client.get("/accounts/second-step/app/add/")).one("code", class_="key").text
    code = code_of(secret)
    client.post("/accounts/second-step/app/add/", {"code": code})
    assert Authenticator.objects.filter(type="totp").exists()
    assert not may_enter(sign_in("ann", code=code))


@pytest.mark.parametrize("seconds", [-60, 60])
def test_a_code_of_another_time_is_refused(ann, seconds):
    import time

    secret = add_app(ann)
    client = sign_in("ann", code=code_of(secret, time.time() + seconds))
    assert WRONG_CODE in said(client.last)
    assert not may_enter(client)


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
    assert notes == ["Second step of signing in added.", "Second step of signing in removed."]


# --- A passkey -------------------------------------------------------------------------

BY_PASSKEY = "/accounts/second-step/passkeys/login/"


@pytest.fixture
def browser():
    return Client(headers={"host": "localhost"})


def question(browser):
    answer = browser.get(BY_PASSKEY, headers={"accept": "application/json"})
    return answer.json()["request_options"]["publicKey"]["challenge"]


@pytest.mark.parametrize("with_finger", [True, False])
def test_a_passkey_signs_in_alone_if_it_asks_for_a_finger(ann, browser, with_finger):
    sent = {"credential": Passkey(ann).answer(question(browser), with_finger)}
    browser.post(BY_PASSKEY, sent)
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


@pytest.mark.parametrize("method", ["DELETE", "PUT", "PATCH", "OPTIONS", "TRACE", "ODD"])
def test_the_staffs_pages_are_looked_at_and_sent_to_and_nothing_else(ann, browser, method):
    """Deleted by DELETE, a passkey went without a mail, a line in the list or another sign-in."""
    browser.post(BY_PASSKEY, {"credential": Passkey(ann).answer(question(browser))})
    step = Authenticator.objects.get(user=ann)
    there = [*staff.addresses(), f"/accounts/second-step/passkeys/{step.pk}/remove/"]
    assert {browser.generic(method, address).status_code for address in there} == {405}
    assert Authenticator.objects.filter(pk=step.pk).exists()
    assert may_enter(browser)


@pytest.mark.parametrize(
    "sent",
    ["", "no JSON", "5", "[]", "null", "{}", '{"id": "AA", "response": {"userHandle": "MQ"}}']
    + ['{"id": 5, "rawId": 5, "response": 5}', '{"id": "AA", "rawId": "AA", "response": {}}'],
)
def test_an_answer_that_is_none_is_refused(ann, browser, sent):
    Passkey(ann)
    question(browser)
    assert browser.post(BY_PASSKEY, {"credential": sent})["Location"] == "/accounts/login/"
    sign_in("ann", client=browser)
    assert browser.post("/accounts/second-step/code/", {"credential": sent}).status_code == 200


# --- A forgotten password --------------------------------------------------------------


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


NEW = "quite another password"


def test_a_link_in_a_mail_sets_a_new_password_once(ann):
    old_session = sign_in("ann")
    link = reset_link()
    assert set_by_link(link, NEW)["Location"] == "/accounts/password/reset/done/"
    assert not may_enter(old_session)
    assert may_enter(sign_in("ann", NEW))
    stale = set_by_link(link, "yet another password")
    assert read(stale).one("h1").text == "This link no longer works"
    assert may_enter(sign_in("ann", NEW))


def test_a_link_in_a_mail_gets_in_also_after_too_many_tries(ann):
    for number in range(6):
        sign_in("ann", "wrong", REMOTE_ADDR=f"192.0.2.{number}")
    set_by_link(reset_link(), NEW)
    assert may_enter(sign_in("ann", NEW))


@pytest.mark.parametrize("way", ["a link", "the form"])
def test_a_new_password_gives_no_right_back_that_went_meanwhile(ann, monkeypatch, way):
    def slowly(self, password, user=None):
        User.objects.update(is_staff=False)
        return password

    client, link = sign_in("ann"), reset_link()
    monkeypatch.setattr("awareness.accounts.adapters.AccountAdapter.clean_password", slowly)
    sent = {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}
    if way == "a link":
        set_by_link(link, NEW)
    else:
        client.post("/accounts/password/change/", sent)
    ann.refresh_from_db()
    assert ann.check_password(NEW)
    assert not ann.is_staff


@pytest.mark.parametrize("way", ["a link", "the form"])
def test_of_two_new_passwords_at_once_the_first_stays(ann, monkeypatch, way):
    """Four people sent one link at once, and each was told that theirs was the password now."""

    def slowly(self, password, user=None):
        other = User.objects.get()
        other.set_password("of somebody quicker")
        other.save()
        return password

    client, link = sign_in("ann"), reset_link()
    monkeypatch.setattr("awareness.accounts.adapters.AccountAdapter.clean_password", slowly)
    if way == "a link":
        answer = set_by_link(link, NEW)
    else:
        sent = {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}
        answer = client.post("/accounts/password/change/", sent)
    assert answer["Location"] == "/accounts/login/"
    ann.refresh_from_db()
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


def test_a_mail_server_that_is_away_changes_nothing_that_is_seen(ann, settings, caplog):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    answer = Client().post("/accounts/password/reset/", {"email": ann.email})
    assert answer["Location"] == "/accounts/password/reset/sent/"
    until(lambda: "A mail could not be sent" in caplog.text)
    assert "password/reset" not in caplog.text


# --- Going on after signing in ---------------------------------------------------------


@pytest.mark.parametrize(
    ("wanted", "leads"),
    [
        ("/admin/pages/section/", "/admin/pages/section/"),
        ("https://evil.example/", "/admin/"),
        ("//evil.example/", "/admin/"),
        ("/\\evil.example/", "/admin/"),
        ("http:evil.example", "/admin/"),
        ("javascript:alert(1)", "/admin/"),
        ("http://127.0.0.1/admin/", "/admin/"),
        ("", "/admin/"),
    ],
)
def test_only_a_page_of_this_site_is_gone_on_to(ann, wanted, leads):
    client = Client()
    sent = {"login": "ann", "password": PASSWORD, "next": wanted}
    assert client.post("/accounts/login/", sent)["Location"] == leads


def test_the_pages_are_in_spanish_too(ann):
    for path in ("login/", "password/reset/"):
        english = read(Client().get(f"/accounts/{path}"))
        spanish = read(Client().get(f"/es/accounts/{path}"))
        assert spanish.one("html").attrs["lang"] == "es"
        assert spanish.one("h1").text != english.one("h1").text
        (link,) = english.one("header").all("a", lang="es")
        assert link.attrs["href"] == f"/es/accounts/{path}"


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
    assert "your account was changed" in said(answer)
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
    assert "your account was changed" in said(answer)
    assert may_enter(sign_in("ann", client=client)) == User.objects.exists()
