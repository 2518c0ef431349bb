"""The field that cleans what it holds, and the editor that writes it. With finder.py, which picks
the editor's files, the only place that knows django-ckeditor.
"""

from ckeditor.widgets import CKEditorWidget
from django import forms
from django.conf import settings
from django.core import checks
from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext as _

from .figures import numbers, titles
from .sanitiser import (
    ALLOWED,
    CLASSES,
    CODE,
    FORMS,
    MAX_BYTES,
    MAX_PARTS,
    NEEDS,
    RENAMED,
    canonical,
    clean,
    has_too_many_parts,
    review,
)


def _editor_filter():
    """ALLOWED in CKEditor's words. "!" makes it drop the element that lacks the attribute."""
    rules = []
    for tag, names in ALLOWED.items():
        names = sorted(names - {"class"})
        marked = ",".join("!" * (NEEDS.get(tag) == name) + name for name in names)
        classes = ",".join(sorted(CLASSES.get(tag, ())))
        rules.append(tag + f"[{marked}]" * bool(marked) + f"({classes})" * bool(classes))
    return "; ".join(rules)


# Of CODE, what nobody would miss, and pictures, which are named as such.
SILENT = {"script", "style", "template", "noscript", "svg", "canvas"}

EDITOR_CONFIG = {
    # What no plugin below names is ours: static/editor/.
    "toolbar": [
        ["Heading2", "Heading3", "Heading4"],
        ["Bold", "Italic"],
        ["BulletedList", "NumberedList", "Blockquote"],
        ["Link", "Unlink"],
        ["Picture", "Table"],
        "/",  # in two rows
        ["Keyfact", "Myth", "Fact"],
        ["Dolist", "Dontlist"],
        ["Otherlanguage"],
        ["RemoveFormat"],
        ["Undo", "Redo"],
        ["Rowadd", "Rowdelete", "Columnadd", "Columndelete"],
    ],
    # A list of what runs, not of what doesn't: everything else in the compiled core stays asleep,
    # above all the parts that send the text to other companies (exportpdf, scayt, wsc).
    "plugins": (
        "a11yhelp,basicstyles,blockquote,button,clipboard,dialog,enterkey,entities,indentlist,"
        "link,list,pastefromgdocs,pastefromlibreoffice,pastefromword,pastetext,removeformat,tab,"
        "table,tabletools,toolbar,undo,widget"
    ),
    "extraPlugins": "portal,links,pasting,typing,figures",
    "allowedContent": _editor_filter(),
    "pasteFilter": None,  # what is pasted passes the same filter as what is typed
    "renamed": RENAMED,  # ours too, and so are the next two
    "leftOut": sorted(FORMS | CODE - SILENT),
    "room": {"longest": MAX_BYTES, "most": MAX_PARTS},
    "fullPage": False,
    "versionCheck": False,  # it would ask its maker's server, from staff's browsers
    "customConfig": "",
    "contentsCss": [],
    "stylesSet": False,
    "skin": "moono-lisa",
    "width": "100%",
    "height": "auto",  # grows with the text: static/editor/editor.css
    "toolbarCanCollapse": False,
    "disableNativeSpellChecker": False,
    "enableContextMenu": False,  # so that the browser's own offers its spelling corrections
    "entities": False,
    "removeDialogTabs": "table:advanced",
    "dialog_noConfirmCancel": True,
}
EDITOR_SCRIPTS = [
    f"editor/{name}.js" for name in ("editor", "links", "pasting", "typing", "figures")
]
FORBIDDEN_BUTTONS = {
    "Source",
    "Image",
    "Iframe",
    "Flash",
    "Templates",
    "ExportPdf",
    "Scayt",
}
FORBIDDEN_PLUGINS = {
    *("exportpdf", "scayt", "wsc", "iframe", "flash", "preview", "sourcearea", "sourcedialog"),
    *("uploadimage", "image", "image2", "embed", "autolink", "codesnippetgeshi", "wysiwygarea"),
}


def hardening_problems(config):
    """What is wrong with an editor's configuration, in sentences for a developer."""
    buttons = {button for group in config["toolbar"] for button in group}
    plugins = {*config["plugins"].split(","), *config["extraPlugins"].split(",")}
    if buttons & FORBIDDEN_BUTTONS:
        yield f"its toolbar offers {', '.join(sorted(buttons & FORBIDDEN_BUTTONS))}"
    if plugins & FORBIDDEN_PLUGINS:
        yield f"it runs {', '.join(sorted(plugins & FORBIDDEN_PLUGINS))}"
    if config["allowedContent"] != _editor_filter():
        yield "its allowedContent is not what the sanitiser allows"
    if config.get("extraAllowedContent"):
        yield "it keeps more than the sanitiser allows (extraAllowedContent)"
    if config.get("fullPage"):
        yield "it edits whole pages (fullPage)"
    if config.get("versionCheck") is not False:
        yield "it asks its maker's server for newer versions (versionCheck)"
    if config["customConfig"]:
        yield "a file changes its configuration (customConfig)"


@checks.register
def check_hardening(app_configs, **kwargs):
    """The reason why ckeditor.W001 may be silenced; see docs/decisions/0001."""
    problems = list(hardening_problems(EDITOR_CONFIG))
    if "ckeditor_uploader" in settings.INSTALLED_APPS:
        problems.append("ckeditor_uploader is installed")
    return [
        checks.Warning(f"The rich text editor is not hardened: {problem}.", id="portal.W001")
        for problem in problems
    ]


class RichTextWidget(CKEditorWidget):
    # A hidden textarea that is required stops the browser from sending, without a word.
    def use_required_attribute(self, initial):
        return False

    @property
    def media(self):
        # One list, since Django would put a list of ours before the editor's own.
        base = super().media
        return forms.Media(
            css={"all": [*base._css["all"], "editor/editor.css"]},
            js=[*base._js, *EDITOR_SCRIPTS],
        )

    def get_context(self, name, value, attrs):
        language = name.rpartition("_")[2]  # body_es, as modeltranslation names it
        self.config = {  # a new one, since copies of a widget share theirs between threads
            **EDITOR_CONFIG,
            "contentsLanguage": language if language in dict(settings.LANGUAGES) else "en",
            "targets": reverse("link_targets"),
            "pictures": {  # where they are chosen, and what each looks like
                "library": reverse("admin:pages_image_changelist"),
                "thumbnail": reverse("admin:pages_image_thumbnail", args=[0]),
            },
        }
        return super().get_context(name, value, attrs)


class RichTextFormField(forms.CharField):
    widget = RichTextWidget
    tidied = ()

    def has_changed(self, initial, data):
        return canonical(initial or "") != canonical(data or "")

    def to_python(self, value):
        self.tidied = ()
        value = super().to_python(value)
        if value in self.empty_values:
            return value
        self.check_length(value)
        if has_too_many_parts(value):
            sentence = _(
                "This text has too many parts (over %(most)s paragraphs, links, table cells, "
                "and so on). Please shorten it or split it up."
            )
            raise ValidationError(sentence % {"most": f"{MAX_PARTS:,}"}, code="too_many")
        report = review(value)
        refused = [*report.refused, *self.not_in_library(report.html)]
        if refused:
            raise ValidationError([ValidationError(s, code="refused") for s in refused])
        self.check_length(report.html)  # "&" is five letters there, and could not be saved again
        self.tidied = report.tidied
        return report.html or self.empty_value

    @staticmethod
    def not_in_library(html):
        if gone := numbers(html) - titles(html).keys():
            sentence = _(
                "Picture %(numbers)s is not in the library any more. Take it out of the text, or "
                "choose another."
            )
            yield sentence % {"numbers": ", ".join(map(str, sorted(gone)))}

    @staticmethod
    def check_length(text):
        if len(text.encode()) > MAX_BYTES:
            raise ValidationError(
                _("This text is too long (over 200 kB). Please shorten it or split it up."),
                code="too_long",
            )


class RichTextField(models.TextField):
    """Text with simple markup that is clean whichever way it was saved.

    The form field speaks to the editor and cleans what is kept as a draft, pre_save shows the
    saving code the clean text, get_db_prep_save covers update(), bulk_create() and loaddata.
    """

    def formfield(self, **kwargs):
        # The admin asks for its own textarea, modeltranslation for a subclass of our form field.
        return super().formfield(
            **{"form_class": RichTextFormField, **kwargs, "widget": RichTextWidget}
        )

    def pre_save(self, model_instance, add):
        value = super().pre_save(model_instance, add)
        if isinstance(value, str):
            value = clean(value)
            # Not setattr: modeltranslation would copy an English fallback into the Spanish text.
            model_instance.__dict__[self.attname] = value
        return value

    def get_db_prep_save(self, value, connection):
        if isinstance(value, str):
            value = clean(value)
        return super().get_db_prep_save(value, connection)

    def deconstruct(self):
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.TextField", args, kwargs
