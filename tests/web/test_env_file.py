""".env: private, and never printed."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from awareness.web import env_file
from tests.environment import ROOT, clean_environment
from tests.site import PATIENCE

SECRET = "hunter2-is-the-password"


@pytest.fixture
def file(tmp_path):
    file = tmp_path / ".env"
    file.write_text("# private\n\n  SPACED_BY_US=1 \nexport SECRET_OF_OURS='a b'\n")
    file.chmod(0o600)
    yield file
    for name in ("SPACED_BY_US", "SECRET_OF_OURS"):
        os.environ.pop(name, None)


def test_what_others_could_open_is_made_private_and_told(file, capsys):
    notice = f"Others on this machine could open {file}, which holds secrets: no more.\n"
    for rights in (0o644, 0o640, 0o604, 0o666, 0o660, 0o755, 0o600):
        file.chmod(rights)
        env_file.read_env_file(file)
        assert file.stat().st_mode & 0o777 == rights & 0o700, oct(rights)
        assert capsys.readouterr() == ("", notice if rights & 0o077 else ""), oct(rights)
    assert os.environ["SECRET_OF_OURS"] == "a b"
    assert os.environ["SPACED_BY_US"] == "1"


def test_one_that_is_not_ours_to_mend_is_told_of_and_read(file, monkeypatch, capsys):
    """As under systemd, where the code's folder cannot be written to."""

    def refuse(path, mode):
        raise PermissionError(1, "Operation not permitted")

    chmod = Path.chmod
    monkeypatch.setattr(Path, "chmod", refuse)
    notice = f"Others can open {file}, which holds secrets: let its owner run chmod 600.\n"
    for rights, told in ((0o644, notice), (0o640, ""), (0o600, "")):
        chmod(file, rights)
        env_file.read_env_file(file)
        assert capsys.readouterr() == ("", told), oct(rights)
    assert os.environ["SECRET_OF_OURS"] == "a b"


def test_one_that_cannot_be_read_is_not_taken_for_none(file):
    file.unlink()
    file.mkdir(0o700)
    with pytest.raises(env_file.Wrong) as error:
        env_file.read_env_file(file)
    assert str(error.value) == (
        "cannot be read (Is a directory): give it to the account that runs the site."
    )


def test_a_mark_that_some_editors_put_at_the_beginning_is_passed_over(file):
    file.write_text("SPACED_BY_US=1\n", encoding="utf-8-sig")
    env_file.read_env_file(file)
    assert os.environ["SPACED_BY_US"] == "1"


@pytest.fixture(scope="module")
def code(tmp_path_factory):
    """A copy of the code, beside which a .env of ours can lie."""
    folder = tmp_path_factory.mktemp("code")
    shutil.copy(ROOT / "manage.py", folder)
    for name in ("awareness", "pages", "stats", "static", "templates", "locale"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    return folder


def check(code, **variables):
    return subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=code,
        env=clean_environment(VAR_DIR=str(code / "var"), **variables),
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )


def test_a_wrong_line_stops_the_start_and_is_named_by_its_number(code):
    file = code / ".env"
    wrong = "has a line, number {}, that is not like NAME=value: mend it."
    for content, problem in {
        f"PORT=1\nEMAIL_URL smtp://u:{SECRET}@mail".encode(): wrong.format(2),
        f"PORT=1\n\n{SECRET}".encode(): wrong.format(3),
        f"EMAIL-URL={SECRET}".encode(): wrong.format(1),
        f"A={SECRET}".encode("utf-16"): "is not text in UTF-8: save it as that.",
    }.items():
        file.write_bytes(content)
        file.chmod(0o600)
        done = check(code)
        told = (done.returncode, done.stdout, done.stderr)
        assert told == (1, "", f"The file {file} {problem}\n"), content


@pytest.mark.slow
def test_every_command_makes_it_private(code):
    file = code / ".env"
    file.write_text("SITE_URL=http://localhost:8000\n")
    file.chmod(0o644)
    done = check(code)
    assert done.returncode == 0
    assert f"Others on this machine could open {file}" in done.stderr
    assert file.stat().st_mode & 0o777 == 0o600
