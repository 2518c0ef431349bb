"""Every change of a figure: what was said, what is said since, why, when and by whom."""

from dataclasses import dataclass

from django.db.models import F, Q, Value, Window
from django.db.models.functions import Coalesce, Lag
from django.utils.translation import gettext as _

from . import sentences
from .models import Figure

ON_A_PAGE = 30
NOTHING = Value(-1)  # stands for no number, which SQL cannot compare; no figure is negative


@dataclass
class Change:
    old: Figure
    new: Figure

    @property
    def title(self):
        return sentences.change_title(self.old, self.new)

    @property
    def sentence(self):
        return sentences.change(self.old, self.new)

    @property
    def summary(self):
        """The sentence, with why and by whom."""
        parts = [self.sentence]
        if self.new.change:
            parts.append(f"{self.new.get_change_display()}.")
        if self.new.reason:
            parts.append(f"{self.new.reason.removesuffix('.')}.")
        if self.new.source:
            parts.append(_("Source: %(source)s.") % {"source": self.new.source})
        return " ".join(parts)

    @property
    def anchor(self):
        return f"change-{self.new.pk}"


def changed_figures():
    """The figures that say something else than the vintage before, newest first."""

    period = [F("place"), F("measure"), F("first_day"), F("last_day")]

    def before(what):
        return Window(Lag(what), partition_by=period, order_by="as_of")

    reported = Coalesce("value", NOTHING)
    other_number = ~Q(reported=F("old_reported")) | ~Q(qualifier=F("old_qualifier"))
    other_silence = Q(value__isnull=True) & ~Q(status=F("old_status"))
    return (
        Figure.objects.annotate(
            reported=reported,
            old=before("pk"),
            old_reported=before(reported),
            old_qualifier=before("qualifier"),
            old_status=before("status"),
        )
        .filter(other_number | other_silence, old__isnull=False)
        .with_names()
        .order_by("-as_of", "-pk")
    )


def with_old(figures):
    """The Changes that some of them are. Two queries."""
    figures = list(figures)
    olds = Figure.objects.with_names().in_bulk([figure.old for figure in figures])
    return [Change(olds[figure.old], figure) for figure in figures]
