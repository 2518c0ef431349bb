"""Where content was before. Not public content itself."""

from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class OldAddress(models.Model):
    """A public path that an item had before; whoever asks for it is sent to the item's own.

    It names the item and not another path, so there are no chains and no loops.
    """

    path = models.CharField(_("old address"), max_length=200, unique=True)
    content_type = models.ForeignKey(ContentType, models.CASCADE, related_name="+")
    object_id = models.BigIntegerField()
    item = GenericForeignKey("content_type", "object_id")
    at = models.DateTimeField(_("since"), default=timezone.now)

    class Meta:
        verbose_name = _("old address")
        verbose_name_plural = _("old addresses")
        default_permissions = ("view", "delete")
        ordering = ["path"]

    def __str__(self):
        return self.path
