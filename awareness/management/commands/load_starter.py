"""Fill an empty site with its starter content."""

import reversion
from django.core.management.base import BaseCommand
from django.db import transaction

import pages.starter
import stats.starter


class Command(BaseCommand):
    help = (
        "Put the starter content into every kind of content that has none yet. "
        "What is there stays as it is, so it can be run again at any time."
    )

    def handle(self, *args, **options):
        with transaction.atomic(), reversion.create_revision():
            reversion.set_comment("Starter content")
            filled = [*pages.starter.load(), *stats.starter.load()]
        if filled:
            names = ", ".join(str(model._meta.verbose_name_plural) for model in filled)
            self.stdout.write(f"Starter content loaded: {names}.")
        else:
            self.stdout.write("There is content already: nothing was changed.")
