"""``manage.py check_links``: whether what the public can press leads anywhere."""

import sys

from django.core.management.base import BaseCommand
from django.db import DatabaseError

from awareness.links.check import NoNetwork, check
from awareness.links.models import CheckedLink
from awareness.links.places import places
from awareness.web.logs import printable
from awareness.web.startup import reason


class Command(BaseCommand):
    help = (
        "Look at every address in live content, one request a second to each site at most. What "
        "leads nowhere stands on the desk's first page once two checks on different days found it "
        "so. The exit code is 0 whatever was found, and 1 when nothing could be looked at."
    )
    requires_system_checks = []

    def handle(self, *args, **options):
        try:
            where = places()
            found = check(where)
        except NoNetwork:
            sys.exit("No other site answers: is this machine's network down? Nothing was changed.")
        except DatabaseError as error:
            sys.exit(f"The database cannot be used ({reason(error)}): nothing was changed.")
        except KeyboardInterrupt:
            sys.exit(130)
        broken, once, moved = [], [], []
        for row in CheckedLink.objects.all():
            (moved if row.is_moved else broken if row.is_broken else once).append(row)
        for row in [*broken, *once, *moved]:
            titles = ", ".join(f"“{place.title}”" for place in where.get(row.url, ()))
            self.stdout.write(printable(f"{row.url}: {row.in_words} (in {titles})"))
        self.stdout.write(
            f"{len(found)} links looked at. Lead nowhere: {len(broken)}. Failed for the first "
            f"time: {len(once)}. Moved for good: {len(moved)}."
        )
