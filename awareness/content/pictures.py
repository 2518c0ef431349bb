"""Pictures that staff send: what is taken, and what is made of it. Nothing else knows Pillow.

Whatever comes is drawn anew, so that no file which somebody made is ever served: no EXIF, no place
where it was taken, and in the colors that every screen knows.
"""

import io
import re
import secrets

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import models
from django.db.models.fields.files import ImageFieldFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from PIL import Image, ImageCms, ImageOps

FOLDER = "pictures"
TAKEN = ["JPEG", "PNG", "WEBP", "GIF", "HEIF", "AVIF"]
MAY_MOVE = ["PNG", "WEBP", "GIF", "AVIF"]  # a JPEG or HEIC of a phone holds previews
MAX_BYTES = 15 * 1024 * 1024
MAX_PIXELS = 25_000_000
MIN_WIDTH = 240  # pixels: less is a blur on every screen
WIDTHS = (480, 960, 1600)  # pixels; the last is the most that is kept
LONGEST = 5  # times the other side
QUALITY = 82
TYPES = {"webp": "image/webp", "jpg": "image/jpeg", "png": "image/png"}
NAME = re.compile(rf"[0-9a-f]{{16}}(?:-\d+)?\.(?:{'|'.join(TYPES)})")
ACCEPT = ".jpg,.jpeg,.png,.webp,.gif,.heic,.heif,.avif"


class Unusable(ValidationError):
    """A file that is no picture for us, in a sentence that says what to send instead."""


def read(file):
    """The picture in ``file``, upright, in sRGB, as RGB or RGBA; Unusable when it is none."""
    picture = opened(file)
    try:
        picture.draft("RGB", (2 * WIDTHS[-1],) * 2)  # a large JPEG is read in a half or a quarter
        picture = in_srgb(ImageOps.exif_transpose(picture))
    except Exception:
        sentence = _(
            "This picture is damaged or incomplete. Open it on your device, save it as a JPEG, "
            "and send that."
        )
        raise Unusable(sentence) from None
    if picture.width < MIN_WIDTH:
        sentence = _(
            "This picture is only %(width)d pixels wide and would look blurred. Send one that is "
            "at least %(least)d pixels wide, better %(best)d."
        )
        names = {"width": picture.width, "least": MIN_WIDTH, "best": WIDTHS[-1]}
        raise Unusable(sentence % names)
    picture.info = {}  # a JPEG's comment, for one, would go along
    return picture


def opened(file):
    """Its head alone is read, and says whether the rest may be."""
    import pi_heif  # 5 MB in each process, for staff alone

    pi_heif.register_heif_opener(thumbnails=False)
    if file.size > MAX_BYTES:
        sentence = _(
            "This file has %(size)d MB; 15 MB is the most. Send the picture in a smaller size."
        )
        raise Unusable(sentence % {"size": -(-file.size // 1024**2)})
    file.seek(0)
    try:
        picture = Image.open(file, formats=TAKEN)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise Unusable(too_large()) from None
    except Exception:  # of a broken file each format raises what it likes
        sentence = _(
            "This file is not a picture that the site can use. Send a photo as a JPEG, PNG, "
            "WebP, or HEIC file. A drawing (SVG) or a PDF must be saved as a PNG first."
        )
        raise Unusable(sentence) from None
    if picture.width * picture.height > MAX_PIXELS:
        raise Unusable(too_large())
    if max(picture.size) > LONGEST * min(picture.size):
        sentence = _(
            "One side of this picture is more than %(most)d times as long as the other, too much "
            "for a page. Cut out the part that matters, and send that."
        )
        raise Unusable(sentence % {"most": LONGEST})
    if picture.format in MAY_MOVE and getattr(picture, "is_animated", False):
        sentence = _("This picture moves, and that distracts readers. Send one that is still.")
        raise Unusable(sentence)
    return picture


def too_large():
    sentence = _(
        "This picture has more than %(most)d million pixels. Save it in a smaller size, such as "
        "%(best)d pixels wide, and send that."
    )
    return sentence % {"most": MAX_PIXELS // 10**6, "best": WIDTHS[-1]}


def in_srgb(picture):
    profile = picture.info.get("icc_profile")
    if picture.mode.startswith("I"):  # 16 bits a pixel: Pillow would cut them at 255
        picture = picture.point(lambda value: value / 256).convert("L")
    clear = picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info
    if profile and picture.mode in ("RGB", "RGBA", "CMYK", "L"):
        mode = "RGBA" if picture.mode == "RGBA" else "RGB"
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            target = ImageCms.createProfile("sRGB")
            return ImageCms.profileToProfile(picture, source, target, outputMode=mode)
        except (ImageCms.PyCMSError, OSError):  # broken, or of another kind: as if there were none
            pass
    return picture.convert("RGBA" if clear else "RGB")


def drawn(file):
    """[(width, {form: bytes})] with the widest last: a WebP, and a JPEG, or a PNG where it is
    see-through. Of one file it is made once, since it may take seconds; Unusable as above."""
    if not hasattr(file, "drawn"):
        picture = read(file)
        if picture.mode == "RGBA" and picture.getextrema()[3][0] == 255:
            picture = picture.convert("RGB")
        forms = ("webp", "png" if picture.mode == "RGBA" else "jpg")
        widest = min(picture.width, WIDTHS[-1])
        file.drawn = []
        for width in [*(width for width in WIDTHS if width < widest), widest]:
            size = width, max(1, round(picture.height * width / picture.width))
            resized = picture.resize(size, Image.Resampling.LANCZOS)
            file.drawn.append((width, {form: encoded(resized, form) for form in forms}))
    return file.drawn


def encoded(picture, form):
    options = {
        "jpg": {"format": "JPEG", "quality": QUALITY, "progressive": True},
        "webp": {"format": "WEBP", "quality": QUALITY},
        "png": {"format": "PNG"},
    }
    out = io.BytesIO()
    picture.save(out, exif=b"", icc_profile=None, **options[form])
    return out.getvalue()


def in_few_colors(png):
    """The same in 256 colors: a photo is a third as large then."""
    out = io.BytesIO()
    with Image.open(io.BytesIO(png)) as picture:
        picture.convert("RGB").quantize(256, dither=Image.Dither.NONE).save(out, "PNG")
    return out.getvalue()


class PictureFile(ImageFieldFile):
    """The widest of its files, as a JPEG (a PNG where it is see-through). Beside it stand narrower
    ones, and each of them as WebP too. Their names tell nothing and cannot be guessed."""

    def save(self, name, content, save=True):
        made = drawn(content)
        widest, files = made[-1]
        form = next(form for form in files if form != "webp")
        self.name = f"{FOLDER}/{secrets.token_hex(8)}.{form}"
        for (_width, stem), (_same, files) in zip(self.stems(widest), made, strict=True):
            for each, data in files.items():
                if f"{stem}.{each}" != self.name:
                    self.storage.save(f"{stem}.{each}", ContentFile(data))
        # With its name, or else Django asks nobody for the width.
        last = ContentFile(files[form], name=self.name)
        super().save(self.name.rpartition("/")[2], last, save)

    @property
    def kept_width(self):
        """As its row has it; Django's own opens the file, which may be away."""
        return getattr(self.instance, self.field.width_field)

    def stems(self, widest):
        """[(width, name without its ending)], the widest last."""
        stem = self.name.rpartition(".")[0]
        narrower = [(width, f"{stem}-{width}") for width in WIDTHS if width < widest]
        return [*narrower, (widest, stem)]

    def srcset(self, form):
        stems = self.stems(self.kept_width)
        return ", ".join(f"{self.storage.url(f'{stem}.{form}')} {w}w" for w, stem in stems)

    @property
    def webp(self):
        return self.srcset("webp")

    @property
    def others(self):
        """For those who know no WebP."""
        return self.srcset(self.name.rpartition(".")[2])

    @property
    def small(self):
        """The address of the narrowest."""
        return self.storage.url(f"{self.stems(self.kept_width)[0][1]}.webp")

    def at_least(self, width):
        """(type, bytes) of the narrowest that is so wide, or else of the widest."""
        form, stems = self.name.rpartition(".")[2], self.stems(self.kept_width)
        stem = next((stem for wide, stem in stems if wide >= width), stems[-1][1])
        with self.storage.open(f"{stem}.{form}") as file:
            return TYPES[form], file.read()

    def delete(self, save=True):
        for _width, stem in self.stems(self.kept_width):
            for form in TYPES:
                self.storage.delete(f"{stem}.{form}")
        super().delete(save)


class PictureFormField(forms.FileField):
    default_error_messages = {
        "required": gettext_lazy("Choose the file of the picture."),
        "empty": gettext_lazy("This file is empty. Choose the picture again."),
    }

    def to_python(self, data):
        file = super().to_python(data)
        if file:
            drawn(file)
        return file

    def widget_attrs(self, widget):
        return {**super().widget_attrs(widget), "accept": ACCEPT}


class PictureField(models.ImageField):
    attr_class = PictureFile

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **{"upload_to": FOLDER, **kwargs})

    def formfield(self, **kwargs):
        return models.FileField.formfield(
            self, **{"form_class": PictureFormField, **kwargs, "max_length": None}
        )

    def deconstruct(self):
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.ImageField", args, kwargs
