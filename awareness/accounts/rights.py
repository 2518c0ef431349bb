"""What an account or a role may do, and in words what changed of it."""

from django.apps import apps as installed
from django.contrib.auth.management import create_permissions
from django.contrib.auth.models import Permission
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from awareness.accounts.invitations import waits

NEW_ACCOUNT = {"is_active": True, "is_staff": False, "is_superuser": False}
NEW_ACCOUNT |= {"roles": set(), "single_rights": set()}
NEW_ROLE = {"rights": set()}


def rights_of_account(account):
    return {
        "name": account.get_username(),
        "email": account.email,
        "is_active": account.is_active,
        "is_staff": account.is_staff,
        "is_superuser": account.is_superuser,
        "roles": set(account.groups.values_list("name", flat=True)),
        "single_rights": set(account.user_permissions.values_list("name", flat=True)),
    }


def rights_of_role(role):
    return {"name": role.name, "rights": set(role.permissions.values_list("name", flat=True))}


def differences(before, after):
    """What changed, in short sentences: “Role: + Publisher, − Editor. No longer active.”"""
    is_account = "roles" in after
    sentences = []
    if before is None:
        sentences = [_("Account added.") if is_account else _("Role added.")]
        before = {**after, **(NEW_ACCOUNT if is_account else NEW_ROLE)}
    sentences += [in_words(name, before[name], after[name]) for name in after]
    return " ".join(filter(None, sentences))


def is_less(before, after):
    """Whether something that was allowed no longer is."""
    return any(
        bool(before[name] - after[name])
        if isinstance(after[name], set)
        else before[name] is True and after[name] is False
        for name in after
    )


def in_words(name, before, after):
    if before == after:
        return ""
    if name == "name":
        return _("Renamed: %(before)s → %(after)s.") % {"before": before, "after": after}
    if name == "email":
        return _("E-mail address changed.")  # no address stands in the list
    if isinstance(after, bool):
        return yes_or_no(name, after)
    return more_and_less(name, before, after)


def yes_or_no(name, now):
    return {
        "is_active": (_("No longer active."), _("Active again.")),
        "is_staff": (_("May no longer enter the admin."), _("May enter the admin.")),
        "is_superuser": (_("Full rights removed."), _("Full rights given.")),
    }[name][now]


def more_and_less(name, before, after):
    label = {
        "roles": _("Role"),
        "single_rights": _("Individual rights"),
        "rights": _("Rights"),
    }[name]
    more = [f"+ {word}" for word in sorted(after - before)]
    less = [f"− {word}" for word in sorted(before - after)]
    return f"{label}: {', '.join(more + less)}."


def doubts(account):
    """What was perhaps forgotten in an account that can sign in, in sentences."""
    if not (account.is_active and account.is_staff):
        return
    name = {"name": account.get_username()}
    if not account.get_all_permissions():
        told = _(
            "“%(name)s” has no role, so this person can sign in but do nothing. Is that what "
            "you want?"
        )
        yield told % name
    if not account.email:
        told = _(
            "“%(name)s” has no e-mail address, so this person cannot reset a forgotten "
            "password or get alerts about changed help lines. Is that what you want?"
        )
        yield told % name


def with_rights(accounts):
    """Each with ``has_rights``: whether it may do anything."""
    of_role = Permission.objects.filter(group__user=OuterRef("pk"))
    single = Permission.objects.filter(user=OuterRef("pk"))
    return accounts.annotate(has_rights=Q(is_superuser=True) | Exists(of_role) | Exists(single))


def missing(account):
    """What an account of ``with_rights`` lacks, in a few words for a list."""
    if account.is_active and account.is_staff:
        if waits(account):
            yield _("has not used the invitation yet")
        if not account.has_rights:
            yield _("no role: can do nothing")
        if not account.email:
            yield _("no e-mail address: gets no mail")


def give_rights(apps, _schema_editor, rights, app="pages"):
    """For a migration: {role: {model of the app: rights}}, to the roles that are still there."""
    # Django makes permissions after all migrations, which is too late there.
    create_permissions(installed.get_app_config(app), verbosity=0, apps=installed)
    Group, Permission = (apps.get_model("auth", name) for name in ("Group", "Permission"))
    for role, models in rights.items():
        names = [f"{right}_{model}" for model, given in models.items() for right in given]
        found = Permission.objects.filter(content_type__app_label=app, codename__in=names)
        for group in Group.objects.filter(name=role):
            group.permissions.add(*found)
