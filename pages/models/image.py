"""The pictures of the site. A file is never exchanged, and goes for good with its row: what should
not have been shown does not wait in a history."""

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from awareness.content.fields import Line
from awareness.content.pictures import PictureField
from awareness.content.publishing import RIGHTS
from awareness.content.richtext import RichTextField, marked
from awareness.content.translatable import Translatable
from awareness.desk.models import Draft

GONE = _("This picture is not in the library any more. Choose another.")
LEAD = {
    "null": True,
    "blank": True,
    "on_delete": models.PROTECT,
    "related_name": "+",
    "error_messages": {"invalid": GONE},
}


class Image(Translatable, models.Model):
    class Focus(models.TextChoices):
        """Where to look: what stays when a card cuts a picture to its own shape."""

        LEFT_TOP = "left-top", _("Top left")
        TOP = "top", _("Top")
        RIGHT_TOP = "right-top", _("Top right")
        LEFT = "left", _("Left")
        CENTER = "center", _("Center")
        RIGHT = "right", _("Right")
        LEFT_BOTTOM = "left-bottom", _("Bottom left")
        BOTTOM = "bottom", _("Bottom")
        RIGHT_BOTTOM = "right-bottom", _("Bottom right")

    title = Line(
        _("title"),
        max_length=120,
        help_text=_("For staff, to find it again. Visitors never see it."),
    )
    file = PictureField(
        _("file"),
        width_field="width",
        height_field="height",
        help_text=_(
            "A photo from a phone or camera: JPEG, PNG, WebP, or HEIC, at most 15 MB. The place "
            "and time stored in it are removed."
        ),
    )
    width = models.PositiveIntegerField(editable=False)
    height = models.PositiveIntegerField(editable=False)
    alt = Line(
        _("what it shows"),
        max_length=250,
        blank=True,
        help_text=_(
            "One sentence for people who cannot see it, such as: Volunteers put posters in a "
            "truck stop’s window."
        ),
    )
    decorative = models.BooleanField(
        _("only decoration"),
        default=False,
        help_text=_("Checked: it says nothing that the text does not, and needs no description."),
    )
    credit = Line(
        _("credit"),
        max_length=150,
        help_text=_(
            "Who made it, as it stands below the picture; with the license, if that asks to be "
            "named. For example: Photo: Ana Ruiz, CC BY 4.0."
        ),
    )
    license = Line(
        _("license"),
        max_length=80,
        help_text=_("Why we may show it: Our own, With permission, CC BY 4.0."),
    )
    focus = models.CharField(
        _("what matters is"),
        max_length=12,
        choices=Focus.choices,
        default=Focus.CENTER,
        help_text=_("At the top of a page and on cards the edges may be cut off. This part stays."),
    )
    consented = models.BooleanField(
        _("Nobody can be recognized in it, or everybody who can be has agreed in writing"),
        default=False,
    )
    dignified = models.BooleanField(
        _("It shows no chains, ropes, tape, bruises, or fear, and no child as a victim"),
        default=False,
    )
    added_at = models.DateTimeField(_("added"), auto_now_add=True)

    class Meta:
        default_permissions = RIGHTS
        verbose_name = _("picture")
        verbose_name_plural = _("pictures")
        ordering = ["-added_at", "-id"]

    def __str__(self):
        return self.title

    def clean(self):
        super().clean()
        problems = {}
        if not self.decorative and not self.alt_en:
            problems["alt_en"] = _("Say what it shows, or check “only decoration”.")
        if self.decorative and self.alt_en:
            problems["decorative"] = _("It has a description: clear that, or uncheck this.")
        if not (self.consented and self.dignified):
            problems["consented"] = _("Only a picture of which this is true can be on the site.")
        if problems:
            raise ValidationError(problems)

    def delete(self, *args, **kwargs):
        done = super().delete(*args, **kwargs)
        transaction.on_commit(lambda: self.file.delete(save=False))
        return done

    def used_in(self):
        """Items that show it, public or not, and drafts of which it is a part."""
        rows = []
        for model in apps.get_models():
            shows = Q()
            for field in model._meta.concrete_fields:
                if field.related_model is Image:
                    shows |= Q(**{field.name: self})
                elif isinstance(field, RichTextField):
                    shows |= Q(**{f"{field.name}__contains": marked(self.pk)})
            if shows:
                rows += model._base_manager.filter(shows)
        drafts = Draft.objects.filter(copy__isnull=False).select_related("content_type")
        return rows + [draft for draft in drafts if self.is_in_draft(draft)]

    def is_in_draft(self, draft):
        mark = marked(self.pk)
        return any(
            fields.get("picture") == self.pk
            or any(isinstance(value, str) and mark in value for value in fields.values())
            for fields in (part["fields"] for part in draft.copy)
        )
