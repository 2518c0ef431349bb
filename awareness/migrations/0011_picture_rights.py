"""Pictures: as with updates, since whoever describes one that is shown publishes words."""

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
    for name, rights in RIGHTS.items():
        names = [f"{right}_image" for right in rights]
        given = Permission.objects.filter(content_type__app_label="pages", codename__in=names)
        for group in apps.get_model("auth", "Group").objects.filter(name=name):
            group.permissions.add(*given)


class Migration(migrations.Migration):
    dependencies = [
        ("awareness", "0010_missouri_rights"),
        ("pages", "0010_pictures"),
        ("auth", "0012_alter_user_first_name_max_length"),
    ]
    operations = [migrations.RunPython(give_rights, migrations.RunPython.noop, elidable=False)]
