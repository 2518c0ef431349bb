"""A changed address leads on to the new one: who had which, who may take it, who is sent where.

An old address names the item and not its new path, so whatever it is called by then is one step
away: there are no chains, and nothing to go round in.
"""

from django.apps import apps
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import Error, models
from django.http import HttpResponsePermanentRedirect
from django.urls import NoReverseMatch
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from awareness.content.models import OldAddress
from awareness.content.publishing import State
from awareness.web.addresses import tidied
from awareness.web.headers import is_staff_path
from awareness.web.language import in_language, language_of

LONGEST = OldAddress._meta.get_field("path").max_length
IN_USE = _(
    "This was the address of “%(other)s” and still leads there. Choose another, or first "
    "remove it under “Old addresses”."
)
TAKEN = _("Another one has this address. Choose another: add a word or the year.")


class HasAddress(models.Model):
    """Something with a page of its own, whose old addresses keep working."""

    files = ()  # names of what is to be had under its address

    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        old = stored(self)
        before = path_of(old) if old and is_published(old) else None
        super().save(*args, **kwargs)
        keep_path(stored(self) if kwargs.get("update_fields") else self, before)

    def clean(self):
        super().clean()
        other = whose(path_of(self), besides=self)
        # Who has the address already is not kept from saving the rest.
        if other is not None and path_of(self) != path_of(stored(self)):
            raise ValidationError({"slug": ValidationError(IN_USE, params={"other": other})})


def address_of(item):
    """In English, whatever language is being read; None while it cannot have any."""
    try:
        with translation.override(settings.LANGUAGE_CODE):
            return item.get_absolute_url()
    except NoReverseMatch:  # a form with a mistake in it
        return None


def path_of(item):
    """Its address, if that is a page of its own and no part of one that others share."""
    address = address_of(item) if item is not None else None
    return None if address is None or "#" in address else address


def stored(item):
    """The row as the database has it now."""
    return type(item)._base_manager.filter(pk=item.pk).first() if item.pk else None


def is_published(item):
    return getattr(item, "published", True)


def is_live(item):
    return not hasattr(item, "state") or item.state() == State.LIVE


def naming(item):
    return {"content_type": ContentType.objects.get_for_model(item), "object_id": item.pk}


def whose(path, besides=None):
    """The item that had this path before. One that was deleted holds no address any more."""
    row = OldAddress.objects.filter(path__iexact=path).first() if path else None
    item = row.item if row else None
    return None if item == besides else item


def give_free_address(item):
    """Where another item has its address by now, with a number at its end. Returns whether."""
    own = getattr(item, "slug", None)
    longest = own and item._meta.get_field("slug").max_length
    for number in range(2, 100):
        try:
            item.full_clean()
            break
        except ValidationError as error:
            if "slug" not in error.message_dict:
                break
        item.slug = own[: longest - len(f"-{number}")] + f"-{number}"
    return own != getattr(item, "slug", None)


# --- Keeping them ------------------------------------------------------------------------


def keep_path(item, before):
    """What was public keeps leading here. That goes for what is unpublished too: until it is
    back, perhaps under another address, nobody else gets the old one."""
    here = path_of(item)
    if before and (before != here or not is_published(item)):
        OldAddress.objects.update_or_create(
            path=before, defaults={**naming(item), "at": timezone.now()}
        )
    if here and is_published(item):
        OldAddress.objects.filter(path=here).delete()


# --- Leading on --------------------------------------------------------------------------


def redirect_old_urls(get_response):
    """Middleware, the innermost: where no page is, whoever asks for an old address, or for one with
    a slip in it, is sent on.

    Before CommonMiddleware sees the answer, so that a missing last slash is no detour.
    """

    def middleware(request):
        response = get_response(request)
        if response.status_code != 404 or request.method not in ("GET", "HEAD"):
            return response
        try:
            there = new_address(request.path_info)
        except Error:  # the database is gone: the page that says "not found" needs none
            there = None
        if there is None:
            return response
        if query := request.META.get("QUERY_STRING"):
            there = f"{there}?{query}"
        return HttpResponsePermanentRedirect(there)

    return middleware


def new_address(path):
    """Where the item is that has this path, but for a slip, or had it: in the path's language;
    None if nowhere in public."""
    if is_staff_path(path) or "\0" in path or len(path) > LONGEST:
        return None
    tidy = tidied(path)
    asked, file = without_file(in_language(tidy, settings.LANGUAGE_CODE))
    for item in (*living_at(asked), whose(asked)):
        if item is not None and is_live(item) and (not file or file in item.files):
            there = f"{in_language(address_of(item), language_of(tidy))}{file}"
            return there if there != path else None
    return None


def without_file(path):
    """(the path of an item, the name of the file under it that is asked for, or "")"""
    page, _slash, last = path[:-1].rpartition("/")
    return (f"{page}/", last) if "." in last else (path, "")


def living_at(path):
    """The items with this path, in whatever letters."""
    slug = path.split("/")[-2]
    for model in apps.get_models():
        if slug and issubclass(model, HasAddress):
            for item in model._base_manager.filter(slug__iexact=slug):
                if (path_of(item) or "").lower() == path:
                    yield item
