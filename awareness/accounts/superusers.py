"""The last account that may do everything cannot lose that, nor be deleted."""

from django.contrib.auth.models import User
from django.utils.translation import gettext as _


def whole_site():
    """The accounts that may do everything and can sign in to do it."""
    return User.objects.filter(is_superuser=True, is_staff=True, is_active=True)


def are_the_last(accounts):
    """Whether nobody who may do everything would be left without these. Within a transaction, until
    whose end nobody else finds another answer: two might take the right from each other."""
    rows = whole_site().order_by("pk").select_for_update(no_key=True)
    left = set(rows.values_list("pk", flat=True))
    return bool(left) and left <= {account.pk for account in accounts}


def refusal(name):
    return _(
        "“%(name)s” is the last active account with full rights. Give full rights to another "
        "account first."
    ) % {"name": name}
