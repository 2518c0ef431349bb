"""No number that nobody can dial is published, and no day stands beside one nobody called."""

import datetime

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone
from reversion.models import Version

from awareness.content.richtext import clean, review
from awareness.desk.item_version import ItemVersion
from awareness.desk.workflow import Workflow
from pages.models import HelpLine, SiteSettings
from tests import factories
from tests.desk.test_admin import address, fields_of, fill, mistakes
from tests.html import read

RIGHT, OTHER, UNASSIGNED = "1-888-373-7888", "1-800-392-3738", "1-999-373-7888"
DAY, LATER = datetime.date(2026, 1, 31), datetime.date(2026, 2, 28)


def problems(**fields):
    try:
        HelpLine(**{"kind": "call", "name_en": "x", "description_en": "y", **fields}).full_clean()
    except ValidationError as refused:
        return refused.message_dict
    return {}


@pytest.fixture
def line(db):
    return factories.help_line(number=RIGHT, checked_on=DAY)


def form(line):
    return address(HelpLine, "change", line.pk)


def day_of(line):
    """As the tables have it, and as the public reads it."""
    line = HelpLine.objects.get(pk=line.pk)
    return line.checked_on, line.checked


# --- What can be dialed ----------------------------------------------------------------


def test_a_number_of_another_length_is_refused_whatever_is_said_of_it(db):
    for kind, number in [
        ("call", "1-888-373-78"),
        ("call", "1-888-373-78888"),
        ("call", "373-7888"),
        ("call", "7888"),
        ("call", "233733"),
        ("emergency", "9111"),
        ("relay", "71-71"),
        ("text", "2337"),
        ("text", "2337333"),
        ("call", "+44 20 79"),
    ]:
        found = problems(kind=kind, number=number, assurance="I have just called it.")
        assert list(found) == ["number"], (kind, number, found)
        assert found["number"][0].startswith(f"“{number}” cannot be dialed. A US number has 10")


def test_a_number_that_is_given_to_nobody_asks_for_a_reason(db):
    for kind, number in [
        ("call", UNASSIGNED),
        ("call", "1-088-373-7888"),
        ("emergency", "991"),
        ("text", "12345"),
    ]:
        assert problems(kind=kind, number=number) == {
            "assurance": [
                f"“{number}” does not seem to be a number that anybody has.",
                "If it is right, write here how you know, and save again. If not, fix it.",
            ]
        }
        assert problems(kind=kind, number=number, assurance="I called it.") == {}, number


def test_what_is_dialed_every_day_is_taken_without_a_question(starter):
    for line in HelpLine.objects.all():
        line.pk = None
        line.full_clean()
    for kind, number in [("text", "988"), ("call", "211"), ("text", "741741"), ("call", "988")]:
        assert problems(kind=kind, number=number) == {}, number
    assert HelpLine(kind="call", number="+44 (0)20 7946 0000").href == "tel:+442079460000"


def test_the_form_asks_once_and_a_new_number_is_asked_about_anew(publisher, line):
    assert mistakes(fill(publisher, form(line), number="1-888-373-78")).keys() == {"number"}
    assert mistakes(fill(publisher, form(line), number=UNASSIGNED)).keys() == {"assurance"}
    assert HelpLine.objects.get().number == RIGHT
    fill(publisher, form(line), number=UNASSIGNED, assurance="I called it.")
    assert fill(publisher, form(line), hours_en="Always").status_code == 302
    assert mistakes(fill(publisher, form(line), number="1-999-373-7889")).keys() == {"assurance"}
    fill(publisher, form(line), number=RIGHT)
    version = Version.objects.get_for_object(line)[2]  # with the number that was asked about
    publisher.post(address(HelpLine, "revision", line.pk, version.pk))
    back = HelpLine.objects.get()
    assert (back.number, back.assurance[:10]) == (UNASSIGNED, "As it was ")


def test_a_link_in_a_text_is_asked_the_same():
    sentence = "leads to no phone: a US number has 10 digits"
    for href in ("tel:1-888-373-78", "sms:2337", "tel:call-us"):
        (said,) = review(f'<p><a href="{href}">Call</a></p>').refused
        assert sentence in said, href
    for href in (f"tel:{RIGHT}", "sms:233733?body=Hello there", "tel:911"):
        assert review(f'<p><a href="{href}">Call</a></p>').refused == [], href


# --- As web pages write them -----------------------------------------------------------


def test_what_nobody_sees_in_a_copied_number_is_no_reason_to_refuse_it(db):
    for pasted, meant in [
        ("1\u2011888\u2010373\u20137888", RIGHT),
        ("\u202a1\u2212888\u2014373\u20127888\u202c", RIGHT),
        ("(888)\u00a0373-7888\u00a0", "(888) 373-7888"),
        ("1-888-\u00ad373\u200d-7888", RIGHT),
    ]:
        line = HelpLine(kind="call", name_en="x", description_en="y", number=pasted)
        line.full_clean()
        assert line.number == meant, ascii(pasted)
        link = '<p><a href="tel:{}">x</a></p>'
        assert clean(link.format(pasted)) == link.format(meant), ascii(pasted)
    row = SiteSettings(ein="\u202a12\u20113456789\u202c")
    row.full_clean()
    assert row.ein == "12-3456789"


def test_what_a_text_would_say_keeps_its_letters():
    body = '<p><a href="sms:233733?&amp;body=Is – it safe?">Text</a></p>'
    assert clean(body) == body


# --- The day of the check --------------------------------------------------------------


def test_another_number_word_or_address_empties_the_day_but_not_a_new_one(publisher, line):
    for name, value in [("number", OTHER), ("text_word", "SAFE"), ("url", "https://line.example/")]:
        HelpLine.objects.all().delete()
        row = factories.help_line(number=RIGHT, checked_on=DAY)
        fill(publisher, form(row), hours_en="Always", number="(888) 373-7888")  # the same
        assert day_of(row) == (DAY, DAY)
        done = fill(publisher, form(row), **{name: value})
        assert day_of(row) == (None, None), name
        assert "“Checked on” is empty" in read(publisher.get(done["Location"])).text
        fill(publisher, form(row), checked_on=str(LATER))
        assert day_of(row) == (LATER, LATER)
        fill(publisher, form(row), **{name: "1-800-843-5678" if name == "number" else ""})
        assert day_of(row) == (None, None), name
    fill(publisher, form(row), number=OTHER, checked_on=str(DAY))
    assert day_of(row) == (DAY, DAY)


def test_a_draft_keeps_no_day_of_the_number_before_it(publisher, line):
    fill(publisher, form(line), "_draft", number=OTHER, checked_on=str(LATER))
    assert fields_of(read(publisher.get(form(line))))["checked_on"] == str(LATER)
    fill(publisher, form(line), "_draft", hours_en="Always")
    assert fields_of(read(publisher.get(form(line))))["checked_on"] == str(LATER)
    fill(publisher, form(line), "_draft", number="1-800-843-5678")
    assert fields_of(read(publisher.get(form(line))))["checked_on"] == ""
    assert day_of(line) == (DAY, DAY)
    fill(publisher, form(line))
    assert day_of(line) == (None, None)


def test_no_other_way_leaves_a_day_on_which_nobody_called(client, line):
    def saved():
        row = HelpLine.objects.get(pk=line.pk)
        row.number = OTHER
        row.save()

    def published():
        row = HelpLine.objects.get(pk=line.pk)
        row.number = OTHER
        person = User.objects.create_superuser("somebody")
        Workflow.apply("publish", row, person, version=ItemVersion(row, {}))

    def by_sql():
        with connection.cursor() as cursor:
            cursor.execute("UPDATE pages_helpline SET number = %s", [OTHER])

    for change in (saved, published, lambda: HelpLine.objects.update(number=OTHER), by_sql):
        HelpLine.objects.all().delete()
        line = factories.help_line(number=RIGHT, checked_on=DAY)
        assert "Checked on January 31, 2026" in read(client.get("/help/")).text
        change()
        said = read(client.get("/help/")).text
        assert OTHER in said
        assert "Checked on" not in said, change
        line = HelpLine.objects.get()
        line.hours = "Always"
        line.save()
        assert line.checked_on is None, change


def test_a_version_comes_back_with_the_day_on_which_its_number_was_called(publisher, line):
    fill(publisher, form(line), hours_en="Always")  # the first version
    fill(publisher, form(line), number=OTHER)
    version = Version.objects.get_for_object(line)[1]
    publisher.post(address(HelpLine, "revision", line.pk, version.pk))
    row = HelpLine.objects.get()
    assert (row.number, row.checked) == (RIGHT, DAY)
    row.number = OTHER
    row.save()
    publisher.post(address(HelpLine, "delete", row.pk), {"post": "yes"})
    version = Version.objects.get_deleted(HelpLine).get()
    publisher.post(address(HelpLine, "recover", version.pk))
    assert day_of(line) == (None, None)


def test_the_desk_asks_to_check_what_nobody_called(publisher, line):
    today = timezone.localdate()
    HelpLine.objects.get().save()
    row = HelpLine.objects.get()
    row.checked_on = today
    row.save()
    assert "Help lines to check" not in read(publisher.get("/admin/")).text
    HelpLine.objects.update(number=OTHER)
    assert "Never checked" in read(publisher.get("/admin/")).text
