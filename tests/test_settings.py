"""A wrong value stops the start with one sentence that names the variable."""

import os
import runpy
import subprocess
import sys
from types import SimpleNamespace

import pytest

from tests.environment import NEUTRAL, ROOT, clean_environment
from tests.site import PATIENCE


@pytest.fixture
def read(monkeypatch):
    """A function: what the settings are in this environment."""
    umask = os.umask(0o077)

    def read(**variables):
        with monkeypatch.context() as patched:
            for name, value in {**NEUTRAL, **variables}.items():
                patched.setenv(name, value)
            return SimpleNamespace(**runpy.run_path(str(ROOT / "awareness" / "settings.py")))

    yield read
    os.umask(umask)


@pytest.fixture
def refusal(read):
    """A function: the sentence with which they are refused."""

    def refusal(**variables):
        with pytest.raises(SystemExit) as refused:
            read(**variables)
        return refused.value.code

    return refusal


WRONG = [
    ("PORT", "eighty"),
    ("PORT", "0"),
    ("PORT", "65536"),
    ("SITE_URL", "www.example.org"),
    ("SITE_URL", "ftp://example.org"),
    ("SITE_URL", "https://example.org/portal"),
    ("SITE_URL", "https://example.org:many"),
    ("DEBUG", "yes"),
    ("HSTS_SUBDOMAINS", "1"),
    ("DATABASE_URL", "mysql://root@localhost/aware"),
    ("DATABASE_URL", "postgres://aware@localhost:many/aware"),
    ("CACHE_URL", "nosuchcache://"),
    ("EMAIL_URL", "https://mail.example.org"),
    ("EMAIL_URL", "smtp://"),
    ("EMAIL_URL", "filemail://"),
    ("EMAIL_URL", "filemail://mails/here"),
    ("TRUSTED_PROXIES", "abc"),
    ("TRUSTED_PROXIES", "10.0.0.1/8"),
    ("ADMIN_ALLOWED_IPS", "192.0.2.1, office"),
    ("WEB_CONCURRENCY", "0"),
    ("WEB_CONCURRENCY", "two"),
    ("BACKUP_KEEP", "0"),
    ("BACKUP_KEEP", "a fortnight"),
    ("BACKUP_RECIPIENT", "age1notakey"),
    ("BACKUP_RECIPIENT", "ssh-ed25519 AAAA"),
    ("BACKUP_DIR", str(ROOT / "var" / "static" / "backups")),
    ("MEDIA_ROOT", str(ROOT)),
    ("MEDIA_ROOT", str(ROOT / "var" / "backups")),
]


def test_a_wrong_value_is_refused_in_one_sentence(refusal):
    for name, value in WRONG:
        check_sentence(refusal, name, value)


def check_sentence(refusal, name, value):
    said = refusal(**{name: value})
    assert said.startswith(f"{name} "), (name, value)
    assert "\n" not in said, (name, value)
    assert said.endswith((".", ": .venv/bin/pip install redis")), (name, value)
    assert "HUNTER2" not in said, (name, value)


def test_uploads_and_the_database_are_not_in_one_folder(refusal, tmp_path):
    database = f"sqlite:///{tmp_path / 'db.sqlite3'}"
    said = refusal(MEDIA_ROOT=str(tmp_path), DATABASE_URL=database)
    assert said.startswith("MEDIA_ROOT ")


def test_gunicorn_on_its_own_refuses_it_the_same_way():
    command = [sys.executable, "-m", "gunicorn", "-c", "deploy/gunicorn.conf.py"]
    done = subprocess.run(
        [*command, "awareness.wsgi:application"],
        cwd=ROOT,
        # gunicorn reads WEB_CONCURRENCY itself, before anything of ours.
        env=clean_environment(WEB_CONCURRENCY="1", PORT="eighty"),
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )
    assert done.returncode == 1
    assert done.stderr.startswith("PORT ")
    assert done.stderr.count("\n") == 1


def test_an_empty_environment_is_safe_and_local(read):
    settings = read()
    assert (settings.DEBUG, settings.SITE_URL) == (False, "http://localhost:8000")
    assert settings.ALLOWED_HOSTS == ["localhost", "127.0.0.1"]
    assert settings.HOST == "127.0.0.1"
    assert len(settings.SECRET_KEY) > 50


def test_https_turns_on_what_belongs_to_it(read):
    settings = read(SITE_URL="https://aware.example.org")
    assert settings.SECURE_SSL_REDIRECT
    assert settings.SESSION_COOKIE_SECURE
    assert settings.ALLOWED_HOSTS == ["aware.example.org"]
    assert settings.SECURE_HSTS_SECONDS == 31_536_000


def test_the_files_are_where_var_dir_says(read, tmp_path):
    settings = read(VAR_DIR=str(tmp_path))
    assert str(settings.DATABASES["default"]["NAME"]) == f"{tmp_path}/db.sqlite3"
    assert tmp_path / "static" == settings.STATIC_ROOT


def test_the_cache_of_files_counts_tries_for_all_workers(read):
    cache = read().CACHES["default"]
    assert cache["BACKEND"] == "awareness.web.shared_cache.SharedFiles"
    assert cache["OPTIONS"] == {"MAX_ENTRIES": 10_000}


def test_no_mail_is_printed_on_a_server(read):
    site = {"SITE_URL": "https://aware.example.org"}
    for variables, sends, backend in (
        ({}, True, "console"),
        (site, False, "dummy"),
        ({**site, "EMAIL_URL": "smtp+tls://a:b@c.example:587"}, True, "smtp"),
    ):
        settings = read(**variables)
        found = settings.SENDS_MAIL, settings.MAILER["BACKEND"].split(".")[-2]
        assert found == (sends, backend), variables


def test_a_folder_for_mail_is_named_by_its_whole_path(read):
    for url in ("filemail:///srv/mails", "filemail:////srv/mails"):
        assert read(EMAIL_URL=url).MAILER["OPTIONS"]["file_path"] == "/srv/mails", url


def test_every_variable_is_in_the_example():
    example = (ROOT / ".env.example").read_text()
    source = (ROOT / "awareness" / "settings.py").read_text()
    for name in NEUTRAL:
        assert f"#{name}=" in example
        assert f'"{name}"' in source
