"""docs/security.md puts each promise beside the test that keeps it: all of those are there."""

import re

from tests.environment import ROOT

NAMED = re.compile(r"`([\w/]+\.py)(?:::(test_\w+))?`")


def named():
    found = NAMED.findall((ROOT / "docs" / "security.md").read_text())
    return {(file, name) for file, name in found if "test_" in file}


def test_every_test_that_the_note_names_is_there():
    assert len(named()) > 30
    missing = []
    for file, name in named():
        path = ROOT / file if file.startswith("tests/") else ROOT / "tests" / file
        if not path.is_file() or f"\ndef {name}" not in f"\n{path.read_text()}":
            missing.append(f"{file}::{name}")
    assert missing == []


def test_every_promise_has_a_test():
    rows = [
        line
        for line in (ROOT / "docs" / "security.md").read_text().splitlines()
        if line.startswith("| ") and "---" not in line
    ]
    tables = {}
    for row in rows:
        cells = row.strip("| ").split(" | ")
        if cells[-1] == "test":
            head = row
            tables[head] = 0
        elif NAMED.search(cells[-1]):
            continue
        else:
            assert not tables, f"No test stands beside: {row}"  # only the first table has none
    assert tables


def test_the_note_on_the_editor_speaks_of_the_version_that_is_installed():
    note = (ROOT / "docs" / "security.md").read_text()
    pins = (ROOT / "requirements.txt").read_text()
    assert "django-ckeditor==6.7.4" in pins
    assert "django-ckeditor 6.7.4" in note
