import json

from django.core.management import CommandError
from django.db import DatabaseError, migrations, models
from django.db.models import Q

OTHERS = (
    'id', 'content_type', 'object_id', 'title', 'state', 'revision', 'changed', 'author',
    'contributor_ids', 'saved_at', 'note', 'note_by', 'apply_at', 'approved_by',
)


def carry_over(apps, schema_editor):
    """A working copy was a revision: a version for the item and one for each row. Now it is what
    those held, on its draft. The revisions stay."""
    drafts = apps.get_model('awareness', 'Draft')._base_manager
    versions = apps.get_model('reversion', 'Version')._base_manager
    found = drafts.filter(revision__isnull=False).order_by('pk')
    before = {}
    for draft in found:
        stored = list(versions.filter(revision=draft.revision_id).order_by('pk').select_related('content_type'))
        stored.sort(key=lambda version: version.content_type_id != draft.content_type_id)
        try:
            before[draft.pk] = as_versions(stored), others(drafts, draft.pk)
            parts = [part for version in stored for part in json.loads(version.serialized_data)]
            drafts.filter(pk=draft.pk).update(copy=parts)
        except (ValueError, DatabaseError) as error:
            raise stop(draft) from error
    for draft in found.select_related('content_type'):
        versions_before, others_before = before[draft.pk]
        if others(drafts, draft.pk) != others_before or as_parts(draft) != versions_before:
            raise stop(draft)


def others(drafts, number):
    return drafts.filter(pk=number).values(*OTHERS).get()


def as_versions(stored):
    """[(kind, number, fields)], the item first; new ones have a number below zero there."""
    return [
        (
            f'{version.content_type.app_label}.{version.content_type.model}',
            version.object_id if not version.object_id.startswith('-') else 'None',
            version.format == 'json' and json.dumps(fields_of(version), sort_keys=True),
        )
        for version in stored
    ]


def fields_of(version):
    """Read on its own, for the comparison."""
    (part,) = json.loads(version.serialized_data)
    return part['fields']


def as_parts(draft):
    """The same, as the draft has them by now. Of its own item there must be one, and that first."""
    kind = f'{draft.content_type.app_label}.{draft.content_type.model}'
    number = str(draft.object_id) if draft.object_id > 0 else 'None'
    parts = [
        (part['model'], str(part['pk']), json.dumps(part['fields'], sort_keys=True))
        for part in draft.copy
    ]
    of_item = [part[:2] for part in parts if part[0] == kind]
    return parts if of_item == [(kind, number)] else None


def stop(draft):
    return CommandError(
        f'The draft of “{draft.title}” (number {draft.pk}) could not be carried over whole, so '
        'nothing was changed: publish or discard it in the release before this one, then start '
        'this one again.'
    )


class Migration(migrations.Migration):

    dependencies = [
        ('awareness', '0006_baseline'),
        ('contenttypes', '0002_remove_content_type_name'),
        ('reversion', '0002_add_index_on_version_for_content_type_and_db'),
    ]

    operations = [
        migrations.RenameField('draft', 'hands', 'contributor_ids'),
        migrations.AddField('draft', 'copy', models.JSONField(blank=True, null=True)),
        migrations.RemoveConstraint('draft', 'awareness_draft_with_time_has_revision'),
        migrations.RunPython(carry_over, migrations.RunPython.noop),
        migrations.AddConstraint(
            'draft',
            models.CheckConstraint(
                condition=Q(('apply_at__isnull', True), ('copy__isnull', False), _connector='OR'),
                name='awareness_draft_with_time_has_copy',
            ),
        ),
    ]
