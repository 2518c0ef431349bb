"""Both roles may do with notices what they may do with updates."""

from django.apps import apps as installed
from django.contrib.auth.management import create_permissions
from django.db import migrations

RIGHTS = {
    "Editor": ["view", "add", "change"],
    "Publisher": ["view", "add", "change", "delete", "publish"],
}


def give_rights(apps, schema_editor):
    # Django makes permissions after all migrations, which is too late here.
    create_permissions(installed.get_app_config("pages"), verbosity=0, apps=installed)
    Permission = apps.get_model("auth", "Permission")
    for group in apps.get_model("auth", "Group").objects.filter(name__in=RIGHTS):
        names = [f"{right}_notice" for right in RIGHTS[group.name]]
        group.permissions.add(
            *Permission.objects.filter(content_type__app_label="pages", codename__in=names)
        )


class Migration(migrations.Migration):
    dependencies = [
        ("awareness", "0008_plainer_words"),
        ("pages", "0006_notice"),
        ("auth", "0012_alter_user_first_name_max_length"),
    ]
    operations = [migrations.RunPython(give_rights, migrations.RunPython.noop, elidable=False)]
