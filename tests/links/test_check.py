"""From addresses in content to the desk's first page, and away from it again."""

import datetime

import pytest
from django.apps import apps
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import DatabaseError, connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from awareness.content.fields import Address
from awareness.content.publishing import State
from awareness.content.richtext import RichTextField
from awareness.dashboard import cards
from awareness.links.check import NoNetwork, at_home, check, in_turns
from awareness.links.elsewhere import Fault, Found
from awareness.links.models import CheckedLink
from awareness.links.places import ADDRESSES, places
from awareness.scheduler import Scheduler
from awareness.web.content_version import CONTENT_APPS, public_tables
from pages.models import Section, SiteSettings, Update
from pages.models.notice import OwnPath
from stats.models import ReadingGuide, Source
from tests import factories
from tests.html import read
from tests.test_dashboard import person

DAY = datetime.timedelta(days=1)
NOW = timezone.make_aware(datetime.datetime(2026, 11, 8, 12))
GONE, OLD = "https://gone.example/a", "https://old.example/"
pytestmark = pytest.mark.django_db


@pytest.fixture
def boss(db):
    return User.objects.create_superuser("boss")


class Answers:
    """In the place of another site, for what is made of its answers."""

    def __init__(self, **found):
        self.found = {"gone": Found(Fault.STATUS, 404), **found}

    def look(self, url):
        return self.found.get(url.split("/")[2].split(".")[0], Found())


def links(*addresses):
    return "".join(f'<p><a href="{address}">words</a></p>' for address in addresses)


def run(days=0, **found):
    return check(places(), Answers(**found), NOW + days * DAY)


def shown(user, key="links"):
    return [
        (entry.title, entry.detail)
        for card in cards(user)
        if card.key == key
        for entry in card.entries
    ]


# --- Where addresses stand -------------------------------------------------------------


def test_every_field_that_holds_addresses_is_looked_at():
    kinds = Address, OwnPath, RichTextField
    there = set()
    for app in CONTENT_APPS:
        for model in apps.get_app_config(app).get_models():
            fields = {f.name for f in model._meta.get_fields() if isinstance(f, kinds)}
            whole = {name for name in fields if f"{name}_en" in fields}  # in each language
            there |= {(model, name) for name in fields - whole}
    assert {(model, name) for model, _, _, fields in ADDRESSES for name in fields} == there


def test_all_that_is_live_is_found_by_one_question(django_assert_num_queries):
    section = factories.section(title="Signs", body=links("https://a.example/?x=1&amp;y=2#part"))
    section.body_es = links("https://es.example/", "/help/#line-1")
    section.save()
    factories.citation(section, url="https://a.example/?x=1&y=2")
    factories.update(title="News", body=links("tel:911", "mailto:a@b.example", "/learn/"))
    appeal = factories.appeal(
        heading="Give", button="Go", url="https://pay.example/?amount={amount}&from=us"
    )
    appeal.amounts.create(dollars=5, pays_for="It", url="https://pay.example/5")
    factories.help_line(name="Line", url="https://chat.example/", source_url="https://s.example/")
    factories.service(name="Near", url="https://near.example/")
    factories.notice(text="Closed", page="/updates/")
    factories.campaign_link(slug="trucks", page="/es/help/")
    Source.objects.create(title="Report", publisher="Us", url="http://figures.example/", kind="own")
    ReadingGuide.objects.create(notes=links("https://how.example/"))
    SiteSettings.objects.create(exit_url="https://weather.example/")
    with django_assert_num_queries(1):
        found = places()
    assert {address: [place.title for place in there] for address, there in found.items()} == {
        "https://a.example/?x=1&y=2": ["Signs"],
        "https://es.example/": ["Signs"],
        "/help/#line-1": ["Signs"],
        "/learn/": ["News"],
        "https://pay.example/?from=us": ["Give"],
        "https://pay.example/5": ["Give"],
        "https://chat.example/": ["Line"],
        "https://s.example/": ["Line"],
        "https://near.example/": ["Near"],
        "/updates/": ["Closed"],
        "/es/help/": ["trucks"],
        "http://figures.example/": ["Report"],
        "https://how.example/": ["How to read the figures"],
        "https://weather.example/": ["Site settings"],
    }


def test_what_the_public_does_not_see_is_not_looked_at():
    for state in (State.DRAFT, State.SCHEDULED, State.EXPIRED):
        fields = factories.in_state(state)
        section = factories.section(body=links(GONE), **fields)
        factories.citation(section, url=GONE)
        factories.update(body=links(GONE), **fields)
        appeal = factories.appeal(button="Go", url=GONE, **fields)
        appeal.amounts.create(dollars=5, pays_for="It", url=GONE)
        factories.help_line(url=GONE, **fields)
    assert places() == {}


def test_an_address_of_ours_is_known_by_its_host_alone(settings):
    settings.SITE_URL, settings.ALLOWED_HOSTS = "https://aware.example", ["aware.example"]
    told = ["https://AWARE.example/help/?a=1#b", "https://aware.example", "/learn/#c", "?q=1"]
    told += ["https://aware.example.org/", "https://ann:secret@aware.example/", "//evil.example/"]
    told += ["https://[", "https:///x", f"https://a.example/{'x' * 2000}"]
    factories.section()
    Section.objects.update(body_en=links(*told))
    assert list(places()) == ["/help/?a=1#b", "/", "/learn/#c", "https://aware.example.org/"]


# --- Addresses of ours -----------------------------------------------------------------


def test_our_own_addresses_are_asked_without_a_network(db):
    section = factories.section(slug="signs", body="<h2>At work</h2><p>Words.</p>")
    factories.section(slug="coercion", kind="word", title="Coercion")
    factories.campaign_link(slug="trucks", page="/learn/signs/")
    factories.section(slug="draft", published=False)
    fine = ["/", "/learn/", "/es/learn/signs/", "/LEARN/Signs", "/learn/signs/?utm_source=x"]
    fine += ["/learn/signs/#on--at-work", "/learn/signs/#top", "/learn/signs/#:~:text=Words"]
    fine += ["/words/#coercion", "/share/qr.svg?page=/help/#x", "/updates/feed.atom", "/go/trucks/"]
    fine += ["/admin/", "/healthz"]
    assert {address: at_home(address) for address in fine} == dict.fromkeys(fine, Found())
    nowhere = ["/learn/draft/", "/learn/none/", "/static/none.css", "/nothing"]
    assert {at_home(address) for address in nowhere} == {Found(Fault.STATUS, 404)}
    for address in ("/learn/signs/#none", "/words/#none", "/go/trucks/#none", "/learn/all/#x"):
        assert at_home(address) == Found(Fault.NO_PART), address
    section.slug = "to-know"
    section.save()
    assert at_home("/learn/signs/#on--at-work") == Found(), "an old address leads on"
    assert at_home("/learn/signs/#none") == Found(Fault.NO_PART)


# --- Two days, and away again ----------------------------------------------------------


def test_two_checks_on_different_days_find_a_link_broken(boss):
    factories.section(title="Signs", body=links(GONE))
    words = [("Signs", f"{GONE}: not found (404), since November 8, 2026")]
    for days, expected in ((0, []), (0, []), (0.4, []), (7, words), (14, words)):
        run(days)
        assert shown(boss) == expected, days
    run(21, gone=Found())
    assert shown(boss) == []
    assert not CheckedLink.objects.exists()
    run(28)
    assert shown(boss) == [], "it begins anew"
    run(29, gone=Found(Fault.SILENT))
    assert shown(boss) == [("Signs", f"{GONE}: does not answer, since December 6, 2026")]


def test_what_could_not_be_looked_at_is_not_broken(boss):
    factories.section(body=links(GONE))
    for days in (0, 1):
        run(days, gone=None)
    assert not CheckedLink.objects.exists()


def test_a_link_that_was_mended_or_taken_back_goes_at_once(boss):
    section, update = factories.section(body=links(GONE)), factories.update(body=links(GONE))
    for days in (0, 1):
        run(days)
    assert [title for title, _detail in shown(boss)] == [section.title, update.title]
    section.body_en = links("https://new.example/")
    section.save()
    assert [title for title, _detail in shown(boss)] == [update.title]
    Update.objects.update(published=False)
    assert shown(boss) == []


def test_moved_for_good_is_a_hint_at_once_and_never_broken(boss):
    factories.citation(factories.section(title="Signs"), url=OLD)
    for days in (0, 1):
        run(days, old=Found(Fault.MOVED, moved_to="https://new.example/"))
        assert shown(boss) == []
        moved = f"{OLD}: moved for good to https://new.example/"
        assert shown(boss, "moved-links") == [("Signs", moved)]
    run(2, old=Found(Fault.STATUS, 500))
    assert (shown(boss), shown(boss, "moved-links")) == ([], []), "its first bad night"
    run(3, old=Found(Fault.STATUS, 500))
    words = "answers with an error (500), since November 10, 2026"
    assert shown(boss) == [("Signs", f"{OLD}: {words}")]


def test_our_own_address_is_certain_on_the_first_day(boss):
    factories.section(title="Signs", body=links("/learn/none/", "/learn/#none"))
    run()
    assert shown(boss) == [
        ("Signs", "/learn/none/: not found (404), since November 8, 2026"),
        ("Signs", "/learn/#none: the page has no such part, since November 8, 2026"),
    ]


def test_a_page_that_is_back_is_forgotten_at_once_and_no_other(boss):
    page = factories.section(slug="back", published=False)
    factories.section(title="Signs", body=links("/learn/back/", "/learn/none/"))
    run()
    assert len(shown(boss)) == 2
    Section.objects.filter(pk=page.pk).update(published=True)
    Scheduler().run_due()
    assert [detail.partition(":")[0] for _title, detail in shown(boss)] == ["/learn/none/"]


def test_the_card_leads_to_the_form_of_those_who_may_see_it(boss, client):
    section = factories.section(title="Signs")
    factories.citation(section, url=GONE)
    Source.objects.create(title="Report", publisher="Us", url=GONE, kind="own")
    for days in (0, 1):
        run(days)
    client.force_login(boss)
    page = read(client.get("/admin/"))
    card = page.one("section", id="desk-links")
    here = [a.attrs["href"] for a in card.all("a")]
    assert here[0] == f"/admin/pages/section/{section.pk}/change/"
    assert [client.get(link).status_code for link in here] == [200, 200]
    nobody = User.objects.create_user("nobody")
    assert [shown(person("Editor")) != [], shown(nobody)] == [True, []]


def test_the_list_of_all_has_each_item_once(boss):
    factories.section(body=links(*(f"/learn/none-{n}/" for n in range(9))))
    run()
    (card,) = (card for card in cards(boss) if card.key == "links")
    assert [(len(card.entries), words) for words, _address in card.lists] == [
        (9, "All 1: sections and pages")
    ]


def test_the_first_page_asks_two_questions_at_most_for_it(boss, django_assert_num_queries):
    with CaptureQueriesContext(connection) as before:
        cards(boss)
    for n in range(20):
        factories.section(body=links(GONE, f"/learn/none-{n}/"))
    for days in (0, 1):
        run(days)
    with django_assert_num_queries(len(before) + 1):
        assert shown(boss)


# --- The check as a whole --------------------------------------------------------------


def test_when_nobody_answers_it_is_our_own_network(boss):
    sites = "abc"
    factories.section(body=links(*(f"https://{site}.example/" for site in sites)))
    silent = dict.fromkeys(sites, Found(Fault.SILENT)) | {"b": Found(Fault.NO_SITE)}
    run(0, a=Found(Fault.STATUS, 404))
    with pytest.raises(NoNetwork):
        run(1, **silent)
    assert CheckedLink.objects.get().url == "https://a.example/"
    run(2, **silent | {"c": Found(Fault.STATUS, 500)})
    assert CheckedLink.objects.count() == 3


def test_hosts_take_turns():
    urls = ["https://a.example/1", "https://a.example/2", "https://a.example/3", GONE]
    assert in_turns(urls) == [urls[0], GONE, urls[1], urls[2]]


def test_it_is_no_public_content_and_nobody_has_a_right_to_it():
    assert CheckedLink._meta.db_table not in public_tables()
    assert CheckedLink._meta.default_permissions == ()


def test_with_other_sites_that_are_really_asked(web):
    web.pages |= {"/fine": (200, {}), "/old": web.to("/fine")}
    web.pages["/strange"] = lambda asked: asked.wfile.write(b"?\n\n") and None
    told = {path: web.url(path) for path in ("/fine", "/gone", "/old", "/strange")}
    for url in told.values():
        Source.objects.create(title="Report", publisher="Us", url=url, kind="own")
    found = check(places(), web.elsewhere(), NOW)
    assert found == {
        told["/fine"]: Found(),
        told["/gone"]: Found(Fault.STATUS, 404),
        told["/old"]: Found(Fault.MOVED, moved_to=told["/fine"]),
        told["/strange"]: Found(Fault.SILENT),
    }


def test_the_command_says_a_line_a_link_and_a_count(capsys):
    factories.section(title="Signs", body=links("/learn/none/", "/learn/"))
    call_command("check_links")
    assert capsys.readouterr().out.splitlines() == [
        "/learn/none/: not found (404) (in “Signs”)",
        "2 links looked at. Lead nowhere: 1. Failed for the first time: 0. Moved for good: 0.",
    ]


def test_what_stops_the_command_is_one_sentence(gone):
    gone()
    with pytest.raises(SystemExit) as stopped:
        call_command("check_links")
    assert str(stopped.value).startswith("The database cannot be used (")
    with pytest.raises(DatabaseError):
        CheckedLink.objects.exists()
