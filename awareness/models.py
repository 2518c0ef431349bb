"""What stands above both apps in the database: one number, and what the desk remembers."""

from django.db import models

from awareness.desk.guard.models import Letter, Notice, Watch
from awareness.desk.models import DeskRules, Draft, Event, KeptForm, OldAddress

__all__ = ["ContentVersion", "DeskRules", "Draft", "Event", "KeptForm", "OldAddress"]
__all__ += ["Letter", "Notice", "Watch"]


class ContentVersion(models.Model):
    """One row, whose number grows with every change of what the public can see.

    The database itself raises it, in the transaction of the change: awareness/triggers.py.
    """

    version = models.BigIntegerField()

    def __str__(self):
        return str(self.version)

    @classmethod
    def current(cls):
        """The number that this moment's content has; 0 before the first change. One query."""
        return cls.objects.values_list("version", flat=True).first() or 0
