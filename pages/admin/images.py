"""The library of pictures, and the field of a form that chooses one."""

from contextlib import suppress

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import ForeignKeyRawIdWidget
from django.shortcuts import get_object_or_404, redirect
from django.template.loader import render_to_string
from django.urls import path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from reversion.models import Version

from awareness.audit.admin import form_address
from awareness.content.lookups import in_every_language
from awareness.content.pictures import Unusable, drawn
from awareness.content.publishing import Publishable, State
from awareness.desk.content_admin import REVIEWED, PlainAdmin, TranslationFilter
from awareness.desk.drafts import number_of
from awareness.desk.models import Draft

from ..models import Image
from ..models.image import GONE


class PictureWidget(ForeignKeyRawIdWidget):
    """Its number, which the list of pictures fills in, and what that picture is."""

    template_name = "admin/pages/picture_widget.html"

    def render(self, name, value, attrs=None, renderer=None):
        """From our own templates, which Django's renderer of forms does not know."""
        context = self.get_context(name, value, attrs)
        if number := number_of(str(value)):  # not what somebody typed
            context["thumbnail"] = reverse("admin:pages_image_thumbnail", args=[number])
        return render_to_string(self.template_name, context)

    class Media:
        js = ["js/pictures.js"]


class ChoosesPicture:
    """For a ModelAdmin whose item has a picture; its key stands in raw_id_fields."""

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.related_model is Image:
            kwargs["widget"] = PictureWidget(db_field.remote_field, self.admin_site)
            kwargs["error_messages"] = {"invalid_choice": GONE}
            return db_field.formfield(**kwargs)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


def words_of(name):
    return Image._meta.get_field(name).verbose_name


class ImageForm(forms.ModelForm):
    """One tick for both sentences; each has its column."""

    class Meta:
        labels = {"consented": _("Both are true of this picture")}
        help_texts = {
            "consented": format_lazy("{}. {}.", words_of("consented"), words_of("dignified"))
        }

    def clean(self):
        given = super().clean()
        self.instance.dignified = given.get("consented", False)
        return given


@admin.register(Image)
class ImageAdmin(PlainAdmin):
    """A picture that anything shows can be neither deleted nor, by somebody who may not publish,
    described anew. Once deleted it is gone, so there is nothing to recover."""

    form = ImageForm
    change_list_template = "admin/change_list.html"  # without a way to what was deleted
    list_display = ["thumbnail", "title", "credit", "added_at"]
    list_display_links = ["thumbnail", "title"]
    list_filter = [TranslationFilter]
    list_per_page = 30
    search_fields = [*in_every_language("alt"), "title__alike", "credit__alike", "license__alike"]
    actions = None
    readonly_fields = ["thumbnail", "used"]
    fieldsets = [
        (
            None,
            {
                "fields": [
                    "title",
                    "file",
                    "alt_en",
                    "decorative",
                    ("credit", "license"),
                    "focus",
                ]
            },
        ),
        (
            _("Before it can be shown"),
            {
                "fields": ["consented"],
                "description": _(
                    "From the guidance for pictures about trafficking: nobody is put at risk or on "
                    "display."
                ),
            },
        ),
        REVIEWED,
    ]

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        """Drawn before the form's transaction begins: on SQLite all who write would wait."""
        if file := request.FILES.get("file"):
            with suppress(Unusable):  # which the form says
                drawn(file)
        return super().changeform_view(request, object_id, form_url, extra_context)

    def delete_view(self, request, object_id, extra_context=None):
        if request.method == "GET":
            messages.warning(request, _("Its files go for good: nobody can bring them back."))
        return super().delete_view(request, object_id, extra_context)

    def may_return(self, request, item):
        """A picture has no drafts: its words are public at once."""
        return self.has_publish_permission(request)

    def get_urls(self):
        view = self.admin_site.admin_view(self.thumbnail_view)
        ours = path("<int:pk>/thumbnail/", view, name="pages_image_thumbnail")
        return [ours, *super().get_urls()]

    def get_fieldsets(self, request, obj=None):
        """The file of a picture stays as it is."""
        first, *others = super().get_fieldsets(request, obj)
        if obj:
            fields = ["thumbnail", *(f for f in first[1]["fields"] if f != "file"), "used"]
            first = (first[0], {**first[1], "fields": fields})
        return [first, *others]

    def get_readonly_fields(self, request, obj=None):
        return [*self.readonly_fields, *(["file"] if obj else [])]

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and not (obj and obj.used_in())

    def has_change_permission(self, request, obj=None):
        allowed = super().has_change_permission(request, obj)
        if obj and allowed and not self.has_publish_permission(request):
            return not any(is_due(item) for item in obj.used_in())
        return allowed

    def deleted(self):
        return Version.objects.none()

    def thumbnail_view(self, request, pk):
        """For what knows only its number: a form, and the editor."""
        return redirect(get_object_or_404(Image, pk=pk).file.small)

    @admin.display(description=_("picture"))
    def thumbnail(self, image):
        if not image.pk:
            return ""
        html = '<img class="thumbnail" src="{}" alt="{}" loading="lazy">'
        return format_html(html, image.file.small, image.alt or image.title)

    @admin.display(description=_("used in"))
    def used(self, image):
        links = [address_of(item) for item in image.used_in()]
        return format_html_join(", ", '<a href="{}">{}</a>', links) or _(
            "Nothing shows it yet. Choose it in the form of a page, an update, or an appeal."
        )


def is_due(item):
    """Whether the public sees it, or will without another word of a publisher."""
    if isinstance(item, Draft):
        return item.apply_at is not None
    return not isinstance(item, Publishable) or item.state() in (State.LIVE, State.SCHEDULED)


def address_of(item):
    is_draft = isinstance(item, Draft)
    return item.url if is_draft else form_address(type(item), str(item.pk)), str(item)
