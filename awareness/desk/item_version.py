"""An item with the rows that belong to it (its citations, its amounts), as one thing.

Stored, it is a revision of django-reversion: a version for the item and one for each row. A row
that is not in the table yet has no number; its version is kept under a number below zero.
"""

import hashlib
import json
from copy import copy
from dataclasses import dataclass
from datetime import datetime

import reversion
from django.contrib.contenttypes.models import ContentType
from django.core import serializers
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from modeltranslation.translator import NotRegistered, translator
from reversion.models import Revision, Version
from reversion.revisions import _get_options

from awareness.content.richtext import RichTextField, canonical

PUBLISHING = {"published", "publish_at", "expire_at", "position"}  # not part of what it says


def relations(model):
    """{name: foreign key of the rows to the item}, as django-reversion follows them."""
    return {name: model._meta.get_field(name).field for name in _get_options(model).follow}


def fields_of(model):
    """What staff write: all that can be edited, each language by itself."""
    try:
        translated = set(translator.get_options_for_model(model).fields)
    except NotRegistered:
        translated = set()
    return [
        field
        for field in model._meta.concrete_fields
        if field.editable and not field.primary_key and field.name not in translated
    ]


def comparable(field, value):
    """Two values that compare equal say the same, whatever a form did to ends of lines."""
    if isinstance(field, RichTextField):
        return canonical(value or "")
    if isinstance(value, datetime):
        return value.replace(microsecond=0)
    if isinstance(value, str) or value is None:
        # An empty line starts a paragraph, so lines count; the space around and within does not.
        lines = (" ".join(line.split()) for line in (value or "").strip().splitlines())
        return "\n".join(lines) or None
    return value


def row_differs(one, other, left_out=()):
    """The names of the fields in which two rows of a model differ."""
    return [
        field.name
        for field in fields_of(type(one))
        if field.name not in left_out
        and comparable(field, field.value_from_object(one))
        != comparable(field, field.value_from_object(other))
    ]


def fill(row, stored, left_out=()):
    """Put the fields of a version's data into ``row``. What the version does not know (a field
    that came later) stays as it is; what the model no longer has is left. A text that was in one
    language then is the English one now."""
    for field in fields_of(type(row)):
        name = field.name if field.name in stored else field.name.removesuffix("_en")
        if name in stored and field.name not in left_out:
            reader = field.target_field if field.is_relation else field
            value = stored[name]
            # Words as they are: they are cleaned when they are saved, and whoever looks for what
            # somebody hid in them must see it.
            if value is not None and not isinstance(reader, (models.CharField, models.TextField)):
                value = reader.to_python(value)
            setattr(row, field.attname, value)
    return row


def numbered(row):
    """The order of rows that is the same for a version and for the tables: new ones come last."""
    return row.pk is None, row.pk or 0


@dataclass
class Snapshot:
    item: models.Model
    inlines: dict  # {relation: [row]}

    @classmethod
    def of(cls, item):
        """As the tables have it. One query for each relation."""
        return cls(item, {name: list(getattr(item, name).all()) for name in relations(type(item))})

    @classmethod
    def of_version(cls, version, upon, left_out=()):
        """As a version has it, laid over ``upon`` (a snapshot of the same item)."""
        model, item = type(upon.item), copy(upon.item)
        fill(item, data_of(version), left_out)
        stored = {}
        for other in version.revision.version_set.exclude(pk=version.pk):
            kind = ContentType.objects.get_for_id(other.content_type_id)
            stored.setdefault(kind.model_class(), []).append(other)
        inlines = {}
        for name, key in relations(model).items():
            there = {row.pk: row for row in upon.inlines.get(name, ())}
            rows = []
            for part in stored.get(key.model, ()):
                fields = data_of(part)
                if str(fields.get(key.name)) != str(item.pk):
                    continue  # of another item that was changed in the same revision
                number = int(part.object_id)
                row = copy(there[number]) if number in there else key.model()
                row.pk = number if number > 0 else None
                rows.append((number < 0, abs(number), fill(row, fields)))
            inlines[name] = [row for *_place, row in sorted(rows, key=lambda placed: placed[:2])]
        return cls(item, inlines)

    def stamps(self):
        """{"item" or relation: its stamp}: the same for the same words, so that a form can tell
        whether somebody saved since it was opened."""
        return {"item": stamp([self.item])} | {
            name: stamp(rows) for name, rows in self.inlines.items()
        }

    def differs(self, other, left_out=("published",)):
        """The names of the fields and relations in which this one differs from ``other``."""
        names = row_differs(self.item, other.item, left_out)
        return names + [name for name in self.inlines if self.rows_differ(other, name)]

    def rows_differ(self, other, name):
        mine, theirs = (sorted(s.inlines[name], key=numbered) for s in (self, other))
        key = (relations(type(self.item))[name].name,)
        return [row.pk for row in mine] != [row.pk for row in theirs] or any(
            row_differs(a, b, key) for a, b in zip(mine, theirs, strict=True)
        )

    def keep(self, user, comment):
        """Store it beside the tables, which stay as they are. Returns the revision."""
        revision = Revision.objects.create(date_created=timezone.now(), user=user, comment=comment)
        rows = [row for rows in self.inlines.values() for row in rows]
        fresh = iter(range(-1, -len(rows) - 1, -1))
        versions = [as_version(self.item, self.item.pk or -revision.pk)]
        versions += [as_version(row, row.pk or next(fresh)) for row in rows]
        for version in versions:
            version.revision = revision
        Version.objects.bulk_create(versions)
        return revision

    def check(self):
        """Raises ValidationError if the tables could not take it."""
        self.item.full_clean()
        for name, key in relations(type(self.item)).items():
            for row in self.inlines[name]:
                try:
                    row.full_clean(exclude=[key.name])
                except ValidationError as error:
                    sentences = [f"{row}: {sentence}" for sentence in error.messages]
                    raise ValidationError(sentences) from error

    def write(self, is_new=False):
        """Make the tables say it. Within a transaction, after a check. What somebody deleted
        meanwhile is not made again by an update."""
        self.item.save(force_insert=is_new, force_update=not is_new)
        for name, key in relations(type(self.item)).items():
            there = {row.pk: row for row in key.model._base_manager.filter(**{key.name: self.item})}
            rows = self.inlines[name]
            gone = there.keys() - {row.pk for row in rows}
            if gone:
                key.model._base_manager.filter(pk__in=gone).delete()
            for row in rows:
                setattr(row, key.name, self.item)
            fresh = [row for row in rows if row.pk not in there]
            changed = [row for row in rows if row.pk in there and row_differs(row, there[row.pk])]
            # A question for all of them, not for each.
            key.model._base_manager.bulk_create(fresh)
            columns = [f.name for f in key.model._meta.concrete_fields if not f.primary_key]
            key.model._base_manager.bulk_update(changed, columns)
            if reversion.is_active():
                for row in [*fresh, *changed]:
                    reversion.add_to_revision(row)

    def keep_stamps(self, stored):
        """What no form has is as in ``stored`` (a version's data): when the words changed, when a
        figure was entered. Not by save(), which takes all words for new ones: older Spanish stays
        older."""
        model = type(self.item)
        stamps = {
            field.attname: field.to_python(stored[field.name])
            for field in model._meta.concrete_fields
            if not (field.editable or field.primary_key or getattr(field, "auto_now", False))
            and field.name in stored
        }
        if stamps:
            model._base_manager.filter(pk=self.item.pk).update(**stamps)
            reversion.add_to_revision(model._base_manager.get(pk=self.item.pk))


def stamp(rows):
    said = [
        (row.pk, field.name, str(comparable(field, field.value_from_object(row))))
        for row in rows
        for field in fields_of(type(row))
    ]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()[:24]


def data_of(version):
    """{field: value} as the version's JSON has them."""
    return json.loads(version.serialized_data)[0]["fields"]


def as_version(row, number):
    options = _get_options(type(row))
    return Version(
        content_type=ContentType.objects.get_for_model(type(row)),
        object_id=str(number),
        db="default",
        format=options.format,
        serialized_data=serializers.serialize(options.format, [row], fields=options.fields),
        object_repr=str(row),
    )
