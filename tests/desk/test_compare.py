"""Two versions side by side: the words that were taken away and added, not the markup."""

import datetime
import time
from dataclasses import dataclass, field
from itertools import product

from django.template.loader import render_to_string
from django.utils import translation
from hypothesis import example, given
from hypothesis import strategies as st

from awareness.content.richtext import in_lines
from awareness.desk.compare import (
    EMPTY,
    LEFT_OUT,
    SHORT,
    compare,
    compare_rows,
    differences,
    in_words,
    name_of,
)
from awareness.desk.diff import SECONDS, compare_lines
from pages.models import Amount, CallToAction, Citation, HelpLine, Section, Update
from stats.models import Figure, Place, Source
from tests import factories
from tests.html import read_text

SIGNS = {"same": "{}", "removed": "[-{}-]", "added": "[+{}+]"}


@dataclass
class ItemVersion:
    item: object
    inlines: dict = field(default_factory=dict)


def marked(lines):
    """["The [-old-][+new+] text"] of lines of pieces."""
    return ["".join(SIGNS.get(p.kind, "<{}>").format(p.text) for p in line) for line in lines]


def compared(before, after):
    return marked(compare_lines(before, after))


def in_short(changes):
    return {change.label: (str(change.kind), marked(change.shown)) for change in changes}


def body(html):
    return in_words(Update(body_en=html), ["body_en"])


# --- Rich text as lines ----------------------------------------------------------------


def test_rich_text_is_read_a_line_for_each_block(subtests):
    for html, lines in [
        ("", []),
        (None, []),
        ("<h2>What it is</h2><p>A,\n  or&nbsp;b.</p>", ["What it is", "A, or b."]),
        ("<p>One<br>two</p><hr><p> </p><p>three</p>", ["One", "two", "three"]),
        ("<p>R&amp;D &lt;b&gt; caf&eacute;</p>", ["R&D <b> café"]),
        ("<ul><li>Call</li><li><p>Text</p><p>later</p></li></ul>", ["• Call", "• Text", "later"]),
        ("<ol><li>One<ul><li>Sub</li></ul></li><li>Two</li></ol>", ["• One", "• Sub", "• Two"]),
        ("<blockquote><p>They said.</p></blockquote>", ["They said."]),
        ('<p>Say <span lang="es">ayuda</span> <strong>now</strong>.</p>', ["Say ayuda now."]),
        ("<p>a<sub>2</sub> <q>so</q></p>", ["a2 so"]),
        ('<p>The <abbr title="Dept.">DOJ</abbr>.</p>', ["The DOJ (= Dept.)."]),
        ('<p>See <a href="/help/">help</a>.</p>', ["See help (→ /help/)."]),
        ('<p><a href="tel:911"><strong>Call </strong></a>now</p>', ["Call (→ tel:911) now"]),
        ('<p><a href="https://a.example/">https://a.example/</a></p>', ["https://a.example/"]),
        (
            "<table><caption>Years</caption><tr><th>Year</th><th>Cases</th></tr>"
            "<tr><td><p>2020</p><p>so far</p></td><td></td></tr><tr><td> </td></tr></table>",
            ["Years", "Year | Cases", "2020 so far |"],
        ),
        ("<table><tr><td><ul><li>a<li>b</ul></td><td>c</td></tr></table>", ["• a • b | c"]),
        ("<p>a<script>alert(1)</script>b</p>", ["ab"]),
    ]:
        with subtests.test(html=html, lines=lines):
            assert in_lines(html) == lines


def test_hostile_markup_is_read_quickly():
    before = time.process_time()
    in_lines("<a " * 60_000)
    assert time.process_time() - before < 5


# --- Words -----------------------------------------------------------------------------


def test_what_changed_is_shown_in_words(subtests):
    for before, after, lines in [
        (["The quick fox"], ["The slow fox"], ["The [-quick-][+slow+] fox"]),
        (["Call 911 now."], ["Call 911."], ["Call 911[- now-]."]),
        (["a word"], ["a new word"], ["a [+new +]word"]),
        # A phrase that became another is one piece, not one for each word.
        (["I see a red car"], ["I see my own bike"], ["I see [-a red car-][+my own bike+]"]),
        (["¿Qué pasó?"], ["¿Qué pasa?"], ["¿Qué [-pasó-][+pasa+]?"]),
        # Half of a number or of an address tells nobody what changed.
        (["At 1-800-555-0100"], ["At 1-800-555-0199"], ["At [-1-800-555-0100-][+1-800-555-0199+]"]),
        (["11,500 cases"], ["11,600 cases"], ["[-11,500-][+11,600+] cases"]),
        (
            ["It (→ https://a/x)."],
            ["It (→ https://a/y)."],
            ["It (→ [-https://a/x-][+https://a/y+])."],
        ),
        (["a"], ["a", "b"], ["a", "[+b+]"]),
        (["a", ""], ["a"], ["a", "[--]"]),
        ([""], ["a"], ["[--]", "[+a+]"]),
        # A new paragraph between others, one of which changed.
        (
            ["We are open at night", "Nothing is kept"],
            ["We are open all day", "Say hello", "Nothing at all is kept"],
            ["We are open [-at night-][+all day+]", "[+Say hello+]", "Nothing [+at all +]is kept"],
        ),
        # One paragraph became two.
        (
            ["You can call at any time. You can text."],
            ["You can call at any time.", "You can text."],
            ["You can call at any time.[- You can text.-]", "[+You can text.+]"],
        ),
        # Lines that have no more than a small word in common are not woven into each other.
        (
            ["Every person deserves the safety", "Rain fell"],
            ["Donate by the mail", "We moved"],
            ["[-Every person deserves the safety-]", "[-Rain fell-]"]
            + ["[+Donate by the mail+]", "[+We moved+]"],
        ),
        (["• a", "• b", "• c"], ["• c", "• a", "• b"], ["[+• c+]", "• a", "• b", "[-• c-]"]),
        (["10 | 7", "11"], ["12 | 7", "11"], ["[-10-][+12+] | 7", "11"]),
    ]:
        with subtests.test(before=before, after=after, lines=lines):
            assert compared(before, after) == lines


words = st.sampled_from(
    ["a", "b", "el", "niño", "the", "(→ https://x.example/)", "1,000", " ", "", "."]
)
line = st.one_of(
    st.lists(words, max_size=8).map(" ".join),
    st.text(st.characters(exclude_characters="\n"), max_size=12),
)
lines = st.lists(line, max_size=8)


@given(lines, lines)
@example(["a b c"], ["c b a"])
@example([""], [])
@example(["\ud800 \U0010ffff"], ["\U0010ffff"])
def test_no_word_is_lost_or_made_up(before, after):
    """Line by line: what stayed and went is the text before, what stayed and came the one after."""
    found = compare_lines(before, after)
    for kept, text in (("removed", before), ("added", after)):
        sides = [[p.text for p in line if p.kind in ("same", kept)] for line in found]
        assert ["".join(side) for side in sides if side] == text


def test_a_text_as_long_as_can_be_is_compared_in_bounded_time():
    """200 kB each: no word in common; all of the words in another order; one long paragraph."""
    one = [" ".join(f"a{n * 50 + k}" for k in range(50)) for n in range(560)]
    other = [line.replace("a", "b") for line in one]
    mixed = [" ".join(f"a{(n * 50 + k) * 7919 % 28_000}" for k in range(50)) for n in range(560)]
    assert sum(map(len, one)) > 150_000
    for before, after in ((one, other), (one, mixed), ([" ".join(one)], [" ".join(mixed)])):
        start = time.process_time()
        compare_lines(before, after)
        assert time.process_time() - start < SECONDS + 1


def test_a_word_that_is_there_again_and_again_keeps_nobody_waiting():
    """Two drafts of 160 kB that were “a a a” kept a process busy for half a minute."""
    many = "a " * 40_000
    start = time.process_time()
    compare_lines([f"y {many}y {many} x"], [f"x {many}{many}x y"])
    assert time.process_time() - start < SECONDS + 1


# --- Differences -----------------------------------------------------------------------


def test_only_what_differs_is_named():
    before = {"Title": ["A"], "Position": "1", "State": "Open"}
    after = {"Title": ["A"], "Position": "2", "Place": ["Here"]}
    assert in_short(differences(before, after)) == {
        "Position": ("short", ["[-1-][+2+]"]),
        "State": ("short", [f"[-Open-][+{EMPTY}+]"]),
        "Place": ("text", ["[+Here+]"]),
    }
    assert differences(before, before) == []


def test_a_long_value_is_compared_word_by_word():
    long = "word " * SHORT
    (change,) = differences({"x": "word"}, {"x": long})
    assert change.kind == "text"
    (change,) = differences({"x": "one\ntwo"}, {"x": "one\nthree"})
    assert marked(change.pieces_by_line) == ["one", "[-two-]", "[+three+]"]


def test_lines_far_from_a_change_are_folded():
    before = [str(n) for n in range(10)]
    after = [*before[:6], "six", *before[7:]]
    (change,) = differences({"x": before}, {"x": after})
    assert marked(change.shown) == ["<…>", "5", "[-6-]", "[+six+]", "7", "<…>"]
    (change,) = differences({"x": before[:3]}, {"x": [*before[:2], "two"]})
    assert marked(change.shown) == ["<…>", "1", "[-2-]", "[+two+]"]


def test_a_change_of_markup_alone_is_told_as_one_of_layout(subtests):
    for before, after, kind in [
        ("<p>Call now</p>", "<p>Call <strong>now</strong></p>", "layout"),
        ("<h2>Call</h2>", "<h3>Call</h3>", "layout"),
        ("<p>Call</p>", "<p>Call</p><hr>", "layout"),
        ("", "<hr>", "layout"),
        ("<p>Call  now</p>\n", "<p>Call\nnow</p>", None),  # what an editor sends of the same text
        ("", "<p> </p>", None),
        ("<p>Call</p>", "<p>Text</p>", "text"),
        ('<p><a href="/a/">x</a></p>', '<p><a href="/b/">x</a></p>', "text"),
    ]:
        with subtests.test(before=before, after=after, kind=kind):
            found = [change.kind for change in differences(body(before), body(after))]
            assert found == ([kind] if kind else [])


# --- Items -----------------------------------------------------------------------------


def test_an_item_is_told_in_the_words_of_its_form():
    item = Section(
        title_en="A",
        title_es="Á",
        slug="a",
        kind="page",
        body_en="<p>One <a href='/help/'>two</a></p>",
        on_help_page=True,
        translation_reviewed_on=datetime.date(2026, 1, 2),
        publish_at=datetime.datetime(2026, 1, 2, 18, tzinfo=datetime.UTC),
        summary_en="One.\r\n\r\nTwo.  ",
    )
    words = in_words(item)
    assert words == {
        "Title (English)": ["A"],
        "Title (Spanish)": ["Á"],
        "Address": ["a"],
        "Where it belongs": "Plain page, listed in the footer",
        "Position": "100",
        "Heading in the guide": EMPTY,
        "Drawing": EMPTY,
        "Picture": EMPTY,
        "Also on the help page": "Yes",
        "Folded": "No",
        "Lines for reports below": "No",
        "Contact and accessibility below": "No",
        "Last reviewed on": EMPTY,
        "Summary (English)": ["One.", "", "Two."],
        "Summary (Spanish)": EMPTY,
        "Text (English)": ["One two (→ /help/)"],
        "Text (Spanish)": EMPTY,
        "Publish time": "January 2, 2026, noon",
        "Expiry time": EMPTY,
        "Translation reviewed by": EMPTY,
        "Translation reviewed on": "January 2, 2026",
    }
    assert list(words)[:2] == ["Title (English)", "Title (Spanish)"]  # not the times
    assert set(list(words)[-4:-2]) == {"Publish time", "Expiry time"}
    assert in_words(item, ["slug", "kind"]).keys() == {"Address", "Where it belongs"}


def test_every_rich_text_of_every_model_is_read_as_such():
    """Not as a text of one line with tags in it."""
    from django.apps import apps

    from awareness.content.richtext import RichTextField

    seen = 0
    for model in apps.get_models():
        fields = [f for f in model._meta.concrete_fields if isinstance(f, RichTextField)]
        for name in (f.attname for f in fields if getattr(f, "language", None)):
            (value,) = in_words(model(**{name: "<p>a</p><p>b</p>"}), [name]).values()
            assert value == ["a", "b"]
            seen += 1
    assert seen >= 6


def test_a_figure_names_its_place_and_asks_for_nothing_else(db, django_assert_num_queries):
    figure = factories.figure(value=0, year=2020)
    figure = Figure.objects.get(pk=figure.pk)
    with django_assert_num_queries(3):
        words = in_words(figure)
    assert words["Place"] == figure.place.name
    assert words["Value"] == "0"
    assert words["First day"] == "January 1, 2020"
    assert "Entered" not in words


def test_an_old_version_may_name_what_was_deleted(db):
    source = factories.source()
    figure = Figure(source_id=source.pk)
    Source.objects.all().delete()
    assert in_words(figure, ["source"]) == {"Source": "no longer there"}


def test_labels_and_values_are_in_the_language_of_the_reader():
    with translation.override("es"):
        words = in_words(HelpLine(name_en="A", kind="call", published=True))
        assert words == {str(label): value for label, value in words.items()}
        assert len(words) == len(in_words(HelpLine()))


def test_no_two_fields_of_a_model_have_the_same_label():
    """Or one would hide the change of the other."""
    from django.apps import apps

    seen = 0
    for language, model in product(("en", "es"), apps.get_models()):
        if model._meta.app_label not in ("pages", "stats"):
            continue
        names = {f.name for f in model._meta.concrete_fields if f.editable and not f.primary_key}
        names = {name for name in names if f"{name}_en" not in names} - LEFT_OUT
        with translation.override(language):
            labels = [name_of(model, name) for name in names]
        assert sorted(labels) == sorted(set(labels)), (model, language)
        seen += len(labels)
    assert seen > 100


# --- Rows ------------------------------------------------------------------------------


def a_citation(title="A law", pk=None, **fields):
    return Citation(pk=pk, title=title, publisher="A school", url="https://a.example/", **fields)


def test_rows_are_matched_by_id_then_content_then_title(subtests):
    for before, after, told in [
        ([a_citation(pk=1)], [a_citation(pk=1)], {}),
        ([a_citation(pk=1)], [a_citation()], {}),  # entered again: nothing new to a reader
        ([a_citation(), a_citation("B")], [a_citation("B"), a_citation()], {}),
        ([], [a_citation()], {"Citation: A law": "added"}),
        ([a_citation(pk=1)], [], {"Citation: A law": "removed"}),
        ([a_citation(pk=1)], [a_citation("B", pk=1)], {"Citation: B": "text"}),
        (
            [a_citation(pk=1)],
            [a_citation("B")],
            {"Citation: B": "added", "Citation: A law": "removed"},
        ),
        ([a_citation()], [a_citation(note_en="x")], {"Citation: A law": "text"}),
        # The id counts before the content: this one was renamed, and another added.
        (
            [a_citation(pk=1)],
            [a_citation("B", pk=1), a_citation(pk=2)],
            {"Citation: B": "text", "Citation: A law": "added"},
        ),
    ]:
        with subtests.test(before=before, after=after, told=told):
            assert {c.label: c.kind for c in compare_rows(before, after, Section)} == told


def test_a_changed_row_shows_its_words():
    before, after = a_citation(pk=1), a_citation(pk=1, read_on=datetime.date(2026, 1, 2))
    after.url = "https://b.example/"
    (change,) = compare_rows([before], [after], Section)
    assert marked(change.shown) == [
        "<…>",
        "Publisher: A school",
        "Address: [-https://a.example/-][+https://b.example/+]",
        "[+Read on: January 2, 2026+]",
    ]


def test_snapshots_are_compared_whole(db, django_assert_num_queries):
    section = factories.section(title="Old title", title_en="Old title")
    kept, gone = (factories.citation(section, title=title) for title in "KG")
    changed = Section.objects.get(pk=section.pk)
    changed.title_en, changed.published = "New title", False
    new = Citation(section=changed, title="N", publisher="P", url="https://n.example/")
    before = ItemVersion(section, {"citations": [kept, gone]})
    after = ItemVersion(changed, {"citations": [kept, new]})
    with django_assert_num_queries(0):
        changes = compare(before, after)
    assert [(c.label, c.kind) for c in changes] == [
        ("Title (English)", "text"),
        ("Citation: N", "added"),
        ("Citation: G", "removed"),
    ]
    assert not any("Section" in line for c in changes for line in marked(c.shown))
    assert compare(before, before) == []


def test_what_was_not_there_before_is_new_in_every_word(db):
    appeal = CallToAction(heading_en="Give")
    changes = compare(
        None, ItemVersion(appeal, {"amounts": [Amount(dollars=5, pays_for_en="Ink")]})
    )
    assert in_short(changes)["Heading (English)"] == ("text", ["[+Give+]"])
    assert in_short(changes)["Amount: $5"][0] == "added"
    assert {c.kind for c in compare(ItemVersion(appeal), None)} <= {"text", "short"}


def test_rows_of_a_place_do_not_name_it_again(db):
    headline = factories.headline(factories.figure())
    (change,) = compare_rows([], [headline], Place)
    assert marked(change.shown) == [
        "[+First day: January 1, 2020+]",
        "[+Last day: December 31, 2020+]",
        "[+Position: 100+]",
    ]


# --- On the screen ---------------------------------------------------------------------


def screen(changes, **context):
    return read_text(
        render_to_string("admin/desk/comparison.html", {"changes": changes, **context})
    )


def test_the_screen_strikes_out_and_underlines():
    changes = differences({"Title": ["The old one"]}, {"Title": ["The new one"]})
    page = screen(changes, before_title="What the public sees", after_title="The draft")
    assert page.one("h3").text == "Title"
    line = page.one("div", class_="comparison-text").one("p")
    assert line.one("del").text == "[removed: old]"
    assert line.one("ins").text == "[added: new]"
    assert page.one("p", class_="comparison-key").text == (
        "Struck out is only in: What the public sees. Underlined is only in: The draft."
    )


def test_the_screen_says_so_when_nothing_differs():
    assert screen([]).text == "There are no differences between the two versions."
    page = screen([], before_title="A", after_title="B")
    assert page.text == "There are no differences between “A” and “B”."
    assert not page.all("del", "ins")


def test_the_screen_says_what_kind_of_change_it_is():
    formatting = "Only the formatting changed (bold, headings, and so on)."
    for before, after, sentence in (
        (body("<p>a</p>"), body("<p><em>a</em></p>"), formatting),
        ({"x": "No"}, {"x": "Yes"}, "[removed: No] → [added: Yes]"),
        ({"x": ["a", ""]}, {"x": ["a"]}, "[removed: (an empty line)]"),
        ({"x": list("abcdef")}, {"x": [*"abcde", "g"]}, "… e"),
    ):
        assert sentence in screen(differences(before, after)).text


def test_a_row_that_came_or_went_is_called_so():
    page = screen(compare_rows([a_citation("A")], [a_citation("B")], Section))
    assert [h.text for h in page.all("h3")] == ["Citation: B added", "Citation: A taken away"]


def test_markup_in_a_title_stays_text():
    hostile = "<script>alert(1)</script>"
    rows = [a_citation(hostile)]
    changes = differences({"x": ["safe"], "y": "a"}, {"x": [hostile], "y": hostile})
    page = screen([*changes, *compare_rows([], rows)], before_title=hostile, after_title=hostile)
    assert not page.all("script")
    assert page.text.count(hostile) == 6
