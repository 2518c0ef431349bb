"""Rights as somebody reads them who gives them: by what they are for, in boxes to check."""

from itertools import groupby

from django import forms
from django.contrib.auth.models import Permission
from django.forms.models import ModelChoiceIterator
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

APPS = ["auth", "awareness", "pages", "stats"]  # of other tables nobody is given any right,
BY_ITSELF = ["permission", "contentversion"]  # nor of these
RIGHTS = {
    "add": _("Add"),
    "change": _("Change"),
    "delete": _("Delete"),
    "publish": _("Publish"),
    "view": _("See"),
}


def name_of(kind):
    """As in the menu; of a table that is gone, as it is kept."""
    model = kind.model_class()
    return model._meta.verbose_name_plural if model else kind.name


class ByKind(ModelChoiceIterator):
    def __iter__(self):
        for kind, rights in groupby(self.queryset, lambda right: right.content_type):
            yield capfirst(name_of(kind)), [self.choice(right) for right in rights]


class RightsField(forms.ModelMultipleChoiceField):
    iterator = ByKind

    def label_from_instance(self, right):
        """With its kind for those who do not see what it stands below."""
        words = RIGHTS.get(right.codename.partition("_")[0], right.name)
        hidden = '{}<span class="visually-hidden">: {}</span>'
        return format_html(hidden, words, name_of(right.content_type))


class PlainRights:
    """For the admins of accounts and roles."""

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        if db_field.related_model is Permission:
            rights = Permission.objects.filter(content_type__app_label__in=APPS)
            rights = rights.exclude(content_type__model__in=BY_ITSELF)
            kwargs |= {"form_class": RightsField, "queryset": rights, "help_text": ""}
            kwargs["widget"] = forms.CheckboxSelectMultiple
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def get_deleted_objects(self, objs, request):
        """Without the rows that only say which account has which role, and other traces."""
        named, _counts, lacking, protected = super().get_deleted_objects(objs, request)
        named = [item for item in named if not isinstance(item, list)]
        return named, {self.opts.verbose_name_plural: len(named)}, lacking, protected
