"""What somebody chose for their own account. Not public content."""

from django.conf import settings
from django.db import models


class DeskLanguage(models.Model):
    """Whose desk is not in English. The public site's language stands in its address alone."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="+"
    )
    code = models.CharField(max_length=10, choices=settings.LANGUAGES)

    class Meta:
        default_permissions = ()

    def __str__(self):
        return self.code
