"""Each change of a help line is mailed to everybody who may publish one, and to nobody else."""

import datetime
import smtplib
import threading

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.db import connection, connections
from django.utils import timezone

from awareness.desk.alerts import emails
from awareness.desk.alerts.baseline import look
from awareness.desk.alerts.emails import RETRY, send_due
from awareness.desk.alerts.models import Baseline
from awareness.desk.drafts import in_local_words
from pages.models import HelpLine
from tests import factories
from tests.desk.test_admin import address, fill
from tests.site import PATIENCE

pytestmark = pytest.mark.also_postgres

OLD, NEW = "1-800-555-0100", "1-900-555-0199"
BACKENDS = "tests.desk.test_guarded_lines_mail"


def account(name, role="Publisher", **fields):
    given = {"is_staff": True, "email": f"{name}@example.org", **fields}
    user = User.objects.create_user(name, **given)
    if role:
        user.groups.add(Group.objects.get(name=role))
    return user


@pytest.fixture
def line(db):
    made = factories.help_line(name="The hotline", number=OLD)
    look()
    return made


def change(line, **fields):
    HelpLine.objects.filter(pk=line.pk).update(**(fields or {"number": NEW}))
    return look()


def change_by_sql(line, **fields):
    """Past the fields of the model, which leave out what nobody sees."""
    for name, value in fields.items():
        column = connection.ops.quote_name(name)
        with connection.cursor() as cursor:
            cursor.execute(
                f"UPDATE pages_helpline SET {column} = %s WHERE id = %s", [value, line.pk]
            )
    return look()


def soon():
    return timezone.now() + RETRY / 2


def to(mails):
    return sorted(address for mail in mails for address in mail.recipients())


# --- To whom ---------------------------------------------------------------------------


def test_to_all_who_may_publish_it_each_alone(line, mailoutbox):
    account("ann")
    account("bob", role=None).user_permissions.add(
        Permission.objects.get(codename="publish_helpline")
    )
    account("root", role=None, is_superuser=True)
    account("editor", role="Editor")
    account("away", is_active=False)
    account("outside", is_staff=False)
    account("silent", email="")
    change(line)
    assert send_due(soon()) == 3
    assert to(mailoutbox) == ["ann@example.org", "bob@example.org", "root@example.org"]
    assert [(len(mail.to), mail.cc, mail.bcc) for mail in mailoutbox] == [(1, [], [])] * 3
    assert send_due(soon() + RETRY) == 0


def test_whoever_changed_it_gets_it_too(line, client, mailoutbox):
    client.force_login(account("ann"))
    fill(client, address(HelpLine, "change", line.pk), number=NEW)
    look()
    send_due(soon())
    assert to(mailoutbox) == ["ann@example.org"]
    assert "By ann, " in mailoutbox[0].body


def test_who_lost_the_account_meanwhile_gets_none(line, mailoutbox):
    ann, bob = account("ann"), account("bob")
    change(line)
    User.objects.filter(pk=ann.pk).update(is_active=False)
    User.objects.filter(pk=bob.pk).update(email="")
    assert send_due(soon()) == 0
    assert Baseline.objects.get().email_due_at is None


# --- What it says ----------------------------------------------------------------------


def test_it_says_what_who_when_and_the_way_back(line, mailoutbox, settings):
    settings.SITE_URL = "https://aware.example"
    settings.DEFAULT_FROM_EMAIL = "no-reply@aware.example"
    account("ann")
    change(line)
    send_due(soon())
    (mail,) = mailoutbox
    alert = Baseline.objects.get()
    assert mail.subject == "Help lines: “The hotline” was changed."
    assert mail.from_email == "no-reply@aware.example"
    assert mail.content_subtype == "plain"
    assert mail.message()["Auto-Submitted"] == "auto-generated"
    head = mail.body[: mail.body.index("If you, or a colleague")]
    assert head == (
        "“The hotline” was changed.\n"
        "Not changed in the site's forms, so nobody knows who did it, "
        f"{in_local_words(alert.changed_at)}\n"
        "\n"
        "  Number\n"
        "    before:\n"
        f"      > {OLD}\n"
        "    now:\n"
        f"      > {NEW}\n"
        "\n"
        "To see it, and to bring back what it was with one button, sign in here:\n"
        "https://aware.example/admin/\n"
        "\n"
    )


def test_the_subject_names_it_as_people_know_it(db, mailoutbox):
    account("ann")
    row, gone = (factories.help_line(name=name) for name in ("The hotline", "Gone"))
    look()
    row = HelpLine.objects.filter(pk=row.pk)
    for do, subject in (
        (lambda: row.update(name_en="Renamed", number=NEW), "“The hotline” was changed."),
        (lambda: factories.help_line(name="New"), "“New” was published."),
        (lambda: row.update(published=False), "“The hotline” was unpublished."),
        (gone.delete, "“Gone” was deleted."),
    ):
        do()
        look()
        send_due(soon())
        assert mailoutbox[-1].subject == f"Help lines: {subject}"


def test_what_changed_at_once_is_one_email(db, mailoutbox):
    rows = [factories.help_line(name=f"Line {n}", position=n) for n in range(10)]
    look()
    account("ann")
    for row in rows:
        HelpLine.objects.filter(pk=row.pk).update(number=NEW)
    look()
    assert send_due(soon()) == 1
    (mail,) = mailoutbox
    assert mail.subject.startswith("Help lines: “Line 0” was changed. “Line 1” was changed.")
    assert all(f"“Line {n}” was changed." in mail.body for n in range(10))


def test_what_comes_after_an_email_is_another(line, mailoutbox):
    account("ann")
    change(line)
    send_due(soon())
    change(line, number="1-800-555-0111")
    send_due(soon())
    assert len(mailoutbox) == 2
    change(line, number=OLD)
    send_due(soon())
    assert len(mailoutbox) == 2, "what was there before is there again: no alarm"


HEAD = {"Content-Type", "MIME-Version", "Content-Transfer-Encoding", "Subject", "From", "To"}
HEAD |= {"Date", "Message-ID", "Auto-Submitted"}
HOSTILE = [
    "Line\nBcc: someone@example.com",
    "Line\r\n\r\nA body",
    "Line\x0b\x0c\x1c\x85\u2028Subject: x",
    "Line\u202e9-1-1\u200b",
    "x" * 120,
    "{{ settings.SECRET_KEY }}<b>&",
]


@pytest.mark.parametrize("name", HOSTILE)
def test_no_title_puts_anything_into_the_head_or_hides_in_the_words(line, mailoutbox, name):
    account("ann")
    change_by_sql(line, name_en=name)
    change(line, number=NEW)
    send_due(soon())
    alert = Baseline.objects.get()
    alert.confirm()  # known by the hostile name by now
    alert.save()
    change(line, number=OLD)
    send_due(soon())
    for mail in mailoutbox:
        assert mail.message().as_bytes()
        assert mail.subject.splitlines() == [mail.subject]
        assert len(mail.subject) <= 200
        assert set(mail.message().keys()) == HEAD
        assert not {"\u202e", "\u200b", "\x0b", "\r"} & {*mail.subject, *mail.body}
        own = [text for text in mail.body.splitlines() if not text.lstrip().startswith(">")]
        assert not [text for text in own if text.startswith(("Bcc", "A body", "Subject"))]
    assert to(mailoutbox) == ["ann@example.org"] * 2
    if "\u202e" in name:
        assert "[U+202E]9-1-1[U+200B]" in mailoutbox[1].subject


# --- When it cannot be sent ------------------------------------------------------------


class Down:
    """A mail server that is not there, or refuses some."""

    error, refused, sent = ConnectionRefusedError(111, "No"), None, []

    def __init__(self, *args, **kwargs):
        pass

    def send_messages(self, messages):
        for message in messages:
            if self.refused is None or message.to[0] in self.refused:
                raise self.error
            Down.sent.append(message.to[0])
        return len(messages)


@pytest.fixture
def down(mailer, monkeypatch):
    mailer(f"{BACKENDS}.Down")
    monkeypatch.setattr(Down, "sent", [])
    return monkeypatch


def test_it_is_tried_once_more_and_then_left_to_the_first_page(line, down, caplog):
    account("ann")
    errors = [ConnectionRefusedError(111, "No"), TimeoutError(), smtplib.SMTPServerDisconnected()]
    for number, error in enumerate(errors):
        down.setattr(Down, "error", error)
        caplog.clear()
        (alert,) = change(line, number=f"1-900-555-019{number}")
        for due_at in (alert.email_due_at, alert.email_due_at + RETRY):
            assert Baseline.objects.get().email_due_at == due_at, error
            assert send_due(due_at - datetime.timedelta(seconds=1)) == 0, error
            send_due(due_at)
        alert.refresh_from_db()
        assert (alert.email_due_at, len(alert.unmailed)) == (None, 1), error
        messages = [entry.getMessage() for entry in caplog.records]
        assert len(messages) == 2, error
        assert "ann" not in "".join(messages)


def test_it_arrives_when_the_server_is_back(line, down, settings):
    account("ann")
    change(line)
    send_due(soon())
    down.setattr(Down, "refused", [])
    assert send_due(soon() + RETRY) == 1
    assert Down.sent == ["ann@example.org"]


@pytest.mark.parametrize(
    "error",
    [
        smtplib.SMTPRecipientsRefused({"bob@example.org": (550, b"No such user")}),
        UnicodeEncodeError("ascii", "é", 0, 1, "no"),
    ],
)
def test_one_address_that_is_refused_keeps_nobody_else_from_it(line, down, caplog, error):
    down.setattr(Down, "error", error)
    down.setattr(Down, "refused", ["bob@example.org"])
    for name in ("ann", "bob", "cleo"):
        account(name)
    change(line)
    assert send_due(soon()) == 2
    assert send_due(soon() + RETRY) == 0
    assert Down.sent == ["ann@example.org", "cleo@example.org"], "each of them once"
    assert User.objects.filter(pk__in=Baseline.objects.get().unmailed).get().username == "bob"
    assert "bob@" not in caplog.text


def test_an_address_with_a_line_break_is_nobodys(line, mailoutbox):
    account("ann")
    User.objects.filter(pk=account("bob").pk).update(email="bob@example.org\nBcc: x@example.com")
    change(line)
    assert send_due(soon()) == 1
    assert to(mailoutbox) == ["ann@example.org"]


def test_no_date_keeps_it_from_being_sent(line, mailoutbox):
    account("ann")
    for name, day in (("publish_at", (1, 1, 1)), ("expire_at", (9999, 12, 31))):
        change(line, **{name: datetime.datetime(*day, tzinfo=datetime.UTC), "number": NEW})
        assert send_due(soon()) == 1, name
    assert f"> {NEW}" in mailoutbox[0].body


def test_nothing_waits_to_be_sent_where_no_mail_server_is_set(line, settings, mailoutbox):
    settings.SENDS_MAIL = False
    account("ann")
    change(line)
    settings.SENDS_MAIL = True
    assert send_due(soon()) == 0
    assert mailoutbox == []


# --- Several processes -----------------------------------------------------------------


def test_a_process_that_ends_in_the_midst_leaves_the_rest_to_another(line, mailoutbox, monkeypatch):
    account("ann")
    account("bob")
    change(line)
    real = emails.EmailMessage.send

    def ends(self, *args, **kwargs):
        if mailoutbox:
            raise SystemExit  # as a kill would, nothing after it runs
        return real(self, *args, **kwargs)

    monkeypatch.setattr(emails.EmailMessage, "send", ends)
    with pytest.raises(SystemExit):
        send_due(soon())
    monkeypatch.undo()
    assert send_due(soon()) == 0, "the other process may still be at it"
    assert send_due(soon() + RETRY) == 1
    assert to(mailoutbox) == ["ann@example.org", "bob@example.org"]


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_several_workers_notice_it_once_and_send_it_once(mailer, monkeypatch):
    mailer(f"{BACKENDS}.Down")
    monkeypatch.setattr(Down, "sent", [])
    monkeypatch.setattr(Down, "refused", [])
    for name in ("ann", "bob"):
        account(name, role=None, is_superuser=True)
    line = factories.help_line(number=OLD)
    look()
    HelpLine.objects.filter(pk=line.pk).update(number=NEW)
    begin, later, errors = threading.Barrier(4), soon(), []

    def worker():
        try:
            begin.wait(PATIENCE)
            look()
            begin.wait(PATIENCE)
            send_due(later)
        except Exception as error:
            errors.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=worker) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert Baseline.objects.get().unmailed == []
    assert sorted(Down.sent) == ["ann@example.org", "bob@example.org"]
