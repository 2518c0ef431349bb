"""``make staff``: the first account, and every further one."""

import sys

from django.contrib.auth.management.commands import createsuperuser
from django.db import DatabaseError, connection
from django.utils.translation import gettext as _

from awareness.desk.audit import Kind, record


class Command(createsuperuser.Command):
    help = "Create a staff account, asking for what it needs."
    # What is missing is said below, in one sentence.
    requires_migrations_checks = False
    requires_system_checks = []

    def handle(self, *args, **options):
        try:
            ready = self.UserModel._meta.db_table in connection.introspection.table_names()
        except DatabaseError:
            ready = False
        if not ready:
            sys.exit("There is no site yet: run `make run` first, and keep it running.")
        if options["interactive"]:
            self.stdout.write(
                "A staff account can change everything on the site. "
                "Give each person their own, and a password that is used nowhere else."
            )
        newest = self.UserModel.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        super().handle(*args, **options)
        for account in self.UserModel.objects.filter(pk__gt=newest, is_superuser=True):
            record(Kind.RIGHTS, None, account, _("Account created from the machine's shell."))
