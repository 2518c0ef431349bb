"""The audit list: ``record()`` is the only way into it."""

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.utils import translation
from django.utils.text import capfirst

from awareness.audit.models import Event

Kind = Event.Kind


def record(kind, user, item=None, note="", revision=None, title=""):
    """Write down that ``user`` (None: the site itself) did this, in the same transaction.

    ``item`` is a row, or a model when it happened to many rows at once.
    """
    known = user if user is not None and user.is_authenticated else None
    many = isinstance(item, type)
    return Event.objects.create(
        kind=kind,
        user=known,
        who=known.get_username() if known else "",
        content_type=ContentType.objects.get_for_model(item) if item is not None else None,
        object_id="" if item is None or many or item.pk is None else str(item.pk),
        title=(title or title_of(item))[:300],
        note=note,
        revision=revision,
    )


def title_of(item):
    """In English, whoever's desk it is: all read it."""
    if item is None:
        return ""
    with translation.override(settings.LANGUAGE_CODE):
        return capfirst(item._meta.verbose_name_plural) if isinstance(item, type) else str(item)
