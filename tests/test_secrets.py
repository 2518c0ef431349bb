"""Secrets, and what visitors send, stand in no log, no message and no page."""

import http.client
import logging
import re
import sqlite3
import subprocess
import sys
from types import SimpleNamespace
from urllib.parse import urlencode

import pytest

from tests.environment import ROOT
from tests.site import PATIENCE, free_port, manage, running_site, until
from tests.test_settings import check_sentence, read, refusal  # noqa: F401 - two are fixtures

SECRET = "s3cr3t-hunter2-of-the-tests"
WORDS = "words-of-a-visitor-in-danger"


WRONG = [
    ("DATABASE_URL", "mysql://aware:HUNTER2@localhost/aware"),
    ("DATABASE_URL", "postgres://aware:HUNTER2@localhost:many/aware"),
    ("DATABASE_URL", "HUNTER2"),
    ("CACHE_URL", "nosuch://:HUNTER2@localhost"),
    ("CACHE_URL", "redis://:HUNTER2@localhost:1/0"),
    ("EMAIL_URL", "https://mailer:HUNTER2@mail.example.org"),
    ("EMAIL_URL", "smtp+tls://mailer:HUNTER2@mail.example.org:many"),
    ("SITE_URL", "https://somebody:HUNTER2@www.example.org"),
    ("BACKUP_RECIPIENT", "AGE-SECRET-KEY-1HUNTER2"),
]


def test_no_wrong_setting_is_repeated_when_it_may_hold_a_password(refusal):  # noqa: F811
    for name, value in WRONG:
        check_sentence(refusal, name, value)


@pytest.mark.slow
def test_a_database_or_a_mail_server_that_refuses_tells_no_password(tmp_path):
    port = free_port()
    address = f"aware:{SECRET}@127.0.0.1:{port}"
    for command, variables in [
        (["migrate"], {"DATABASE_URL": f"postgres://{address}/aware"}),
        (["sendtestemail", "we@example.org"], {"EMAIL_URL": f"smtp+tls://{address}"}),
    ]:
        done = manage(*command, **variables, VAR_DIR=str(tmp_path), PORT=str(free_port()))
        assert done.returncode == 1
        assert "refused" in done.stderr
        assert SECRET not in done.stdout + done.stderr


def test_debug_is_for_ones_own_machine(refusal):  # noqa: F811
    """On which the story below is told with it."""
    said = refusal(DEBUG="True", SITE_URL="https://www.example.org")
    assert said.startswith("DEBUG must be False on a public SITE_URL")


def test_no_error_is_mailed():
    """Django's own settings would mail each error, with the request, to the ADMINS."""
    loggers = [logging.getLogger(name) for name in [None, *logging.root.manager.loggerDict]]
    handlers = {type(h).__name__ for logger in loggers for h in logger.handlers}
    assert "StreamHandler" in handlers
    assert "AdminEmailHandler" not in handlers


# --- A server on which much goes wrong --------------------------------------------------

SIGN_IN = """
import os
from django.contrib.auth.models import User
from django.test import Client
client = Client()
client.force_login(User.objects.create_superuser("editor", password=os.environ["ITS_PASSWORD"]))
print(client.cookies["sessionid"].value)
"""


def ask(site, method, path, body=None, **headers):
    connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=PATIENCE)
    headers = {"Host": f"localhost:{site.port}", **headers}
    if body is not None:
        body = urlencode(body)
        headers["Content-Type"] = "application/x-www-form-urlencoded"
    connection.request(method, path, body, headers)
    response = connection.getresponse()
    answer = response.status, response.read().decode(errors="replace"), response.headers
    connection.close()
    return answer


@pytest.fixture(scope="module", params=["", "True"], ids=["live", "debug"])
def story(request, make_folder):
    """(the site, what it answered, what must never be written down)"""
    secrets = {
        "SECRET_KEY": f"key-{SECRET}-long-enough-to-sign-what-the-site-signs",
        "EMAIL_URL": f"smtp+tls://mailer:mail-{SECRET}@127.0.0.1:{free_port()}",
        "DEBUG": request.param,
        "WEB_CONCURRENCY": "1",
    }
    with running_site(make_folder(), **secrets) as site:
        given = {"ITS_PASSWORD": site.password}
        session = site.manage("shell", "-v0", "-c", SIGN_IN, **given).split()[-1]
        cookie = {"Cookie": f"sessionid={session}"}
        with sqlite3.connect(site.folder / "db.sqlite3", timeout=20) as database:
            # A day that is none: Django cannot read the row, and nothing foresees that.
            database.execute("UPDATE pages_section SET publish_at = '2026-01-99 10:00:00'")
        sent = {
            "search": ask(site, "POST", "/search/", {"words": WORDS}),
            "query": ask(site, "GET", f"/updates/?page={WORDS}", **cookie),
            "referrer": ask(site, "GET", "/learn/", Referer=f"https://{WORDS}.example/", **cookie),
            "admin": ask(site, "GET", f"/admin/pages/section/?_facets={WORDS}", **cookie),
        }
        others = [
            ask(site, "GET", "/no/such/page/", **cookie),
            ask(site, "GET", "/", Host=f"{WORDS}.example"),
            ask(site, "POST", "/admin/login/", {"username": WORDS, "password": SECRET}),
            ask(site, "POST", "/admin/pages/section/add/", {"title_en": WORDS}, **cookie),
            ask(site, "GET", "/admin/", Cookie=f"sessionid={SECRET}"),
            ask(site, "GET", "/" + "a" * 9000 + WORDS),
        ]
        until(lambda: site.log.count("Internal Server Error") >= len(sent))
    return site, sent, [body for _status, body, _headers in others], session


def test_an_error_is_written_down_without_secrets_or_who_asked_for_what(story):
    site, sent, _others, session = story
    assert {name: status for name, (status, *_rest) in sent.items()} == dict.fromkeys(sent, 500)
    assert "Internal Server Error: /search/" in site.log
    assert "ValueError" in site.log  # enough for whoever mends it
    for word in (SECRET, WORDS, session, site.password, "127.0.0.1:"):
        assert word not in site.log


def test_no_page_tells_a_secret(story):
    site, sent, others, session = story
    pages = [*(body for _status, body, _headers in sent.values()), *others]
    for secret in (f"key-{SECRET}", f"mail-{SECRET}", session):
        assert [page for page in pages if secret in page] == []
    if site.variables["DEBUG"]:
        return
    # A live page tells nothing at all.
    bodies = [body for _status, body, _headers in sent.values()]
    assert all('href="tel:' in body and "ValueError" not in body for body in bodies)
    assert [body for body in bodies if WORDS in body or SECRET in body] == []
    for _status, _body, headers in sent.values():
        assert not any(SECRET in value or WORDS in value for value in headers.values())


# --- What others are told ---------------------------------------------------------------


def test_what_is_sent_to_sentry_holds_no_visitor(read, refusal, monkeypatch):  # noqa: F811
    """Nor is its key repeated. Its client is no part of the site: another stands in, and writes
    down what it is told."""
    dsn, told = "https://HUNTER2@sentry.example.org/1", {}
    assert refusal(SENTRY_DSN=dsn) == (
        "SENTRY_DSN is set, but sentry-sdk is missing: .venv/bin/pip install sentry-sdk"
    )
    client = SimpleNamespace(init=lambda dsn, **options: told.update(options))
    monkeypatch.setitem(sys.modules, "sentry_sdk", client)
    read(SENTRY_DSN=dsn)
    event = {"message": "x", "request": {"query_string": "q"}, "user": {"id": 1}, "level": "error"}
    assert told.pop("before_send")(event, {}) == {"message": "x", "level": "error"}
    assert told == {
        "traces_sample_rate": 0,
        "send_default_pii": False,
        "max_request_body_size": "never",
        "include_local_variables": False,
        "max_breadcrumbs": 0,
    }

    def wrong(dsn, **options):
        raise ValueError(dsn)

    client.init = wrong
    assert refusal(SENTRY_DSN=dsn) == "SENTRY_DSN is not an address that Sentry gives out."


# --- The repository ---------------------------------------------------------------------

KEYS = {
    "a private key": re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----\s+\S{20}"),
    "an age key": re.compile(r"AGE-SECRET-KEY-1[A-Z0-9]{20}"),
    "a key of a cloud": re.compile(r"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b"),
    "a token": re.compile(r"\b(?:gh[pousr]_|glpat-|xox[abprs]-|sk_live_|pypi-|npm_)[\w-]{20}"),
    "a key that signs": re.compile(r"^SECRET_KEY *= *[\"']?[^\s\"'#($]{20}", re.MULTILINE),
    "Django's first key": re.compile(r"django-insecure-[^\s\"']{20}"),
    "a Sentry key": re.compile(r"https://[0-9a-f]{32}@"),
}
MADE_HERE = re.compile(r"(^|/)(\.env|id_\w+)$|\.(pem|key|p12|age|sqlite3|db|dump)$")


def tracked():
    """The files that git keeps. Asked whoever owns the folder."""
    command = ["git", "-c", "safe.directory=*", "ls-files", "-z"]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    return done.stdout.split("\0")[:-1]


def test_no_secret_is_in_the_repository():
    files = tracked()
    assert "awareness/settings.py" in files
    assert [name for name in files if MADE_HERE.search(name)] == []
    found = {
        (name, kind)
        for name in files
        for kind, pattern in KEYS.items()
        if (ROOT / name).is_file()
        and pattern.search((ROOT / name).read_text(encoding="utf-8", errors="ignore"))
    }
    assert found == set()


def test_a_secret_would_be_found():
    """Put together here, so that this file holds none."""
    x = "A1b2C3d4" * 5
    for kind, secret in {
        "a private key": f"-----BEGIN PRIVATE KEY-----\n{x}",
        "an age key": f"AGE-SECRET-KEY-1{x.upper()}",
        "a key of a cloud": f"key = AKIA{x.upper()[:16]}",
        "a token": f"ghp_{x}",
        "a key that signs": f"PORT=1\nSECRET_KEY={x}",
        "Django's first key": f"django-insecure-{x}",
        "a Sentry key": f"https://{'0a' * 16}@sentry.example.org/1",
    }.items():
        assert KEYS[kind].search(secret), kind


def test_git_never_takes_the_secrets_of_this_machine():
    for name in (".env", "var/db.sqlite3", "var/media/picture.png"):
        command = ["git", "-c", "safe.directory=*", "check-ignore", "--quiet", name]
        assert subprocess.run(command, cwd=ROOT).returncode == 0
