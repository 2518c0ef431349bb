"""A third language, added as docs/translating.md says: a line in LANGUAGES. In a process of its
own, with tables that have its columns."""

import json
import subprocess
import sys

import pytest

from tests.environment import ROOT, clean_environment

SETTINGS = """
from awareness.settings import *
LANGUAGES = [*LANGUAGES, ("fr", "French")]
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
MIGRATION_MODULES = dict.fromkeys(["awareness", "pages", "stats"])
"""
ASK = """
import json, django
django.setup()
from django.core.management import call_command
from django.test import Client
from awareness.web.addresses import sent_on
from awareness.web.cache_key import anonymous_environ, cache_key
from tests import factories
call_command("migrate", run_syncdb=True, verbosity=0)
factories.section(slug="a", **{f"{n}_fr": "Des mots" for n in ("title", "summary", "body")})
OUTSIDE, INSIDE = "203.0.113.1", "10.1.2.3"
client, found = Client(HTTP_HOST="localhost"), {}
for path in ("/accounts/login/", "/es/accounts/login/", "/fr/accounts/login/", "/fr/accounts/"):
    answers = [client.get(path, REMOTE_ADDR=at) for at in (OUTSIDE, INSIDE)]
    held = cache_key(anonymous_environ(("http", "localhost", path, "")))
    found[path] = [*(a.status_code for a in answers), answers[1]["Referrer-Policy"], held]
page = client.get("/fr/learn/a/").content.decode()
named = [f'<link rel="alternate" hreflang="{code}"' in page for code in ("en", "fr", "es")]
found["page"] = ['<html lang="fr">' in page, *named]
found["locale"] = 'content="fr_US"' in page
found["sent"] = [sent_on("GET", p, "si=1") for p in ("/fr/help/", "/FR/Help", "/fr/share/kit.zip")]
print(json.dumps(found))
"""
STAFF = [404, 200, "same-origin", None]


@pytest.mark.slow
def test_a_third_language_is_in_every_rule_that_the_second_is_in(tmp_path):
    (tmp_path / "with_french.py").write_text(SETTINGS)
    paths = {"PYTHONPATH": f"{tmp_path}:{ROOT}", "DJANGO_SETTINGS_MODULE": "with_french"}
    given = {"VAR_DIR": str(tmp_path), "ADMIN_ALLOWED_IPS": "10.1.2.3", "SECRET_KEY": "x" * 50}
    done = subprocess.run(
        [sys.executable, "-c", ASK],
        cwd=ROOT,
        env=clean_environment(**paths, **given),
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {
        "/accounts/login/": STAFF,
        "/es/accounts/login/": STAFF,
        "/fr/accounts/login/": STAFF,
        "/fr/accounts/": [404, 302, "same-origin", None],
        "page": [True, True, True, False],
        "locale": True,
        "sent": ["/fr/help/", "/fr/help/", None],
    }
