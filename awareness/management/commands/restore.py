"""``make restore FILE=…``: put a backup back, whole or not at all."""

import sys
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import timezone

from awareness.backup import shelf
from awareness.backup.restore import restore
from awareness.web.logs import printable
from awareness.web.startup import Refusal


class Command(BaseCommand):
    help = "Put a backup back in the place of the site's database and uploads."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("file", nargs="?", default="")
        parser.add_argument("--identity", default="", help="the file with the key of age")
        parser.add_argument("--overwrite", default="", help="yes: replace what is there")

    def handle(self, *args, **options):
        try:
            if not options["file"]:
                raise Refusal(f"Which backup? `make restore FILE={example()}` puts one back.")
            if options["overwrite"] not in ("", "yes"):
                raise Refusal("OVERWRITE must be yes, or not be there. Nothing was changed.")
            path, key = Path(options["file"]), options["identity"]
            manifest, before = restore(path, Path(key) if key else None, bool(options["overwrite"]))
        except Refusal as refusal:
            sys.exit(str(refusal))
        except KeyboardInterrupt:
            sys.exit(130)
        what = printable(f"{manifest.site} is back as of {manifest.moment} ({manifest}).")
        self.stdout.write(what)
        if before:
            self.stdout.write(f"What was here before is kept in {before}")
        self.stdout.write(
            "Everybody is signed out. Accounts, passwords and rights are as they were then: "
            "look through them first. The next start brings the database up to date."
        )


def example():
    newest = shelf.newest(settings.BACKUP_DIR, timezone.now())
    return newest[1] if newest else f"{settings.BACKUP_DIR}/aware-missouri-….tar.gz"
