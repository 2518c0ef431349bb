"""Texts to copy: whole, short enough, and never a number without its day."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone, translation

from awareness.sharing.texts import LONG, SHORT, beginning, either, ready, text_of
from awareness.web.addresses import absolute, view_at
from pages.models import HelpLine, Section, SiteSettings
from stats.models import Figure, Place, ReadingGuide
from tests import factories
from tests.html import read

CALL, TEXT = "1-888-373-7888", "233733"


def shown(client, prefix=""):
    """{address: (short, long)} of the page."""
    areas = read(client.get(f"{prefix}/share/texts/")).all("textarea")
    assert all("readonly" in area.attrs for area in areas)
    texts = {}
    for area in areas:
        texts.setdefault(area.attrs["aria-describedby"], []).append("".join(area.children))
    return {short.rpartition(" ")[2]: (short, long) for short, long in texts.values()}


@pytest.mark.slow
@pytest.mark.parametrize("prefix", ["", "/es"])
def test_each_page_has_both_whole_with_its_address_at_the_end(client, starter, prefix):
    factories.update(slug="walk", title_en="Walk " * 29, title_es="Pasos " * 24, summary_es="Va.")
    found = shown(client, prefix)
    paths = {address.removeprefix(absolute(prefix)) for address in found}
    sections = Section.objects.live().of("guide", "signs", "help", "audience", "question", "page")
    with translation.override(prefix[1:] or "en"):
        rows = {row.get_absolute_url().removeprefix(prefix) for row in sections}
    fixed = {"/", "/help/", "/help/near/", "/help/languages/", "/learn/", "/questions/", "/words/"}
    fixed |= {"/for/", "/safety/", "/statistics/"}
    places = {"/statistics/missouri/", "/statistics/united-states/"}
    assert paths == {*rows, *fixed, *places, "/updates/walk/"}
    for address, (short, long) in found.items():
        assert view_at(address.removeprefix(absolute("")))
        for text, most in ((short, SHORT), (long, LONG)):
            words, _space, end = text.rpartition(" ")
            assert (end, len(text) <= most) == (address, True), text
            assert re.search(r"[.?!…”)]$", words), text
            assert not re.search(r"\d\S*…$|…\w", words), text


def test_a_number_of_ours_stands_with_its_year_day_and_caveat_or_not_at_all(client, starter):
    short, long = shown(client)[absolute("/statistics/missouri/")]
    assert short.startswith("Figures for Missouri by year, each with its source and date. http")
    assert long.startswith(
        "In 2024, the National Human Trafficking Hotline counted 272 cases for Missouri (as of "
        "January 7, 2026). These are reports to one hotline. "
    )
    ReadingGuide.objects.update(caveat_en="Reports only.")
    short, _long = shown(client)[absolute("/statistics/missouri/")]
    assert "(as of January 7, 2026). Reports only. http" in short
    Place.objects.filter(code="US-MO").update(in_sentence_en="Missouri, " * 15 + "Missouri")
    for text in shown(client)[absolute("/statistics/missouri/")]:
        assert not re.search(r"\d", text.rpartition(" ")[0])
    Figure.objects.all().delete()
    for text in shown(client)[absolute("/statistics/united-states/")]:
        assert text.startswith("Figures for the United States by year, each with its source")


def test_the_help_page_has_its_numbers_whole(client, starter):
    for prefix in ("", "/es"):
        for text in shown(client, prefix)[absolute(f"{prefix}/help/")]:
            assert CALL in text
            assert TEXT in text
    HelpLine.objects.filter(kind="text").delete()
    HelpLine.objects.filter(number=CALL).update(number="1-888-555-0100")
    short, _long = shown(client)[absolute("/help/")]
    assert "call 1-888-555-0100. In danger now? Call 911. http" in short


def test_nothing_of_drafts_or_of_what_is_over(client, db):
    now = timezone.now()
    factories.section(slug="draft", published=False)
    over = {"publish_at": now - timedelta(days=2), "expire_at": now - timedelta(days=1)}
    factories.section(slug="over", **over)
    factories.update(slug="draft-update", published=False)
    begins, ends = now + timedelta(days=3), now + timedelta(days=3, hours=1)
    factories.update(slug="event", title="A walk", starts_at=begins, ends_at=ends)
    found = shown(client)
    assert not [address for address in found if "draft" in address or "over" in address]
    assert absolute("/help/") not in found  # there is no number to call
    short = found[absolute("/updates/event/")][0]
    assert re.match(r"A walk \(.+\d{4},? .+\)\. In short\. http", short)


def test_what_has_no_translation_is_shown_in_english_and_says_so(client, db):
    factories.section(slug="a", title_en="One", summary_en="It is.", title_es="Uno")
    page = read(client.get("/es/share/texts/"))
    texts = [area for area in page.all("textarea") if area.attrs.get("lang") == "en"]
    words = f"One. It is. {absolute('/learn/a/')}"
    assert ["".join(area.children) for area in texts] == [words, words]
    assert len(page.one("main").all("p", class_="caveat")) == 1
    assert read(client.get("/share/texts/")).all("p", class_="caveat") == []


def test_a_picture_of_each_shape_stands_beside_with_its_alt_text(client, starter):
    page = read(client.get("/share/texts/"))
    for path in ("/learn/signs/", "/help/", "/statistics/missouri/"):
        metas = [meta.attrs for meta in read(client.get(path)).all("meta")]
        (alt,) = [m["content"] for m in metas if m.get("property") == "og:image:alt"]
        (at,) = [a.parent for a in page.one("main").all("a") if a.attrs["href"] == path]
        wide, square = page.all("a", **{"aria-describedby": at.attrs["id"]})
        assert alt in wide.parent.text, path
        assert wide.attrs["href"] == absolute(f"/share/preview.png?page={path}")
        assert square.attrs["href"] == absolute(f"/share/preview.png?page={path}&shape=square")


def test_words_that_fit():
    address = "https://a.example/x/"
    lengths = {most: ready(["One.", "Two."], address, most) for most in (24, 25, 30)}
    assert [*lengths.values()] == [address, f"One. {address}", f"One. Two. {address}"]
    title, summary = "Labor", "Labor by the U.S. Code is work. It pays 12,000 dollars. Call 911."
    text = text_of(title, summary, "/x/")
    assert text.long == f"{summary} {absolute('/x/')}"  # the title is there already
    long = text_of("A", "The first part of it is long, " * 9 + "and it ends.", "/x/")
    assert re.fullmatch(r"A\. (The first part of it is long,? ?)+… \S+", long.short)
    assert beginning("In all 12,000 people came to it.", 99) == ""
    assert beginning("Whoever calls 1-888-373-7888 now", 24) == ""
    assert beginning("There are so many of them 12", 99) == "There are so many of them…"
    assert either(address, ["x" * 300], ["Two."]) == [f"Two. {address}"] * 2
    assert either("y" * 300, ["One."]) == ["y" * 300] * 2


def test_the_page_without_content_and_with_an_odd_query(client, db):
    SiteSettings.objects.all().delete()
    assert client.get("/share/texts/?x=%00&y=<b>")["Location"] == "/share/texts/"
    for address in ("/share/texts/", "/es/share/texts/"):
        assert read(client.get(address)).one("h1").text in ("Texts to copy", "Textos para copiar")
    assert client.post("/share/texts/").status_code == 405
