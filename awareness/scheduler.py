"""What happens by itself in each process that serves the site: drafts are published at their time,
changed help lines are noticed, and e-mails about them sent; a broken link to a page that is back is
forgotten.

In a thread of its own, beside the one that looks after the pages: publishing waits for others who
write, up to the database's timeout, and fails on a full disk. Neither may make the site think that
the database is gone.
"""

import datetime
import logging
import time
from contextlib import suppress
from threading import Thread

from django.db import DatabaseError, connection
from django.utils import timezone

from awareness.desk import timetable
from awareness.desk.alerts import baseline, emails
from awareness.desk.alerts.models import Baseline
from awareness.links import check as links
from awareness.web.models import ContentVersion

PAUSE = 1.0  # seconds between two looks
MINUTE = datetime.timedelta(minutes=1)

log = logging.getLogger(__name__)


class Scheduler:
    """``published`` is called when something was published."""

    def __init__(self, published=lambda: None):
        self.published = published
        self.due = None  # when the next draft is to be published, in seconds since 1970
        self.version = self.next_look = None  # the content when the help lines were compared
        self.works = True

    def run_due(self):
        """Never raises. Of a database that is gone the page cache speaks."""
        try:
            self.publish_due()
            self.compare_with_content()
            self.works = True
        except Exception:
            if self.works and database_answers():  # logged once, not each second
                log.exception("The scheduler failed.")
                self.works = False

    def publish_due(self):
        """Publish the drafts that are due, and learn when the next one is."""
        moment = timetable.next_moment()
        if moment and moment <= timezone.now():
            timetable.apply_due()
            self.published()
            moment = timetable.next_moment()
        self.due = moment.timestamp() if moment else None

    def compare_with_content(self):
        """When content was changed, and each minute, since a date may have come."""
        at, version = timezone.now(), ContentVersion.current()
        if version != self.version or at >= self.next_look:
            baseline.look(at)
            links.look_again()
            self.version, self.next_look = version, at + MINUTE

    def start(self):
        Thread(target=self.run, name="scheduler", daemon=True).start()

    def run(self):
        while True:
            begin = time.monotonic()
            self.run_due()
            with suppress(Exception):
                if Baseline.objects.filter(email_due_at__lte=timezone.now()).exists():
                    emails.start_sending()
            with suppress(Exception):
                connection.close()  # the database may be another file by now
            pause = max(0.0, begin + PAUSE - time.monotonic())
            until_due = self.due - time.time() if self.due else 0.0
            # Every process is awake at that moment.
            time.sleep(until_due if 0 < until_due < pause else pause)


def database_answers():
    with suppress(DatabaseError):
        ContentVersion.current()
        return True
    return False
