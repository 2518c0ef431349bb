"""“Invited” in the audit list, drafts that are published as one, the language of somebody's desk."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
        ('awareness', '0014_checked_links'),
    ]

    operations = [
        migrations.AlterField(
            model_name='event',
            name='kind',
            field=models.CharField(choices=[('drafted', 'Draft saved'), ('asked', 'Review asked for'), ('returned', 'Draft returned'), ('scheduled', 'Change scheduled'), ('unscheduled', 'Schedule canceled'), ('failed', 'Scheduled change not possible'), ('discarded', 'Draft discarded'), ('published', 'Published'), ('unpublished', 'Unpublished'), ('changed', 'Changed'), ('restored', 'Returned to an earlier version'), ('ordered', 'Order changed'), ('deleted', 'Deleted'), ('recovered', 'Brought back after deletion'), ('imported', 'Imported from a file'), ('signed_in', 'Signed in'), ('rights', 'Rights changed'), ('invited', 'Invited')], max_length=12, verbose_name='what happened'),
        ),
        migrations.AddField(
            model_name='draft',
            name='together',
            field=models.UUIDField(blank=True, null=True),
        ),
        migrations.CreateModel(
            name='DeskLanguage',
            fields=[
                ('user', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='+', serialize=False, to=settings.AUTH_USER_MODEL)),
                ('code', models.CharField(choices=[('en', 'English'), ('es', 'Spanish')], max_length=10)),
            ],
            options={
                'default_permissions': (),
            },
        ),
    ]
