from datetime import timedelta

from django.db import migrations, models
from django.utils import timezone


def settle_what_is_past(apps, schema_editor):
    """Nobody could say yet that a change was meant. What stood on the first page for its week and
    was left was."""
    notices = apps.get_model('awareness', 'Notice')._base_manager
    notices.filter(at__lt=timezone.now() - timedelta(days=7)).update(confirmed=True)


class Migration(migrations.Migration):

    dependencies = [
        ('awareness', '0004_guarded_help_lines'),
    ]

    operations = [
        migrations.AddField(
            model_name='notice',
            name='confirmed',
            field=models.BooleanField(default=False),
        ),
        migrations.RunPython(settle_what_is_past, migrations.RunPython.noop, elidable=True),
    ]
