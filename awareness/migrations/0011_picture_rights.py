"""Pictures: as with updates, since whoever describes one that is shown publishes words."""

from functools import partial

from django.db import migrations

from awareness.accounts.rights import give_rights

WORDS = ["view", "add", "change"]
RIGHTS = {
    "Editor": {"image": WORDS},
    "Publisher": {"image": [*WORDS, "delete", "publish"]},
}


class Migration(migrations.Migration):
    dependencies = [
        ("awareness", "0010_missouri_rights"),
        ("pages", "0010_pictures"),
        ("auth", "0012_alter_user_first_name_max_length"),
    ]
    operations = [
        migrations.RunPython(
            partial(give_rights, rights=RIGHTS), migrations.RunPython.noop, elidable=False
        )
    ]
