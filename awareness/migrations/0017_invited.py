"""“Invited” in the audit list."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('awareness', '0014_checked_links'),
    ]

    operations = [
        migrations.AlterField(
            model_name='event',
            name='kind',
            field=models.CharField(choices=[('drafted', 'Draft saved'), ('asked', 'Review asked for'), ('returned', 'Draft returned'), ('scheduled', 'Change scheduled'), ('unscheduled', 'Schedule canceled'), ('failed', 'Scheduled change not possible'), ('discarded', 'Draft discarded'), ('published', 'Published'), ('unpublished', 'Unpublished'), ('changed', 'Changed'), ('restored', 'Returned to an earlier version'), ('ordered', 'Order changed'), ('deleted', 'Deleted'), ('recovered', 'Brought back after deletion'), ('imported', 'Imported from a file'), ('signed_in', 'Signed in'), ('rights', 'Rights changed'), ('invited', 'Invited')], max_length=12, verbose_name='what happened'),
        ),
    ]
