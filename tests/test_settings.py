"""A wrong value stops the start with one sentence that names the variable."""

import subprocess
import sys

import pytest

from tests.environment import NEUTRAL, ROOT, clean_environment
from tests.site import PATIENCE, manage

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


def test_uploads_and_the_database_are_not_in_one_folder(tmp_path):
    database = f"sqlite:///{tmp_path / 'db.sqlite3'}"
    done = manage("check", MEDIA_ROOT=str(tmp_path), DATABASE_URL=database)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("MEDIA_ROOT ")


@pytest.mark.slow
def test_a_wrong_value_is_refused_in_one_sentence(subtests):
    for name, value in WRONG:
        with subtests.test(name=name, value=value):
            done = manage("check", **{name: value})
            assert done.returncode == 1
            assert done.stdout == ""
            assert done.stderr.startswith(f"{name} ")
            assert done.stderr.count("\n") == 1
            assert done.stderr.endswith(".\n")


def test_a_password_in_a_wrong_value_is_not_repeated():
    done = manage("check", DATABASE_URL="mysql://aware:hunter2@localhost/aware")
    assert "hunter2" not in done.stdout + done.stderr
    done = manage("check", BACKUP_RECIPIENT="AGE-SECRET-KEY-1HUNTER2")  # the wrong half
    assert "HUNTER2" not in done.stdout + done.stderr


@pytest.mark.parametrize(("name", "value"), [("PORT", "eighty"), ("DEBUG", "yes")])
def test_gunicorn_on_its_own_refuses_it_the_same_way(name, value):
    command = [sys.executable, "-m", "gunicorn", "-c", "deploy/gunicorn.conf.py"]
    done = subprocess.run(
        [*command, "awareness.wsgi:application"],
        cwd=ROOT,
        # gunicorn reads WEB_CONCURRENCY itself, before anything of ours.
        env=clean_environment(**{"WEB_CONCURRENCY": "1", name: value}),
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )
    assert done.returncode == 1
    assert done.stderr.startswith(f"{name} ")
    assert done.stderr.count("\n") == 1


def shown(expression, **variables):
    """What a setting is in a process with this environment."""
    code = f"from django.conf import settings; print(({expression}))"
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env=clean_environment(DJANGO_SETTINGS_MODULE="awareness.settings", **variables),
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_an_empty_environment_is_safe_and_local():
    assert shown("settings.DEBUG, settings.SITE_URL, settings.ALLOWED_HOSTS") == (
        "(False, 'http://localhost:8000', ['localhost', '127.0.0.1'])"
    )
    assert shown("settings.HOST, len(settings.SECRET_KEY) > 50") == "('127.0.0.1', True)"


def test_https_turns_on_what_belongs_to_it():
    wanted = "settings.SECURE_SSL_REDIRECT, settings.SESSION_COOKIE_SECURE, settings.ALLOWED_HOSTS"
    assert shown(wanted, SITE_URL="https://aware.example.org") == (
        "(True, True, ['aware.example.org'])"
    )
    assert shown("settings.SECURE_HSTS_SECONDS", SITE_URL="https://aware.example.org") == "31536000"


def test_the_files_are_where_var_dir_says(tmp_path):
    wanted = "settings.DATABASES['default']['NAME'], settings.STATIC_ROOT"
    assert shown(f"[str(path) for path in ({wanted})]", VAR_DIR=str(tmp_path)) == str(
        [f"{tmp_path}/db.sqlite3", f"{tmp_path}/static"]
    )


def test_the_cache_of_files_counts_tries_for_all_workers():
    wanted = "[settings.CACHES['default'][name] for name in ('BACKEND', 'OPTIONS')]"
    assert shown(wanted) == str(["awareness.web.shared_cache.SharedFiles", {"MAX_ENTRIES": 10_000}])


@pytest.mark.parametrize(
    ("variables", "sends", "backend"),
    [
        ({}, True, "console"),
        ({"SITE_URL": "https://aware.example.org"}, False, "dummy"),
        (
            {"SITE_URL": "https://aware.example.org", "EMAIL_URL": "smtp+tls://a:b@c.example:587"},
            True,
            "smtp",
        ),
    ],
)
def test_no_mail_is_printed_on_a_server(variables, sends, backend):
    wanted = "settings.SENDS_MAIL, settings.MAILER['BACKEND'].split('.')[-2]"
    assert shown(wanted, **variables) == str((sends, backend))


def test_a_folder_for_mail_is_named_by_its_whole_path():
    for url in ("filemail:///srv/mails", "filemail:////srv/mails"):
        assert shown("settings.MAILER['OPTIONS']['file_path']", EMAIL_URL=url) == "/srv/mails", url


def test_every_variable_is_in_the_example():
    example = (ROOT / ".env.example").read_text()
    source = (ROOT / "awareness" / "settings.py").read_text()
    for name in NEUTRAL:
        assert f"#{name}=" in example
        assert f'"{name}"' in source
