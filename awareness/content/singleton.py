"""A table with one row, which staff edit and nobody can add to or delete."""

from django.db import models


class Singleton(models.Model):
    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=models.Q(id=1), name="%(app_label)s_%(class)s_has_one_row"
            )
        ]

    @classmethod
    def load(cls):
        """The row; before anyone has saved it, an unsaved one with the defaults."""
        return cls._default_manager.filter(pk=1).first() or cls(pk=1)
