"""Run by test_refused.py: `restore` once for each file, in one process of the site's own.

For each it prints what was said, and whether any byte in VAR_DIR or in the database was changed.
"""

import json
import os
import sys
from pathlib import Path

import django
from django.core.management import call_command

django.setup()
GIVEN = dict(os.environ)  # before the tests' own environment takes its place

from tests.backup.places import Place, tree  # noqa: E402 - once Django is ready


def state(place):
    return tree(place.folder), place.rows() if place.address else None


place = Place(Path(GIVEN["VAR_DIR"]), GIVEN["DATABASE_URL"])
for arguments in json.load(sys.stdin):
    before = state(place)
    try:
        call_command("restore", *arguments)
        said = "restored"
    except SystemExit as refusal:
        said = str(refusal)
    print(json.dumps([said, state(place) == before]), flush=True)
