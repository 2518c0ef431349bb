"""The one settings file. Everything that differs between machines comes from the
environment, or from ``.env`` beside manage.py; the process environment wins.
``.env.example`` lists every variable with one line each.
"""

import importlib.util
import ipaddress
import os
import secrets
from pathlib import Path
from urllib.parse import quote, urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from awareness.mailers import mail_settings, mailer
from awareness.web import env_file

BASE_DIR = Path(__file__).resolve().parent.parent

# What the site writes is for its own account alone: the database with SQLite's files beside it,
# the cache, uploads.
os.umask(0o077)

# --- Reading the environment: a wrong value stops the start with one sentence -----


class WrongSetting(SystemExit):
    """Ends the start with exit code 1 and a sentence that names the variable."""

    def __init__(self, name, problem):
        super().__init__(f"{name} {problem}")


try:
    env_file.read_env_file(BASE_DIR / ".env")
except env_file.Wrong as wrong:
    raise WrongSetting(f"The file {BASE_DIR / '.env'}", wrong) from None


def text(name, default=""):
    """An unset and an empty variable are the same thing: not set."""
    return os.environ.get(name, "").strip() or default


def flag(name):
    value = text(name, "False")
    if value not in ("True", "False"):
        raise WrongSetting(name, f"must be True or False, not {value!r}.")
    return value == "True"


def number(name, default, least, most):
    value = text(name, str(default))
    if not (value.isascii() and value.isdigit() and least <= int(value) <= most):
        raise WrongSetting(name, f"must be a whole number from {least} to {most}, not {value!r}.")
    return int(value)


def names(name, default=""):
    return [item.strip() for item in text(name, default).split(",") if item.strip()]


def networks(name):
    try:
        return [ipaddress.ip_network(item) for item in names(name)]
    except ValueError as error:
        problem = f"must be IP addresses or networks with commas between: {error}."
        raise WrongSetting(name, problem) from None


def web_address(name, default=""):
    value = text(name, default).rstrip("/")
    try:
        parts = urlsplit(value)
        good = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:
        good = False
    if "@" in value:  # it may hold a password
        raise WrongSetting(name, "must be like https://www.example.org, with no name before an @.")
    if not good or parts.path or parts.query or parts.fragment:
        raise WrongSetting(name, f"must be like https://www.example.org, not {value!r}.")
    return value


def age_keys(name):
    """Public keys of `age`, which encrypt and cannot open."""
    if keys := names(name):
        import pyrage

        try:
            for key in keys:
                pyrage.x25519.Recipient.from_str(key)
        except pyrage.RecipientError:  # not repeated: it may be the secret half
            problem = "must be public keys of age, which start with age1, with commas between."
            raise WrongSetting(name, problem) from None
    return keys


def service(name, default, reader, schemes):
    """A URL that names a service, read by django-environ: database, cache, e-mail."""
    value = text(name, default)
    wanted = ", ".join(f"{scheme}://" for scheme in schemes)
    if not value.startswith(tuple(f"{scheme}:" for scheme in schemes)):
        raise WrongSetting(name, f"must start with one of {wanted}.")  # it may hold a password
    try:
        return reader(value)
    except (ImproperlyConfigured, ValueError, KeyError):
        raise WrongSetting(name, f"is not a complete address of the kind {wanted}.") from None


# --- Where the site is ------------------------------------------------------------

HOST = text("HOST", "127.0.0.1")
PORT = number("PORT", 8000, 1, 65535)
SITE_URL = web_address("SITE_URL", f"http://localhost:{PORT}")
SITE_HOST = urlsplit(SITE_URL).hostname
HTTPS = SITE_URL.startswith("https://")
LOCAL_HOSTS = ["localhost", "127.0.0.1"]
IS_LOCAL = SITE_HOST in LOCAL_HOSTS  # somebody trying it out, on their own machine
ALLOWED_HOSTS = names("ALLOWED_HOSTS") or (LOCAL_HOSTS if IS_LOCAL else [SITE_HOST])
TRUSTED_PROXIES = networks("TRUSTED_PROXIES")
ADMIN_ALLOWED_IPS = networks("ADMIN_ALLOWED_IPS")
WEB_CONCURRENCY = number("WEB_CONCURRENCY", min(os.cpu_count() or 1, 4), 1, 64)

DEBUG = flag("DEBUG")
if DEBUG and not IS_LOCAL:
    raise WrongSetting(
        "DEBUG",
        "must be False on a public SITE_URL: its error pages show everything to everybody.",
    )
# Without one, each start makes its own, and signs the staff out: `make run` keeps one in .env.
SECRET_KEY = text("SECRET_KEY") or secrets.token_urlsafe(50)

# --- What it is made of -----------------------------------------------------------

INSTALLED_APPS = [
    "modeltranslation",  # before the admin, whose forms it extends
    "awareness.apps.DeskConfig",  # django.contrib.admin
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.sitemaps",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "reversion",
    "ckeditor",
    "awareness",
    "pages",
    "stats",
]

MIDDLEWARE = [
    "awareness.web.headers.headers",
    "awareness.web.language.language_from_path",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "awareness.web.headers.staff_pages",
    "awareness.errors.plain_pages",
    "awareness.web.addresses.clean_addresses",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "awareness.accounts.gate.gate",
    "awareness.content.redirects.redirect_old_urls",
    "awareness.desk.kept.keep_forms",
    "pages.site_context.with_notice",
]

ROOT_URLCONF = "awareness.urls"
WSGI_APPLICATION = "awareness.wsgi.application"
CSRF_FAILURE_VIEW = "awareness.errors.csrf_failure"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "awareness.content.context.page_address",
                "awareness.accounts.gate.staff_pages",
                "pages.site_context.site_context",
            ],
        },
    },
]

# --- Where it keeps things --------------------------------------------------------

VAR_DIR = Path(text("VAR_DIR", str(BASE_DIR / "var"))).resolve()
DATABASES = {
    "default": service(
        "DATABASE_URL",
        f"sqlite:///{VAR_DIR / 'db.sqlite3'}",
        environ.Env.db_url_config,
        ["sqlite", "postgres", "postgresql"],
    )
}
DATABASE_FILE = VAR_DIR / "db.sqlite3"  # of SQLite; no such file with PostgreSQL
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASE_FILE = Path(DATABASES["default"]["NAME"]).resolve()
    # A file that was there at the start is never replaced by an empty one while it is away.
    if DATABASE_FILE.is_file():
        DATABASES["default"]["NAME"] = f"file:{quote(str(DATABASE_FILE))}?mode=rw"
    # Measured: 0 of 900 concurrent writes lost, against 328 with Django's defaults.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
    DATABASES["default"]["CONN_MAX_AGE"] = 1  # seconds; a file that was put back is a new one
else:
    DATABASES["default"]["OPTIONS"] = {
        # One for each thread that answers, the page cache's refresher, the scheduler and e-mails.
        # A server that is gone is tried again at once when somebody asks, not ever more seldom.
        "pool": {"min_size": 1, "max_size": 7, "timeout": 3, "reconnect_timeout": 1},
        "connect_timeout": 3,
        "tcp_user_timeout": 3000,  # milliseconds, when the server's machine is gone
    }
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True  # a server that was restarted

CACHES = {
    "default": service(
        "CACHE_URL",
        f"filecache://{VAR_DIR / 'cache'}",
        environ.Env.cache_url_config,
        ["filecache", "dbcache", "locmemcache", "redis", "rediss"],
    )
}
if "redis" in CACHES["default"]["BACKEND"].lower() and not importlib.util.find_spec("redis"):
    raise WrongSetting(
        "CACHE_URL", "names Redis, but its client is missing: .venv/bin/pip install redis"
    )
if CACHES["default"]["BACKEND"].endswith("FileBasedCache"):
    CACHES["default"]["BACKEND"] = "awareness.web.shared_cache.SharedFiles"
if "redis" not in CACHES["default"]["BACKEND"].lower():
    # With Django's 300, whoever tries many names would push out what is counted of the others.
    CACHES["default"].setdefault("OPTIONS", {})["MAX_ENTRIES"] = 10_000
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Printed on somebody's own machine; on a server a printed mail would leave its links in the log.
MAILER = service(
    "EMAIL_URL",
    "consolemail://" if IS_LOCAL else "dummymail://",
    mailer,
    ["smtp", "smtps", "smtp+tls", "smtp+ssl", "consolemail", "filemail", "dummymail"],
)
vars().update(mail_settings(MAILER))
SENDS_MAIL = "dummy" not in MAILER["BACKEND"]
DEFAULT_FROM_EMAIL = SERVER_EMAIL = text("EMAIL_FROM", f"no-reply@{SITE_HOST}")

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "awareness.content.richtext.finder.TrimmedAppFinder",
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
MEDIA_URL = "/media/"
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o711  # nginx reads a picture by its name, and can list none
MEDIA_ROOT = Path(text("MEDIA_ROOT", str(VAR_DIR / "media")))

# Backups: docs/decisions/0011-backup.md. Whoever has the server cannot open one that is encrypted.
BACKUP_DIR = Path(text("BACKUP_DIR", str(VAR_DIR / "backups"))).resolve()
BACKUP_KEEP = number("BACKUP_KEEP", 14, 1, 3650)
BACKUP_RECIPIENT = age_keys("BACKUP_RECIPIENT")
# The database neither: a backup would hold it twice, and a restore would throw the good one away.
if any(MEDIA_ROOT.resolve() in (at, *at.parents) for at in (VAR_DIR, BACKUP_DIR, DATABASE_FILE)):
    raise WrongSetting(
        "MEDIA_ROOT",
        "must be a folder that holds neither VAR_DIR, nor BACKUP_DIR, nor the database.",
    )
if STATIC_ROOT in (BACKUP_DIR, *BACKUP_DIR.parents):
    raise WrongSetting("BACKUP_DIR", "must not be in the folder of static files, which is public.")

# --- Words ------------------------------------------------------------------------

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("es", _("Spanish"))]
LOCALE_PATHS = [BASE_DIR / "locale", BASE_DIR / "locale" / "django"]  # ours, then ours for Django's
FORMAT_MODULE_PATH = ["awareness.formats"]
TIME_ZONE = "America/Chicago"
USE_TZ = True
MODELTRANSLATION_DEFAULT_LANGUAGE = "en"
MODELTRANSLATION_FALLBACK_LANGUAGES = ("en",)

# --- Safety -----------------------------------------------------------------------

SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = flag("HSTS_SUBDOMAINS")
SECURE_REFERRER_POLICY = "no-referrer"  # the admin says same-origin: awareness/web/headers.py
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
if HTTPS:  # browsers take a cookie of this name from this very host alone, and by https
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-sessionid", "__Host-csrftoken"
CSRF_COOKIE_HTTPONLY = True
X_FRAME_OPTIONS = "DENY"
# The form of a section with its citations, in two languages, has many fields.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
AUTH_PASSWORD_VALIDATORS[1]["OPTIONS"] = {"min_length": 12}

# --- Signing in: awareness/accounts/ ----------------------------------------------


def our_forms(**classes):
    """allauth asks for a form by name: which of ours answers."""
    return {name: f"awareness.accounts.forms.{form}" for name, form in classes.items()}


AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = LOGOUT_REDIRECT_URL = "account_login"
LOGIN_REDIRECT_URL = "admin:index"
SESSION_COOKIE_AGE = 12 * 3600  # seconds without use: awareness/accounts/sessions.py
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
PASSWORD_RESET_TIMEOUT = 3600  # seconds in which the link in a mail works

ACCOUNT_ADAPTER = "awareness.accounts.adapters.AccountAdapter"
ACCOUNT_FORMS = our_forms(
    login="SignIn",
    reauthenticate="ConfirmPassword",
    change_password="ChangePassword",  # noqa: S106 - the name of a class, as all of these are
    set_password="SetPassword",  # noqa: S106
    reset_password="ForgottenPassword",  # noqa: S106
    reset_password_from_key="NewPassword",  # noqa: S106
)
ACCOUNT_EMAIL_VERIFICATION = "none"  # whoever may change accounts types the address
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # strangers get no mail from here
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_NOTIFICATIONS = True  # of a changed password, a second step added or taken away
ACCOUNT_SESSION_REMEMBER = False
# Its hash holds the address of the account; allauth's own keeps a list of addresses beside it.
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "django.contrib.auth.tokens.PasswordResetTokenGenerator"  # noqa: S105 - the name of a class

MFA_ADAPTER = "awareness.accounts.adapters.SecondStepAdapter"
MFA_FORMS = our_forms(
    authenticate="Code",
    reauthenticate="ConfirmCode",
    activate_totp="AddApp",
    add_webauthn="AddPasskey",
    edit_webauthn="RenamePasskey",
    login_webauthn="SignInByPasskey",
    authenticate_webauthn="CodeByPasskey",
    reauthenticate_webauthn="ConfirmByPasskey",
)
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ALLOW_UNVERIFIED_EMAIL = True
USERSESSIONS_TRACK_ACTIVITY = False  # not with every page: awareness/accounts/sessions.py

SILENCED_SYSTEM_CHECKS = [
    "ckeditor.W001",  # docs/decisions/0001-editor-and-sanitiser.md
    "security.W005",  # HSTS for subdomains is the nonprofit's to opt into: HSTS_SUBDOMAINS
    "security.W021",  # and so is the browsers' preload list
]

# --- What is written down ---------------------------------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"()": "awareness.web.logs.Lines", "format": "%(levelname)s %(name)s: %(message)s"}
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "django": {"handlers": ["console"], "level": "WARNING", "propagate": False},
        # A wrong address or a forged host is a visitor's, not the site's, and says who asked.
        "django.request": {"level": "ERROR"},
        "django.security": {"level": "CRITICAL"},
    },
}


def without_visitors(event, hint):
    """The request holds the address with its query, and the headers."""
    return {name: value for name, value in event.items() if name not in ("request", "user")}


if SENTRY_DSN := text("SENTRY_DSN"):
    try:
        import sentry_sdk
    except ImportError:
        raise WrongSetting(
            "SENTRY_DSN", "is set, but sentry-sdk is missing: .venv/bin/pip install sentry-sdk"
        ) from None
    try:
        sentry_sdk.init(
            SENTRY_DSN,
            traces_sample_rate=0,
            # An error is reported, and not who met it, nor what they sent or looked for.
            send_default_pii=False,
            max_request_body_size="never",
            include_local_variables=False,
            max_breadcrumbs=0,
            before_send=without_visitors,
        )
    except ValueError:  # the address is left out: it is a key
        raise WrongSetting("SENTRY_DSN", "is not an address that Sentry gives out.") from None
