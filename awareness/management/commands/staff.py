"""``make staff``: the first account, every further one, and the way back into one that is locked.

Whoever can run it has the database anyway: it asks for no password but the new one.
"""

import getpass
import os
import sys

from django.conf import settings
from django.contrib.auth.models import Group, User
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand
from django.db import DatabaseError, connection, transaction
from django.utils.translation import gettext as _

from awareness.accounts.second_step import has_second_step, take_away
from awareness.accounts.sessions import end_sessions
from awareness.audit.record import Kind, record
from awareness.web import startup

ROLES = {
    "1": ("everything: all content, accounts and settings", None),
    "2": ("Publisher: writes, publishes, takes back", "Publisher"),
    "3": ("Editor: writes drafts and asks for a review", "Editor"),
}


class Command(BaseCommand):
    help = "Create a staff account, or bring one back whose password or phone is lost."
    # What is missing is said below, in one sentence.
    requires_migrations_checks = False
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument(
            "--noinput",
            action="store_false",
            dest="interactive",
            help="Ask nothing: DJANGO_SUPERUSER_USERNAME, _EMAIL and _PASSWORD say it all.",
        )

    def handle(self, *args, interactive=True, **options):
        check_database()
        if not interactive:
            create(
                *(os.environ.get(f"DJANGO_SUPERUSER_{name}", "") for name in ("USERNAME", "EMAIL")),
                os.environ.get("DJANGO_SUPERUSER_PASSWORD", ""),
            )
            return
        if not sys.stdin.isatty():
            sys.exit("`make staff` asks questions: run it in a terminal.")
        try:
            self.ask()
        except (KeyboardInterrupt, EOFError):
            self.stdout.write("")
            sys.exit("Stopped. Nothing was changed.")

    def ask(self):
        self.stdout.write(
            "Each person gets an account of their own. It takes a username, an e-mail address and\n"
            "a password: at least 12 characters, used nowhere else. Ctrl-C stops at any point.\n"
        )
        name = self.until_right("Username: ", check_username)
        there = User.objects.filter(username__iexact=name).first()
        if there:
            self.bring_back(there)
        else:
            email = self.until_right("E-mail, for resets and warnings: ", check_email)
            role = self.role() if User.objects.filter(is_superuser=True).exists() else None
            create(name, email, self.password(User(username=name, email=email)), role)
            self.stdout.write(f"\nThe account “{name}” is ready.")
        address = startup.address_on() or settings.SITE_URL  # `make run` may have had another PORT
        self.stdout.write(f"Sign in at {address}/accounts/login/")
        self.stdout.write(
            "You can add a second step of signing in there: Your account, Second step."
            if settings.IS_LOCAL
            else "The first sign-in asks for a second step: have your phone at hand."
        )

    def bring_back(self, account):
        step = "yes" if has_second_step(account) else "none"
        self.stdout.write(
            f"\nThere is an account “{account}” already (second step: {step}). To bring it back,\n"
            "its password is set anew, its second step is taken away, and it is signed out\n"
            "everywhere."
        )
        if input("Bring it back? Type yes: ").strip().lower() not in ("y", "yes"):
            raise KeyboardInterrupt
        is_whole = account.is_superuser and account.is_active and account.is_staff
        rights = not is_whole and input(
            "It may not do everything, or is not active. Let it do everything? Type yes: "
        )
        password = self.password(account)
        with transaction.atomic():
            if rights and rights.strip().lower() in ("y", "yes"):
                account.is_superuser = account.is_active = account.is_staff = True
                record(Kind.RIGHTS, None, account, _("Full rights given."))
            account.set_password(password)
            account.save()
            take_away(account)
            end_sessions([account])
            record(Kind.RIGHTS, None, account, _("Password set from the server's command line."))
        if account.is_active and account.is_staff:
            self.stdout.write(f"\nThe account “{account}” is back.")
        else:
            sys.exit(
                f"The account “{account}” has a new password, but is still closed: somebody who "
                "may do everything opens it in the admin."
            )

    def role(self):
        self.stdout.write("What may this person do?")
        for number, (words, _group) in ROLES.items():
            self.stdout.write(f"  {number}  {words}")
        return ROLES[self.until_right("1, 2 or 3: ", check_role)][1]

    def password(self, account):
        while True:
            password = getpass.getpass("Password (it does not show): ")
            try:
                validate_password(password, account)
            except ValidationError as error:
                self.stderr.write("\n".join(error.messages))
                continue
            if password == getpass.getpass("The same once more: "):
                return password
            self.stderr.write("The two are not the same.")

    def until_right(self, question, check):
        while True:
            given = input(question).strip()
            try:
                check(given)
            except ValidationError as error:
                self.stderr.write("\n".join(error.messages))
            else:
                return given


def check_username(given):
    User._meta.get_field("username").clean(given, None)


def check_email(given):
    User._meta.get_field("email").clean(given, None)


def check_role(given):
    if given not in ROLES:
        raise ValidationError("Type 1, 2 or 3.")


def check_database():
    try:
        ready = User._meta.db_table in connection.introspection.table_names()
    except DatabaseError:
        ready = False
    if not ready:
        sys.exit("There is no site yet: run `make run` first, and keep it running.")


def create(name, email, password, role=None):
    """With a role, or without one and with all rights; or one sentence, and nothing is made."""
    account = User(username=name, email=email, is_staff=True, is_superuser=role is None)
    try:
        if User.objects.filter(username__iexact=name).exists():  # in other capitals too
            raise ValidationError(User._meta.get_field("username").error_messages["unique"])
        account.set_password(password)
        account.full_clean()
        validate_password(password, account)
    except ValidationError as error:
        sys.exit(" ".join(error.messages))
    with transaction.atomic():
        account.save()
        if role:
            account.groups.add(Group.objects.get(name=role))
        record(Kind.RIGHTS, None, account, _("Account created from the server's command line."))
