import django.db.models.deletion
from django.db import migrations, models


def carry_over(apps, schema_editor):
    """What was known, and of each line what there was before the first change that nobody
    confirmed. E-mails that wait are given up: the first page has each change."""
    baselines = apps.get_model('awareness', 'Baseline')._base_manager
    notices = apps.get_model('awareness', 'Notice')._base_manager
    for watch in apps.get_model('awareness', 'Watch')._base_manager.all():
        open_notices = {}
        found = notices.filter(content_type=watch.content_type, confirmed=False).exclude(kind='order')
        for notice in found.order_by('at', 'pk'):
            open_notices.setdefault(notice.object_id, []).append(notice)
        known = {seen['pk']: state(seen) for seen in watch.known}
        for number in known | open_notices:
            seen, alerts = known.get(number), open_notices.get(number)
            fields = {'confirmed': seen}
            if alerts:
                names = [name for alert in reversed(alerts) for name in alert.who.split(', ')]
                fields = {
                    'confirmed': state(alerts[0].before),
                    'changed_at': alerts[-1].at,
                    'kind': alerts[-1].kind,
                    'who': list(dict.fromkeys(names)),
                }
            baselines.create(
                content_type=watch.content_type,
                object_id=number,
                seen=seen,
                event=watch.event,
                **fields,
            )


def state(seen):
    return seen and {'fields': seen['fields'], 'live': seen['live']}


class Migration(migrations.Migration):

    dependencies = [
        ('awareness', '0005_confirmed_notices'),
        ('contenttypes', '0002_remove_content_type_name'),
    ]

    operations = [
        migrations.CreateModel(
            name='Baseline',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('object_id', models.BigIntegerField()),
                ('confirmed', models.JSONField(null=True)),
                ('seen', models.JSONField(null=True)),
                ('event', models.BigIntegerField(default=0)),
                ('changed_at', models.DateTimeField(db_index=True, null=True)),
                ('kind', models.CharField(blank=True, choices=[('changed', 'Changed'), ('published', 'Published'), ('unpublished', 'Unpublished'), ('deleted', 'Deleted'), ('began', 'Began'), ('ended', 'Ended')], max_length=12)),
                ('who', models.JSONField(default=list)),
                ('email_due_at', models.DateTimeField(db_index=True, null=True)),
                ('unmailed', models.JSONField(default=list)),
                ('content_type', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='contenttypes.contenttype')),
            ],
            options={
                'default_permissions': (),
                'constraints': [models.UniqueConstraint(fields=('content_type', 'object_id'), name='one_baseline_an_item')],
            },
        ),
        migrations.RunPython(carry_over, migrations.RunPython.noop),
        migrations.DeleteModel(name='Notice'),
        migrations.DeleteModel(name='Letter'),
        migrations.DeleteModel(name='Watch'),
    ]
