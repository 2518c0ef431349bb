"""An item with the rows that belong to it (its citations, its amounts), as one thing.

Stored, it is what Django's JSON serializer makes of it: a list of the item and its rows. Of a
draft that is Draft.copy; the history has it in a version of django-reversion, which for items that
were saved has a version for each row beside it.
"""

import hashlib
import json
from copy import copy
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain, count

import reversion
from django.conf import settings
from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.core import serializers
from django.core.exceptions import ObjectDoesNotExist
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from modeltranslation.translator import NotRegistered, translator
from reversion.models import Revision, Version

from awareness.content.fields import Plain
from awareness.content.richtext import RichTextField, canonical

PUBLISHING = {"published", "publish_at", "expire_at", "position"}  # not part of what it says


def relations(model):
    """{name: foreign key of the rows to the item}: the rows that stand in its form."""
    if not admin.site.is_registered(model):  # it is a row itself
        return {}
    rows = [inline.model for inline in admin.site.get_model_admin(model).inlines]
    keys = [key for row in rows for key in row._meta.fields if key.related_model is model]
    return {key.remote_field.get_accessor_name(): key for key in keys}


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


def compared(row):
    """{field: value} of all that staff write."""
    return {f.name: comparable(f, f.value_from_object(row)) for f in fields_of(type(row))}


def row_differs(one, other, left_out=()):
    """The names of the fields in which two rows of a model differ."""
    mine, theirs = compared(one), compared(other)
    return [name for name in mine if name not in left_out and mine[name] != theirs[name]]


def content_hash(rows):
    """The same for the same words."""
    values = [(row.pk, name, str(it)) for row in rows for name, it in compared(row).items()]
    return hashlib.sha256(json.dumps(values).encode()).hexdigest()[:24]


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


def cleaned(row):
    """With its words as saving leaves them: what is shown of a draft is what would be published."""
    for field in fields_of(type(row)):
        if isinstance(field, Plain | RichTextField):
            field.pre_save(row, add=False)
    return row


def numbered(row):
    """The order of rows that is the same for a version and for the tables: new ones come last."""
    return row.pk is None, row.pk or 0


def title_of(item):
    """Of what may lack anything, its title too. In English, whoever's desk it is: all read it."""
    try:
        with override(settings.LANGUAGE_CODE):
            title = str(item).strip()
    except (ObjectDoesNotExist, TypeError):
        title = ""
    return (title or _("Without a title"))[:300]


@dataclass
class ItemVersion:
    item: models.Model
    inlines: dict  # {relation: [row]}

    @classmethod
    def of(cls, item):
        """As the tables have it. One query for each relation."""
        return cls(item, {name: list(getattr(item, name).all()) for name in relations(type(item))})

    @classmethod
    def empty(cls, model, number=None):
        return cls(model(pk=number), {name: [] for name in relations(model)})

    @classmethod
    def of_version(cls, version, upon, left_out=()):
        """As the history has it, laid over ``upon`` (a version of the same item)."""
        parts = json.loads(version.serialized_data)
        for other in version.revision.version_set.exclude(pk=version.pk).order_by("pk"):
            parts += json.loads(other.serialized_data)
        return cls.of_copy(parts, upon, left_out)

    @classmethod
    def of_copy(cls, parts, upon, left_out=()):
        """As as_copy() had it, laid over ``upon``. Of a revision, other items are left out."""
        first, *others = parts
        item = cleaned(fill(copy(upon.item), first["fields"], left_out))
        inlines = dict(upon.inlines)
        for name, key in relations(type(item)).items():
            if name in left_out:
                continue
            there = {row.pk: row for row in upon.inlines[name]}
            rows = [
                cleaned(fill(copy(there.get(part["pk"], key.model(pk=part["pk"]))), part["fields"]))
                for part in others
                if part["model"] == key.model._meta.label_lower
                and str(part["fields"].get(key.name)) == str(item.pk)
            ]
            inlines[name] = sorted(rows, key=numbered)
        return cls(item, inlines)

    def leave_out_gone(self):
        """Of the item, what may be empty and leads to a row that was deleted; their names."""
        gone = []
        for field in fields_of(type(self.item)):
            key = field.value_from_object(self.item) if field.is_relation and field.null else None
            if key and not field.related_model._base_manager.filter(pk=key).exists():
                setattr(self.item, field.attname, None)
                gone.append(field.verbose_name)
        return gone

    def as_copy(self):
        """For Draft.copy, its words clean."""
        return json.loads(serializers.serialize("json", map(cleaned, [self.item, *self.rows()])))

    def save_as_revision(self, user, comment, instead_of=None):
        """Put it into the history, as one version; the tables stay as they are. ``instead_of``: the
        revision whose place it takes, and whose time by the minute."""
        values = {"object_repr": title_of(self.item), "serialized_data": json.dumps(self.as_copy())}
        if instead_of:
            if (now := timezone.now()) - instead_of.date_created > timedelta(minutes=1):
                Revision.objects.filter(pk=instead_of.pk).update(date_created=now)
            Version.objects.filter(revision=instead_of).update(**values)
            return instead_of
        revision = Revision.objects.create(date_created=timezone.now(), user=user, comment=comment)
        kind = ContentType.objects.get_for_model(self.item)
        given = {"content_type": kind, "object_id": str(self.item.pk), **values}
        Version.objects.create(revision=revision, db="default", format="json", **given)
        return revision

    def rows(self):
        return [row for rows in self.inlines.values() for row in rows]

    def names(self):
        return {field.name for field in fields_of(type(self.item))} | self.inlines.keys()

    def content_hashes(self):
        """So that a form can tell whether somebody saved since it was opened."""
        return {name: content_hash(rows) for name, rows in self.inlines.items()} | {
            "item": content_hash([self.item])
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

    def copy(self):
        inlines = {name: [copy(row) for row in rows] for name, rows in self.inlines.items()}
        return ItemVersion(copy(self.item), inlines)

    def duplicate(self, name):
        """The same as a new item, public to nobody. ``name``: the field that it goes by."""
        twin = self.copy()
        item = twin.item
        for row in [item, *twin.rows()]:
            row.pk, row._state.adding = None, True
        for relation, key in relations(type(item)).items():
            for row in twin.inlines[relation]:
                setattr(row, key.attname, None)
        item.published, item.publish_at, item.expire_at = False, timezone.now(), None
        for code, _name in settings.LANGUAGES:
            field = item._meta.get_field(f"{name}_{code}")
            if title := field.value_from_object(item):
                with override(code):
                    end = _(" (copy)")
                setattr(item, field.name, title[: field.max_length - len(end)] + end)
        if hasattr(item, "slug"):
            first = f"{item.slug[:70]}-copy"
            taken = type(item)._base_manager.filter(slug__startswith=first)
            taken = set(taken.values_list("slug", flat=True))
            slugs = chain([first], (f"{first}-{n}" for n in count(2)))
            item.slug = next(slug for slug in slugs if slug not in taken)
        return twin

    @override(settings.LANGUAGE_CODE)  # whose words stand in the untranslated columns
    def apply(self, is_new=False):
        """Make the tables say it. Within a transaction, after a check. What somebody deleted
        meanwhile is not made again by an update."""
        self.item.save(force_insert=is_new, force_update=not is_new)
        for name, key in relations(type(self.item)).items():
            table = key.model._base_manager
            there = {row.pk: row for row in table.filter(**{key.name: self.item})}
            rows = self.inlines[name]
            if gone := there.keys() - {row.pk for row in rows}:
                table.filter(pk__in=gone).delete()
            for row in rows:
                setattr(row, key.name, self.item)
            fresh = [row for row in rows if row.pk not in there]
            changed = [row for row in rows if row.pk in there and row_differs(row, there[row.pk])]
            # A question for all of them, not for each.
            table.bulk_create(fresh)
            columns = [f.name for f in key.model._meta.concrete_fields if not f.primary_key]
            table.bulk_update(changed, columns)
            if reversion.is_active():
                for row in [*fresh, *changed]:
                    reversion.add_to_revision(row)

    def restore_timestamps(self, stored):
        """What no form has is as in ``stored`` (a version's data): when the words changed, when a
        figure was entered. Not by save(), which takes all words for new ones: older Spanish stays
        older."""
        model = type(self.item)
        timestamps = {
            field.attname: field.to_python(stored[field.name])
            for field in model._meta.concrete_fields
            if not (field.editable or field.primary_key or getattr(field, "auto_now", False))
            and field.name in stored
        }
        if timestamps:
            model._base_manager.filter(pk=self.item.pk).update(**timestamps)
            reversion.add_to_revision(model._base_manager.get(pk=self.item.pk))


def data_of(version):
    """{field: value} of the item, as the version's JSON has them."""
    return json.loads(version.serialized_data)[0]["fields"]
