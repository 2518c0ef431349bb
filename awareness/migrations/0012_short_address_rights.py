"""Both roles may do with short addresses what they may do with updates."""

from functools import partial

from django.db import migrations

from awareness.accounts.rights import give_rights

WORDS = ["view", "add", "change"]
RIGHTS = {
    "Editor": {"campaignlink": WORDS},
    "Publisher": {"campaignlink": [*WORDS, "delete", "publish"]},
}


class Migration(migrations.Migration):
    dependencies = [
        ("awareness", "0011_picture_rights"),
        ("pages", "0011_campaign_links"),
        ("auth", "0012_alter_user_first_name_max_length"),
    ]
    operations = [
        migrations.RunPython(
            partial(give_rights, rights=RIGHTS), migrations.RunPython.noop, elidable=False
        )
    ]
