"""``manage.py forget_pages``: every page is made anew, on every machine, within a second."""

from django.core.management.base import BaseCommand

from awareness.web.content_version import raise_version


class Command(BaseCommand):
    help = "Forget the finished pages that are held in memory. Changes of content do so themselves."

    def handle(self, *args, **options):
        raise_version()
        self.stdout.write("Every page will be made anew.")
