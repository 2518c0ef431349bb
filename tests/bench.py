"""`make bench`: what each public page weighs on the wire, and asks of the database."""

import io
import os

from tests import environment  # noqa: F401 - before the settings are read

os.environ["DJANGO_SETTINGS_MODULE"] = "awareness.settings"

FIRST_FLIGHT = 14_600  # ten packets: what a phone gets before it must answer

HEADERS = {"Host": "localhost", "Accept-Encoding": "gzip"}


def measure(client, path):
    """Status, bytes with headers, and queries of one page."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client.get(path, headers=HEADERS)  # templates are read once in a process
    with CaptureQueriesContext(connection) as queries:
        response = client.get(path, headers=HEADERS)
    head = sum(len(f"{name}: {value}\r\n") for name, value in response.items())
    return response.status_code, head + len(response.content), len(queries)


def main():
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command
    from django.test import Client
    from django.test.utils import setup_databases, setup_test_environment, teardown_databases

    setup_test_environment()
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    databases = setup_databases(verbosity=0, interactive=False)
    try:
        call_command("load_starter", stdout=io.StringIO())
        print(f"{'bytes':>7} {'queries':>8}  page (gzip, with headers)")
        for path in pages():
            status, size, queries = measure(Client(), path)
            notes = [f"status {status}"] if status != 200 else []
            notes += ["over one first flight"] if size > FIRST_FLIGHT else []
            print(f"{size:7} {queries:8}  {path}  {', '.join(notes)}".rstrip())
    finally:
        teardown_databases(databases, verbosity=0)


def pages():
    """What the sitemap lists, and what it does not."""
    from awareness.language import in_language
    from awareness.sitemaps import SITEMAPS

    listed = []
    for sitemap in SITEMAPS.values():
        sitemap = sitemap() if isinstance(sitemap, type) else sitemap
        listed += [sitemap.location(item) for item in sitemap.items()]
    listed += ["/search/", "/safety/practice/"]
    spanish = [in_language(path, "es") for path in listed]
    return [*listed, *spanish, "/updates/feed.atom", "/sitemap.xml", "/nowhere/"]


if __name__ == "__main__":
    main()
