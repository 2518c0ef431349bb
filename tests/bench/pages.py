"""What each public page weighs on the wire, and asks of the database."""

from tests.bench.database import starter_content

FIRST_FLIGHT = 14_600  # ten packets: what a phone gets before it must answer
HEADERS = {"Host": "localhost", "Accept-Encoding": "gzip"}


def measure(folder):
    with starter_content():
        print(f"{'bytes':>7} {'queries':>8}  page (gzip, with headers)")
        for path in paths():
            status, size, queries = weigh(path)
            notes = [f"status {status}"] if status != 200 else []
            notes += ["over one first flight"] if size > FIRST_FLIGHT else []
            print(f"{size:7} {queries:8}  {path}  {', '.join(notes)}".rstrip())


def weigh(path):
    """Status, bytes with headers, and queries of one page."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client()
    client.get(path, headers=HEADERS)  # templates are read once in a process
    with CaptureQueriesContext(connection) as queries:
        response = client.get(path, headers=HEADERS)
    head = sum(len(f"{name}: {value}\r\n") for name, value in response.items())
    return response.status_code, head + len(response.content), len(queries)


def paths():
    """What the sitemap lists, and what it does not."""
    from awareness.sitemaps import SITEMAPS
    from awareness.web.language import in_language

    listed = []
    for sitemap in SITEMAPS.values():
        listed += [sitemap.location(item) for item in sitemap.items()]
    listed += ["/search/", "/safety/practice/"]
    spanish = [in_language(path, "es") for path in listed]
    return [*listed, *spanish, "/updates/feed.atom", "/sitemap.xml", "/nowhere/"]
