"""Sections of each kind: where they stand, what lists them, what is asked of them."""

import datetime
import time

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.formats import date_format

from awareness.content.richtext import blocks
from pages import drawings
from pages.models import Correction, Section
from pages.models.section import grouped
from pages.site_context import read_site_context
from tests import factories
from tests.html import read

Kind = Section.Kind
WHERE = {
    Kind.GUIDE: "/learn/here/",
    Kind.SIGNS: "/learn/here/",
    Kind.HELP: "/learn/here/",
    Kind.AUDIENCE: "/for/here/",
    Kind.QUESTION: "/questions/here/",
    Kind.PAGE: "/here/",
    Kind.MYTH: "/questions/#here",
    Kind.WORD: "/words/#here",
    Kind.SAFETY: "/safety/#here",
}
LISTED_ON = {
    Kind.SIGNS: "/learn/",
    Kind.HELP: "/help/",
    Kind.AUDIENCE: "/for/",
    Kind.QUESTION: "/questions/",
    Kind.MYTH: "/questions/",
    Kind.WORD: "/words/",
}


def test_it_stands_at_its_address_and_at_no_other(client, db):
    factories.section(kind=Kind.QUESTION, slug="another")  # the page of questions is there
    factories.section(kind=Kind.GUIDE, slug="first")
    for kind, address in WHERE.items():
        row = factories.section(kind=kind, slug="here", title="Title of it")
        assert row.get_absolute_url() == address
        for path in {address, LISTED_ON.get(kind, address)}:
            assert "Title of it" in read(client.get(path)).one("main").text, kind
        for other in {path for path in WHERE.values() if "#" not in path} - {address}:
            assert client.get(other).status_code in (301, 404), (kind, other)
        row.delete()
    assert WHERE.keys() == set(Kind)


def test_a_page_that_would_list_nothing_is_not_there(client, db):
    def named(path):
        footer = {a.attrs["href"] for a in read(client.get("/about-nothing/")).all("a")}
        return path in footer, f"{path}<" in client.get("/sitemap.xml").content.decode()

    for kind in (Kind.AUDIENCE, Kind.QUESTION, Kind.WORD):
        path = LISTED_ON[kind]
        factories.section(kind=kind, **factories.in_state("draft"))
        assert client.get(path).status_code == 404
        assert named(path) == (False, False)
        factories.section(kind=kind)
        assert client.get(path).status_code == 200
        assert named(path) == (True, True)


def test_each_part_of_a_folded_one_opens_by_itself(client, db):
    body = "<p>First.</p><h2>One</h2><p>Of one.</p><h2>Two</h2><p>Of two.</p>"
    factories.section(slug="here", folded=True, body=body)
    page = read(client.get("/learn/here/")).one("div", class_="prose")
    parts = page.all("details")
    assert [part.one("summary").one("h2").text for part in parts] == ["One", "Two"]
    assert ["Of one." in part.text for part in parts] == [True, False]
    assert page.text.startswith("First.")


def test_three_headings_of_a_text_are_its_contents(client, db):
    body = "<p>First.</p><h2>One &amp; all</h2><p>1</p><h2>Two</h2><p>2</p>"
    row = factories.section(slug="here", body=body)
    assert read(client.get("/learn/here/")).one("div", class_="rail").all("nav") == []
    row.body_en = f"{body}<h2>Two</h2><p>3</p>"
    row.save()
    page = read(client.get("/learn/here/"))
    links = page.one("div", class_="rail").one("nav").all("a")
    headings = page.one("div", class_="prose").all("h2")
    assert [a.text for a in links] == [h2.text for h2 in headings] == ["One & all", "Two", "Two"]
    anchors = ["on--one-all", "on--two", "on--two-2"]
    assert [a.attrs["href"] for a in links] == [f"#{anchor}" for anchor in anchors]
    assert [h2.attrs["id"] for h2 in headings] == anchors


def test_a_long_text_has_its_contents_folded_above_it_too(client, db):
    def contents(count):
        row.body_en = "".join(f"<h2>Part {n}</h2><p>{n}</p>" for n in range(count))
        row.save()
        return read(client.get("/learn/here/")).all("nav", class_="on-page")

    row = factories.section(slug="here")
    assert contents(3) == []
    (above,) = contents(4)
    rail = read(client.get("/learn/here/")).one("div", class_="rail").one("nav")
    assert above.one("details").attrs == {}
    assert [a.attrs["href"] for a in above.all("a")] == [a.attrs["href"] for a in rail.all("a")]


def test_a_question_folds_its_short_answer_and_a_myth_its_fact(client, db):
    factories.section(kind=Kind.QUESTION, slug="one", title="One?", summary="Yes.")
    factories.section(kind=Kind.MYTH, slug="two", title="“Two.”", summary="No.", body="<p>Why</p>")
    question, myth = read(client.get("/questions/")).one("main").all("details")[:2]
    said = [each.one("summary").text for each in (question, myth)]
    assert said == ["One?", "✗ People say “Two.”"]
    answer, fact = question.one("div", id="one"), myth.one("div", id="two")
    assert (answer.text, fact.text) == ("Yes. The whole answer: One?", "✓ The fact: No. Why")
    assert answer.one("a").attrs["href"] == "/questions/one/"


def test_lists_below_three_headings_in_a_row_are_cards(client, db):
    one = "<h2>{}</h2>\n<ul>\n<li>a</li>\n</ul>\n"
    lists = "".join(map(one.format, ("One", "Two", "Three")))
    other = "<h2>Four</h2><ul><li>a</li></ul><p>b</p>"
    factories.section(slug="here", body=f"<p>First.</p>{lists}{other}")
    page = read(client.get("/learn/here/")).one("div", class_="prose")
    cards = page.one("div", class_="signs").all("section")
    assert [card.one("h2").text for card in cards] == ["One", "Two", "Three"]
    assert [len(card.all("svg")) for card in cards] == [1, 1, 1]
    assert [h2.text for h2 in page.all("h2")] == ["One", "Two", "Three", "Four"]


def test_what_to_do_stands_beside_what_not_to(client, db):
    do, dont = (f'<h2>{kind}</h2><ul class="{kind}"><li>a</li></ul>' for kind in ("do", "dont"))
    factories.section(slug="one", body=do + dont)
    factories.section(slug="other", body=dont + do)
    pair = read(client.get("/learn/one/")).one("div", class_="do-dont")
    assert [part.one("h2").text for part in pair.all("section")] == ["do", "dont"]
    assert pair.all("p", class_="what") == []
    other = read(client.get("/learn/other/")).one("div", class_="prose")
    assert other.all("div", class_="do-dont") == []
    assert [word.text for word in other.all("p", class_="what")] == ["Do not", "Do"]


def test_parts_with_both_lists_each_are_no_pair(client, db):
    do, dont = (f'<ul class="{kind}"><li>a</li></ul>' for kind in ("do", "dont"))
    for slug, first, second in [("a", do + dont, do + dont), ("b", do, do + dont), ("c", do, do)]:
        body = f"<h2>At a hotel</h2>{first}<h2>At a truck stop</h2>{second}"
        factories.section(slug=slug, body=body)
        page = read(client.get(f"/learn/{slug}/")).one("div", class_="prose")
        said = [word.text for word in page.all("p", class_="what")]
        kinds = ["Do not" if "dont" in ul.attrs["class"] else "Do" for ul in page.all("ul")]
        assert (page.all("div", class_="do-dont"), said) == ([], kinds), slug


def test_a_list_of_what_not_to_do_says_so_on_every_page(client, db):
    """Below any heading, folded or not, numbered or not, with the marks of a style or without."""
    body = '<h2>At a hotel</h2><ol class="dont"><li>Wait.</li></ol>'
    for kind, path in WHERE.items():
        factories.section(slug="here", kind=kind, body=body, folded=kind == Kind.HELP)
        factories.section(kind=Kind.QUESTION, slug="another")  # the page of questions is there
        page = read(client.get(path.partition("#")[0])).one("main").text
        assert "At a hotel Do not Wait." in page, kind
        Section.objects.all().delete()
    update = factories.update(body=body)
    page = read(client.get(update.get_absolute_url())).one("main").text
    assert "At a hotel Do not Wait." in page


def test_signs_begin_with_a_way_for_whom_they_are_about(client, starter):
    here = "/learn/questions-to-ask/", "/help/"
    for slug in ("signs", "signs-hotel"):
        box = read(client.get(f"/learn/{slug}/")).one("section", class_="about-you")
        assert tuple(a.attrs["href"] for a in box.all("a")) == here
    for path in ("/learn/signs/", "/es/learn/signs/"):  # the text says nothing twice
        headings = [h2.text for h2 in read(client.get(path)).one("main").all("h2")]
        assert len(headings) == len(set(headings)), path
    page = read(client.get("/learn/signs/"))
    cards = page.one("div", class_="signs").all("h2")
    assert [h2.text for h2 in cards] == ["Signs of control", "Signs at work", "Signs in daily life"]
    places = page.one("ul", class_="places").all("a")
    assert [a.attrs["href"] for a in places] == [
        place.get_absolute_url() for place in Section.objects.of(Kind.SIGNS)
    ]
    other = read(client.get("/learn/labor-trafficking/"))
    assert other.all("section", class_="about-you") + other.all("ul", class_="places") == []


def test_a_part_without_end_is_not_folded(client, db):
    table = '<table><tr><td colspan="2"><h2>Two</h2></td></tr></table>'
    for slug, inside in [
        ("quote", "<blockquote><h2>Two</h2></blockquote>"),
        ("table", table),
        ("item", "<ul><li>a<ul><li>b</li></ul><h2>Two</h2>c</li></ul>"),
        ("list", "<ul><h2>Two</h2><li>a</li></ul>"),
        ("link", '<a href="/help/"><h2>Two</h2></a>'),
    ]:
        body = f"<h2>One</h2>{inside}<h2>Three</h2><p>d</p>"
        factories.section(slug=slug, folded=True, body=body)
        page = read(client.get(f"/learn/{slug}/"))  # every tag is closed where it should be
        prose = page.one("div", class_="prose")
        assert (prose.all("details"), prose.text[-7:]) == ([], "Three d"), slug


def test_a_long_body_is_parted_in_no_time():
    """What stands inside one another is counted once, not looked for again from each."""
    items = "<ul><li>a<br></li></ul>" * 4_000
    flat = f"<h2>One</h2>{items}<h2>Two</h2>{items}"
    deep = f"{'<ul><li>' * 10_000}<h2>One</h2>{'</li></ul>' * 10_000}"
    started = time.process_time()
    assert [[part.heading for part in one.parts] for one in blocks(flat)] == [["One"], ["Two"]]
    assert [block.parts for block in blocks(deep)] == [[]]
    assert time.process_time() - started < 1


def test_only_a_word_or_a_myth_needs_no_text(db):
    for kind in Kind:
        row = Section(kind=kind, title_en="A", slug="a-b", summary_en="B.")
        if kind in (Kind.WORD, Kind.MYTH):
            row.full_clean()
        else:
            with pytest.raises(ValidationError, match="Write the text"):
                row.full_clean()


def test_words_stand_in_the_alphabet_of_their_language(client, db):
    factories.section(kind=Kind.WORD, title="Zebra", title_es="Animal")
    factories.section(kind=Kind.WORD, title="Apple", title_es="Zumo")
    for path, first in (("/words/", "Apple"), ("/es/words/", "Animal")):
        assert read(client.get(path)).all("dt")[0].text == first


def test_the_last_review_and_each_correction_stand_at_its_foot(client, publisher, db):
    """A correction is public under the day on which it was written, and nobody changes it."""
    section = factories.section(slug="here", reviewed_on=datetime.date(2026, 3, 4))
    for row, kind in ((section, "section"), (factories.update(slug="news"), "update")):
        path, old = row.get_absolute_url(), timezone.now() - datetime.timedelta(days=9)
        type(row).objects.update(updated_at=old, publish_at=old)
        beside = f"/admin/pages/correction/add/?{kind}={row.pk}"
        editing = f"/admin/pages/{kind}/{row.pk}/change/"
        assert beside in publisher.get(editing).content.decode()
        asked = [select.attrs["name"] for select in read(publisher.get(beside)).all("select")]
        assert asked == [kind]
        form = {kind: row.pk, "day": "2026-03-05", "text_en": "It said 5. Right is 6."}
        assert publisher.post(beside, form)["Location"] == editing
        made = Correction.objects.first()
        day = date_format(timezone.localdate())
        text = read(client.get(path)).one("article").text
        assert f"{day}: It said 5. Right is 6." in text, kind
        row.refresh_from_db()
        assert row.updated_at.isoformat() in client.get(path).content.decode(), "for machines"
        for way in ("change", "delete"):
            publisher.post(f"/admin/pages/correction/{made.pk}/{way}/", {**form, "post": "yes"})
        assert Correction.objects.get(pk=made.pk).text_en == "It said 5. Right is 6."
    (entry,) = client.get("/updates/feed.json").json()["items"]
    assert entry["date_modified"].startswith(str(timezone.now().date()))
    assert "Last reviewed on March 4, 2026." in read(client.get("/learn/here/")).one("article").text
    beside = f"/admin/pages/correction/add/?section={section.pk}"
    for where in (beside, f"{beside}&update={row.pk}"):
        page = read(publisher.post(where, {"section": "", "text_en": "It said 5."}))
        assert page.one("ul", id="id_section_error").text == "This field is required."
    for both in ({}, {"section": section, "update": row}):
        with pytest.raises(ValidationError, match="not both"):
            Correction(text_en="A", **both).full_clean()


def test_the_line_for_reports_stands_below_the_texts_that_say_so(client, db):
    factories.help_line(name="For help", number="1-800-555-0111")
    line = factories.help_line(name="For reports", number="1-800-555-0199", where="report")
    factories.section(kind=Kind.SIGNS, slug="signs-here", for_reports=True)
    factories.section(kind=Kind.SIGNS, slug="signs-there")
    factories.section(kind=Kind.HELP, slug="help-here")
    factories.language_card()
    assert "For reports" in read(client.get("/learn/signs-here/")).one("main").text
    elsewhere = ["/", "/help/", "/help/near/", "/help/languages/", "/learn/help-here/"]
    elsewhere += ["/learn/signs-there/"]
    for path in [*elsewhere, "/no/such/", "/es/help/"]:
        assert line.number not in client.get(path).content.decode(), path
    found = client.post("/search/", {"words": "for reports"}).content.decode()
    assert line.number not in found


def test_the_guide_in_groups_begins_with_the_signs(starter):
    groups = [
        (str(label), drawing, [section.slug for section in sections])
        for label, drawing, sections in read_site_context().guide_groups
    ]
    what = "what-is-human-trafficking sex-trafficking child-sex-trafficking labor-trafficking"
    who = "who-is-vulnerable who-traffickers-are who-survivors-are"
    why = "how-traffickers-control why-it-stays-hidden why-it-exists"
    assert groups == [
        ("What you can do", "door", ["signs", "calling-the-hotline"]),
        ("What it is", "lamp", what.split()),
        ("Who", "town", who.split()),
        ("How and why", "road", why.split()),
    ]


def test_a_section_without_group_or_drawing_has_those_of_its_place(db):
    at = {"group": "who", "drawing": "screen"}
    made = [factories.section(), factories.section(kind=Kind.WORD), factories.section(**at)]
    made.append(factories.section(drawing="../../base", group="why"))
    assert [section.drawn for section in made] == ["lamp", "book", "screen", "road"]
    made.append(factories.section(group="gone"))  # of a release to come, say
    (what, who, why) = grouped([made[0], *made[2:]])
    assert (what[2], who[2], why[2]) == ([made[0], made[4]], [made[2]], [made[3]])


def test_each_kind_and_group_has_a_drawing():
    places = [*Kind.values, *Section.Group.values]
    assert {*places} == {*drawings.OF_PLACE}
    assert {*drawings.OF_PLACE.values()} <= drawings.NAMES


def test_the_doors_of_the_home_page_keep_their_addresses(starter):
    for slug in ("signs", "act"):
        section = Section.objects.get(slug=slug)
        section.slug = "another"
        with pytest.raises(ValidationError, match="Keep this address"):
            section.full_clean()
