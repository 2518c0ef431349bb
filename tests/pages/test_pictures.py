"""The library of pictures: what is taken and what is refused, where they show, and how they go."""

import io
import re
import zlib
from pathlib import Path

import pytest
import reversion
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import ProtectedError
from django.urls import reverse
from django.utils import timezone
from PIL import Image as Pillow
from PIL import ImageCms
from reversion.models import Version

from awareness.content import pictures
from awareness.desk.models import Draft
from pages.models import Image, Section, SiteSettings, Update
from tests import factories
from tests.accounts.signing_in import signed_in
from tests.desk.test_admin import address
from tests.html import read

pytestmark = pytest.mark.also_postgres

HEIC = Path(__file__).parent / "phone.heic"
EVIL = "../../etc/x\u202egpj.exe"


def drawn(size=(640, 480), mode="RGB", color=(30, 90, 160)):
    return Pillow.new(mode, size, color)


def file(picture=None, kind="JPEG", name="photo.jpg", **options):
    out = io.BytesIO()
    (picture or drawn()).save(out, kind, **options)
    return SimpleUploadedFile(name, out.getvalue())


def form(**fields):
    words = {"title": "Truck stop", "alt_en": "A poster in a window.", "focus": "center"}
    words |= {"credit": "Photo: Ana Ruiz", "license": "Our own", "consented": "on"}
    return {**words, "file": file(), **fields}


def files(settings):
    return sorted(path.name for path in Path(settings.MEDIA_ROOT).glob("pictures/*"))


def opened(settings, name):
    with Pillow.open(Path(settings.MEDIA_ROOT) / name) as picture:
        return picture.copy()


# --- What is made of it ---------------------------------------------------------------------


def test_a_photo_is_drawn_anew_upright_in_three_widths_and_tells_nothing(db, settings):
    exif = Pillow.Exif()
    exif[0x0112] = 6  # the phone was held upright
    exif[0x010F] = "PhoneMaker"
    exif.get_ifd(0x8825)[1] = "N"  # GPS
    sent = file(drawn((2400, 1800)), exif=exif, comment=b"At home", name=EVIL)
    raw = sent.read()
    assert b"PhoneMaker" in raw
    assert b"At home" in raw
    image = factories.picture(file=sent)
    stem = re.fullmatch(r"pictures/([0-9a-f]{16})\.jpg", image.file.name)[1]
    made = {f"{stem}{width}.{form}" for width in ("", "-480", "-960") for form in ("jpg", "webp")}
    assert set(files(settings)) == made
    for name in made:
        raw = (Path(settings.MEDIA_ROOT) / "pictures" / name).read_bytes()
        assert not re.search(rb"PhoneMaker|At home|Exif|EXIF|ICCP", raw), name
        width = int(re.search(r"-(\d+)", name)[1]) if "-" in name else 1600
        assert opened(settings, f"pictures/{name}").size == (width, width * 4 // 3), name
    assert (image.width, image.height) == (1600, 2133)
    assert image.file.webp.endswith(f"/media/pictures/{stem}.webp 1600w")


def test_whatever_a_camera_makes_keeps_its_colors(db, settings):
    deep = Pillow.new("I;16", (640, 480), 40_000)
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    kinds = {
        "phone": (SimpleUploadedFile("IMG_1.HEIC", HEIC.read_bytes()), (30, 90, 160)),
        "print": (file(drawn(mode="CMYK", color=(255, 0, 0, 0))), (0, 255, 255)),
        "16 bits": (file(deep, "PNG"), (156, 156, 156)),
        "profile": (file(icc_profile=profile), (30, 90, 160)),
        "wrong name": (file(kind="PNG", name="photo.jpg"), (30, 90, 160)),
        "broken profile": (file(icc_profile=b"none"), (30, 90, 160)),
        "palette": (file(drawn().convert("P"), "GIF"), (30, 90, 160)),
    }
    for name, (sent, color) in kinds.items():
        image = factories.picture(file=sent)
        got = opened(settings, image.file.name).convert("RGB").getpixel((5, 5))
        assert all(abs(a - b) < 24 for a, b in zip(got, color, strict=True)), (name, got)


def test_what_is_see_through_stays_so(db, settings):
    image = factories.picture(file=file(drawn((300, 100), "RGBA", (9, 9, 9, 0)), "PNG"))
    assert image.file.name.endswith(".png")
    for name in files(settings):
        assert opened(settings, f"pictures/{name}").convert("RGBA").getpixel((5, 5))[3] == 0, name
    image = factories.picture(file=file(drawn((300, 300), "RGBA", (9, 9, 9, 255)), "PNG"))
    assert image.file.name.endswith(".jpg")  # a screenshot that only could be see-through


def bomb():
    """A PNG that says of itself that it is 50,000 pixels wide and high."""
    raw = bytearray(file(kind="PNG").read())
    raw[16:24] = (50_000).to_bytes(4, "big") * 2
    raw[29:33] = zlib.crc32(raw[12:29]).to_bytes(4, "big")
    return bytes(raw)


def test_what_is_refused_is_told_what_to_send_instead(db, settings):
    moving = io.BytesIO()
    drawn().save(moving, "GIF", save_all=True, append_images=[drawn(color=(250, 9, 9))])
    whole = file(drawn((2000, 1500))).read()
    refused = {
        "bomb": (bomb(), "more than 25 million pixels"),
        "26 million": (file(drawn((5200, 5000), "1", 0), "PNG").read(), "25 million pixels"),
        "drawing": (b'<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>', "(SVG)"),
        "page": (b"%PDF-1.7 ...", "not a picture that the site can use"),
        "heavy": (b"\xff\xd8" + bytes(30 * 1024**2), "has 31 MB; 15 MB is the most"),
        "cut off": (whole[: len(whole) // 2], "damaged or incomplete"),
        "moving": (moving.getvalue(), "one that is still"),
        "small": (file(drawn((120, 500))).read(), "only 120 pixels wide"),
        "tall": (file(drawn((300, 9000)), "PNG").read(), "more than 5 times as long"),
        "nothing": (b"", "This file is empty"),
    }
    client = signed_in("ann", "Editor")
    for name, (raw, words) in refused.items():
        sent = form(file=SimpleUploadedFile("photo.jpg", raw))
        page = read(client.post(address(Image, "add"), sent))
        errors = page.one("div", class_="field-file").all("ul", class_="errorlist")
        assert [words in error.text for error in errors] == [True], (name, errors)
        assert page.one("input", name="credit").attrs["value"] == "Photo: Ana Ruiz", name
    assert (Image.objects.count(), files(settings)) == (0, [])


def test_words_and_consent_are_asked_for(db):
    client = signed_in("ann", "Editor")
    for lacking, field, words in [
        ({"alt_en": ""}, "alt_en", "Say what it shows"),
        ({"decorative": "on"}, "decorative", "clear that"),
        ({"credit": ""}, "credit", "required"),
        ({"consented": ""}, "consented", "Only a picture of which this is true"),
        ({"file": ""}, "file", "Choose the file"),
    ]:
        sent = {name: value for name, value in form(**lacking).items() if value}
        page = read(client.post(address(Image, "add"), sent))
        (error,) = page.all("div", class_=f"field-{field}")[0].all("ul", class_="errorlist")
        assert words in error.text, (lacking, error.text)
    assert not Image.objects.exists()
    assert client.post(address(Image, "add"), form()).status_code == 302
    picture = Image.objects.get()
    assert (picture.alt_en, picture.consented, picture.dignified) == (picture.alt, True, True)


# --- Where it shows -------------------------------------------------------------------------


def test_the_file_is_served_by_its_name_alone(client, db):
    image = factories.picture()
    response = client.get(image.file.url)
    assert (response.status_code, response["Content-Type"]) == (200, "image/jpeg")
    assert response["Cache-Control"] == "no-store"
    assert response["X-Content-Type-Options"] == "nosniff"
    raw = b"".join(response.streaming_content)
    assert Pillow.open(io.BytesIO(raw)).size == (640, 480)
    head = client.head(image.file.small)
    head.close()
    assert (head["Content-Type"], head["Content-Length"] > "0") == ("image/webp", True)
    for name in ("", "0000000000000000.jpg", "x.jpg", "..%2Fdb.sqlite3", f"{image.pk}"):
        assert client.get(f"/media/pictures/{name}").status_code == 404, name
    assert client.post(image.file.url).status_code == 405


def shown(client, path, language="en"):
    page = read(client.get(path))
    assert len(page.all("source")) == len(page.one("main").all("img"))
    return [(i.attrs["alt"], i.attrs["class"]) for i in page.one("main").all("img")]


def test_it_stands_at_the_top_of_its_page_and_on_lists(client, db):
    image = factories.picture(alt_es="Un cartel.", focus="top")
    section = factories.section(picture=image)
    plain = factories.plain_page(picture=image)
    update = factories.update(picture=image)
    factories.update(picture=factories.picture(decorative=True, alt=""))
    factories.appeal(picture=image, url="https://give.example/", button="Give")
    once = [("A poster in a window.", "focus-top")]
    for path in (section, plain, update):
        path = path.get_absolute_url()
        assert shown(client, path) == once, path
        assert "Photo: Ana Ruiz" in read(client.get(path)).one("figcaption").text, path
        assert shown(client, f"/es{path}") == [("Un cartel.", "focus-top")], path
    assert shown(client, "/donate/") == once
    assert shown(client, "/updates/") == [("", "focus-center"), *once]
    assert sorted(shown(client, "/")) == sorted([("", "focus-center"), *once, *once])


def test_pages_without_pictures_have_no_word_of_them(client, starter):
    for path in ("/", "/learn/", "/learn/signs/", "/help/", "/about/"):
        page = client.get(path).content.decode()
        assert not re.search("<img|<picture|focus-top|/media/", page), path


def test_the_logo_stands_in_the_place_of_the_sign(client, db):
    logo = factories.picture(decorative=True, alt="", file=file(drawn((300, 100)), "PNG"))
    SiteSettings.objects.create(logo=logo)
    brand = read(client.get("/")).one("a", class_="brand")
    (image,) = brand.all("img")
    assert (image.attrs["src"], image.attrs["alt"]) == (logo.file.small, "")
    assert brand.all("svg") == []


def test_a_file_that_is_away_takes_no_page_along(client, db, settings):
    logo = factories.picture(decorative=True, alt="")
    SiteSettings.objects.create(logo=logo)
    section = factories.section(picture=factories.picture())
    for path in Path(settings.MEDIA_ROOT).glob("pictures/*"):
        path.unlink()
    for path in ("/", "/help/", section.get_absolute_url(), "/no/such/page/"):
        assert logo.file.small in client.get(path).content.decode(), path
    assert client.get(logo.file.small).status_code == 404


def test_a_draft_shows_its_picture_to_nobody(client, db):
    image = factories.picture()
    factories.update(picture=image, published=False)
    live = factories.update()
    draft(live, picture=image.pk)
    for path in ("/", "/updates/", live.get_absolute_url(), "/updates/feed.atom", "/sitemap.xml"):
        assert image.file.name.partition(".")[0] not in client.get(path).content.decode(), path


# --- How it goes ----------------------------------------------------------------------------


def test_once_deleted_it_is_gone_with_its_files(
    client, db, settings, django_capture_on_commit_callbacks
):
    image = factories.picture()
    publisher = signed_in("pat", "Publisher")
    with django_capture_on_commit_callbacks(execute=True):
        publisher.post(address(Image, "delete", image.pk), {"post": "yes"})
    assert (Image.objects.count(), files(settings)) == (0, [])
    assert client.get(image.file.url).status_code == 404
    assert read(publisher.get(address(Image, "recoverlist"))).all("a", class_="button") == []


def uses():
    yield "page", lambda image: factories.section(picture=image)
    yield "text", lambda image: factories.update(body=f"<p>x</p>{figure(image)}")
    yield "Spanish", lambda image: factories.section(body_es=f"<p>x</p>{figure(image)}")
    yield "appeal", lambda image: factories.appeal(picture=image)
    yield "logo", lambda image: SiteSettings.objects.create(logo=image)
    yield "draft", lambda image: draft(factories.section(), picture=image.pk)
    yield "text of a draft", lambda image: draft(factories.update(), body_en=figure(image))


def figure(image):
    return f'<figure data-picture="{image.pk}"></figure>'


def draft(item, **fields):
    copy = [{"model": item._meta.label_lower, "pk": item.pk, "fields": fields}]
    return Draft.objects.create(item=item, title=f"Draft of {item}", copy=copy)


def test_what_shows_it_is_named_and_keeps_it(db):
    publisher = signed_in("pat", "Publisher")
    other = factories.picture()
    for name, use in uses():
        image = factories.picture()
        item = use(image)
        assert (image.used_in(), other.used_in()) == ([item], []), name
        page = read(publisher.get(address(Image, "change", image.pk)))
        assert str(item) in page.one("div", class_="field-used").text, name
        assert (
            publisher.post(address(Image, "delete", image.pk), {"post": "yes"}).status_code == 403
        )
    with pytest.raises(ProtectedError):
        Section.objects.exclude(picture=None).get().picture.delete()


def test_what_is_brought_back_is_so_without_a_picture_that_is_gone(db):
    publisher, update = signed_in("pat", "Publisher"), factories.update()
    image = factories.picture()
    with reversion.create_revision():
        update.picture = image
        update.save()
    update.delete()
    image.delete()
    version = Version.objects.get_deleted(Update).get()
    where = reverse("admin:pages_update_recover", args=[version.pk])
    page = publisher.post(where, follow=True).content.decode()
    assert "“Picture” was left out" in page
    assert Update.objects.get().picture is None


def test_an_editor_returns_to_no_words_of_a_picture(db):
    editor, image = signed_in("ann", "Editor"), factories.picture()
    with reversion.create_revision():
        image.save()
    version = Version.objects.get_for_object(image).get()
    where = reverse("admin:pages_image_revision", args=[image.pk, version.pk])
    assert editor.post(where).status_code == 403
    assert not Draft.objects.exists()


def test_an_editor_describes_anew_only_what_the_public_does_not_see(db):
    editor = signed_in("ann", "Editor")
    image = factories.picture()
    update = factories.update(picture=image, published=False)
    sent = {**form(alt_en="New words."), "file": ""}
    assert editor.post(address(Image, "change", image.pk), sent).status_code == 302
    tomorrow = timezone.now() + factories.DAY
    for state in ({"published": True, "publish_at": tomorrow}, {"publish_at": update.publish_at}):
        Update.objects.filter(pk=update.pk).update(**state)
        assert editor.post(address(Image, "change", image.pk), sent).status_code == 403, state
    assert editor.post(address(Image, "delete", image.pk), {"post": "yes"}).status_code == 403
    image.refresh_from_db()
    assert image.alt_en == "New words."


def test_the_file_is_never_exchanged(db, settings):
    image, publisher = factories.picture(), signed_in("pat", "Publisher")
    before = files(settings)
    publisher.post(address(Image, "change", image.pk), form(title="New", file=file()))
    image.refresh_from_db()
    assert (image.title, files(settings)) == ("New", before)


def test_a_form_chooses_one_and_says_when_it_is_gone(db):
    image, publisher = factories.picture(), signed_in("pat", "Publisher")
    update = factories.update(picture=image)
    page = read(publisher.get(address(Update, "change", update.pk)))
    choice = page.one("div", class_="picture-choice")
    assert choice.one("input").attrs["value"] == str(image.pk)
    assert choice.one("img").attrs["src"] == address(Image, "thumbnail", image.pk)
    assert publisher.get(address(Image, "thumbnail", image.pk))["Location"] == image.file.small
    for odd in ("abc", "-1", " ", "1.5"):
        sent = {"title_en": "x", "picture": odd, "_draft": "1"}
        answer = publisher.post(address(Update, "add"), sent)
        assert answer.status_code == 200, odd
    popup = publisher.get(f"{address(Image, 'changelist')}?_popup=1&_to_field=id")
    assert f'data-popup-opener="{image.pk}"' in popup.content.decode()
    assert read(popup).one("img", class_="thumbnail").attrs["src"] == image.file.small


def test_a_script_that_saves_bytes_saves_no_raw_file(db):
    with pytest.raises(pictures.Unusable, match="not a picture"):
        factories.picture(file=ContentFile(b"<script>", name="x.jpg"))
