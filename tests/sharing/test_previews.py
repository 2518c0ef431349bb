"""The picture that a message shows of a link: tests/press/ has what is drawn once and kept."""

import io
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.test import RequestFactory
from django.urls import Resolver404, resolve
from django.utils import timezone, translation
from PIL import Image as Pillow

from awareness.desk.preview import public_page
from awareness.sharing import previews
from awareness.web.language import language_of
from pages.models import HelpLine, Section
from stats.models import Figure
from tests import factories, public
from tests.html import read

# Of the public addresses that are pages, those whose message has the site's own picture.
PLAIN = {"/", "/search/", "/safety/", "/safety/practice/"}


def preview(client, page):
    return client.get("/share/preview.png", {"page": page})


def drawn(path):
    """What would be drawn, as data."""
    with translation.override(language_of(path)):
        return previews.data_at(path, RequestFactory().get("/"))


def heads(client):
    """{path: {property: content}} of every public page."""
    for address, answer in public.walked(client).items():
        is_quiet = "/share/numbers/" in address  # which has none
        if b"<main id" in answer.content and "?" not in address and not is_quiet:
            metas = [meta.attrs for meta in read(answer).all("meta")]
            yield address, {m.get("property") or m.get("name"): m.get("content") for m in metas}


@pytest.mark.django_db(transaction=True)
@pytest.mark.slow
def test_every_page_has_a_picture_of_its_own_title(client, starter, settings):
    found = dict(heads(client))
    assert {"/updates/walk/", "/es/donate/", "/statistics/missouri/", *PLAIN} <= found.keys()
    for path, head in found.items():
        is_plain = path.removeprefix("/es") in PLAIN
        there = path if not is_plain else "/es/" if path.startswith("/es/") else "/"
        address = f"{settings.SITE_URL}/share/preview.png?page={there}"
        assert head.get("og:image") == address, path
        assert (head["og:image:width"], head["og:image:height"]) == ("1200", "630")
        assert head["og:image:alt"]
        assert head["twitter:card"] == "summary_large_image"
        data = drawn(there)
        assert data["language"] == language_of(path)
        if is_plain:
            assert (data["title"], data["drawing"]) == ("Aware Missouri", "")
        elif not data["figure"] or "help" in path:
            assert data["title"] == head["og:title"], path


def test_a_number_never_stands_without_its_year_day_and_caveat(starter):
    words = {path: drawn(f"{path}statistics/missouri/") for path in ("/", "/es/")}
    assert words["/"]["figure"]["number"] == ["272"]
    assert words["/"]["title"].startswith("In 2024, the National Human Trafficking Hotline counted")
    assert "(as of January 7, 2026)" in words["/"]["title"]
    assert "no court has decided them" in words["/"]["summary"]
    assert words["/es/"]["title"].startswith("En 2024, la Línea Nacional")
    Figure.objects.all().delete()
    assert drawn("/statistics/missouri/")["title"] == "Statistics: Missouri"


@pytest.mark.slow
def test_it_is_a_png_that_messengers_take_and_another_after_a_change(client, starter):
    first = preview(client, "/help/")
    assert (first.status_code, first["Content-Type"]) == (200, "image/png")
    assert first["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert Pillow.open(io.BytesIO(first.content)).size == (1200, 630)
    assert preview(client, "/es/help/").content != first.content
    HelpLine.objects.filter(kind="call", where="everywhere").update(number="1-888-555-0100")
    assert drawn("/help/")["figure"]["number"] == ["1-888-555-0100"]
    before = drawn("/learn/signs/")
    Section.objects.filter(slug="signs").update(title_en="Other signs")
    assert drawn("/learn/signs/") == before | {"title": "Other signs"}


@pytest.mark.slow
def test_a_lead_picture_is_shown_around_what_matters_and_stays_small(client, db):
    noise = Pillow.effect_noise((1500, 1000), 90).convert("RGB")
    noise.save(out := io.BytesIO(), "JPEG")
    file = ContentFile(out.getvalue(), name="photo.jpg")
    long = ("An update with a title " * 9)[:150].strip()
    picture = factories.picture(file=file, focus="left-top")
    factories.update(slug="walk", title_en=long, picture=picture)
    kind, _words, around, credit = drawn("/updates/walk/")["picture"]
    assert (kind, around, credit) == ("image/jpeg", "xMinYMin", "Photo: Ana Ruiz")
    answer = preview(client, "/updates/walk/")
    assert answer.status_code == 200
    assert len(answer.content) < 300_000
    picture.file.storage.delete(picture.file.name.replace(".jpg", "-960.jpg"))
    assert drawn("/updates/walk/")["picture"] is None


def test_nothing_is_drawn_of_what_is_no_live_page(client, db):
    now = timezone.now()
    factories.section(slug="draft", published=False)
    factories.section(slug="later", publish_at=now + timedelta(days=1))
    ended = {"publish_at": now - timedelta(days=2), "expire_at": now - timedelta(days=1)}
    factories.section(slug="over", **ended)
    for page in (
        *("", "/nope/", "/learn/draft/", "/learn/over/", "/learn/later/", "/questions/signs/"),
        *("/admin/", "/admin/pages/section/", "/accounts/login/", "/statistics/atlantis/"),
        *("https://evil.example/", "//evil.example/", "/help/?x=<b>", "learn/signs/", "/" * 3000),
        *("/statistics/data.csv", "/words/", "/healthz", "/share/preview.png", "/\0/", "/é/"),
    ):
        answer = preview(client, page)
        assert (answer.status_code, answer["Content-Type"]) == (404, "text/plain; charset=utf-8")
        assert answer.content.decode() == "There is no picture for this address.\n", page


def test_errors_and_drafts_have_none(client, starter):
    for answer in public.error_pages(client).values():
        assert b"og:image" not in answer.content
    with pytest.raises(Resolver404):
        resolve("/es/share/preview.png")  # the page says in which language
    assert b"og:image" not in public_page("/learn/signs/").content  # as a draft is looked at
