"""Every package by its version and by the hashes of its files, so that none can be swapped."""

import re
from importlib import metadata

import pytest
from packaging.requirements import Requirement

from tests.environment import ROOT

DEPLOY = ["deploy/requirements-pin.txt", "deploy/requirements-next.txt"]
FILES = ["requirements.txt", "requirements-dev.txt", *DEPLOY]
PIN = re.compile(r"([A-Za-z0-9._-]+)==([0-9][0-9A-Za-z.]*)((?: --hash=sha256:[0-9a-f]{64})+)")


def named(name):
    return re.sub(r"[-_.]+", "-", name).lower()


def requirements(file):
    """What pip reads: lines that go on joined, comments away."""
    text = (ROOT / file).read_text()
    text = re.sub(r"^ *#.*\n", "", text, flags=re.MULTILINE)
    text = re.sub(r" *\\\n *", " ", text)
    return [line for line in text.splitlines() if line.strip()]


def pins(file):
    """{name: version}"""
    found = [PIN.fullmatch(line) for line in requirements(file)]
    return {named(match[1]): match[2] for match in found if match}


@pytest.mark.parametrize("file", FILES)
def test_every_requirement_has_one_version_and_the_hashes_of_its_files(file):
    allowed = ["-r requirements.txt"] if file == "requirements-dev.txt" else []
    assert [r for r in requirements(file) if not PIN.fullmatch(r)] == allowed
    assert len(pins(file)) == len(requirements(file)) - len(allowed)  # none twice


def test_a_compiled_package_has_the_hashes_of_every_system():
    """Not only of the one on which somebody ran deploy/pin.py."""
    of = {line.split("==")[0]: line.count("--hash=") for line in requirements("requirements.txt")}
    assert min(of[name] for name in ("nh3", "cffi", "psycopg-binary", "RapidFuzz")) > 10


@pytest.mark.parametrize("file", FILES[:2])
def test_what_they_need_is_in_the_list_too(file):
    """Else pip would refuse: it takes nothing without a hash."""
    listed = pins("requirements.txt") | pins(file)
    machines = [
        {"python_version": version, "sys_platform": system, "extra": ""}
        for version in ("3.11", "3.12", "3.13", "3.14")
        for system in ("linux", "darwin")
    ]
    needed = {
        named(requirement.name)
        for name in listed
        for requirement in map(Requirement, metadata.requires(name) or ())
        for machine in machines
        if requirement.marker is None or requirement.marker.evaluate(machine)
    }
    assert needed - listed.keys() == set()


def test_what_is_installed_is_what_is_listed():
    for name, version in (pins("requirements.txt") | pins("requirements-dev.txt")).items():
        assert metadata.version(name) == version
