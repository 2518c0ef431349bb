"""The preview beside a form, of what stands in it now, and in a tab of its own; with the notes of
the checker (checker.py), which stand at their place in it, too."""

import re
from contextlib import suppress
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied, ValidationError
from django.http import HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.urls import NoReverseMatch, path
from django.utils import translation
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin

from awareness.content.richtext import RichTextField, faults
from awareness.web.csp import FORM_POLICY, PUBLIC_POLICY, set_policy
from awareness.web.inline import style

from .checker import notes_of
from .item_version import ItemVersion, fields_of
from .preview import NO_COLUMN, as_if_public, public_page
from .typed import open_form, typed_version

LANGUAGES = dict(settings.LANGUAGES)
SCRIPT = re.compile(r"<script\b.*?</script>", re.DOTALL)
STAND_IN = "preview"  # the address of what has none yet


def widths():
    """[(name, label)] of the screens that a page can be seen on: static/css/staff.css."""
    return [("phone", _("Phone")), ("tablet", _("Tablet")), ("desktop", _("Computer"))]


class Noticed(Exception):
    """Something keeps it from going out: what the checker says."""

    def __init__(self, notes):
        super().__init__(notes)
        self.notes = notes


class Previews:
    """For DeskAdmin."""

    def public_path(self, item):
        """Where the public finds it; with a fragment if it is a part of a page."""
        return item.get_absolute_url()

    def path_of(self, item):
        """The same of what may lack anything; "" if it has none yet."""
        with suppress(NoReverseMatch, ObjectDoesNotExist):
            return self.public_path(item)
        return ""

    def own_notes(self, version):
        """(message, the end of the id of its field) of what only this kind of item knows."""
        return ()

    def get_urls(self):
        name = f"{self.opts.app_label}_{self.opts.model_name}_preview"
        outer, inner = map(self.admin_site.admin_view, (self.preview_view, self.preview_page_view))
        return [
            path("add/preview/page/", inner, name=f"{name}_new"),
            path("<path:object_id>/preview/", outer, name=name),
            path("<path:object_id>/preview/page/", inner, name=f"{name}_page"),
            *super().get_urls(),
        ]

    def open_preview(self, request, object_id):
        """The state of the form, unlocked; None: the item is gone."""
        if object_id is None:
            if not self.has_add_permission(request):
                raise PermissionDenied
            return open_form(self, request, None, request.GET.get("draft", ""))
        item = self.get_object(request, object_id)
        may = self.has_view_or_change_permission
        if not (self.has_change_permission if request.method == "POST" else may)(request, item):
            raise PermissionDenied
        return item and open_form(self, request, item)

    def preview_view(self, request, object_id):
        state = self.open_preview(request, object_id)
        if state is None:
            return self.gone(request, object_id)
        asked = {name: request.GET.get(name) for name in ("width", "language")}
        chosen = {
            "width": asked["width"] if asked["width"] in dict(widths()) else "desktop",
            "language": language_of(request),
        }
        item = state.shown.item
        fragment = urlsplit(self.path_of(item)).fragment
        context = {
            "title": _("Preview of “%s”") % item,
            "draft": state.draft,
            "chosen": chosen,
            "widths": [
                (name, label, urlencode(chosen | {"width": name})) for name, label in widths()
            ],
            "languages": [
                (code, label, urlencode(chosen | {"language": code}))
                for code, label in LANGUAGES.items()
            ],
            "page": f"page/?language={chosen['language']}" + (f"#{fragment}" if fragment else ""),
        }
        response = self.page(request, "admin/desk/preview.html", item, context)
        set_policy(response, FORM_POLICY)
        return response

    def preview_page_view(self, request, object_id=None):
        """What is saved, as a page. What is sent is answered with its page, if that is asked for,
        and the notes on it."""
        request.form_state = state = self.open_preview(request, object_id)
        if state is None:
            is_asked_for = request.method != "POST"
            return self.gone(request, object_id) if is_asked_for else HttpResponse(status=410)
        if request.method != "POST":
            version = state.shown or ItemVersion.empty(self.model)
            return framed(self.page_of(version, language_of(request)))
        version = typed_version(self, request)
        notes = notes_of(self, version)
        answer = {"notes": render_to_string("admin/desk/notes.html", {"notes": notes}, request)}
        if "language" in request.GET:
            answer["page"] = self.page_of(version, language_of(request), notes)
        return JsonResponse(answer)

    def page_of(self, version, code, notes=()):
        """The public page as it would be, each note at its place."""
        version = version.copy()
        mark(version.item, notes)
        if not getattr(version.item, "slug", "none"):
            version.item.slug = STAND_IN
        try:
            with as_if_public(version) as item, translation.override(code):
                where = urlsplit(self.path_of(item)).path
                response = where and public_page(where)
        except ValidationError:
            why = _("The draft cannot be shown because another item now has the same address.")
            return no_page(why)
        except NO_COLUMN:
            response = None
        if not response or response.status_code != 200:
            return no_page(_("There is no page to show yet. Fill in more of the form."))
        return as_preview(response.content.decode(), notes)

    def ask_about_notes(self, form_state, version):
        """Raises Noticed if notes keep it from going out, until whoever does it is sure."""
        if form_state.is_unfinished:
            return
        notes = notes_of(self, version)
        is_asked = form_state.is_publishing and not form_state.is_sure
        if any(note.is_error for note in notes) or notes and is_asked:
            raise Noticed(notes)

    def refusal_of(self, notes):
        """The same in one sentence; None if there is none."""
        if notes is None:
            return None
        if any(note.is_error for note in notes):
            return said_below(_("Something must be mended first: {list}."))
        return said_below(_("Mend what {list} says, or check “Publish anyway” there."))

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        state = context["form_state"]
        if context["may_write"]:
            draft = f"?draft={state.draft.pk}" if state.draft else ""
            part = urlsplit(self.path_of(obj)).fragment if obj else ""
            page = self.address("preview_page", obj) if obj else self.address("preview_new") + draft
            context["live_preview"] = {
                "page": f"{page}#{part}" if part else page,
                "widths": widths(),
                "languages": LANGUAGES.items(),
            }
        response = super().render_change_form(request, context, add, change, form_url, obj)
        set_policy(response, FORM_POLICY)
        return response


def said_below(sentence):
    """With a link to the list of notes."""
    link = format_html('<a href="#desk-check">{}</a>', _("Before it goes out"))
    return format_html(sentence, list=link)


def language_of(request):
    code = request.GET.get("language")
    return code if code in LANGUAGES else settings.LANGUAGE_CODE


def mark(item, notes):
    """Put the number of each note into the text that it is about."""
    for field in fields_of(type(item)):
        if isinstance(field, RichTextField):
            marks = [(n.at, k) for k, n in enumerate(notes, 1) if n.field == field.name and n.at]
            text = field.value_from_object(item) or ""
            # Not setattr: modeltranslation would copy an English fallback into the Spanish text.
            item.__dict__[field.attname] = faults.with_marks(text, marks)


def as_preview(page, notes=()):
    """Without scripts, which the frame does not run. Links leave it, since no public page may be
    shown in one."""
    banner = format_html(
        '<div class="top"><div><p class="pending"><b>{}</b> {}</p></div></div>',
        _("Preview."),
        _("Only staff see this page."),
    )
    head = f'<head><base target="_blank"><style>{style("preview")}</style>'
    page = SCRIPT.sub("", page).replace("<head>", head, 1).replace("<body>", f"<body>{banner}", 1)
    page = page.replace(' href="#', ' target="_self" href="#')
    return faults.marks_shown(page, lambda number: mark_of(number, notes))


def no_page(why):
    page = "<html><head></head><body><main><p>{}</p></main></body></html>"
    return as_preview(format_html(page, why))


def mark_of(number, notes):
    message = notes[number - 1].message if 0 < number <= len(notes) else ""
    return format_html('<mark>{}<span class="hidden">: {}</span></mark>', number, message)


def framed(page):
    response = HttpResponse(page)
    set_policy(response, PUBLIC_POLICY | {"frame-ancestors": ["'self'"]})
    return xframe_options_sameorigin(lambda _request: response)(None)
