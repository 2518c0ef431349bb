"""The real server with several workers: a scheduled change happens at its time, once."""

from tests.site import get, running_site, until_everywhere

SCHEDULE = """
import datetime
from django.contrib.auth.models import User
from django.utils import timezone
from awareness.desk.snapshot import Snapshot
from awareness.desk.workflow import Workflow
from pages.models import Section
user = User.objects.create_superuser("publisher")
for slug, title, seconds in [("signs", "Now it is time", 3), ("about", "Missed", 900)]:
    row = Section.objects.get(slug=slug)
    copy = Snapshot.of(Section.objects.get(pk=row.pk))
    copy.item.title_en = title
    at = timezone.now() + datetime.timedelta(seconds=seconds)
    Workflow.apply("schedule", row, user, at=at, snapshot=copy)
"""


def published(site):
    return site.ask("SELECT count(*) FROM awareness_event WHERE kind = 'published'")[0][0]


def test_every_worker_shows_it_from_its_time_on_and_one_has_published_it(make_folder):
    with running_site(make_folder(), WEB_CONCURRENCY="3") as site:
        assert "Now it is time" not in get(site, "/learn/signs/")[1]
        site.manage("shell", "--no-imports", "-c", SCHEDULE)
        until_everywhere(lambda: "Now it is time" in get(site, "/learn/signs/")[1])
        assert published(site) == 1
        assert "Missed" not in get(site, "/about/")[1]
        site.stop()
    # Its moment goes by while no server runs.
    site.ask("UPDATE awareness_draft SET apply_at = '2026-01-01 00:00:00'")
    with running_site(site.folder, WEB_CONCURRENCY="3") as again:
        # Before the first visitor: not even one page of before is shown.
        assert "Missed" in get(again, "/about/")[1]
        assert published(again) == 2
