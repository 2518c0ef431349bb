"""When a session ends: without use, by its owner, and by what happens to the account."""

import datetime
import time

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.auth.models import Group, User
from django.contrib.sessions.models import Session
from django.urls import reverse
from django.utils import timezone

from awareness.accounts import sessions
from awareness.accounts.sessions import browser_and_machine
from tests.accounts.signing_in import PASSWORD, account, may_enter, said, sign_in
from tests.accounts.test_people import change as change_account
from tests.html import read

ENDED = "You are signed out. Your session was not used for twelve hours"


@pytest.fixture
def root(db):
    account("root", is_superuser=True)
    return sign_in("root")


def row_of(client):
    return Session.objects.get(pk=client.cookies["sessionid"].value)


def hours_left(client):
    return (row_of(client).expire_date - timezone.now()).total_seconds() / 3600


def test_it_lasts_twelve_hours_from_the_last_use(ann, monkeypatch):
    client = sign_in("ann")
    assert 11.9 < hours_left(client) <= 12
    assert client.cookies["sessionid"]["max-age"] == "", "it ends with the browser too"
    row = row_of(client)
    row.expire_date -= datetime.timedelta(hours=6)
    row.save()
    now = time.time() + sessions.EVERY
    monkeypatch.setattr(sessions.time, "time", lambda: now)
    client.get("/admin/")
    assert 11.9 < hours_left(client) <= 12


def test_what_was_used_a_moment_ago_is_not_written_again(ann):
    client = sign_in("ann")
    before = row_of(client)
    client.get("/admin/")
    assert row_of(client).session_data == before.session_data
    assert row_of(client).expire_date == before.expire_date


def test_after_twelve_hours_it_is_over(ann):
    client = sign_in("ann")
    Session.objects.update(expire_date=timezone.now() - datetime.timedelta(seconds=1))
    assert not may_enter(client)
    assert ENDED in said(client.get("/admin/", follow=True))


def test_whoever_never_signed_in_is_told_nothing_of_it(client, db):
    assert ENDED not in said(client.get("/admin/", follow=True))


# --- By what happens to the account ----------------------------------------------------


def lose(name, **typed):
    def lose(root, ann):
        assert change_account(root, ann, **typed).status_code == 302

    lose.__name__ = name
    return lose


def lose_a_right_of_the_role(root, ann):
    group = Group.objects.get(name="Publisher")
    rights = list(group.permissions.values_list("pk", flat=True))[1:]
    sent = {"name": "Publisher", "permissions": rights}
    root.post(reverse("admin:auth_group_change", args=[group.pk]), sent)


def get_another_password(root, ann):
    sent = {"password1": "set by root, long", "password2": "set by root, long"}
    sent |= {"usable_password": "true", "set-password": "1"}
    root.post(f"/admin/auth/user/{ann.pk}/password/", sent)


def lose_the_second_step(root, ann):
    sent = {"action": "take_second_step_away", "_selected_action": [ann.pk]}
    root.post(reverse("admin:auth_user_changelist"), sent)


def be_deleted(root, ann):
    root.post(reverse("admin:auth_user_delete", args=[ann.pk]), {"post": "yes"})


CHANGES = [
    lose("be closed", is_active=False),
    lose("leave the staff", is_staff=False),
    lose("lose the role", groups=[]),
    lose_a_right_of_the_role,
    get_another_password,
    lose_the_second_step,
    be_deleted,
]


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_it_ends_at_once_when_its_owner_is_to(ann, root, change):
    client = sign_in("ann")
    assert may_enter(client)
    change(root, ann)
    answer = client.get("/admin/pages/helpline/", follow=True)
    assert answer.request["PATH_INFO"] == "/accounts/login/"
    assert ENDED in said(answer)
    for where in ("/accounts/", "/accounts/sessions/", "/accounts/password/change/"):
        assert client.get(where).status_code == 302
    assert may_enter(root)


def test_whoever_sets_another_password_can_be_signed_out_like_before(ann, root):
    """Django gives that session a new key; nobody hides from “sign out everywhere” by it."""
    elsewhere = sign_in("root")
    get_another_password(root, ann)
    assert may_enter(root)
    elsewhere.post("/accounts/sessions/", {"end": "others"})
    assert not may_enter(root)
    assert may_enter(elsewhere)


def test_it_goes_on_when_its_owner_may_do_more(ann, root):
    client = sign_in("ann")
    lose("win", is_superuser="on")(root, ann)
    assert User.objects.get(pk=ann.pk).is_superuser
    assert may_enter(client)


def test_a_right_taken_away_by_the_shell_counts_too(ann):
    client = sign_in("ann")
    User.objects.update(is_staff=False)
    answer = client.get("/accounts/", follow=True)
    assert answer.request["PATH_INFO"] == "/accounts/login/"
    assert ENDED in said(answer)


def test_ones_own_new_password_ends_all_but_this_one(ann):
    here, there = sign_in("ann"), sign_in("ann")
    sent = {"oldpassword": PASSWORD, "password1": "a new long password"}
    here.post("/accounts/password/change/", {**sent, "password2": "a new long password"})
    assert (may_enter(here), may_enter(there)) == (True, False)


# --- By its owner ----------------------------------------------------------------------


def test_one_sees_where_one_is_signed_in_and_nobody_elses(ann):
    bob = account("bob", "Editor")
    agent = "Mozilla/5.0 (Windows NT 10.0; rv:140.0) Gecko/20100101 Firefox/140.0"
    here = sign_in("ann", HTTP_USER_AGENT=agent, REMOTE_ADDR="192.0.2.7")
    sign_in("ann")
    sign_in("bob")
    items = read(here.get("/accounts/sessions/")).one("ul", class_="rows").all("li")
    assert len(items) == 2
    assert "Firefox, Windows from 192.0.2.7" in " ".join(item.text for item in items)
    assert UserSession.objects.filter(user=bob).count() == 1


def test_one_ends_one_or_all_others_or_all(ann):
    for which, left in (
        ("one", [True, False, True]),
        ("others", [True, False, False]),
        ("all", [False, False, False]),
    ):
        clients = [sign_in("ann") for _ in range(3)]
        key = clients[1].cookies["sessionid"].value
        end = UserSession.objects.get(session_key=key).pk if which == "one" else which
        clients[0].post("/accounts/sessions/", {"end": end})
        assert [may_enter(client) for client in clients] == left, which


def test_nobody_ends_the_session_of_somebody_else(ann):
    account("bob", "Editor")
    bobs = sign_in("bob")
    sign_in("ann").post(
        "/accounts/sessions/", {"end": UserSession.objects.get(user__username="bob").pk}
    )
    assert may_enter(bobs)


def test_a_link_signs_nobody_out(ann):
    client = sign_in("ann")
    for where in ("/admin/logout/", "/accounts/logout/"):
        client.get(where, follow=True)
        assert may_enter(client)
    client.post("/accounts/logout/")
    assert not may_enter(client)


def test_a_browser_is_called_what_people_call_it():
    for agent, known in (
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X) Chrome/140 Safari/537 Edg/140", "Edge, Mac"),
        ("Mozilla/5.0 (iPhone; like Mac OS X) Version/19 Safari/604", "Safari, iPhone"),
        ("Mozilla/5.0 (Linux; Android 16) Chrome/140 Mobile Safari/537", "Chrome, Android"),
        ("curl/8", ""),
    ):
        assert browser_and_machine(agent) == known
