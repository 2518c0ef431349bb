"""The real server with several workers: a scheduled change happens at its time, once."""

import time

from tests.site import get, running_site, until

SCHEDULE = """
import datetime
from django.contrib.auth.models import User
from django.utils import timezone
from awareness.desk.snapshot import Snapshot
from awareness.desk.workflow import Workflow
from pages.models import Section
user = User.objects.first() or User.objects.create_superuser("publisher")
row = Section.objects.get(slug="signs")
copy = Snapshot.of(Section.objects.get(pk=row.pk))
copy.item.title_en = {title!r}
at = timezone.now() + datetime.timedelta(seconds={seconds})
Workflow.apply("schedule", row, user, at=at, snapshot=copy)
"""
PUBLISHED = (
    "from awareness.models import Event; print(Event.objects.filter(kind='published').count())"
)


def schedule(site, title, seconds):
    site.manage("shell", "--no-imports", "-c", SCHEDULE.format(title=title, seconds=seconds))


def published(site):
    return int(site.manage("shell", "--no-imports", "-c", PUBLISHED).strip())


def test_every_worker_shows_it_from_its_time_on_and_one_has_published_it(make_folder):
    with running_site(make_folder(), WEB_CONCURRENCY="3") as site:
        schedule(site, "Now it is time", 3)
        assert "Now it is time" not in get(site, "/learn/signs/")[1]
        until(lambda: "Now it is time" in get(site, "/learn/signs/")[1])
        time.sleep(1.5)
        assert all("Now it is time" in get(site, "/learn/signs/")[1] for _ in range(60))
        assert published(site) == 1
        schedule(site, "Missed and made good", 1)
        site.stop()
    time.sleep(1)  # its moment goes by while no server runs
    with running_site(site.folder, WEB_CONCURRENCY="3") as again:
        # Before the first visitor: not even one page of before is shown.
        assert "Missed and made good" in get(again, "/learn/signs/")[1]
        assert published(again) == 2
