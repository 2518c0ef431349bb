"""Both roles may do with notices what they may do with updates."""

from functools import partial

from django.db import migrations

from awareness.accounts.rights import give_rights

WORDS = ["view", "add", "change"]
RIGHTS = {
    "Editor": {"notice": WORDS},
    "Publisher": {"notice": [*WORDS, "delete", "publish"]},
}


class Migration(migrations.Migration):
    dependencies = [
        ("awareness", "0008_plainer_words"),
        ("pages", "0006_notice"),
        ("auth", "0012_alter_user_first_name_max_length"),
    ]
    operations = [
        migrations.RunPython(
            partial(give_rights, rights=RIGHTS), migrations.RunPython.noop, elidable=False
        )
    ]
