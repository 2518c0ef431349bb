"""``make backup``: one file with all that the site keeps, made while it runs."""

import sys

from django.conf import settings
from django.core.management.base import BaseCommand

from awareness.backup.make import make
from awareness.web.startup import Refusal


class Command(BaseCommand):
    help = "Make a backup of database and uploads in BACKUP_DIR, and read it again to check it."
    requires_system_checks = []

    def handle(self, *args, **options):
        try:
            path, manifest, left_out = make()
        except Refusal as refusal:
            sys.exit(str(refusal))
        except KeyboardInterrupt:
            sys.exit(130)
        for link in left_out:
            self.stdout.write(f"Left out, since it is a link and no file: {link}")
        self.stdout.write(f"Backup made and checked ({manifest}): {path}")
        if not (settings.BACKUP_RECIPIENT or settings.IS_LOCAL):
            self.stdout.write(
                "It is not encrypted: BACKUP_RECIPIENT names the key for which it would be."
            )
