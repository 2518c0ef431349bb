from django.apps import AppConfig
from django.contrib.admin import apps as admin
from django.db.models.signals import post_migrate


class AwarenessConfig(AppConfig):
    name = "awareness"
    verbose_name = "Site"

    def ready(self):
        from awareness.triggers import install

        # Sent once for this app, after the migrations of all: tables come and go with them.
        post_migrate.connect(install, sender=self)


class DeskConfig(admin.AdminConfig):
    """Django's admin, with the desk as its site."""

    default = False  # of this module, that is the app above
    default_site = "awareness.desk.site.DeskSite"
