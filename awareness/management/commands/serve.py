"""``make run``: make the site ready, then serve it. One sentence for each refusal."""

import os
import signal
import sys
import threading

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand

from awareness.web import content_version, startup


def repeat_interrupt(unraisable):
    """Python swallows Ctrl-C while it clears up (a weak reference's callback): one start in forty
    went on. Press it once more a moment later."""
    if issubclass(unraisable.exc_type, KeyboardInterrupt):
        threading.Timer(0.01, os.kill, [os.getpid(), signal.SIGINT]).start()
    else:
        sys.__unraisablehook__(unraisable)


class Command(BaseCommand):
    help = "Bring database and static files up to date, then serve the site with gunicorn."
    requires_system_checks = []  # they make the folder of the cache: prepare() looks first

    def handle(self, *args, **options):
        sys.unraisablehook = repeat_interrupt
        try:
            is_public = self.prepare()
        except startup.Refusal as refusal:
            sys.exit(str(refusal))
        except KeyboardInterrupt:
            sys.exit(130)  # each step is whole or not done, and goes on the next time
        if is_public:
            self.stdout.write(
                f"Others can reach HOST={settings.HOST}: put nginx in front (docs/deploy.md), or a "
                "few slow visitors keep all others waiting."
            )
        self.stdout.write(
            f"Aware Missouri is at {settings.SITE_URL}\n"
            f"Staff sign in at {settings.SITE_URL}/admin/ (`make staff` creates an account).\n"
            "Ctrl-C stops it."
        )
        self.stdout.flush()
        _note = startup.note_address()  # open, and locked, until the last process ends
        # gunicorn reads this one for itself, and takes an empty one for a mistake.
        os.environ["WEB_CONCURRENCY"] = str(settings.WEB_CONCURRENCY)
        from gunicorn.app import wsgiapp

        sys.argv[1:] = ["-c", str(settings.BASE_DIR / "deploy" / "gunicorn.conf.py")]
        sys.argv.append("awareness.wsgi:application")
        wsgiapp.run()

    def prepare(self):
        startup.check_folder(settings.VAR_DIR)
        is_public = startup.check_port(settings.HOST, settings.PORT)
        self.check()
        startup.check_database()
        empty = startup.has_no_content()
        if startup.migrate():
            self.stdout.write("The database was brought up to date.")
        content_version.install()  # a database that was put back from a copy may lack them
        if empty:
            call_command("load_starter", stdout=self.stdout)
        if startup.collect_static():
            self.stdout.write("Static files were collected.")
        return is_public
