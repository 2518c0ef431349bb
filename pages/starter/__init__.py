"""The words that a new site starts with. They stand in the files of this folder."""

from pathlib import Path

from awareness.starter import read_page, read_toml
from pages.models import Amount, CallToAction, Citation, HelpLine, Section, SiteSettings, Update

FOLDER = Path(__file__).parent


def load():
    """Fill each table that is empty, and leave the others alone. Returns what was filled."""
    steps = {
        SiteSettings: load_settings,
        HelpLine: load_help_lines,
        Section: load_sections,
        Update: load_updates,
        CallToAction: load_appeals,
    }
    empty = [model for model in steps if not model.objects.exists()]
    for model in empty:
        steps[model]()
    return empty


def load_settings():
    SiteSettings(**read_toml(FOLDER / "site.toml")).save()


def starter_help_lines():
    """Unsaved rows: also the last resort of an error page."""
    rows = read_toml(FOLDER / "help_lines.toml")["help_lines"]
    return [HelpLine(published=True, position=10 * n, **row) for n, row in enumerate(rows, 1)]


def load_help_lines():
    for line in starter_help_lines():
        line.save()


def load_sections():
    """A file's name is its position and its address: ``03-child-sex-trafficking.html``."""
    for kind, folder in ((Section.Kind.GUIDE, "sections"), (Section.Kind.PAGE, "pages")):
        for path in sorted((FOLDER / folder).glob("*.html")):
            position, slug = path.stem.split("-", 1)
            fields = read_page(path)
            citations = fields.pop("citations", [])
            section = Section(
                kind=kind, slug=slug, position=10 * int(position), published=True, **fields
            )
            section.save()
            for citation in citations:
                Citation(section=section, **citation).save()


def load_updates():
    for path in sorted((FOLDER / "updates").glob("*.html")):
        Update(slug=path.stem, published=True, **read_page(path)).save()


def load_appeals():
    for fields in read_toml(FOLDER / "appeals.toml")["appeals"]:
        amounts = fields.pop("amounts", [])
        appeal = CallToAction(published=True, **fields)
        appeal.save()
        for amount in amounts:
            Amount(appeal=appeal, **amount).save()
