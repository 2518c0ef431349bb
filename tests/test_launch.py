"""What is left to do before the site goes public: it goes away step by step."""

import datetime

from awareness.launch import TRANSLATED, checklist
from pages.models import CallToAction, Citation, HelpLine, Section, SiteSettings
from tests import factories
from tests.accounts.signing_in import account
from tests.html import read

DAY = datetime.date(2026, 1, 2)


def left(user):
    return [entry.title for entry in checklist(user)]


def test_each_thing_is_asked_for_until_it_is_done(starter, publisher):
    user = account("boss", "Publisher")
    every = checklist(user)
    assert len(every) == 8
    lines = HelpLine.objects.exclude(kind="emergency").count()
    assert every[0].title == f"{lines} help lines were never called"
    texts = HelpLine.objects.live().count() + Section.objects.live().count()
    assert f"The Spanish of {texts} texts was never read" in left(user)
    for entry in every:
        assert publisher.get(entry.link).status_code == 200, entry.title
    steps = [
        lambda: [line.save() for line in called()],
        lambda: Citation.objects.update(read_on=DAY),
        lambda: [model.objects.update(translation_reviewed_on=DAY) for model in TRANSLATED],
        lambda: factories.appeal(
            button="Give", url="https://give.example/", translation_reviewed_on=DAY
        ),
        lambda: SiteSettings.objects.update(contact_email="us@example.org"),
        lambda: SiteSettings.objects.update(lawyer_read_on=DAY),
        lambda: SiteSettings.objects.update(survivor_read_on=DAY),
        lambda: SiteSettings.objects.update(restored_on=DAY),
    ]
    for done, step in enumerate(steps, 1):
        step()
        assert len(left(user)) == len(steps) - done, (done, left(user))


def called():
    for line in HelpLine.objects.all():
        line.checked_on = DAY
        yield line


def test_it_stands_on_the_first_page_for_whoever_may_do_it(starter, publisher, client, db):
    words = "Before the site goes public"
    assert words in read(publisher.get("/admin/")).one("section", id="desk-launch").text
    client.force_login(account("looker"))
    assert words not in client.get("/admin/").content.decode()
    assert CallToAction.objects.exists()
