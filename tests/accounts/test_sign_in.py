"""Who gets in by a password, how often one may try, and where it leads."""

from django.contrib.auth.hashers import identify_hasher
from django.core.cache import cache
from django.test import Client

from awareness import settings as site_settings
from awareness.audit.models import Event
from tests.accounts.signing_in import (
    NEW,
    PASSWORD,
    account,
    add_app,
    code_of,
    may_enter,
    said,
    sign_in,
)
from tests.html import read

NOT_THESE = "The username and password do not match. Check both."
TOO_MANY = "There were too many wrong tries."
WRONG_CODE = "This code is wrong, too old, or already used."


# --- With a password -------------------------------------------------------------------


def test_a_username_and_its_password_sign_in(ann):
    client = sign_in("ann")
    assert client.last["Location"] == "/admin/"
    assert may_enter(client)
    assert Event.objects.get(kind=Event.Kind.SIGNED_IN).user == ann


def test_anything_else_is_refused_in_the_same_words(ann):
    names = ("nobody", "ann@example.org")
    wrong = [("ann", "another"), ("ann", PASSWORD + " "), *((name, PASSWORD) for name in names)]
    for name, password in wrong:
        client = sign_in(name, password)
        assert NOT_THESE in said(client.last), (name, password)
        assert not may_enter(client), (name, password)


def test_passwords_are_kept_as_argon2_hashes(settings, ann):
    settings.PASSWORD_HASHERS = site_settings.PASSWORD_HASHERS
    ann.set_password(PASSWORD)
    assert identify_hasher(ann.password).algorithm == "argon2"


def test_a_password_that_is_easy_to_guess_is_refused(ann):
    client = sign_in("ann")
    for password, why in (
        ("eleven long", "too short"),
        ("1q2w3e4r5t6y", "too common"),
        ("ann@example.org", "too similar"),
        ("123456789012", "entirely numeric"),
    ):
        sent = {"oldpassword": PASSWORD, "password1": password, "password2": password}
        assert why in said(client.post("/accounts/password/change/", sent))
        ann.refresh_from_db()
        assert ann.check_password(PASSWORD), why


def test_nobody_signs_up_or_in_by_other_ways(db):
    for path in ("signup/", "email/", "login/code/", "3rdparty/"):
        where = f"/accounts/{path}"
        assert Client().get(where).status_code == Client().post(where).status_code == 404, path


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


# --- Going on after signing in ---------------------------------------------------------


def test_only_a_page_of_this_site_is_gone_on_to(ann):
    elsewhere = [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example/",
        "http:evil.example",
    ]
    elsewhere += ["javascript:alert(1)", "http://127.0.0.1/admin/", ""]
    ours = "/admin/pages/section/"
    for wanted, leads in {ours: ours, **dict.fromkeys(elsewhere, "/admin/")}.items():
        sent = {"login": "ann", "password": PASSWORD, "next": wanted}
        assert Client().post("/accounts/login/", sent)["Location"] == leads, wanted


def test_the_pages_are_in_spanish_too(ann):
    for path in ("login/", "password/reset/"):
        english = read(Client().get(f"/accounts/{path}"))
        spanish = read(Client().get(f"/es/accounts/{path}"))
        assert spanish.one("html").attrs["lang"] == "es"
        assert spanish.one("h1").text != english.one("h1").text
        (link,) = english.one("header").all("a", lang="es")
        assert link.attrs["href"] == f"/es/accounts/{path}"
