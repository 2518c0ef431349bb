"""What the last check of links found. Not public content.

A table and no file in VAR_DIR: it is in each backup, and the same for all machines of one site.
"""

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy


class CheckedLink(models.Model):
    """An address with a fault; one that answers has no row. Nothing is unique here: each check
    replaces all rows in one transaction, so that the worst of two at once is a line twice."""

    class Fault(models.TextChoices):
        STATUS = "status", gettext_lazy("answers with an error")
        SILENT = "silent", gettext_lazy("does not answer")
        NO_SITE = "no_site", gettext_lazy("there is no such site")
        UNSAFE = "unsafe", gettext_lazy("browsers warn visitors about it")
        ENDLESS = "endless", gettext_lazy("sends visitors on and on")
        PRIVATE = (
            "private",
            gettext_lazy("leads into a private network"),
        )
        NO_PART = "no_part", gettext_lazy("the page has no such part")
        MOVED = "moved", gettext_lazy("moved for good")

    url = models.TextField()
    fault = models.CharField(max_length=10, choices=Fault.choices)
    status = models.PositiveSmallIntegerField(null=True)  # of HTTP
    moved_to = models.TextField(blank=True)
    since = models.DateField()  # the first day of those in a row
    last = models.DateField()

    class Meta:
        default_permissions = ()
        ordering = ["since", "pk"]

    def __str__(self):
        return self.url

    @property
    def is_moved(self):
        return self.fault == self.Fault.MOVED

    @property
    def is_broken(self):
        """A bad night is no broken link: two checks in a row, on different days, found it so. With
        addresses of this site nothing happens by chance."""
        is_certain = self.url.startswith("/") or self.last > self.since
        return is_certain and not self.is_moved

    @property
    def in_words(self):
        """As the end of a sentence that begins with the address."""
        if self.is_moved:
            return _("moved for good to %(address)s") % {"address": self.moved_to}
        if self.status in (404, 410):
            return _("not found (%(status)s)") % {"status": self.status}
        words = self.get_fault_display()
        return f"{words} ({self.status})" if self.status else words
