"""What `make` does before Python of ours runs. The folder is real; its requirements are none."""

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

import pytest

from tests.environment import ROOT, clean_environment
from tests.site import PATIENCE

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A folder in which setup.sh was interrupted, and then ran once."""
    folder = tmp_path_factory.mktemp("clone")
    shutil.copytree(ROOT / "deploy", folder / "deploy")
    shutil.copy(ROOT / "Makefile", folder)
    for name in ("requirements.txt", "requirements-dev.txt"):
        (folder / name).write_text("# nothing\n")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder / ".venv"], check=True)
    (folder / ".venv" / "unfinished").touch()
    done = setup(folder)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("Installing the packages of requirements.txt")
    return folder


@pytest.fixture
def clone(made, tmp_path):
    """A copy of it, to spoil; pip's files, which nobody writes into, are the same."""
    clone, there = tmp_path / "clone", ".venv"
    shutil.copytree(made, clone, ignore=shutil.ignore_patterns(there))
    shutil.copytree(made / there, clone / there, symlinks=True, copy_function=os.link)
    return clone


def setup(folder, file="requirements.txt", **variables):
    return subprocess.run(
        ["sh", "deploy/setup.sh", file],
        cwd=folder,
        env=clean_environment(**{"PYTHON": sys.executable, **variables}),
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )


def script(path, text):
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return path


def test_a_half_made_environment_is_made_anew(made):
    assert (made / ".venv" / "bin" / "pip").exists()
    assert not (made / ".venv" / "unfinished").exists()


def test_the_secret_is_private_and_stays(clone):
    """The second time does nothing, and cannot have: the Python that it would need is none."""
    secrets = clone / ".env"
    first = secrets.read_text()
    assert secrets.stat().st_mode & 0o777 == 0o600
    assert len(first.split("SECRET_KEY=")[1].strip()) > 60
    done = setup(clone, PYTHON="/nowhere")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert secrets.read_text() == first
    secrets.unlink()
    setup(clone)
    assert secrets.read_text() != first, "each clone has a secret of its own"


def test_secrets_that_others_could_open_are_made_private(clone):
    """Each way to be open is in web/test_env_file.py."""
    secrets = clone / ".env"
    said = f"Others on this machine could open {secrets}, which holds secrets: no more.\n"
    for rights, told in ((0o644, said), (0o640, said), (0o700, "")):
        secrets.chmod(rights)
        done = setup(clone)
        assert (done.returncode, done.stdout) == (0, told), oct(rights)
        assert secrets.stat().st_mode & 0o777 == rights & 0o700, oct(rights)


def test_changed_requirements_are_installed_and_only_then_noted(clone):
    wrong = "no-such-package-of-ours @ file:///nowhere\n"
    (clone / "requirements.txt").write_text(wrong)
    done = setup(clone)
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1] == (
        "The packages could not be installed: see above, then run this again."
    )
    assert setup(clone).returncode == 1  # it is not taken for done
    (clone / "requirements.txt").write_text("# nothing\n")
    assert setup(clone).stdout == ""  # and the good ones are still there


def wheel(folder, name):
    """A package that holds one module, as a file that pip installs. Returns its hash."""
    info = f"{name}-1.0.dist-info"
    file = folder / f"{name}-1.0-py3-none-any.whl"
    with zipfile.ZipFile(file, "w") as packed:
        packed.writestr(f"{name}.py", "")
        packed.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
        packed.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nTag: py3-none-any\n")
        packed.writestr(f"{info}/RECORD", "")
    return hashlib.sha256(file.read_bytes()).hexdigest()


def has(clone, *modules):
    code = f"import {', '.join(modules)}"
    done = subprocess.run([clone / ".venv/bin/python", "-c", code], capture_output=True)
    return done.returncode == 0


OTHER_FILE = (
    "A package is not the one that the requirements name by its hash (see above), so nothing was "
    "installed: run this again, and if it says the same, ask whoever looks after the site's code "
    "before you go on."
)


def test_a_package_with_another_hash_is_refused_and_none_is_installed(clone, tmp_path):
    good, bad = wheel(tmp_path, "first_of_ours"), wheel(tmp_path, "second_of_ours")
    places = f"{tmp_path} {tmp_path}/which-is-not-there"  # pip warns of the second
    index = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": places}
    lines = f"first_of_ours==1.0 --hash=sha256:{good}\nsecond_of_ours==1.0 --hash=sha256:"
    for file, include in (
        ("requirements-dev.txt", "-r requirements.txt\n"),
        ("requirements.txt", ""),
    ):
        before = (clone / file).read_text()
        (clone / file).write_text(
            f"{include}{lines}{good}\n"
        )  # the second is not what it should be
        done = setup(clone, file, **index)
        assert done.returncode == 1
        assert done.stderr.splitlines()[-1] == OTHER_FILE
        assert "second_of_ours==1.0" in done.stderr
        assert not has(clone, "first_of_ours")
        (clone / file).write_text(before)
    (clone / file).write_text(f"{lines}{bad}\n")
    done = setup(clone, file, **index)
    assert (done.returncode, done.stderr) == (0, ""), "pip says nothing when all is well"
    assert has(clone, "first_of_ours", "second_of_ours")


def test_a_package_without_a_hash_is_refused(clone, tmp_path):
    wheel(tmp_path, "first_of_ours")
    (clone / "requirements.txt").write_text("first_of_ours==1.0\n")
    done = setup(clone, PIP_NO_INDEX="1", PIP_FIND_LINKS=str(tmp_path))
    assert done.returncode == 1
    assert "Hashes are required" in done.stderr
    assert not has(clone, "first_of_ours")


def test_an_old_python_is_refused(clone):
    """A stand-in answers as an old one would: no machine has one any more."""
    shutil.rmtree(clone / ".venv")
    old = script(clone / "python3.9", "exit 1")
    done = setup(clone, PYTHON=str(old))
    assert done.returncode == 1
    assert done.stderr == (
        f"Python 3.11 or newer is needed, and {old} is not: install one, "
        "or name it with PYTHON=/path/to/python3.11 after make.\n"
    )
    assert not (clone / ".venv").exists()


def test_a_python_without_venv_is_refused(clone):
    """As Debian's is before python3-venv is installed: no ensurepip."""
    shutil.rmtree(clone / ".venv")
    bare = script(
        clone / "python3",
        f'case "$*" in *ensurepip*) exit 1;; esac; exec {sys.executable} "$@"',
    )
    done = setup(clone, PYTHON=str(bare))
    assert done.returncode == 1
    assert done.stderr == (
        "Python's venv module is missing: install it (on Debian and Ubuntu: "
        "apt-get install python3-venv), then run this again.\n"
    )
    assert not (clone / ".venv").exists()


def test_a_folder_of_somebody_else_is_refused():
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shutil.copytree(ROOT / "deploy", folder / "deploy")
        folder.chmod(0o555)
        # Root may write everywhere: it becomes nobody first.
        nobody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
        done = subprocess.run(
            [*(nobody if os.geteuid() == 0 else []), "sh", "deploy/setup.sh", "requirements.txt"],
            cwd=folder,
            env=clean_environment(),
            capture_output=True,
            text=True,
        )
    assert done.returncode == 1
    assert done.stderr == (f"{folder} cannot be written to: clone into a folder of your own.\n")


def test_restore_passes_on_what_it_is_given_and_runs_none_of_it(clone):
    (clone / "manage.py").write_text("import sys; print(sys.argv[1:])")
    given = ["FILE=a b'c$$(touch x)", "IDENTITY=key.txt", "OVERWRITE=yes"]
    arrives = ["restore", "--identity", "key.txt", "--overwrite", "yes", "--", "a b'c$(touch x)"]
    nothing = ["restore", "--identity", "", "--overwrite", "", "--", ""]
    for words, wanted in ((given, arrives), ([], nothing)):
        done = subprocess.run(
            ["make", "restore", *words],
            cwd=clone,
            env=clean_environment(PYTHON=sys.executable),
            capture_output=True,
            text=True,
        )
        assert (done.stdout, done.stderr) == (f"{wanted}\n", "")
    assert not (clone / "x").exists()


def test_help_lists_every_command():
    done = subprocess.run(
        ["make", "help"], cwd=ROOT, env=clean_environment(), capture_output=True, text=True
    )
    commands = [line.split()[1] for line in done.stdout.splitlines()]
    wanted = "help run staff backup restore test check lint messages bench"
    assert commands == wanted.split()
