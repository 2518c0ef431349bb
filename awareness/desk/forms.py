"""The forms of the desk: they open on the draft, and notice who saved in the meantime."""

import datetime

from django import forms
from django.core.exceptions import ValidationError
from django.forms.models import BaseInlineFormSet, ModelForm, model_to_dict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from awareness.content.publishing import LAST_YEAR

from .drafts import number_of
from .item_version import content_hash

CONFLICT = "conflict"


def overtaken(seen, now, has_changed):
    """Whether what this form would overwrite is not what it was opened on."""
    return bool(seen) and seen != now and has_changed


def is_overtaken(form, sets):
    found = [
        form.errors.as_data().get("__all__", ()),
        *(s.non_form_errors().as_data() for s in sets),
    ]
    return any(error.code == CONFLICT for errors in found for error in errors)


class Unfinished:
    """For a form of a model, before ModelForm in its bases: what it saves as a draft may lack
    anything. Only what a field cannot read is wrong then; all else is asked when it is to be
    published."""

    is_unfinished = False

    def allow_unfinished(self):
        self.is_unfinished = True
        for name in self.base_fields:  # what had a value at the beginning is not missing
            field = self._meta.model._meta.get_field(name)
            self.fields[name].required &= field.has_default()

    def full_clean(self):
        row = self.instance
        if self.is_unfinished:  # modeltranslation empties there what was emptied
            every = [field.name for field in row._meta.fields]
            row.full_clean = lambda **given: row.clean_fields(exclude=every)
        super().full_clean()
        vars(row).pop("full_clean", None)

    def clean(self):
        return self.cleaned_data if self.is_unfinished else super().clean()


class RowForm(Unfinished, ModelForm):
    pass


class DeskForm(Unfinished, ModelForm):
    """``form_state`` (awareness/desk/admin.py) is set on a subclass made for each request."""

    form_state = None

    def __init__(self, *args, **kwargs):
        form_state = self.form_state
        if form_state and form_state.shown and form_state.live is None:  # a draft of a new item
            kwargs["initial"] = model_to_dict(form_state.shown.item)
        super().__init__(*args, **kwargs)
        if form_state and self.is_bound and form_state.is_unfinished:
            self.allow_unfinished()
        # Whether something changed is not for the browser to say: it would send both values.
        for field in self.fields.values():
            field.show_hidden_initial = False

    def clean(self):
        given = super().clean()
        form_state = self.form_state
        if form_state and self.is_bound:
            self.instance.publishing = form_state.is_publishing
            # Both at once: the form comes back with the new hash, which would hide a conflict.
            seen, now = self.data.get("_seen"), form_state.content_hashes["item"]
            if overtaken(seen, now, self.has_changed()):
                message = _("This was saved elsewhere in the meantime.")
                self.add_error(None, ValidationError(message, CONFLICT))
            if problem := form_state.problem(self) or form_state.admin.refusal_of(form_state.notes):
                self.add_error(None, problem)
        return given


class DeskFormSet(BaseInlineFormSet):
    """Rows as the draft has them, deletions and additions included.

    Each is known by its number among the rows shown; asking the database for every one would
    cost a query a row.
    """

    def __init__(self, *args, shown=(), content_hash="", form_state=None, **kwargs):
        self.shown = {row.pk: row for row in shown if row.pk}
        self.content_hash, self.form_state = content_hash, form_state
        super().__init__(*args, **kwargs)
        fresh = [row for row in shown if not row.pk]
        if fresh and not self.is_bound:
            self.extra = len(fresh)
            self.initial_extra = [model_to_dict(row) for row in fresh]

    def get_queryset(self):
        if not self.is_bound:
            return list(self.shown.values())
        # Beside each row that was sent: a new one for what somebody has deleted meanwhile.
        return [self._existing_object(number) or self.model() for number in self.numbers()]

    def numbers(self):
        name = self.model._meta.pk.name
        for i in range(len(self.initial_forms)):  # not as many as the browser says that there are
            yield number_of(self.data.get(f"{self.add_prefix(i)}-{name}", ""))

    def _existing_object(self, pk):
        return self.shown.get(pk)

    def add_fields(self, form, index):
        super().add_fields(form, index)
        name = self.model._meta.pk.name
        form.fields[name] = forms.IntegerField(
            required=False, widget=forms.HiddenInput, initial=form.instance.pk
        )
        form.instance.form_prefix = form.prefix  # where its fields are found
        if self.is_bound and self.form_state and self.form_state.is_unfinished:
            form.allow_unfinished()

    def clean(self):
        if self.form_state and not self.form_state.is_unfinished:
            super().clean()
        seen = self.data.get(f"_seen_{self.prefix}")
        # What somebody added meanwhile is in no form of these, and would go without a word.
        if overtaken(seen, self.content_hash, content_hash(self.rows()) != self.content_hash):
            raise ValidationError(_("These were changed elsewhere in the meantime."), CONFLICT)

    def rows(self):
        """What is there when this has been saved."""
        return [
            form.instance
            for form in self.forms
            if (form in self.initial_forms or form.has_changed())
            and not self._should_delete_form(form)
        ]


class NativeInput:
    """The browser's own. What it would not show, such as a day in words, stands there as text."""

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        shown = context["widget"]["value"]
        try:
            read = shown and self.reads(shown).isoformat()
        except ValueError:
            read = ""
        if shown and shown not in (read, read[:5]):  # seconds may be left out
            context["widget"]["type"] = "text"
        return context


class DayInput(NativeInput, forms.DateInput):
    input_type = "date"
    reads = datetime.date.fromisoformat

    def __init__(self, attrs=None):
        super().__init__(attrs, format="%Y-%m-%d")


class TimeInput(NativeInput, forms.TimeInput):
    input_type = "time"
    reads = datetime.time.fromisoformat

    def format_value(self, value):
        """Without seconds: nobody sets them, and ``MomentField`` keeps those that are there."""
        return f"{value:%H:%M}" if isinstance(value, datetime.time) else value


class DayAndTime(forms.SplitDateTimeWidget):
    """Two fields; a screen reader says of each what it is for."""

    label = ""

    def __init__(self, attrs=None):
        forms.MultiWidget.__init__(self, [DayInput, TimeInput], attrs)

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        for part, label in zip(
            context["widget"]["subwidgets"], (_("Date"), _("Time")), strict=True
        ):
            part["attrs"]["aria-label"] = f"{self.label}: {label}"
        return context


class MomentField(forms.SplitDateTimeField):
    """Of an hour that comes twice, the first is meant, or what was there if nobody touched it."""

    widget = DayAndTime
    before = None

    def get_bound_field(self, form, field_name):
        self.before = form.get_initial_for_field(self, field_name)
        self.widget.label = self.label
        return super().get_bound_field(form, field_name)

    def has_changed(self, initial, data):
        return super().has_changed(initial and initial.replace(second=0, microsecond=0), data)

    def clean(self, value):
        if self.before and not self.has_changed(self.before, value):
            return self.before
        return super().clean(value)

    def compress(self, data_list):
        if not data_list or None in data_list:
            return super().compress(data_list)
        if not 1900 < data_list[0].year < LAST_YEAR:
            raise ValidationError(_("Is the year right?"))
        moment = timezone.make_aware(datetime.datetime.combine(*data_list))
        if moment.replace(fold=1).utcoffset() > moment.utcoffset():
            message = _(
                "The clocks go forward that night, so this hour does not exist. Choose an "
                "earlier or a later time."
            )
            raise ValidationError(message)
        return moment


class MomentForm(forms.Form):
    """When a draft becomes public."""

    prefix = "_when"
    at = MomentField(
        label=gettext_lazy("Publish this draft on"),
        error_messages={
            "required": gettext_lazy("Choose the day and time when this should change."),
            "invalid_date": gettext_lazy("Type the day like 2026-12-31."),
            "invalid_time": gettext_lazy("Type the time like 14:30."),
        },
    )

    def clean_at(self):
        at = self.cleaned_data["at"]
        if at <= timezone.now():
            raise ValidationError(
                _("This time has passed. Choose a future time, or publish the draft right away.")
            )
        return at
