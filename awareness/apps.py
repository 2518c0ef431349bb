import sys

from django.apps import AppConfig
from django.conf import settings
from django.contrib.admin import apps as admin
from django.db.models.signals import post_migrate


class AwarenessConfig(AppConfig):
    name = "awareness"

    def ready(self):
        from awareness.web.content_version import install

        # Sent once for this app, after the migrations of all: tables come and go with them.
        post_migrate.connect(install, sender=self)
        self.wait_for_restore()

    def wait_for_restore(self):
        """Nothing of the site reads what is just being put back, or was put back by half."""
        from awareness.backup import lock, swap
        from awareness.web.startup import Refusal

        try:
            lock.hold(settings.VAR_DIR, swap.unfinished, swap.finish)
        except Refusal as refusal:
            sys.exit(str(refusal))


class DeskConfig(admin.AdminConfig):
    """Django's admin, with the desk as its site."""

    default = False  # of this module, that is the app above
    default_site = "awareness.desk.admin_site.DeskSite"
