"""The e-mails about changed help lines: each of those who may publish gets one of their own.

Nobody waits for a mail server: a thread of some process sends what is due. What could not be sent
is tried once more; the first page shows each change anyway.
"""

import datetime
import logging
from threading import Thread

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.mail import EmailMessage
from django.db import connection
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from awareness.content.publishing import publish_right
from awareness.desk.alerts.models import Baseline
from awareness.desk.compare import as_lines
from awareness.desk.drafts import in_local_words

from .sentences import describe

RETRY = datetime.timedelta(minutes=10)  # longer than any server of EMAIL_TIMEOUT lets us wait
log = logging.getLogger(__name__)


def recipients(model):
    """The numbers of their accounts. Whoever changed it, too: the account may be stolen."""
    people = get_user_model()._default_manager.with_perm(
        publish_right(model), backend="django.contrib.auth.backends.ModelBackend"
    )
    people = people.filter(is_active=True, is_staff=True).exclude(email="")
    return people.order_by("pk").values_list("pk", flat=True).distinct()


def start_sending():
    Thread(target=send_and_close, name="emails", daemon=True).start()


def send_and_close():
    try:
        send_due()
    except Exception:
        log.exception("The e-mails about help lines could not be sent.")
    finally:
        connection.close()


def send_due(at=None):
    """Returns how many were sent. Of several processes, one claims each alert."""
    at = at or timezone.now()
    due = Baseline.objects.filter(email_due_at__lte=at)
    alerts = [alert for alert in due.order_by("changed_at", "pk") if claim(alert, at)]
    numbers = sorted({number for alert in alerts for number in alert.unmailed})
    accounts = get_user_model()._default_manager.filter(is_active=True).exclude(email="")
    accounts, sent, errors = accounts.in_bulk(numbers), 0, []
    for number in numbers:
        of_theirs = [alert for alert in alerts if number in alert.unmailed]
        if account := accounts.get(number):
            try:
                send(account.email, of_theirs)
                sent += 1
            except Exception as error:  # one wrong address is no reason to leave the others out
                errors.append(type(error).__name__)  # what it says may name an address
                continue
        for alert in of_theirs:
            alert.unmailed.remove(number)
            save(alert, unmailed=alert.unmailed)
    for alert in alerts:
        if not alert.unmailed:
            save(alert, email_due_at=None)
    if errors:
        message = "The e-mail about a changed help line did not reach %d of %d people: %s"
        log.error(message, len(errors), len(errors) + sent, ", ".join(dict.fromkeys(errors)))
    return sent


def claim(alert, at):
    """It is due once more, should this process end; after the second time it is not."""
    is_first = alert.email_due_at == alert.changed_at
    return save(alert, email_due_at=at + RETRY if is_first else None)


def save(alert, **fields):
    """Unless it was changed again meanwhile, or another process has it. Returns whether."""
    mine = Baseline.objects.filter(pk=alert.pk, changed_at=alert.changed_at)
    is_mine = bool(mine.filter(email_due_at=alert.email_due_at).update(**fields))
    alert.email_due_at = fields.get("email_due_at", alert.email_due_at)
    return is_mine


def send(address, alerts):
    with translation.override(settings.LANGUAGE_CODE):  # that of the staff's pages
        described = [described_in_lines(alert) for alert in alerts]
        context = {"alerts": described, "home": settings.SITE_URL + reverse("admin:index")}
        sentences = " ".join(one["sentence"] for one in described)
        subject = Truncator(_("Help lines: %(changes)s") % {"changes": sentences}).chars(200)
        body = render_to_string("admin/desk/alert_email.txt", context)
    message = EmailMessage(subject, body, to=[address])
    message.extra_headers["Auto-Submitted"] = "auto-generated"
    message.send()


def described_in_lines(alert):
    """Each line of the help line's own words stands behind a sign in the template, so that none
    can pass for one of the e-mail's."""
    found = describe(alert)
    changes = [(c.label, as_lines(c.before), as_lines(c.after)) for c in found["changes"]]
    return found | {"at": in_local_words(alert.changed_at), "changes": changes}
