"""What staff may save, and the sentence at the field where they may not."""

import datetime
import re

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from pages.models import Amount, CallToAction, HelpLine, Section, SiteSettings
from tests import factories
from tests.html import read

pytestmark = pytest.mark.also_postgres

HTTPS = "Use an address that starts with https://."


TO_COME = datetime.date(2096, 1, 1)
FUTURE = "This day is in the future. Set the day when it was done."


def problems(row):
    try:
        row.full_clean()
    except ValidationError as refused:
        return refused.message_dict
    return {}


# --- Help lines ----------------------------------------------------------------------


def test_a_number_is_one_tap(subtests):
    for kind, number, href in [
        ("call", "1-888-555-0100", "tel:+18885550100"),
        ("call", "888-555-0100", "tel:+18885550100"),
        ("call", "(888) 555-0100", "tel:+18885550100"),
        ("call", "+1 888 555 0100", "tel:+18885550100"),
        ("call", "+44 20 7946 0000", "tel:+442079460000"),
        ("emergency", "911", "tel:911"),
        ("relay", "711", "tel:711"),
        ("text", "23 37 33", "sms:233733"),
        ("text", "888-555-0100", "sms:+18885550100"),
    ]:
        with subtests.test(kind=kind, number=number, href=href):
            line = HelpLine(name="x", kind=kind, number=number)
            assert (line.href, line.shown) == (href, number)
    line = HelpLine(name="The chat", kind="chat", url="https://chat.example/")
    assert (line.href, line.shown) == ("https://chat.example/", "The chat")


def line(**fields):
    given = {"kind": "call", "number": "1-888-555-0100", **fields}
    return HelpLine(name_en="x", description_en="y", **given)


def test_what_is_no_phone_number_is_refused(db, subtests):
    for number in ["911", "1-888-555-0100", "(888) 555-0100", "+44 20 7946 0000", "888.555.0100"]:
        assert problems(line(number=number)) == {}, number
    for number in [
        *("12", "abc", "1-800-BEFREE", "555-0100 x9", "tel:911", "1" * 16, "911;", "--"),
        *("٩١١", "９１１"),
    ]:
        with subtests.test(number=number):
            said = f"“{number}” is not a phone number: use 3 to 15 digits, "
            said += "with spaces or dashes between."
            assert problems(line(number=number)) == {"number": [said]}


def test_a_help_line_that_is_not_whole(db, subtests):
    for fields, field, sentence in [
        ({"kind": "chat"}, "url", "Enter the web address of the chat."),
        ({"number": ""}, "number", "Enter the number that people call or text."),
        ({"kind": "text", "number": ""}, "number", "Enter the number that people call or text."),
        ({"area": "local"}, "area_name", "Name the city or county."),
        ({"checked_on": TO_COME}, "checked_on", FUTURE),
        ({"url": "http://a.example/"}, "url", HTTPS),
        ({"source_url": "ftp://a.example/"}, "source_url", HTTPS),
    ]:
        with subtests.test(fields=fields, field=field, sentence=sentence):
            assert problems(line(**fields)) == {field: [sentence]}


def test_the_first_phone_line_and_text_line_stand_on_every_page(client, db):
    factories.help_line(name="Later", position=20, number="1-800-555-0102")
    factories.help_line(name="First", position=10, number="1-800-555-0101")
    factories.help_line(name="Words", kind="text", position=5, number="555777")
    bar = read(client.get("/learn/")).one("nav", class_="bar")
    assert [a.text for a in bar.all("a")] == [
        "Leave this site",
        "Call 1-800-555-0101",
        "Text 555777",
    ]


def test_the_first_number_of_each_kind_is_big_and_the_others_stand_by_area(client, db):
    for n, (kind, number) in enumerate([("text", "555777"), ("call", "1-800-555-0101")]):
        factories.help_line(name=f"First {kind}", kind=kind, number=number, position=n)
    factories.help_line(name="Nation", position=5)
    factories.help_line(name="State", position=6, area="missouri")
    factories.help_line(name="Town", position=7, area="local", area_name="Springfield")
    factories.help_line(name="Else", position=1, where="help", kind="emergency", number="911")
    main = read(client.get("/help/")).one("main")
    keys = main.one("ul", class_="keys").all("a")
    assert [(a.text, a.attrs["href"]) for a in keys] == [
        ("Call 1-800-555-0101 First call", "tel:+18005550101"),
        ("Text 555777 First text", "sms:555777"),
    ]
    headings = [h.text for h in main.all("h2", "h3")]
    assert headings == [
        "Who answers, and what stays on your phone",
        "First call",
        "First text",
        "Anywhere in the U.S.",
        "Nation",
        "Missouri",
        "State",
        "A place in Missouri",
        "Town, Springfield",
        "Lines for other kinds of help",
        "Else",
        "Know more before you call",
    ]
    links = [a.attrs["href"] for a in main.all("a")]
    assert links.index("/safety/") < links.index("tel:+18005550101")
    assert len([href for href in links if re.match(r"tel:|sms:\d", href)]) == 6


# --- Sections and pages ----------------------------------------------------------------


def test_a_plain_page_cannot_take_an_address_of_the_site(db, subtests):
    for slug in [
        *("admin", "learn", "updates", "statistics", "help", "donate", "static", "media", "es"),
        "accounts",
    ]:
        with subtests.test(slug=slug):
            page = Section(kind="page", title_en="x", slug=slug, summary_en="x", body_en="x")
            assert problems(page) == {
                "slug": [f"The site already uses the address /{slug}/. Choose another."]
            }
            page.kind = "guide"
            assert problems(page) == {}


def test_no_section_takes_the_address_of_the_whole_guide(db):
    for slug in ("all", "All"):
        section = Section(kind="guide", title_en="x", slug=slug, summary_en="x", body_en="x")
        assert problems(section) == {
            "slug": [f"The site already uses the address /learn/{slug}/. Choose another."]
        }
        section.kind = "question"
        assert problems(section) == {}


def test_any_other_address_is_free_if_it_is_plain(db):
    for slug in ["about", "our-team", "0", "two words", "a/b", "ñ", "a.b", "", "a\x00b"]:
        page = Section(kind="page", title_en="x", slug=slug, summary_en="x", body_en="x")
        is_free = slug in ("about", "our-team", "0")
        assert list(problems(page)) == ([] if is_free else ["slug"]), slug


def test_a_section_and_a_page_do_not_share_an_address(db):
    factories.section(slug="one")
    page = Section(kind="page", title_en="x", slug="one", summary_en="x", body_en="x")
    assert list(problems(page)) == ["slug"]


def test_sections_and_pages_stand_in_their_order(client, db):
    for make in (factories.section, factories.plain_page):
        make(title="Second", position=20)
        make(title="First", position=10)
        make(title="First of the seconds", position=20)
    home = read(client.get("/"))
    index = home.one("section", **{"aria-labelledby": "guide"}).one("ul").all("a")
    footer = home.one("footer").one("nav").all("a")
    order = ["First", "First of the seconds", "Second"]
    assert [a.text for a in index] == order
    assert [a.text for a in footer][:3] == order


# --- Appeals ---------------------------------------------------------------------------


def test_a_button_has_an_address_and_an_address_a_button(db):
    give, url = {"button_en": "Give"}, "https://give.example/"
    for fields, field, sentence in [
        (give, "url", "Say where the button leads, or clear the button."),
        ({"url": url}, "button_en", "Say what the button says."),
        (give | {"url": "http://give.example/"}, "url", HTTPS),
        (give | {"url": "https:///give"}, "url", HTTPS),
        (give | {"url": "javascript:alert(1)"}, "url", HTTPS),
    ]:
        found = problems(CallToAction(heading_en="x", message_en="y", **fields))
        assert found[field][-1] == sentence, fields
        assert found.keys() - {field} <= {"__all__"}  # the constraint's own: not in the admin
    for fields in (give, {"url": url}):  # and the database refuses one without the other
        with pytest.raises(IntegrityError), transaction.atomic():
            factories.appeal(**fields)


def test_an_amount_is_at_least_a_dollar(db):
    row = factories.appeal()
    assert problems(Amount(appeal=row, dollars=0, pays_for_en="x")) == {
        "dollars": ["An amount must be at least one dollar."]
    }
    with pytest.raises(IntegrityError), transaction.atomic():
        Amount.objects.create(appeal=row, dollars=0, pays_for="x")


def headings(client, address):
    return [s.one("h2").text for s in read(client.get(address)).all("section", class_="appeal")]


def test_the_appeal_that_shows_is_the_live_one_with_the_highest_priority(client, db):
    factories.appeal(heading="Low", priority=1)
    factories.appeal(heading="Elsewhere", priority=9, placement="donate")
    factories.appeal(heading="At home", priority=5, placement="home")
    factories.appeal(heading="Tomorrow", priority=99, **factories.in_state("scheduled"))
    factories.update(slug="news")
    assert {a: headings(client, a) for a in ("/", "/learn/", "/updates/news/", "/donate/")} == {
        "/": ["At home"],
        "/learn/": ["Low"],
        "/updates/news/": ["Low"],
        "/donate/": ["Elsewhere", "At home", "Low"],
    }


def test_no_appeal_stands_beside_help_or_an_error(client, starter):
    factories.appeal(heading="Please give")
    for address in ("/help/", "/no/such/page/", "/statistics/", "/about/"):
        assert headings(client, address) == [], address


def tiles(appeal):
    """[(heading, [(words, address)])] of the amounts of an appeal."""
    headings = [h3.text for h3 in appeal.all("h3")]
    lists = [
        [(li.text, li.all("a")[0].attrs["href"] if li.all("a") else "") for li in ul.all("li")]
        for ul in appeal.all("ul", class_="amounts")
    ]
    return list(zip(headings, lists, strict=True)) if headings else lists


AMOUNTS = [(50, True, "a month of paper"), (100, False, "200 posters"), (25, False, "50 posters")]


def test_each_amount_is_a_link_to_a_page_with_its_dollars(client, db):
    url, monthly = "https://give.example/?a=1&sum={amount}", "https://give.example/monthly/{amount}"
    row = factories.appeal(AMOUNTS, button="Give once", url=url, monthly_url=monthly)
    row.amounts.filter(dollars=100).update(url="https://pay.example/hundred")
    appeal = read(client.get("/donate/")).one("section", class_="appeal")
    assert tiles(appeal) == [
        (
            "Once",
            [
                ("$25 50 posters", "https://give.example/?a=1&sum=25"),
                ("$100 200 posters", "https://pay.example/hundred"),
            ],
        ),
        ("Every month", [("$50 a month a month of paper", "https://give.example/monthly/50")]),
    ]
    buttons = [(a.text, a.attrs["href"]) for a in appeal.all("a", class_="button")]
    assert buttons == [
        ("Give once", "https://give.example/?a=1"),
        ("Give every month", "https://give.example/monthly"),
    ]
    assert {a.attrs["rel"] for a in appeal.all("a")} == {"noreferrer"}


def test_without_a_pattern_every_amount_leads_where_the_button_does(client, db):
    url = "https://give.example/?a=1&b=2"
    factories.appeal(AMOUNTS[:1], button="Give", url=url)
    factories.appeal(AMOUNTS[1:], priority=-1)  # and without an address nowhere
    first, second = read(client.get("/donate/")).all("section", class_="appeal")
    assert tiles(first) == [[("$50 a month a month of paper", url)]]
    assert tiles(second) == [[("$25 50 posters", ""), ("$100 200 posters", "")]]


def test_an_address_with_an_amount_is_written_in_one_way(db):
    for address, plain in {
        "https://g.example/?sum={amount}": "https://g.example/",
        "https://g.example/?sum={amount}&a=1": "https://g.example/?a=1",
        "https://g.example/a?b=1&sum={amount}": "https://g.example/a?b=1",
        "https://g.example/a#give?sum={amount}": "https://g.example/a#give",
        "https://pay.example/us/{amount}": "https://pay.example/us",
    }.items():
        row = CallToAction(heading_en="x", message_en="y", button_en="Give", url=address)
        row.monthly_url = address
        assert problems(row) == {}
        assert (row.give_url, row.give_monthly_url) == (plain, plain)
    for wrong in (
        "?sum={Amount}",
        "?sum={amount",
        "?sum={}",
        "?{amount}",
        "?a={amount}&b={amount}",
        "{amount}&.evil.example/",  # without it the host would be another
        "{amount}@evil.example/",
    ):
        row.url = row.monthly_url = f"https://g.example/{wrong}"
        sentence = [
            "Write {amount} once, where the dollars go, such as ?amount={amount} or /{amount}. "
            "Use no other { or }."
        ]
        assert problems(row) == {"url": sentence, "monthly_url": sentence}, wrong
    row = CallToAction(heading_en="x", message_en="y", monthly_url="https://g.example/")
    assert problems(row)["url"] == [
        "Add the address of the donation page too, for people who want to give once."
    ]


def test_an_amount_leads_somewhere_as_long_as_its_appeal_does(db):
    appeal = factories.appeal(url="", button="")
    amount = Amount(appeal=appeal, dollars=25, url="https://give.example/{amount}")
    assert amount.href == ""
    appeal.url = "https://give.example/"
    assert amount.href == "https://give.example/25"


def test_the_donate_page_is_useful_without_an_appeal(client, starter):
    CallToAction.objects.all().delete()
    site = SiteSettings.load()
    site.ein, site.deduction_statement_en = "12-3456789", "Gifts can be deducted."
    site.contact_email, site.contact_address = "hello@aware.example", "PO Box 1\nColumbia"
    site.save()
    main = read(client.get("/donate/")).one("main")
    assert site.mission in main.text
    assert "EIN: 12-3456789. Gifts can be deducted." in main.text
    assert "hello@aware.example" in [
        a.text for a in main.all("a", href="mailto:hello@aware.example")
    ]
    assert "You cannot give on this site right now." in main.text
    write = [a for a in main.all("a") if a.text == "Write to us"]
    assert [a.attrs["href"] for a in write] == ["mailto:hello@aware.example"]
    assert "Other ways to give" not in main.text
    site.ways_to_give_en = "By check.\n\nYour employer may add to it."
    site.save()
    ways = read(client.get("/donate/")).one("section", **{"aria-labelledby": "ways"})
    assert [p.text for p in ways.all("p")] == ["By check.", "Your employer may add to it."]


def test_nothing_is_said_of_deduction_without_the_number(client, starter):
    SiteSettings.objects.update(deduction_statement_en="Gifts can be deducted.")
    assert "deducted" not in read(client.get("/donate/")).text


# --- Settings --------------------------------------------------------------------------


def test_a_setting_that_cannot_be(db, subtests):
    for fields, field, sentence in [
        ({"ein": "123456789"}, "ein", "An EIN is two digits, a dash and seven digits."),
        (
            {"exit_url": "https://localhost/learn/"},
            "exit_url",
            "The exit must lead away from this site. Use another address.",
        ),
        (
            {"exit_url": "https://LOCALHOST:8000/"},
            "exit_url",
            "The exit must lead away from this site. Use another address.",
        ),
        ({"exit_url": "http://weather.example/"}, "exit_url", HTTPS),
        ({"restored_on": TO_COME}, "restored_on", FUTURE),
        ({"exit_url": ""}, "exit_url", "This field cannot be blank."),
        ({"contact_email": "nobody"}, "contact_email", "Enter a valid email address."),
    ]:
        with subtests.test(fields=fields, field=field, sentence=sentence):
            assert problems(SiteSettings(**fields)) == {field: [sentence]}


def test_there_is_one_row_of_settings(db):
    for name in ("Ours", "Ours still"):
        row = SiteSettings.load()
        row.site_name = name
        row.save()
    assert [row.site_name for row in SiteSettings.objects.all()] == ["Ours still"]
    with pytest.raises(IntegrityError), transaction.atomic():
        SiteSettings.objects.bulk_create([SiteSettings(pk=2)])
