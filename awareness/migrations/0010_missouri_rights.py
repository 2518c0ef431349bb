"""Services and language cards: as with updates. Search words and corrections are public at once:
publishers keep the ones and add the others, and nobody takes a correction back."""

from django.apps import apps as installed
from django.contrib.auth.management import create_permissions
from django.db import migrations

WORDS = ["view", "add", "change"]
EDITOR = {
    "service": WORDS,
    "languagecard": WORDS,
    "synonym": ["view"],
    "correction": ["view"],
}
PUBLISHER = {
    "synonym": [*WORDS, "delete"],
    "correction": ["view", "add"],
    "service": [*WORDS, "delete", "publish"],
    "languagecard": [*WORDS, "delete", "publish"],
}


def give_rights(apps, schema_editor):
    # Django makes permissions after all migrations, which is too late here.
    create_permissions(installed.get_app_config("pages"), verbosity=0, apps=installed)
    Permission = apps.get_model("auth", "Permission")
    for name, rights in (("Editor", EDITOR), ("Publisher", PUBLISHER)):
        for group in apps.get_model("auth", "Group").objects.filter(name=name):
            names = [f"{right}_{model}" for model, given in rights.items() for right in given]
            group.permissions.add(
                *Permission.objects.filter(content_type__app_label="pages", codename__in=names)
            )


class Migration(migrations.Migration):
    dependencies = [
        ("awareness", "0009_notice_rights"),
        ("pages", "0007_missouri_words"),
        ("auth", "0012_alter_user_first_name_max_length"),
    ]
    operations = [migrations.RunPython(give_rights, migrations.RunPython.noop, elidable=False)]
