"""What is unusual is asked about before it is saved. Whoever typed it may be right, so a reason
lets it through."""

from django.utils.translation import gettext_lazy as _

from awareness.content.fields import Line

HOW_TO_ANSWER = _("If it is right, write here how you know, and save again. If not, fix it.")


def assurance_field(verbose_name):
    return Line(
        verbose_name,
        max_length=500,
        blank=True,
        help_text=_("Only when the form asks for it. Only staff see it."),
    )


def is_answered(row, stored):
    """What was answered of the row as it was does not answer for what it is now."""
    return bool(row.assurance) and not (stored and stored.assurance == row.assurance)
