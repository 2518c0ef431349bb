"""`make staff` in a terminal, as somebody who has never seen it answers it."""

import fcntl
import os
import select
import subprocess
import sys
import termios
import time

import pytest

from tests.environment import ROOT, clean_environment
from tests.site import manage, running_site

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
        preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
    )
    os.close(theirs)
    screen, seen = "", 0
    for prompt, answer in dialogue:
        screen = read_until(ours, screen, seen, prompt)
        seen = len(screen)
        if answer is None:
            time.sleep(0.5)  # Python misses a Ctrl-C between the prompt and its wait for a key
        os.write(ours, f"{answer}\n".encode() if answer is not None else b"\x03")
    screen = read_until(ours, screen, seen, None)
    os.close(ours)
    return process.wait(timeout=30), screen.replace("\r", "")


def read_until(terminal, screen, seen, prompt):
    end = time.monotonic() + 60
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


def accounts(folder):
    """[(username, e-mail, may do everything, groups, has this password)] in the database."""
    code = (
        "from django.contrib.auth.models import User\n"
        "from allauth.mfa.models import Authenticator\n"
        "for user in User.objects.order_by('pk'):\n"
        "    groups = [group.name for group in user.groups.all()]\n"
        f"    print(user.username, user.is_superuser, groups, user.check_password({GOOD!r}),"
        " Authenticator.objects.filter(user=user).count())\n"
    )
    done = manage("shell", "--no-imports", "-c", code, VAR_DIR=str(folder))
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


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
    assert accounts(folder) == ["ann True [] True 0"]

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
    assert "Sign in at http://localhost:8000/accounts/login/" in screen  # nothing is served
    assert accounts(folder)[1] == "bob False ['Editor'] True 0"


LOCKED = """
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import User
user = User.objects.create_user("ann", password="one that is forgotten", is_staff=True)
Authenticator.objects.create(user=user, type="totp", data={"secret": "of a lost phone"})
"""


@pytest.mark.parametrize(("rights", "whole"), [("yes", True), ("", False)])
def test_an_account_that_is_locked_comes_back(make_folder, rights, whole):
    folder = make_folder()
    assert manage("shell", "--no-imports", "-c", LOCKED, VAR_DIR=str(folder)).returncode == 0
    code, screen = talk(
        folder,
        (NAMES[0], "Ann"),
        ("Bring it back? Type yes: ", "yes"),
        ("Let it do everything? Type yes: ", rights),
        (PASSWORDS[0], GOOD),
        (PASSWORDS[1], GOOD),
    )
    assert (code, "The account “ann” is back." in screen) == (0, True)
    assert accounts(folder) == [f"ann {whole} [] True 0"]


def test_an_account_that_stays_closed_is_not_called_back(make_folder):
    folder = make_folder()
    closed = f"{LOCKED}user.is_active = False\nuser.save()\n"
    assert manage("shell", "--no-imports", "-c", closed, VAR_DIR=str(folder)).returncode == 0
    code, screen = talk(
        folder,
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
def test_whoever_stops_has_changed_nothing(make_folder, dialogue):
    folder = make_folder()
    assert manage("shell", "--no-imports", "-c", LOCKED, VAR_DIR=str(folder)).returncode == 0
    code, screen = talk(folder, *dialogue)
    assert code == 1
    assert screen.endswith("Stopped. Nothing was changed.\n")
    assert accounts(folder) == ["ann False [] False 1"]


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
