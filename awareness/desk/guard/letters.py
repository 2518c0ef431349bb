"""The e-mails about changed help lines: each of those who may publish gets one of their own.

Nobody waits for a mail server: a thread of some process sends what is due. What cannot be sent is
tried again, ever more seldom, for a day.
"""

import datetime
import logging
import time
from threading import Thread

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.mail import EmailMessage
from django.db import connection
from django.db.models import Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from awareness.desk.compare import as_lines
from awareness.desk.drafts import in_local_words
from awareness.models import Letter
from awareness.publishing import publish_right

from .words import by_whom, in_words, on_one_line, sentence

GATHER = datetime.timedelta(seconds=15)  # in which further changes go into the same letter
# The first letters of an hour go out at once. What a flood brings after them is gathered for
# longer, or nobody would read what is in their box any more.
HOUR = datetime.timedelta(hours=1)
AT_ONCE = 6
GATHER_A_FLOOD = datetime.timedelta(minutes=10)
# Between two tries. The first is also how long a process may be at one of them.
WAITS = [datetime.timedelta(minutes=n) for n in (3, 10, 30, 60, 180, 360, 720)]
DAY = datetime.timedelta(days=1)
log = logging.getLogger(__name__)
_thread = None


def who_is_told(model):
    """Whoever changed it, too: the account may be stolen."""
    people = get_user_model()._default_manager.with_perm(
        publish_right(model), backend="django.contrib.auth.backends.ModelBackend"
    )
    return people.filter(is_active=True, is_staff=True).exclude(email="").order_by("pk")


def letter_for(model, at):
    """The one that waits, or a new one. In the transaction of what it will tell."""
    still = Q(due_at__gt=at) | Q(due_at=None, made_at__gt=at - GATHER)
    waiting = Letter.objects.select_for_update(of=("self",)).filter(still, tries=0)
    if letter := waiting.filter(notices__content_type__model=model._meta.model_name).first():
        return letter
    left = list(dict.fromkeys(who_is_told(model).values_list("pk", flat=True)))
    is_flood = Letter.objects.filter(made_at__gt=at - HOUR).count() >= AT_ONCE
    due_at = at + (GATHER_A_FLOOD if is_flood else GATHER)
    return Letter.objects.create(made_at=at, left=left, due_at=due_at if left else None)


def send_beside():
    """In a thread of its own, one at a time in each process."""
    global _thread
    if settings.SENDS_MAIL and not (_thread and _thread.is_alive()):
        _thread = Thread(target=send_and_close, name="letters", daemon=True)
        _thread.start()


def send_and_close():
    try:
        send_due()
    except Exception:
        log.exception("The letters about help lines could not be sent.")
    finally:
        connection.close()


def send_due(at=None):
    """Returns how many were sent."""
    at = at or timezone.now()
    due = Letter.objects.filter(due_at__lte=at).order_by("pk").values_list("pk", flat=True)
    return sum(send(letter, at) for number in list(due) if (letter := claim(number, at)))


def claim(number, at):
    """The letter, if no other process has it in hand; it is due again should this one end."""
    letter = Letter.objects.filter(pk=number, due_at__lte=at).first()
    if letter is None:
        return None
    late = at - letter.made_at > DAY  # no server ran: what is in it is known by other means
    wait = WAITS[letter.tries] if letter.tries < len(WAITS) else None
    letter.due_at = at + wait if wait and not late else None
    mine = Letter.objects.filter(pk=number, tries=letter.tries)
    if not mine.update(tries=letter.tries + 1, due_at=letter.due_at) or late:
        return None
    letter.tries += 1
    return letter


def send(letter, at):
    begin, again, sent, errors = time.monotonic(), letter.due_at, 0, []
    subject, body = written(letter)
    accounts = get_user_model()._default_manager.filter(is_active=True).in_bulk(letter.left)
    for number in list(letter.left):
        account = accounts.get(number)
        try:
            if account and account.email:
                message = EmailMessage(subject, body, to=[account.email])
                message.extra_headers["Auto-Submitted"] = "auto-generated"
                message.send()
                sent += 1
                letter.sent += 1
            letter.left.remove(number)
        except Exception as error:  # one wrong address is no reason to leave the others out
            errors.append(type(error).__name__)  # what it says may name an address
        # As long as this goes on, nobody else begins.
        passed = datetime.timedelta(seconds=time.monotonic() - begin)
        letter.due_at = again + passed if again and letter.left else None
        mine = Letter.objects.filter(pk=letter.pk, tries=letter.tries)
        if not mine.update(left=letter.left, sent=letter.sent, due_at=letter.due_at):
            break
    if errors:
        said = "The e-mail about a changed help line did not reach %d of %d people: %s"
        log.error(said, len(errors), len(errors) + sent, ", ".join(dict.fromkeys(errors)))
    return sent


def written(letter):
    """(subject, body). In English, the language of the staff's pages."""
    with translation.override(settings.LANGUAGE_CODE):
        notices = list(letter.notices.select_related("content_type").order_by("at", "pk"))
        context = {
            "told": [told(notice) for notice in notices],
            "home": settings.SITE_URL + reverse("admin:index"),
        }
        return subject_of(notices), render_to_string("admin/desk/guard_letter.txt", context)


def told(notice):
    """Each line of the help line's own words stands behind a sign, so that none can pass for one
    of the letter's."""
    return {
        "sentence": sentence(notice),
        "by_whom": by_whom(notice),
        "at": in_local_words(notice.at),
        "link": settings.SITE_URL + reverse("admin:guard", args=[notice.pk]),
        "changes": [
            {
                "label": change.label,
                "before_lines": as_lines(change.before),
                "after_lines": as_lines(change.after),
            }
            for change in in_words(notice)
        ],
    }


def subject_of(notices):
    titles = on_one_line(", ".join(dict.fromkeys(notice.title for notice in notices)))
    if len(notices) > 1:
        words = _("%(number)d changes of help lines: %(titles)s")
    else:
        words = {
            "changed": _("A help line was changed: %(titles)s"),
            "published": _("A help line was published: %(titles)s"),
            "unpublished": _("A help line was unpublished: %(titles)s"),
            "deleted": _("A help line was deleted: %(titles)s"),
            "began": _("A help line is public by its publish time: %(titles)s"),
            "ended": _("A help line has ended by its expiry time: %(titles)s"),
            "order": _("The order of the help lines was changed"),
        }[notices[0].kind]
    return (words % {"number": len(notices), "titles": titles})[:200]
