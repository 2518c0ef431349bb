"""What stands in a form, whatever it lacks, as the version of the item that it would make.

Read by the form's own fields, so that nothing gets by them; but nothing is required, and nothing
is locked or written. What a field cannot take is as it was.
"""

from copy import copy

from awareness.content.richtext import MAX_BYTES, RichTextFormField, clean

from . import drafts
from .change_form_state import ChangeFormState
from .item_version import ItemVersion


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
    """Of what was sent, as a draft would have it. ``request.form_state`` says what the form was
    opened on."""
    state = request.form_state
    form, sets = model_admin.read_typed(request, state.live and copy(state.shown.item))
    for name in form.errors:
        if isinstance(form.fields.get(name), RichTextFormField):
            typed = form.data.get(form.add_prefix(name), "")
            setattr(form.instance, name, clean(typed[:MAX_BYTES]))
    for rows in sets:
        rows.is_valid()  # which reads them
    return ItemVersion(form.instance, {rows.prefix: rows.rows() for rows in sets})
