"""Services and language cards: as with updates. Search words and corrections are public at once:
publishers keep the ones and add the others, and nobody takes a correction back."""

from functools import partial

from django.db import migrations

from awareness.accounts.rights import give_rights

WORDS = ["view", "add", "change"]
RIGHTS = {
    "Editor": {
        "service": WORDS,
        "languagecard": WORDS,
        "synonym": ["view"],
        "correction": ["view"],
    },
    "Publisher": {
        "synonym": [*WORDS, "delete"],
        "correction": ["view", "add"],
        "service": [*WORDS, "delete", "publish"],
        "languagecard": [*WORDS, "delete", "publish"],
    },
}


class Migration(migrations.Migration):
    dependencies = [
        ("awareness", "0009_notice_rights"),
        ("pages", "0007_missouri_words"),
        ("auth", "0012_alter_user_first_name_max_length"),
    ]
    operations = [
        migrations.RunPython(
            partial(give_rights, rights=RIGHTS), migrations.RunPython.noop, elidable=False
        )
    ]
