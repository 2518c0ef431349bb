"""Pictures in a text, as it is stored. As it is shown: tests/pages/test_text_pictures.py."""

import pytest
from django.core.exceptions import ValidationError

from awareness.content.readability import counts
from awareness.content.richtext import (
    FIGURE,
    RichTextFormField,
    blocks,
    canonical,
    clean,
    in_lines,
    numbers,
    review,
)
from tests import factories

BARE = '<figure data-picture="12"></figure>'
WITH_WORDS = '<figure data-picture="12"><figcaption>A <em>b</em></figcaption></figure>'
WORDS = "<p>x</p>"


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        (BARE, BARE),
        (WITH_WORDS, WITH_WORDS),
        # What an editor or a parser makes of it.
        (
            "<FIGURE\nDATA-PICTURE=12>\n\t<figcaption>\nA <i>b</i>&nbsp;\n</figcaption>\n",
            WITH_WORDS,
        ),
        (
            "<figure data-picture=12><p>A</p><figcaption><em>b</em></figcaption></figure>",
            WITH_WORDS,
        ),
        ("<figure data-picture=12><ul><li>A<li><h2><em>b</em></h2></ul></figure>", WITH_WORDS),
        ("<figure data-picture=12><figcaption><br> </figcaption></figure>", BARE),
        ("<figure data-picture=12 class=key style=x id=y onclick=z><figcaption><b></b>", BARE),
        (f"<div><p>a{BARE}</p></div>", f"<p>a</p>{BARE}"),
        # None of ours: its words stay.
        ("<figure>a<figcaption>b</figcaption></figure>c", "a b c"),
        ("<figcaption>b</figcaption>c", "b c"),
        *(
            (f'<figure data-picture="{number}"><figcaption>b</figcaption></figure>', "b")
            for number in ("", "0", "012", "-1", "1234567890", "1 ", "x", "१")
        ),
        # It stands in nothing else.
        (f"<ul><li>{WITH_WORDS}</li></ul>", "<ul><li>A <em>b</em></li></ul>"),
        (f"<blockquote>{BARE}a</blockquote>", "<blockquote>a</blockquote>"),
        (f'<a href="/">{WITH_WORDS}</a>', '<a href="/"> A <em>b</em> </a>'),
        (f"<strong>a{BARE}</strong>", "<strong>a </strong>"),
        (
            f'<figure data-picture="7">a {BARE}b</figure>',
            '<figure data-picture="7"><figcaption>a b</figcaption></figure>',
        ),
    ],
)
def test_a_figure_is_a_number_with_one_line_of_words(typed, stored):
    assert canonical(f"{WORDS}{typed}") == f"{WORDS}{stored}"
    assert clean(f"{WORDS}{stored}") == f"{WORDS}{stored}"
    assert len(FIGURE.findall(stored)) == stored.count("<fig") - stored.count("<figcap")


def test_a_link_in_a_caption_stays_and_is_reviewed():
    body = '<figure data-picture="1"><figcaption><a href="{}">b</a></figcaption></figure><p>x</p>'
    assert clean(body.format("/help/")) == body.format("/help/")
    assert "http://a.example" in review(body.format("http://a.example")).refused[0]


def test_space_that_the_editor_writes_makes_no_other_text():
    body = f"<p>x</p>{WITH_WORDS}<p>y</p>"
    spaced = body.replace("><", ">\n\t<")
    assert canonical(spaced) == canonical(body)
    assert numbers(canonical(spaced)) == {12}


def test_what_a_figure_cannot_be_is_said_and_not_lost_unsaid():
    ours = (
        "A text shows only pictures from the library: press Picture in the editor and choose one,"
    )
    nested = "A picture can’t stand in a list, a table, a quote, or a link. Put it between two "
    for typed, said in [
        (f"{WORDS}{BARE}{WITH_WORDS}", []),
        (f"{WORDS}<figure>a</figure>", []),
        (f"{WORDS}<p><img src=x></p>", [f"{ours} or take this one out."]),
        (f"{WORDS}<ul><li>{BARE}</li></ul>", [f"{nested}paragraphs."]),
        (f"<table><tr><td>{WORDS}{BARE}</td></tr></table>", [f"{nested}paragraphs."]),
        (BARE, ["A picture alone is no text. Write what you want to say, too."]),
        (WITH_WORDS, ["A picture alone is no text. Write what you want to say, too."]),
    ]:
        assert review(typed).refused == said, typed
    assert clean(BARE) == ""
    assert review(f"{WORDS}{WITH_WORDS}").tidied == []


def test_a_picture_that_is_not_in_the_library_is_refused(db):
    image = factories.picture()
    there = f'<figure data-picture="{image.pk}"></figure>'
    assert RichTextFormField().clean(f"{WORDS}{there}") == f"{WORDS}{there}"
    with pytest.raises(ValidationError) as refused:
        RichTextFormField().clean(f'{WORDS}{there}{BARE}<figure data-picture="7"></figure>')
    gone = "Picture {} is not in the library any more. Take it out of the text, or choose another."
    wrong = sorted({7, 12} - {image.pk})
    assert refused.value.messages == [gone.format(", ".join(map(str, wrong)))]


def test_two_versions_are_compared_by_title_and_caption(db):
    image = factories.picture(title="Truck stop")
    body = f'<p>x</p><figure data-picture="{image.pk}"><figcaption>A</figcaption></figure>'
    body += '<figure data-picture="999"></figure><p>y</p>'
    assert in_lines(body) == ["x", "(Picture: Truck stop) A", "(Picture: 999)", "y"]


def test_a_caption_is_a_sentence_and_a_picture_stands_in_no_card():
    assert counts(f"<p>One</p>{WITH_WORDS}<p>Two</p>", "en")[:2] == (3, 4)
    cards = "".join(f"<h2>{n}</h2><ul><li>a</li></ul>" for n in range(3))
    assert [block.kind for block in blocks(cards)] == ["cards"]
    assert [block.kind for block in blocks(cards + BARE)] == ["text", "text", "text"]
