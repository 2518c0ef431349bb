"""The one number that the page cache looks at."""

from django.db import models


class ContentVersion(models.Model):
    """One row, whose number grows with every change of what the public can see.

    The database itself raises it, in the transaction of the change:
    awareness/web/content_version.py.
    """

    version = models.BigIntegerField()

    def __str__(self):
        return str(self.version)

    @classmethod
    def current(cls):
        """The number that this moment's content has; 0 before the first change. One query."""
        return cls.objects.values_list("version", flat=True).first() or 0
