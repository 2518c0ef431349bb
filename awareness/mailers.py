"""The settings of e-mail: MAILERS, which Django has since 6.1, and EMAIL_* for those before."""

import django
import environ

# A mailer's options, and the settings for them that django-environ and Django before 6.1 know.
EMAIL_SETTINGS = {
    "host": "EMAIL_HOST",
    "port": "EMAIL_PORT",
    "username": "EMAIL_HOST_USER",
    "password": "EMAIL_HOST_PASSWORD",
    "use_tls": "EMAIL_USE_TLS",
    "use_ssl": "EMAIL_USE_SSL",
    "timeout": "EMAIL_TIMEOUT",
    "file_path": "EMAIL_FILE_PATH",
}


def mailer(url):
    """What an address like smtp+tls://user:password@host:port says. A folder is named by its whole
    path, as in filecache:///var/cache."""
    found = environ.Env.email_url_config(url)
    path = found.pop("EMAIL_FILE_PATH").lstrip("/")
    options = {name: found[old] for name, old in EMAIL_SETTINGS.items() if found.get(old)}
    if url.startswith("filemail:"):
        if options or not path:
            raise ValueError
        options = {"file_path": f"/{path}"}
    elif url.startswith("smtp"):
        if "host" not in options:
            raise ValueError
        options["timeout"] = 10  # seconds; nobody who waits for a page waits longer for the mail
    else:
        options = {}
    return {"BACKEND": found["EMAIL_BACKEND"], "OPTIONS": options}


def mail_settings(mailer):
    """For this Django. Before 6.1 it knows no MAILERS, and from 2028 on nothing else."""
    if django.VERSION >= (6, 1):
        return {"MAILERS": {"default": mailer}}
    options = {EMAIL_SETTINGS[name]: value for name, value in mailer["OPTIONS"].items()}
    return {"EMAIL_BACKEND": mailer["BACKEND"], **options}
