"""Pictures in texts, on the pages that people read. As they are stored: tests/content."""

from django.db import connection
from django.test.utils import CaptureQueriesContext

from awareness.content.richtext import marked
from pages.models import Image, Section
from stats.models import ReadingGuide
from tests import factories
from tests.desk.test_admin import address, fill
from tests.desk.test_preview import inner
from tests.html import read

Kind = Section.Kind
CAPTION = "Seen in <strong>Rolla</strong>, &amp; elsewhere."


def body(*pictures, words="<p>Words.</p>"):
    return words + "".join(
        f"<figure {marked(getattr(each, 'pk', each))}><figcaption>{CAPTION}</figcaption></figure>"
        for each in pictures
    )


def shown(page):
    return page.one("main").all("figure", class_="picture")


def sheets(page):
    return [style for style in page.all("style") if ".picture img" in style.text]


def test_it_is_shown_with_its_caption_and_credit_below(client, db):
    image = factories.picture(alt="A poster in a window.", credit="Photo: Ana Ruiz")
    text = body(image, 999)
    factories.section(kind=Kind.QUESTION)
    factories.figure()
    factories.section(slug="here", body=text)
    factories.section(slug="for", kind=Kind.AUDIENCE, body=text)
    factories.plain_page(slug="page", body=text)
    for kind in (Kind.WORD, Kind.MYTH, Kind.SAFETY):
        factories.section(kind=kind, body=text)
    factories.update(slug="here", body=text)
    ReadingGuide.objects.update_or_create(defaults={"notes": text})
    for path in (
        *("/learn/here/", "/learn/all/", "/for/for/", "/page/", "/words/", "/questions/"),
        *("/safety/", "/updates/here/", "/statistics/"),
    ):
        answer = client.get(path)
        page = read(answer)
        (figure,) = shown(page)
        picture = figure.one("img")
        said = {"alt": "A poster in a window.", "loading": "lazy"}
        assert picture.attrs.items() >= said.items(), path
        assert (picture.attrs["src"], picture.attrs["width"]) == (image.file.url, str(image.width))
        assert figure.one("figcaption").text == "Seen in Rolla, & elsewhere. Photo: Ana Ruiz", path
        assert figure.one("figcaption").one("strong").text == "Rolla"
        assert len(sheets(page)) == 1, path
        assert "data-picture" not in answer.content.decode(), path


def test_without_a_caption_its_credit_stands_there_and_decoration_is_silent(client, db):
    image = factories.picture(alt="", decorative=True, credit="Photo: Ana Ruiz")
    bare = f"<p>x</p><figure {marked(image.pk)}></figure>"
    factories.section(slug="here", body=bare, body_es="")
    (figure,) = shown(read(client.get("/es/learn/here/")))
    assert figure.one("figcaption").text == "Photo: Ana Ruiz"
    assert figure.one("img").attrs["alt"] == ""


def test_what_is_not_in_the_library_leaves_nothing(client, db):
    factories.section(slug="here", body=body(998, 999))
    page = read(client.get("/learn/here/"))
    assert page.one("main").all("figure") == []
    assert "Rolla" not in page.text


def asked(client, path):
    with CaptureQueriesContext(connection) as queries:
        client.get(path)
    return [query["sql"] for query in queries if "pages_image" in query["sql"]]


def test_all_pictures_of_a_page_are_one_question_and_none_without(client, db):
    pictures = [factories.picture(title=f"{n}") for n in range(3)]
    for _n in range(2):
        factories.section(body=body(words="<p>Only words.</p>"))
    without = asked(client, "/learn/all/")
    factories.section(body=body(*pictures))
    factories.section(body=body(*pictures[1:]))
    page = read(client.get("/learn/all/"))
    assert (len(shown(page)), len(sheets(page))) == (5, 1)
    assert len(asked(client, "/learn/all/")) == len(without) + 1


def test_a_preview_shows_it_and_the_form_refuses_one_that_is_gone(admin_client, db):
    image, row = factories.picture(), factories.section()
    form = address(Section, "change", row.pk)
    fill(admin_client, form, "_draft", body_en=body(image))
    assert len(shown(read(inner(admin_client, row)))) == 1
    assert [str(draft) for draft in image.used_in()] == [str(row)]
    said = read(fill(admin_client, form, "_draft", body_en=body(image, 999)))
    assert "Picture 999 is not in the library any more." in said.one("ul", class_="errorlist").text
    assert len(shown(read(inner(admin_client, row)))) == 1


def test_one_that_a_text_of_the_figures_shows_is_in_use(db):
    image, other = factories.picture(), factories.picture()
    ReadingGuide.objects.update_or_create(defaults={"notes": body(image)})
    assert [type(item) for item in image.used_in()] == [ReadingGuide]
    assert (other.used_in(), Image.objects.count()) == ([], 2)
