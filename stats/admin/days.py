"""Days as people type them in a form, read as those of a file are: stats/cells.py."""

from django import forms
from django.db import models

from awareness.desk.content_admin import FormFields
from awareness.desk.forms import DayInput
from stats import cells


class DayField(forms.DateField):
    order = ""

    def to_python(self, value):
        if not isinstance(value, str) or "/" not in value:
            return super().to_python(value)
        try:
            return cells.day(value.strip(), self.order)
        except cells.Unclear as unclear:
            raise forms.ValidationError(str(unclear), "invalid") from None


class DaysInOneOrder:
    """For a form, before it in the bases: one of its days proves how the others are written."""

    def full_clean(self):
        fields = {name: f for name, f in self.fields.items() if isinstance(f, DayField)}
        proven = cells.orders(str(self[name].data or "").strip() for name in fields)
        if len(proven) == 1:
            for field in fields.values():
                (field.order,) = proven
        super().full_clean()


DAY_FIELDS = {
    **FormFields.formfield_overrides,
    models.DateField: {"form_class": DayField, "widget": DayInput},
}
