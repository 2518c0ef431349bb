"""Words to avoid, in both languages: to begin with, those that the law itself, survivors' groups and
guides for journalists have left behind."""

from functools import partial

from django.db import migrations, models

from awareness.accounts.rights import give_rights

RIGHTS = {
    "Editor": {"avoidedword": ["view"]},
    "Publisher": {"avoidedword": ["view", "add", "change", "delete"]},
}
WORDS = {
    "en": {
        "prostitute": "person exploited in commercial sex",
        "child prostitute": "child who was sexually exploited",
        "child prostitution": "sexual exploitation of children, or child sex trafficking",
        "child pornography": "child sexual abuse material",
        "sex slave": "person who was trafficked for sex",
        "modern-day slave": "person who was trafficked",
        "modern-day slavery": "human trafficking",
        "illegal immigrant": "immigrant without papers",
        "illegal alien": "immigrant without papers",
        "rescue": "help to leave, or find safety",
        "rescued": "got out, or found safety",
        "epidemic": "the figure and its source",
    },
    "es": {
        "prostituta": "persona explotada en el comercio sexual",
        "niña prostituta": "niña explotada sexualmente",
        "prostitución infantil": "explotación sexual de menores",
        "pornografía infantil": "material de abuso sexual de menores",
        "esclava sexual": "persona víctima de trata sexual",
        "esclavo moderno": "persona víctima de trata",
        "esclavitud moderna": "trata de personas",
        "trata de blancas": "trata de personas",
        "inmigrante ilegal": "inmigrante sin papeles",
        "rescatar": "ayudar a salir",
        "rescate": "ayuda para salir",
        "epidemia": "la cifra y su fuente",
    },
}


def add_words(apps, _schema_editor):
    AvoidedWord = apps.get_model("awareness", "AvoidedWord")
    AvoidedWord.objects.bulk_create(
        AvoidedWord(language=language, word=word, better=better)
        for language, words in WORDS.items()
        for word, better in words.items()
    )


class Migration(migrations.Migration):
    dependencies = [
        ("awareness", "0015_people"),
    ]

    operations = [
        migrations.CreateModel(
            name="AvoidedWord",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "word",
                    models.CharField(
                        help_text="One word or a few. It is found in small and capital letters, and with an s or es at its end.",
                        max_length=80,
                        verbose_name="word to avoid",
                    ),
                ),
                (
                    "language",
                    models.CharField(
                        choices=[("en", "English"), ("es", "Spanish")],
                        default="en",
                        max_length=5,
                        verbose_name="language",
                    ),
                ),
                (
                    "better",
                    models.CharField(
                        help_text="What we say instead. Whoever writes the word reads this.",
                        max_length=200,
                        verbose_name="better",
                    ),
                ),
            ],
            options={
                "verbose_name": "word to avoid",
                "verbose_name_plural": "words to avoid",
                "ordering": ["language", "word"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("word", "language"),
                        name="awareness_avoidedword_once",
                        violation_error_message="This word is in the list already.",
                    )
                ],
            },
        ),
        migrations.RunPython(add_words, migrations.RunPython.noop, elidable=False),
        migrations.RunPython(
            partial(give_rights, rights=RIGHTS, app="awareness"),
            migrations.RunPython.noop,
            elidable=False,
        ),
    ]
