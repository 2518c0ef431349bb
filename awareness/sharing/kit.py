"""All of it in one ZIP: sheets, texts, dates, pictures. The same content gives the same bytes."""

import io
import zipfile
from threading import Lock

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from awareness.content.reading import current_generation
from awareness.press.kept import Busy, file_of, kept, read, store, turn
from awareness.sharing import dates, papers, previews, texts
from awareness.web.addresses import absolute
from pages.site_context import get_site_context
from stats.highlight import PLACE
from stats.models import Place

ROUTES = {"home": "home", "help": "pages:help", "guide": "guide"}
PACKING = Lock()


def of_today(asked, request):
    """Its bytes, packed once for a day and its content. Raises Busy: one is packed at a time."""
    now = current_generation()
    facts = [now.version, now.until, str(timezone.localdate()), settings.SITE_URL, asked]
    file = file_of(facts, "zip", "kits")
    if (made := read(file)) is not None:
        return made
    if not PACKING.acquire(blocking=False):
        raise Busy
    try:
        made = packed(asked, request)
        with turn(settings.VAR_DIR / "press"):
            store(file, made)
    finally:
        PACKING.release()
    return made


def packed(asked, request):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:  # not packed: what is drawn is packed already
        for name, data in files(asked, request):
            entry = zipfile.ZipInfo(name)  # of 1980: the day of its making is no content
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, data)
    return out.getvalue()


def files(asked, request):
    readme, site_context = [], get_site_context(request)
    for code in papers.LANGUAGES[asked]:
        with translation.override(code):
            readme.append(read_me(request))
            yield f"texts-{code}.txt", in_one_file(request)
            yield f"dates-{code}.ics", dates.calendar(_("Awareness dates"))
            for name, data in pictures(request):
                yield f"pictures/{name}-{code}-{data['shape']}.png", kept("preview", "png", data)
    yield "README.txt", "\n".join(readme)
    for sheet in papers.SHEETS:
        data, _problem = papers.sheet_data(papers.Asked(sheet, asked), site_context)
        if data:
            yield f"{sheet}.pdf", kept("sheet", "pdf", {**data, "form": "pdf"})


def pictures(request):
    """Of the pages that most people pass on: (name, what is drawn)."""
    paths = {name: reverse(route) for name, route in ROUTES.items()}
    if place := Place.objects.filter(code=PLACE).first():
        paths["statistics"] = place.get_absolute_url()
    for name, path in paths.items():
        for shape in previews.SHAPES:
            if data := previews.data_at(path, request, shape):
                yield name, data


def read_me(request):
    site_context = get_site_context(request)
    facts = {
        "site": site_context.site.site_name,
        "day": date_format(timezone.localdate()),
        "address": absolute(reverse("share")),
    }
    lines = [
        _("%(site)s: to pass on. Made on %(day)s.") % facts,
        _("Numbers change. Before you print or post again, get the newest: %(address)s") % facts,
        papers.NOT_THE_STATES,
    ]
    if page := site_context.by_slug.get("talking-about-it"):
        lines.append(f"{page.title}: {absolute(page.get_absolute_url())}")
    return "\n".join(map(str, lines)) + "\n"


def in_one_file(request):
    """The texts of all pages, in the current language."""
    parts, alt = [_("Texts to copy")], _("Alt text:")
    for heading, those in texts.groups(request):
        parts.append(f"== {heading} ==")
        for text in those:
            parts += [text.title, text.short, text.long, f"{alt} {text.says}"]
    return "\n\n".join(parts) + "\n"
