"""The real server with several workers: a number changed past the desk is mailed, once to each."""

import re

from tests.site import running_site, until

PEOPLE = """
from django.contrib.auth.models import User
for name in ("ann", "bob"):
    User.objects.create_superuser(name, f"{name}@example.org")
"""
CHANGE = "UPDATE pages_helpline SET number = '1-900-555-0199' WHERE position = 20"
NOTICED = """
SELECT json_extract(seen, '$.fields.number'), unmailed FROM awareness_baseline
WHERE changed_at IS NOT NULL
"""


def mails(folder):
    written = "".join(file.read_text() for file in folder.glob("*.log"))
    return sorted(re.findall(r"^To: (.*)", written, re.M))


def test_a_number_changed_by_sql_is_mailed_to_everybody_once(make_folder, tmp_path):
    box = tmp_path / "mail"
    box.mkdir()
    variables = {"WEB_CONCURRENCY": "3", "EMAIL_URL": f"filemail:///{box}"}
    everybody = ["ann@example.org", "bob@example.org"]
    with running_site(make_folder(), **variables) as site:
        site.manage("shell", "--no-imports", "-c", PEOPLE)
        assert site.ask(NOTICED) == [], "the starter content is no change"
        site.ask(CHANGE)
        until(lambda: mails(box) == everybody)
        until(lambda: site.ask(NOTICED) == [("1-900-555-0199", "[]")])
        assert mails(box) == everybody
        site.stop()
    site.ask(CHANGE.replace("0199", "0198"))  # while no server runs
    with running_site(site.folder, **variables) as again:
        assert "0198" in str(again.ask(NOTICED)), "noticed before the first visitor"
        until(lambda: len(mails(box)) == 4)
        until(lambda: again.ask(NOTICED) == [("1-900-555-0198", "[]")])
        assert mails(box) == sorted(everybody * 2)
        assert len(again.log.splitlines()) == 3
