"""Whatever stands in a field, no page, feed, picture, file or header is other than it was."""

import csv
import io
import re
import xml.etree.ElementTree as ElementTree
import zipfile
from functools import cache
from urllib.parse import urlsplit

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, models, transaction
from django.test import Client

from awareness.content.fields import HIDDEN, Plain, one_line, words_alone
from awareness.content.richtext import RichTextField
from awareness.web.content_version import public_tables
from tests import hostile, public
from tests.html import read

LEADS = {"href", "src", "action", "data-to", "content"}
SCHEMES = {"", "http", "https", "tel", "sms", "mailto"}
OPEN = ("http", "https")
DRAWN = {"svg", "title", "desc", "defs", "symbol", "g", "path", "use", "clipPath"}


def visited(client, word):
    """{address: response} of a site that is full of this word, and is gone again."""
    with transaction.atomic(), connection.cursor() as cursor:
        for table in public_tables():
            cursor.execute(f'DELETE FROM "{table}"')
        code = hostile.fill_site(word)
    answers = {**public.visit(client, pictures=False), **public.error_pages(client)}
    assert {"/statistics/data.zip", "/updates/feed.atom", "/es/two/", "500"} <= answers.keys()
    return hostile.named(answers, code)


@cache
def usual(lines):
    """{address: (status, structure)} of a site with nothing in it but a letter a line."""
    answers = visited(Client(), lines)
    return {address: (a.status_code, bones(a)) for address, a in answers.items()}


def bones(answer):
    return hostile.bones(answer) if answer.content else None


# The others are in pictures, below, and in the cells of stats/test_formulas.py.
WALKED = [name for name in hostile.WORDS if name not in ("formula behind", "names")]


@pytest.mark.django_db(transaction=True)
@pytest.mark.slow
def test_a_word_changes_nothing_but_words(client, subtests):
    for name in WALKED:
        answers = visited(client, hostile.WORDS[name])
        expected = usual(hostile.outline(hostile.WORDS[name]))
        with subtests.test(name=name):
            assert answers.keys() ^ expected.keys() == set()
            for address, answer in answers.items():
                assert (answer.status_code, bones(answer)) == expected[address], address
                check_headers(answer)
                kind = answer.headers["Content-Type"]
                if kind.startswith("text/html"):
                    check_links(answer)
                if kind.startswith("text/csv"):
                    check_cells(answer.content.decode())
                if kind == "application/zip":
                    archive = zipfile.ZipFile(io.BytesIO(answer.content))
                    check_cells(archive.read("data.csv").decode())
                assert not HIDDEN.search(public.words_of(answer)), address


@pytest.mark.parametrize("name", hostile.WORDS)
def test_a_picture_is_whole_whatever_stands_in_it(client, db, name):
    code = hostile.fill_site(hostile.WORDS[name])
    answer = client.get("/statistics/chart.svg", {"place": code, "measure": "things"})
    root = ElementTree.fromstring(answer.content)
    assert {element.tag.partition("}")[2] for element in root.iter()} <= DRAWN
    assert not re.search(rb'href="(?!#)', answer.content)
    check_headers(answer)


def check_headers(answer):
    assert answer.cookies == {}
    for name, value in answer.items():
        assert value.isascii(), name
        assert value.isprintable(), name
    named = answer.headers.get("Content-Disposition")
    assert named is None or re.fullmatch(r'attachment; filename="[a-z0-9._-]+"', named)


def check_links(answer):
    for element in read(answer).walk():
        for name in LEADS & element.attrs.keys():
            value = element.attrs[name]
            if name == "content" and not re.match(r"https?:", value):
                continue  # of <meta>: words, but for the addresses
            parts = urlsplit(value)
            assert parts.scheme in SCHEMES, value
            if parts.scheme == "mailto":  # to one address, with nothing said for the sender
                assert not parts.query or value.startswith("mailto:?body="), value
            assert parts.scheme in OPEN or not parts.netloc, value  # "//host"
            assert not value.startswith(("/\\", "\\")), value


def check_cells(text):
    """Also as a spreadsheet cuts them to which the comma is a decimal mark."""
    rows = [cell for row in csv.reader(io.StringIO(text)) for cell in row]
    for cell in rows:
        for part in re.split(r"[;|\t\r\n]", cell):
            assert not part.startswith(("=", "+", "-", "@")), cell


def test_what_is_drawn_are_the_letters_and_no_commands(client, db):
    """Each letter of what stands in a field is a shape of its own, also where typst has a command
    of that name."""
    drawn = {}
    for words in ("Ab", "Ab#upper[x]", "Ab#eval(1)$y$*z*"):
        with transaction.atomic():
            hostile.fill_site("a")
            hostile.ReadingGuide.objects.update(caveat_en="", caveat="")
            hostile.Measure.objects.update(caveat_en=words, caveat=words)
            picture = client.get("/statistics/chart.svg?place=a&measure=things").content
            transaction.set_rollback(True)
        root = ElementTree.fromstring(picture)
        drawn[words] = sum(element.tag.endswith("}use") for element in root.iter())
    least = drawn["Ab"]
    assert {words: shapes - least for words, shapes in drawn.items()} == {
        words: len(words) - 2 for words in drawn
    }


# --- Where the rule lives --------------------------------------------------------------------


def test_every_text_of_public_content_is_cleaned_by_its_field():
    """A field that is added later, too."""
    rough = [
        f"{model.__name__}.{field.name}"
        for model in {model for model, _name in hostile.every_field()}
        for field in hostile.text_fields(model)
        if not isinstance(field, Plain | RichTextField)
    ]
    assert rough == []


def test_no_field_for_an_address_takes_one_that_is_none(subtests):
    for address in [
        "javascript:hit()",
        "JaVaScRiPt:hit()",
        "java\tscript:hit()",
        "data:text/html,x",
        "vbscript:x",
        "//evil.example/",
        "/\\evil.example",
        "https:evil.example",
        "https:///evil.example",
        "ftp://evil.example/",
        "https://evil.example\r\nX: y",
        "https://evil.example\\@good.example/",
        "https://evil.example/\\good.example",
        "https://good.example@evil.example/",
        "https://good.example:x@evil.example/",
    ]:
        with subtests.test(address=address):
            for model, name in hostile.every_field():
                field = model._meta.get_field(name)
                if isinstance(field, models.URLField):
                    with pytest.raises(ValidationError):
                        field.clean(address, model())


WAYS = {
    "save": lambda model, row, text: (setattr(row, "title", text), row.save()),
    "update": lambda model, row, text: model.objects.filter(pk=row.pk).update(title_en=text),
    "bulk": lambda model, row, text: (
        setattr(row, "title_en", text),
        model.objects.bulk_update([row], ["title_en"]),
    ),
    "full_clean": lambda model, row, text: (
        setattr(row, "title_en", text),
        row.full_clean(),
        model.objects.filter(pk=row.pk).update(title_en=row.title_en),
    ),
}


@pytest.mark.parametrize("way", WAYS)
def test_whichever_way_it_is_saved(db, way):
    row = hostile.factories.update()
    WAYS[way](type(row), row, " A\x0bnews\u202e of\0 two\r\nlines\u200b ")
    row.refresh_from_db()
    assert row.title == "A news of two lines"


def test_the_row_that_was_saved_says_what_is_stored(db):
    row = hostile.factories.update(title="A\u202enews", summary="One\x0btwo\u2028three\0")
    assert (row.title, row.summary) == ("Anews", "One\ntwo\nthree")


def test_a_long_space_takes_no_longer_than_it_is_long():
    """A few lines of a CSV with 100,000 spaces kept the whole process busy until it was killed."""
    space = " " * 1_000_000
    assert one_line(f" \n{space}a{space}b \t{space}c{space}") == f"a{space}b c"


def test_tags_that_never_end_take_no_longer_than_they_are_long():
    """A search through one row of 200 kB of them, from a backup, took minutes."""
    assert words_alone(f"<p>A &lt; b</p>{'<' * 1_000_000}") == f" A < b {'<' * 1_000_000}"


def test_letters_that_scripts_and_pictures_are_made_with_stay(db):
    words = "می‌خواهم – 👩‍⚕️ ñ 漢字 עברית"  # with joiners in them
    assert hostile.factories.update(title=words).title == words


def test_a_places_code_can_stand_in_addresses_names_of_files_and_cells(db, subtests):
    for code, taken in [("US", True), ("US-MO", True), ("FIPS-29", True)] + [
        (code, False) for code in ("us", "=1+1", "-US", "US-", "US MO", '"><b>', "../..", "É")
    ]:
        with subtests.test(code=code, taken=taken):
            place = hostile.Place(code=code, slug="x", name_en="x", in_sentence_en="x")
            problems = {}
            try:
                place.full_clean()
            except ValidationError as refused:
                problems = refused.message_dict
            sentence = "Use capital letters, digits, and dashes, such as US-MO."
            assert problems == ({} if taken else {"code": [sentence]})
