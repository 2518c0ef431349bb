"""What stands in a form, whatever it lacks, as the version of the item that it would make.

Read by the form's own fields, so that nothing gets by them; but nothing is required, and nothing
is locked or written. What a field cannot take is as it was.
"""

from copy import copy

from django import forms

from awareness.content.richtext import MAX_BYTES, RichTextFormField, clean

from . import drafts
from .change_form_state import ChangeFormState
from .item_version import ItemVersion, relations


def open_form(model_admin, request, item, draft=""):
    """The state of the form of this item as it opens, but unlocked. ``draft``: the number of that
    of an item that is not in its table yet (None)."""
    state = ChangeFormState(model_admin, request, item and ItemVersion.of(item))
    state.draft = drafts.draft_of(item) if item else drafts.new_draft(model_admin.model, draft)
    try:
        state.shown = drafts.open_draft(state.live, state.draft)
    except drafts.Unreadable:  # the form says so
        state.shown = state.live
    return state


def typed_version(model_admin, request):
    """Of what was sent. ``request.form_state`` says what the form was opened on."""
    state = request.form_state
    item = copy(state.shown.item) if state.shown else model_admin.model()
    there = item if state.live else None
    form_class = model_admin.get_form(request, there, change=bool(there))
    form_class = type(form_class.__name__, (form_class,), {"form_state": None})  # it asks nothing
    # Nor does the item, whose rules may not bear that something is missing, or ask the database.
    item.full_clean = item.validate_unique = lambda *_args, **_given: None
    form = read(form_class(request.POST, instance=item))
    del item.full_clean, item.validate_unique
    rows = {}
    for formset_class, inline in model_admin.get_formsets_with_inlines(request, there):
        prefix = formset_class.get_default_prefix()
        given = model_admin.get_formset_kwargs(request, item, inline, prefix)
        formset = formset_class(**given)
        for row in formset.forms:
            read(row).instance.form_prefix = row.prefix  # where its fields are found
        rows[prefix] = formset.rows()
    names = relations(model_admin.model)
    return ItemVersion(form.instance, {name: rows.get(name, []) for name in names})


def read(form):
    """Fill its instance with what it can take."""
    for field in form.fields.values():
        if isinstance(field, forms.CharField):
            field.required = False
    for name in form.errors:
        if isinstance(form.fields.get(name), RichTextFormField):
            typed = form.data.get(form.add_prefix(name), "")
            setattr(form.instance, name, clean(typed[:MAX_BYTES]))
    return form
