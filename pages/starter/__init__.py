"""The words that a new site starts with. They stand in the files of this folder."""

from pathlib import Path

from awareness.content.starter import in_spanish, read_page, read_toml
from pages.models import (
    Amount,
    CallToAction,
    Citation,
    HelpLine,
    LanguageCard,
    Section,
    Service,
    SiteSettings,
    Synonym,
    Update,
)

FOLDER = Path(__file__).parent
SPANISH = FOLDER / "es"  # the same tree, with the words alone


def load():
    """Fill each table that is empty, and leave the others alone. Returns what was filled."""
    steps = {
        SiteSettings: load_settings,
        HelpLine: load_help_lines,
        Section: load_sections,
        Update: load_updates,
        CallToAction: load_appeals,
        Service: load_services,
        LanguageCard: load_languages,
        Synonym: load_synonyms,
    }
    empty = [model for model in steps if not model.objects.exists()]
    if Section not in empty and missing_kinds():  # a site from before there were such kinds
        empty.append(Section)
    for model in empty:
        steps[model]()
    return empty


def load_settings():
    words = in_spanish(read_toml(SPANISH / "site.toml"))
    SiteSettings(**read_toml(FOLDER / "site.toml"), **words).save()


def starter_help_lines():
    """Unsaved rows: also the last resort of an error page."""
    rows = both_languages("help_lines")
    lines = [HelpLine(published=True, position=10 * n, **row) for n, row in enumerate(rows, 1)]
    for line in lines:
        line.before_saving()
    return lines


def both_languages(name):
    """The rows of NAME.toml, each with the Spanish words of the row in the same place."""
    english = read_toml(FOLDER / f"{name}.toml")[name]
    spanish = read_toml(SPANISH / f"{name}.toml")[name]
    return [row | in_spanish(words) for row, words in zip(english, spanish, strict=True)]


def page(path):
    """A page's fields in both languages."""
    return read_page(path) | in_spanish(read_page(SPANISH / path.relative_to(FOLDER)))


def load_help_lines():
    for line in starter_help_lines():
        line.save()


# Where the sections of each kind stand: a folder of pages, or one file of rows.
FOLDERS = {
    Section.Kind.GUIDE: "sections",
    Section.Kind.SIGNS: "signs",
    Section.Kind.HELP: "help",
    Section.Kind.AUDIENCE: "audiences",
    Section.Kind.QUESTION: "questions",
    Section.Kind.PAGE: "pages",
    Section.Kind.SAFETY: "safety",
}
ROWS = {Section.Kind.MYTH: "myths", Section.Kind.WORD: "words"}


def missing_kinds():
    return {*FOLDERS, *ROWS} - set(Section.objects.order_by().values_list("kind", flat=True))


def load_sections():
    """A file's name is its position and its address: ``03-child-sex-trafficking.html``. What
    says ``published = false`` waits for somebody to open its sources. On a site that has sections
    already, those of the kinds that it lacks come as drafts."""
    kinds, is_new = missing_kinds(), not Section.objects.exists()
    taken = set(Section.objects.values_list("slug", flat=True))
    for fields in sections():
        if fields["kind"] in kinds and fields["slug"] not in taken:
            add_section({"published": is_new, **fields})


def sections():
    for kind, folder in FOLDERS.items():
        for path in sorted((FOLDER / folder).glob("*.html")):
            position, slug = path.stem.split("-", 1)
            yield {"kind": kind, "slug": slug, "position": 10 * int(position), **page(path)}
    for kind, name in ROWS.items():
        for number, fields in enumerate(both_languages(name), 1):
            yield {"kind": kind, "position": 10 * number, **fields}


def add_section(fields):
    citations = fields.pop("citations", [])
    section = Section(**fields)
    section.save()
    for citation in citations:
        Citation(section=section, **citation).save()


def load_services():
    """Drafts: each is published once somebody has called."""
    for fields in both_languages("services"):
        Service(**fields).save()


def load_languages():
    for number, fields in enumerate(both_languages("cards"), 1):
        LanguageCard(position=10 * number, **fields).save()


def load_synonyms():
    for fields in read_toml(FOLDER / "synonyms.toml")["synonyms"]:
        Synonym(**fields).save()


def load_updates():
    """A template, as a draft: what is news is the nonprofit's to say."""
    for path in sorted((FOLDER / "updates").glob("*.html")):
        Update(slug=path.stem, **page(path)).save()


def load_appeals():
    """A template, as a draft: it becomes an appeal with a button that leads somewhere."""
    for fields in both_languages("appeals"):
        amounts = fields.pop("amounts", [])
        appeal = CallToAction(**fields)
        appeal.save()
        for amount in amounts:
            Amount(appeal=appeal, **amount).save()
