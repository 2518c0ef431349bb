"""What must be done before the site goes public: on the admin's first page until it is."""

from django.db.models import Exists, Func, IntegerField, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from awareness.audit.admin import form_address
from awareness.desk.cards import Entry
from pages.models import CallToAction, Citation, HelpLine, Section, Service, SiteSettings, Update

TRANSLATED = (HelpLine, Section, Update, CallToAction, Service)


def checklist(user):
    """What is left to do, each with the form where it is done; for whoever may open that. One
    question to the database."""
    if not user.has_perm("pages.change_sitesettings"):
        return []
    now = timezone.now()
    lines = HelpLine.objects.live(now).filter(checked_on=None)
    lines = lines.exclude(kind=HelpLine.Kind.EMERGENCY)  # nobody calls 911 to try it
    citations = Citation.objects.filter(section__in=Section.objects.live(now), read_on=None)
    unread = {m: m.objects.live(now).filter(translation_reviewed_on=None) for m in TRANSLATED}
    rows = SiteSettings.objects.filter(pk=1).annotate(
        lines=number_of(lines),
        line=first_of(lines, "pk"),
        citations=number_of(citations),
        cited_in=first_of(citations, "section_id"),
        **{f"unread_{model.__name__}": number_of(rows) for model, rows in unread.items()},
        **{f"first_{model.__name__}": first_of(rows, "pk") for model, rows in unread.items()},
        has_appeal=Exists(CallToAction.objects.live(now).exclude(url="")),
    )
    return [entry for site in rows for entry in [*in_rows(site), *in_settings(site)]]


def in_rows(site):
    if site.lines:
        yield Entry(
            ngettext("%d help line was never called", "%d help lines were never called", site.lines)
            % site.lines,
            form_address(HelpLine, str(site.line)),
            _("Call or text it, then set “Checked on”."),
        )
    if site.citations:
        yield Entry(
            ngettext("%d source was never opened", "%d sources were never opened", site.citations)
            % site.citations,
            form_address(Section, str(site.cited_in)),
            _("Open it, compare our text with it, then set “Read on”."),
        )
    counts = {model: getattr(site, f"unread_{model.__name__}") for model in TRANSLATED}
    if any(counts.values()):
        number, first = sum(counts.values()), next(model for model in TRANSLATED if counts[model])
        yield Entry(
            ngettext(
                "The Spanish of %d text was never read",
                "The Spanish of %d texts was never read",
                number,
            )
            % number,
            form_address(first, str(getattr(site, f"first_{first.__name__}"))),
            _("Ask a native reader, then fill in “Translation reviewed”."),
        )
    if not site.has_appeal:
        yield Entry(
            _("No appeal has a button"),
            form_address(CallToAction, ""),
            _("Nobody can give. Write one, and say where its button leads."),
        )


def in_settings(site):
    missing = {
        _("There is no contact"): site.contact_email or site.contact_address,
        _("No lawyer has read the pages on rights and law"): site.lawyer_read_on,
        _("No advocate who is a survivor has read the site"): site.survivor_read_on,
        _("Nobody has tried to put a backup back"): site.restored_on,
    }
    for words, value in missing.items():
        if not value:
            yield Entry(words, form_address(SiteSettings, "1"), _("Say so in the site settings."))


def number_of(rows):
    counted = rows.order_by().annotate(found=Func("pk", function="COUNT"))
    return Subquery(counted.values("found"), output_field=IntegerField())


def first_of(rows, name):
    return Subquery(rows.values(name)[:1])
