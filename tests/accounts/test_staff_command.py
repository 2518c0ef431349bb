"""`make staff` in a terminal, as somebody who has never seen it answers it."""

import contextlib
import fcntl
import os
import select
import shutil
import signal
import sqlite3
import subprocess
import sys
import termios
import time

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher

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
            (PASSWORDS[0], GOOD),
            (PASSWORDS[1], GOOD),
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


@pytest.fixture(scope="module")
def locked_out(make_folder):
    folder = make_folder()
    assert manage("shell", "--no-imports", "-c", LOCKED, VAR_DIR=str(folder)).returncode == 0
    return folder


@pytest.fixture
def locked(locked_out, tmp_path):
    return shutil.copytree(locked_out, tmp_path / "locked")


@pytest.mark.parametrize(("rights", "whole"), [("yes", True), ("", False)])
def test_an_account_that_is_locked_comes_back(locked, rights, whole):
    code, screen = talk(
        locked,
        (NAMES[0], "Ann"),
        ("Bring it back? Type yes: ", "yes"),
        ("Let it do everything? Type yes: ", rights),
        (PASSWORDS[0], GOOD),
        (PASSWORDS[1], GOOD),
    )
    assert (code, "The account “ann” is back." in screen) == (0, True)
    assert accounts(locked) == [("ann", whole, "", True, 0)]


def test_an_account_that_stays_closed_is_not_called_back(locked):
    with contextlib.closing(sqlite3.connect(locked / "db.sqlite3")) as database, database:
        database.execute("UPDATE auth_user SET is_active = 0")
    code, screen = talk(
        locked,
        (NAMES[0], "ann"),
        ("Bring it back? Type yes: ", "yes"),
        ("Let it do everything? Type yes: ", ""),
        (PASSWORDS[0], GOOD),
        (PASSWORDS[1], GOOD),
    )
    assert (code, "is still closed" in screen, "is back" in screen) == (1, True, False)


@pytest.mark.parametrize(
    "dialogue",
    [
        [(NAMES[0], "Ann"), ("Type yes: ", "no")],
        [(NAMES[0], None)],
        [(NAMES[0], "Ann"), ("Type yes: ", "yes"), ("Type yes: ", "yes"), (PASSWORDS[0], None)],
    ],
    ids=["no", "ctrl-c at once", "ctrl-c at the password"],
)
def test_whoever_stops_has_changed_nothing(locked, dialogue):
    code, screen = talk(locked, *dialogue)
    assert code == 1
    assert screen.endswith("Stopped. Nothing was changed.\n")
    assert accounts(locked) == [("ann", False, "", False, 1)]


@pytest.mark.parametrize(
    ("variables", "sentence"),
    [
        ({"USERNAME": "", "PASSWORD": GOOD}, "This field cannot be blank."),
        ({"USERNAME": "ann", "PASSWORD": "short"}, "This password is too short."),
    ],
)
def test_without_questions_a_mistake_is_one_sentence_and_nothing_is_made(
    make_folder, variables, sentence
):
    folder = make_folder()
    given = {f"DJANGO_SUPERUSER_{name}": value for name, value in variables.items()}
    done = manage("staff", "--noinput", VAR_DIR=str(folder), **given)
    assert done.returncode == 1
    assert done.stderr.startswith(sentence)
    assert accounts(folder) == []


def test_without_a_terminal_it_says_so(make_folder):
    done = manage("staff", VAR_DIR=str(make_folder()))
    assert done.stderr == "`make staff` asks questions: run it in a terminal.\n"
