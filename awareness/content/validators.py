"""Rules for what staff type, each with one sentence that names the way out."""

import re

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

https_only = RegexValidator(
    r"^https://[^/\s]", _("Use an address that starts with https://."), code="not_https"
)
web_only = RegexValidator(
    r"^https?://[^/\s]", _("Use an address that starts with https:// or http://."), code="not_web"
)
undisguised = RegexValidator(
    r"\A[^/]*//[^/?#@\\]*(?:[/?#][^\\]*)?\Z",
    _("Use an address without “\\”, and without “@” before the name of the site."),
    code="disguised",
)
phone_number = RegexValidator(
    r"^\+?(?=(?:\D*\d){3,15}\D*$)[\d\s().-]+$",
    _("“%(value)s” is not a phone number: use 3 to 15 digits, with spaces or dashes between."),
    code="not_a_number",
    flags=re.ASCII,  # digits of other scripts: no phone dials them
)
employer_number = RegexValidator(
    r"^\d{2}-\d{7}$", _("An EIN is two digits, a dash and seven digits."), code="not_an_ein"
)


def refuse_future(row, *names):
    """Nobody has checked, read or corrected anything on a day that is still to come."""
    today = timezone.localdate()
    late = [name for name in names if (day := getattr(row, name)) and day > today]
    if late:
        message = _("This day is in the future. Set the day when it was done.")
        raise ValidationError(dict.fromkeys(late, message))
