"""Accounts and roles: every change of rights is written down, and nobody locks the site."""

import io

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.core.management import call_command

from awareness.audit.models import Event
from awareness.desk.models import DeskRules
from tests import staff
from tests.accounts.signing_in import PASSWORD as OLD
from tests.accounts.signing_in import account
from tests.audit.test_audit import happened
from tests.desk.test_admin import address, mistakes
from tests.html import read

PASSWORD = "a password for tests alone"
FLAGS = ["is_active", "is_staff", "is_superuser"]


@pytest.fixture
def ann(db):
    return account("ann", "Editor")


def sent_for(user, **typed):
    """The account's form as it stands, with this typed into it; False takes a tick out."""
    given = {
        "username": user.username,
        "email": user.email,
        "first_name": user.first_name,
        "last_name": user.last_name,
        "groups": [group.pk for group in user.groups.all()],
        "user_permissions": [right.pk for right in user.user_permissions.all()],
        **{flag: "on" for flag in FLAGS if getattr(user, flag)},
        **typed,
    }
    return {name: value for name, value in given.items() if value is not False}


def change(client, user, **typed):
    return client.post(address(User, "change", user.pk), sent_for(user, **typed))


def pk_of(role):
    return Group.objects.get(name=role).pk


def right(codename):
    return Permission.objects.get(codename=codename)


def test_a_change_of_rights_is_one_line_that_says_what_changed(admin_client, admin_user):
    publisher, place = pk_of("Publisher"), right("add_place").pk
    changes = {
        "No longer active.": {"is_active": False},
        "May no longer enter the admin.": {"is_staff": False},
        "Full rights given.": {"is_superuser": "on"},
        "Role: + Publisher, − Editor.": {"groups": [publisher]},
        "Role: − Editor.": {"groups": []},
        "Individual rights: + Can add place.": {"user_permissions": [place]},
        "Renamed: {0} → anna.": {"username": "anna"},
        "E-mail address changed.": {"email": "other@example.org"},
        "No longer active. Role: + Publisher, − Editor.": {
            "groups": [publisher],
            "is_active": False,
        },
    }
    for n, (note, typed) in enumerate(changes.items()):
        user = account(f"ann{n}", "Editor")
        assert change(admin_client, user, **typed).status_code == 302, note
        name = user.username
        user.refresh_from_db()
        assert happened()[n:] == [("rights", user.username, note.format(name))]
        assert Event.objects.latest("pk").user == admin_user


def test_what_changes_no_right_is_not_written_down(admin_client, ann):
    assert change(admin_client, ann, first_name="Ann", last_name="Lee").status_code == 302
    assert User.objects.get(pk=ann.pk).get_full_name() == "Ann Lee"
    assert happened() == []


@pytest.mark.parametrize("at_once", [False, True], ids=["by its form", "by the list's action"])
def test_a_deleted_account_is_written_down_and_its_lines_keep_its_name(admin_client, ann, at_once):
    Event.objects.create(kind=Event.Kind.CHANGED, user=ann, who="ann", title="Signs")
    if at_once:
        sent = {"action": "delete_selected", "_selected_action": [ann.pk], "post": "yes"}
        admin_client.post(address(User, "changelist"), sent)
    else:
        admin_client.post(address(User, "delete", ann.pk), {"post": "yes"})
    assert not User.objects.filter(username="ann").exists()
    assert happened("rights") == [("rights", "ann", "Account deleted.")]
    line = Event.objects.get(title="Signs")
    assert (line.user, line.who) == (None, "ann")


def test_a_password_that_somebody_else_sets_is_written_down(admin_client, ann):
    where = f"/admin/auth/user/{ann.pk}/password/"
    sent = {"set-password": "1", "usable_password": "true", "password1": PASSWORD}
    assert admin_client.post(where, {**sent, "password2": "another"}).status_code == 200
    assert happened() == [], "the two did not match"
    assert admin_client.post(where, {**sent, "password2": PASSWORD}).status_code == 302
    taken = {"unset-password": "1", "usable_password": "false"}
    assert admin_client.post(where, taken).status_code == 302
    notes = ["Password changed.", "Password removed."]
    assert happened() == [("rights", "ann", note) for note in notes]


def test_ones_own_password_is_written_down(client, ann):
    client.force_login(ann)
    where = client.get("/admin/password_change/")["Location"]
    sent = {"oldpassword": "wrong", "password1": PASSWORD, "password2": PASSWORD}
    assert client.post(where, sent).status_code == 200
    assert happened() == []
    assert client.post(where, {**sent, "oldpassword": OLD}).status_code == 302
    assert happened() == [("rights", "ann", "Own password changed.")]
    assert client.get("/admin/").status_code == 200


def test_the_password_of_no_account_is_a_page_that_says_so(admin_client, client, ann):
    assert admin_client.get("/admin/auth/user/abc/password/").status_code == 404
    client.force_login(ann)
    assert client.get("/admin/auth/user/abc/password/").status_code == 403


def test_what_a_role_may_do_is_written_down(admin_client, db):
    editor = Group.objects.get(name="Editor")
    rights = set(editor.permissions.values_list("pk", flat=True))
    where = address(Group, "change", editor.pk)
    added, taken = right("add_place"), right("add_update")
    sent = {"name": "Editor", "permissions": [*(rights - {taken.pk}), added.pk]}
    admin_client.post(where, sent)
    admin_client.post(where, sent)
    note = "Rights: + Can add place, − Can add update."
    admin_client.post(address(Group, "add"), {"name": "Reader", "permissions": []})
    reader = Group.objects.get(name="Reader")
    admin_client.post(address(Group, "delete", reader.pk), {"post": "yes"})
    assert happened() == [
        ("rights", "Editor", note),
        ("rights", "Reader", "Role added."),
        ("rights", "Reader", "Role deleted."),
    ]


def test_the_account_that_make_staff_creates_is_written_down(db, monkeypatch):
    User.objects.create_user("before")
    for name, value in {"USERNAME": "dan", "EMAIL": "", "PASSWORD": PASSWORD}.items():
        monkeypatch.setenv(f"DJANGO_SUPERUSER_{name}", value)
    call_command("staff", interactive=False, stdout=io.StringIO())
    assert User.objects.get(username="dan").is_superuser
    assert happened() == [("rights", "dan", "Account created from the server's command line.")]
    assert Event.objects.get().who == ""


# --- Nobody locks the site -------------------------------------------------------------


def last(name):
    return (
        f"“{name}” is the last active account with full rights. "
        "Give full rights to another account first."
    )


def test_the_last_who_may_do_everything_stays_so(admin_client, admin_user):
    other = User.objects.create_superuser("other")
    for others in ({"is_active": False}, {"is_active": True, "is_staff": False}, None):
        if others:
            User.objects.filter(pk=other.pk).update(**others)
        else:
            other.delete()
        for flag in FLAGS:
            response = change(admin_client, admin_user, **{flag: False})
            assert mistakes(response) == {flag: [last("admin")]}, others
            admin_user.refresh_from_db()
            assert getattr(admin_user, flag)
    assert [entry for entry in happened() if entry[1] == "admin"] == []


def test_two_names_differ_in_more_than_capitals(admin_client, admin_user, ann, monkeypatch):
    """Signing in heeds none: both would be shut out."""
    answer = change(admin_client, ann, username=admin_user.username.upper())
    assert mistakes(answer)["username"] == ["Another account with this username already exists."]
    assert change(admin_client, ann, username="Ann").status_code == 302
    monkeypatch.setenv("DJANGO_SUPERUSER_USERNAME", "ANN")
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", PASSWORD)
    with pytest.raises(SystemExit, match="already exists"):
        call_command("staff", "--noinput")


@pytest.mark.parametrize("flag", FLAGS)
def test_one_of_two_who_may_do_everything_can_step_back(admin_client, admin_user, flag):
    User.objects.create_superuser("other")
    assert change(admin_client, admin_user, **{flag: False}).status_code == 302
    admin_user.refresh_from_db()
    assert not getattr(admin_user, flag)


@pytest.mark.parametrize("at_once", [False, True], ids=["by its form", "by the list's action"])
def test_the_last_who_may_do_everything_is_not_deleted(admin_client, admin_user, at_once):
    second = User.objects.create_superuser("zoe")
    if at_once:  # neither is the last alone, both together are
        where = address(User, "changelist")
        keys = [admin_user.pk, second.pk]
        sent = {"action": "delete_selected", "_selected_action": keys, "post": "yes"}
        names = "admin + zoe"
    else:
        second.delete()
        where, sent = address(User, "delete", admin_user.pk), {"post": "yes"}
        names = "admin"
    page = read(admin_client.post(where, sent, follow=True))
    assert page.one("ul", class_="messagelist").text == last(names)
    assert User.objects.count() == 1 + at_once
    assert happened() == []


def test_who_looks_after_accounts_cannot_give_what_they_do_not_have(client, ann, admin_user):
    for codename in ("view_user", "add_user", "change_user", "delete_user", "change_group"):
        ann.user_permissions.add(right(codename))
    client.force_login(ann)
    change(client, ann, is_superuser="on", user_permissions=[right("add_place").pk])
    ann.refresh_from_db()
    assert not ann.is_superuser
    assert not ann.has_perm("stats.add_place")
    group = address(Group, "change", pk_of("Editor"))
    client.post(group, {"name": "Editor", "permissions": [right("add_place").pk]})
    assert not User.objects.get(pk=ann.pk).has_perm("stats.add_place")
    assert change(client, admin_user, is_active=False).status_code == 403
    assert client.post(f"/admin/auth/user/{admin_user.pk}/password/").status_code == 403
    delete = address(User, "delete", admin_user.pk)
    User.objects.create_superuser("zoe")
    assert client.post(delete, {"post": "yes"}).status_code == 403


def test_the_name_of_an_account_is_told_to_who_may_see_it_alone(admin_user, editor):
    """That it is the last one who may do everything was said, with its name, to whoever asked."""
    User.objects.filter(pk=admin_user.pk).update(username="a.secret.name")
    asked = [path for path in staff.addresses() if path.startswith("/admin/auth/")]
    asked += [address(User, view, admin_user.pk) for view in ("change", "delete", "history")]
    for path in asked:
        for ask in (editor.get, editor.post):
            assert b"a.secret.name" not in ask(path, follow=True).content, path
    assert b"a.secret.name" not in editor.get("/admin/").content


def test_what_only_some_may_see_is_not_made_by_others(editor):
    """The list of what has one row makes it, and led on to a page that refuses."""
    assert editor.get(address(DeskRules, "changelist")).status_code == 403
    assert not DeskRules.objects.exists()


def test_an_account_without_role_or_address_is_asked_about(admin_client, ann):
    role = "“ann” has no role, so this person can sign in but do nothing. Is that what you want?"
    mail = (
        "“ann” has no e-mail address, so this person cannot reset a forgotten password or get "
        "alerts about changed help lines. Is that what you want?"
    )
    given = {"groups": [pk_of("Editor")], "email": "ann@example.org", "is_superuser": False}
    given |= {"is_active": "on", "user_permissions": []}
    for typed, asked in [
        ({}, []),
        ({"groups": [], "email": ""}, [role, mail]),
        ({"groups": [], "is_superuser": "on"}, []),
        ({"groups": [], "user_permissions": [right("add_place").pk]}, []),
        ({"groups": [], "email": "", "is_active": False}, []),
    ]:
        ann.refresh_from_db()
        page = read(admin_client.get(change(admin_client, ann, **{**given, **typed})["Location"]))
        assert [item.text for item in page.all("li", class_="warning")] == asked, typed


def test_the_form_says_what_each_thing_means(admin_client, ann):
    page = read(admin_client.get(address(User, "change", ann.pk)))
    words = page.one("form", id="user_form").text
    for said in ("Role:", "Editor: writes and changes drafts", "May enter the admin", "Active"):
        assert said in words
    assert "algorithm" not in words
    collapsed = page.one("fieldset", class_="module collapse")
    assert collapsed.all("input", name="user_permissions")
