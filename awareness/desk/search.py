"""Search over all that staff may see: every list with its own search, and the words in drafts."""

from dataclasses import dataclass

from django.apps import apps
from django.contrib.admin.utils import quote
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import FieldDoesNotExist
from django.db.models import CharField, Count, Exists, OuterRef, TextField, Window
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from awareness.audit.models import Event
from awareness.content.publishing import Publishable
from awareness.desk.base import model_admins
from awareness.desk.models import Draft

MOST = 10  # results of a kind


@dataclass
class Hit:
    title: str
    url: str
    state: str
    excerpt: tuple | None


@dataclass
class Found:
    """The hits of one kind; ``total`` may be more than are shown, ``url`` is where all are."""

    kind: str
    hits: list
    total: int
    url: str = ""

    @property
    def left_out(self):
        return self.total - len(self.hits)


def search(site, request, query):
    """[Found] in every list of this admin site that the person may see. One question a list."""
    seen = [(m, a) for m, a in model_admins(site).items() if a.has_view_permission(request)]
    seen.sort(key=lambda one: one[0]._meta.app_label == "auth")  # what people read comes first
    found = [
        in_list(site, request, query, model_admin)
        for model, model_admin in seen
        if model_admin.get_search_fields(request) and model is not Event  # it holds no content
    ]
    found.append(in_drafts(site, query, [model for model, _admin in seen]))
    return [one for one in found if one.total]


def address(site, opts, view, *args):
    return reverse(f"{site.name}:{opts.app_label}_{opts.model_name}_{view}", args=args)


def in_list(site, request, query, model_admin):
    opts = model_admin.opts
    every = model_admin.get_queryset(request)
    rows, doubled = model_admin.get_search_results(request, every, query.text)
    if doubled:
        rows = every.filter(Exists(rows.filter(pk=OuterRef("pk"))))
    if related := model_admin.get_list_select_related(request):
        rows = rows.select_related(*(related if related is not True else ()))
    rows = list(rows.annotate(desk_total=Window(Count("pk")))[:MOST])
    names = own_texts(model_admin, request)
    hits = []
    for row in rows:
        texts = [getattr(row, name) or "" for name in names]
        hits.append(
            Hit(
                str(row),
                address(site, opts, "change", quote(row.pk)),
                row.state().label if isinstance(row, Publishable) else "",
                query.excerpt(text for text in texts if text != str(row)),
            )
        )
    total = rows[0].desk_total if rows else 0
    url = f"{address(site, opts, 'changelist')}?{urlencode({'q': query.text})}"
    return Found(capfirst(opts.verbose_name_plural), hits, total, url)


def own_texts(model_admin, request):
    """The names of the fields that are searched in the list's own table."""
    found = []
    for name in model_admin.get_search_fields(request):
        name = str(name).lstrip("^=@").partition("__")[0]
        if is_text(model_admin.model, name):
            found.append(name)
    return found


def is_text(model, name):
    try:
        kind = model._meta.get_field(name)
    except FieldDoesNotExist:  # a draft may be older than the table
        return False
    return isinstance(kind, CharField | TextField) and not kind.choices


def in_drafts(site, query, models):
    """The words of working copies lie in no table of their own. Drafts without a copy are their
    item's own rows, which the lists have searched."""
    kinds = ContentType.objects.get_for_models(*models)
    drafts = Draft.objects.filter(content_type__in=kinds.values(), copy__isnull=False)
    hits = []
    for draft in drafts.select_related("content_type").order_by("-saved_at"):
        texts = [draft.title, *words_of(draft)]
        if not query.is_in(texts):
            continue
        excerpt = query.excerpt(text for text in texts if text != draft.title)
        hits.append(Hit(draft.title, draft.url, draft.get_state_display(), excerpt))
    return Found(_("Drafts"), hits[:MOST], len(hits))


def words_of(draft):
    """What somebody wrote into the item or into one of its rows."""
    return [
        value
        for part in draft.copy
        for name, value in part["fields"].items()
        if isinstance(value, str) and is_text(apps.get_model(part["model"]), name)
    ]
