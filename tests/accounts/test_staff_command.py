"""`make staff` in a terminal, as somebody who has never seen it answers it."""

import contextlib
import fcntl
import io
import os
import select
import signal
import sqlite3
import subprocess
import sys
import termios
import time

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.contrib.auth.models import User
from django.core.management import call_command

from tests.environment import ROOT, clean_environment
from tests.site import PATIENCE, manage, running_site

GOOD = "a good long password"
NAMES = ["Username: ", "E-mail, for resets and warnings: "]
PASSWORDS = ["Password (it does not show): ", "The same once more: "]


def talk(folder, *dialogue, end_with=""):
    """(exit code, all that was on the screen): each prompt is awaited, then answered."""
    ours, theirs = os.openpty()
    process = subprocess.Popen(
        [sys.executable, "manage.py", "staff"],
        cwd=ROOT,
        env=clean_environment(VAR_DIR=str(folder)),
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
        preexec_fn=at_a_terminal,
    )
    os.close(theirs)
    screen, seen = "", 0
    for prompt, answer in dialogue:
        screen = read_until(ours, screen, seen, prompt)
        seen = len(screen)
        if answer is None:
            interrupt(process, ours)
        else:
            os.write(ours, f"{answer}\n".encode())
    screen = read_until(ours, screen, seen, None)
    os.close(ours)
    return process.wait(timeout=PATIENCE), screen.replace("\r", "")


def at_a_terminal():
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # tests that run in the background ignore it


def interrupt(process, terminal):
    """Python misses a Ctrl-C between the prompt and its wait for a key: then again."""
    for _try in range(6):
        os.write(terminal, b"\x03")
        with contextlib.suppress(subprocess.TimeoutExpired):
            return process.wait(timeout=10)


def read_until(terminal, screen, seen, prompt):
    end = time.monotonic() + PATIENCE
    while prompt is None or prompt not in screen[seen:]:
        assert time.monotonic() < end, f"No {prompt!r} on the screen:\n{screen}"
        if select.select([terminal], [], [], 1)[0]:
            try:
                part = os.read(terminal, 4096).decode()
            except OSError:  # the other side has closed it
                part = ""
            if not part:
                assert prompt is None, f"It ended without {prompt!r}:\n{screen}"
                return screen
            screen += part
    return screen


ACCOUNTS = """
SELECT username, is_superuser, coalesce(group_concat(auth_group.name), ''), password,
    (SELECT count(*) FROM mfa_authenticator AS step WHERE step.user_id = auth_user.id)
FROM auth_user LEFT JOIN auth_user_groups ON auth_user.id = user_id
LEFT JOIN auth_group ON auth_group.id = group_id GROUP BY auth_user.id ORDER BY auth_user.id
"""


def accounts(folder):
    """[(username, may do everything, groups, has this password, second steps)] in the database."""
    with contextlib.closing(sqlite3.connect(folder / "db.sqlite3")) as database:
        rows = database.execute(ACCOUNTS).fetchall()
    is_good = Argon2PasswordHasher().verify
    return [
        (name, bool(everything), groups, is_good(GOOD, password), steps)
        for name, everything, groups, password, steps in rows
    ]


def test_it_leads_through_the_first_account_and_every_other_one(make_folder):
    folder = make_folder()
    with running_site(folder) as site:
        code, screen = talk(
            folder,
            (NAMES[0], "two words"),
            (NAMES[0], "ann"),
            (NAMES[1], "not an address"),
            (NAMES[1], "ann@example.org"),
            (PASSWORDS[0], "too short"),
            (PASSWORDS[0], GOOD),
            (PASSWORDS[1], "another"),
            *((question, GOOD) for question in PASSWORDS),
        )
    assert code == 0
    assert "Enter a valid username." in screen
    assert "Enter a valid email address." in screen
    assert "This password is too short." in screen
    assert "The two are not the same." in screen
    assert "The account “ann” is ready." in screen
    assert f"Sign in at {site.url}/accounts/login/" in screen
    assert GOOD not in screen
    assert accounts(folder) == [("ann", True, "", True, 0)]

    code, screen = talk(
        folder,
        (NAMES[0], "bob"),
        (NAMES[1], ""),
        ("1, 2 or 3: ", "4"),
        ("1, 2 or 3: ", "3"),
        (PASSWORDS[0], GOOD),
        (PASSWORDS[1], GOOD),
    )
    assert "Type 1, 2 or 3." in screen
    assert accounts(folder)[1] == ("bob", False, "Editor", True, 0)


LOCKED = """
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import User
user = User.objects.create_user("ann", password="one that is forgotten", is_staff=True)
Authenticator.objects.create(user=user, type="totp", data={"secret": "of a lost phone"})
"""


def test_an_account_that_is_locked_comes_back(make_folder):
    """Whoever stops on the way has changed nothing; nobody is told that a closed one is back."""
    folder = make_folder()
    assert manage("shell", "--no-imports", "-c", LOCKED, VAR_DIR=str(folder)).returncode == 0
    bring_back = [(NAMES[0], "Ann"), ("Bring it back? Type yes: ", "yes")]
    rights, whole = "Let it do everything? Type yes: ", [(question, GOOD) for question in PASSWORDS]
    for dialogue in (
        [bring_back[0], ("Type yes: ", "no")],
        [*bring_back, (rights, "yes"), (PASSWORDS[0], None)],
    ):
        code, screen = talk(folder, *dialogue)
        assert (code, screen.endswith("Stopped. Nothing was changed.\n")) == (1, True), dialogue
        assert accounts(folder) == [("ann", False, "", False, 1)], dialogue

    code, screen = talk(folder, *bring_back, (rights, ""), *whole)
    assert (code, "The account “ann” is back." in screen) == (0, True)
    assert accounts(folder) == [("ann", False, "", True, 0)]

    with contextlib.closing(sqlite3.connect(folder / "db.sqlite3")) as database, database:
        database.execute("UPDATE auth_user SET is_active = 0")
    code, screen = talk(folder, *bring_back, (rights, ""), *whole)
    assert (code, "is still closed" in screen, "is back" in screen) == (1, True, False)

    code, screen = talk(folder, *bring_back, (rights, "yes"), *whole)
    assert (code, "The account “ann” is back." in screen) == (0, True)
    assert accounts(folder) == [("ann", True, "", True, 0)]


def test_without_questions_a_mistake_is_one_sentence_and_nothing_is_made(db, monkeypatch):
    for name, password, sentence in (
        ("", GOOD, "This field cannot be blank."),
        ("ann", "short", "This password is too short."),
    ):
        monkeypatch.setenv("DJANGO_SUPERUSER_USERNAME", name)
        monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", password)
        with pytest.raises(SystemExit, match=f"^{sentence}"):
            call_command("staff", "--noinput")
        assert not User.objects.exists(), sentence


def test_without_a_terminal_it_says_so(db, monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    with pytest.raises(SystemExit, match="`make staff` asks questions: run it in a terminal."):
        call_command("staff")
