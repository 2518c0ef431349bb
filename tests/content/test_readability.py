"""The words stay easy. A formula is a guide, so the limits have a little room above the aim."""

import pytest

from awareness.content.readability import ease, grade, in_words
from pages.models import HelpLine, Section

IN_NEED = {Section.Kind.SAFETY, Section.Kind.HELP}
LOOKED_UP_IN_NEED = {"signs", "calling-the-hotline"}


def test_known_texts():
    assert grade("<p>The cat sat. The dog ran.</p>") < 1
    hard = "Institutional considerations necessitate comprehensive organizational reorganization."
    assert grade(f"<p>{hard}</p>") > 20
    assert ease("<p>El gato come. El sol sale.</p>") > 90
    assert grade("") is None
    assert in_words("", "") == in_words(None, None) == "–"  # what an editor sees of it
    items = "<ul><li>One thing</li><li>Another thing</li></ul>"  # each is a sentence
    assert grade(items) == grade("<p>One thing. Another thing.</p>")


@pytest.mark.parametrize("letter", [".", "?!", "a"])
def test_what_never_ends_takes_no_longer_than_it_is_long(letter):
    """Opening a form with 200 kB of dots kept its whole process busy until it was killed."""
    row = letter * (199_000 // len(letter))
    assert grade(f"<p>One {row}x ends. Two.</p>") is not None
    assert in_words(f"<p>{row}</p>", f"<p>{row}</p>")


def test_every_starter_text_is_easy_enough(starter):
    for section in Section.objects.all():
        in_need = section.kind in IN_NEED or section.slug in LOOKED_UP_IN_NEED
        english, spanish = (
            getattr(section, f"body_{code}") or getattr(section, f"summary_{code}")
            for code in ("en", "es")
        )
        assert grade(english) <= (6 if in_need else 8), section.slug
        assert ease(spanish) >= (70 if in_need else 60), section.slug
    for line in HelpLine.objects.all():
        assert grade(f"{line.description_en} {line.leaves_behind_en}") <= 6.5, line.name
        assert ease(f"{line.description_es} {line.leaves_behind_es}") >= 70, line.name


def test_the_editor_sees_both(admin_client, starter):
    section = Section.objects.get(slug="signs")
    page = admin_client.get(f"/admin/pages/section/{section.pk}/change/").content.decode()
    assert f"English: grade {grade(section.body_en)}" in page
    assert f"Spanish: ease {ease(section.body_es)}" in page
