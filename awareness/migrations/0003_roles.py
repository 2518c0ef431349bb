"""The two roles. Whoever looks after the site may change them under Groups."""

from django.apps import apps as installed
from django.contrib.auth.management import create_permissions
from django.db import migrations

WRITTEN = ["pages.section", "pages.update", "pages.calltoaction"]
CHECKED = ["pages.helpline", "stats.figure"]
PARTS = ["pages.citation", "pages.amount"]
REFERENCE = ["stats.place", "stats.measure", "stats.source", "stats.break", "stats.headline"]
ONE_ROW = ["pages.sitesettings", "stats.readingguide"]

EDITOR = {
    "add": [*WRITTEN, *PARTS],
    "change": [*WRITTEN, *CHECKED, *PARTS],
    "delete": PARTS,
    "view": [*WRITTEN, *CHECKED, *PARTS, *REFERENCE, *ONE_ROW, "awareness.event"],
}
PUBLISHER = {
    "add": [*WRITTEN, *CHECKED, *PARTS, *REFERENCE],
    "change": [*WRITTEN, *CHECKED, *PARTS, *REFERENCE, *ONE_ROW],
    "delete": [*WRITTEN, *CHECKED, *PARTS, *REFERENCE, "awareness.oldaddress"],
    "publish": [*WRITTEN, *CHECKED],
    "view": [*EDITOR["view"], "awareness.oldaddress", "awareness.deskrules"],
}


def make_roles(apps, schema_editor):
    # Django makes permissions after all migrations, which is too late here.
    for label in ("awareness", "pages", "stats"):
        create_permissions(installed.get_app_config(label), verbosity=0, apps=installed)
    Group = apps.get_model("auth", "Group")
    Permission = apps.get_model("auth", "Permission")
    for name, rights in (("Editor", EDITOR), ("Publisher", PUBLISHER)):
        group, _made = Group.objects.get_or_create(name=name)
        for right, models in rights.items():
            for label in models:
                app, model = label.split(".")
                group.permissions.add(
                    Permission.objects.get(
                        codename=f"{right}_{model}",
                        content_type__app_label=app,
                        content_type__model=model,
                    )
                )


class Migration(migrations.Migration):
    dependencies = [
        ("awareness", "0002_desk"),
        ("pages", "0002_desk"),
        ("stats", "0003_desk"),
        ("auth", "0012_alter_user_first_name_max_length"),
    ]
    operations = [migrations.RunPython(make_roles, migrations.RunPython.noop, elidable=False)]
