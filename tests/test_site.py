"""Every page as a page, and what the site says of itself to machines."""

import xml.etree.ElementTree as ET
from collections import Counter
from datetime import timedelta

import pytest
from django.utils import timezone

from awareness.web.addresses import absolute
from pages.models import Section, SiteSettings, Update
from tests import factories, public
from tests.html import read

ATOM = "{http://www.w3.org/2005/Atom}"
MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
SHOWN = [*public.STARTER_PAGES, "/no/such/page/"]


def test_a_page_is_well_made_and_begins_with_the_exit_and_the_hotline(client, starter, subtests):
    for address in SHOWN:
        with subtests.test(address=address):
            page = read(client.get(address))
            levels = [int(e.tag[1]) for e in page.one("main").all("h1", "h2", "h3", "h4")]
            assert levels[0] == 1
            assert all(below - above <= 1 for above, below in zip(levels, levels[1:], strict=False))
            assert len(page.all("h1")) == len(page.all("main")) == 1
            assert page.one("h1").text
            ids = Counter(e.attrs["id"] for e in page.walk() if "id" in e.attrs)
            assert max(ids.values()) == 1, ids.most_common(3)
            for element in page.walk():  # what names another element names one that is there
                for name in ("for", "aria-labelledby"):
                    for target in element.attrs.get(name, "").split():
                        assert target in ids
                if element.attrs.get("href", "").startswith("#"):
                    assert element.attrs["href"][1:] in ids
            links = page.one("body").all("a")
            assert (links[0].attrs["href"], links[0].attrs["class"]) == ("#main", "skip")
            exit_link = links[1]
            assert exit_link.attrs["href"] == SiteSettings.load().exit_url
            assert exit_link.attrs["rel"] == "nofollow noreferrer noopener"
            assert exit_link.text == (
                "Salir de este sitio" if "/es/" in address else "Leave this site"
            )
            bar = page.one("nav", class_="bar").all("a")
            assert [a.attrs["href"] for a in bar[1:]] == ["tel:+18883737888", "sms:233733"]
            if address in public.PAGES:  # a watcher may see it
                assert "traffick" not in page.one("title").text.lower()
            if address == "/no/such/page/":
                continue
            # It says what it is.
            meta = {
                e.attrs.get("property") or e.attrs.get("name"): e.attrs.get("content")
                for e in page.all("meta")
            }
            assert page.one("title").text.endswith(" – Aware Missouri")
            assert meta["description"] == meta["og:description"] != ""
            assert meta["og:title"] != ""
            assert meta["og:site_name"] == "Aware Missouri"
            assert (meta["og:type"], meta["og:locale"]) in [
                ("website", "es_US" if "/es/" in address else "en_US"),
                ("article", "en_US"),
            ]
            assert meta["viewport"] == "width=device-width, initial-scale=1"


@pytest.mark.django_db(transaction=True)
@pytest.mark.slow
def test_the_sitemap_lists_every_page_and_no_two_have_the_same_words(client, starter):
    for n in range(21):
        factories.update(summary=f"In short, {n}.")
    pages = {
        address: read(answer)
        for address, answer in public.visit(client, pictures=False).items()
        if answer["Content-Type"].startswith("text/html") and answer.content
    }
    own = {  # not those that are the same as another: a choice of figures, what is untranslated
        address: page
        for address, page in pages.items()
        if [absolute(address)] == [link.attrs["href"] for link in page.all("link", rel="canonical")]
    }
    root = ET.fromstring(client.get("/sitemap.xml").content)
    listed = sorted(e.text for e in root.iter(f"{MAP}loc"))
    whole = {address for address in own if "?" not in address}
    assert listed == sorted(map(absolute, whole - public.in_both(*public.NOT_LISTED)))
    titles = Counter(page.one("title").text for page in own.values())
    said = Counter(page.one("meta", name="description").attrs["content"] for page in own.values())
    assert len(own) > 60
    for words in (titles, said):
        assert [each for each, times in words.items() if times > 1] == []


def test_the_second_page_of_a_list_says_that_it_is(client, db):
    for _ in range(21):
        factories.update()
    first, second = (read(client.get(f"/updates/{query}")) for query in ("", "?page=2"))
    assert first.one("title").text == "Updates – Aware Missouri"
    assert second.one("title").text == "Updates, page 2 – Aware Missouri"
    about = [p.one("meta", name="description").attrs["content"] for p in (first, second)]
    assert about[1] == f"{about[0]} Page 2."
    assert second.one("link", hreflang="es").attrs["href"] == absolute("/es/updates/?page=2")


def test_a_page_without_any_content_is_still_a_page(client, db, subtests):
    for address in public.PAGES:
        with subtests.test(address=address):
            page = read(client.get(address))
            assert len(page.all("h1")) == 1
            assert page.one("h1").text


def test_the_menu_says_where_one_is(client, starter):
    here = {
        address: [
            (a.text, a.attrs["aria-current"])
            for a in read(client.get(address)).all("a")
            if "aria-current" in a.attrs
        ]
        for address in ("/", "/learn/", "/learn/all/", "/learn/signs/", "/help/", "/about/")
    }
    assert here == {
        "/": [],
        "/learn/": [("Learn", "page")],
        "/learn/all/": [("Learn", "true")],
        "/learn/signs/": [("Learn", "true")],
        "/help/": [("Get help", "page")],
        "/about/": [],
    }


# --- For machines --------------------------------------------------------------------


def test_robots_may_read_all_but_the_admin(client, db):
    response = client.get("/robots.txt")
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert response.content.decode().splitlines() == [
        "User-agent: *",
        "Disallow: /admin/",
        "Disallow: /accounts/",
        f"Sitemap: {absolute('/sitemap.xml')}",
    ]


def test_the_feed_has_the_twenty_newest_updates(client, db, settings):
    settings.SITE_URL = "https://aware.example.org"
    for n in range(22):
        factories.update(title=f"News & more <{n}>", slug=f"news-{n}", summary=f"“{n}” in short")
    response = client.get("/updates/feed.atom")
    assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
    feed = ET.fromstring(response.content)
    entries = feed.findall(f"{ATOM}entry")
    assert [e.find(f"{ATOM}title").text for e in entries] == [
        f"News & more <{n}>" for n in range(21, 1, -1)
    ]
    newest = entries[0]
    own = "https://aware.example.org/updates/news-21/"
    assert newest.find(f"{ATOM}link").attrib["href"] == own
    assert newest.find(f"{ATOM}summary").text == "“21” in short"
    published = Update.objects.get(slug="news-21").publish_at
    assert newest.find(f"{ATOM}published").text == published.isoformat()
    links = {e.attrib["rel"]: e.attrib["href"] for e in feed.findall(f"{ATOM}link")}
    assert links == {
        "self": "https://aware.example.org/updates/feed.atom",
        "alternate": "https://aware.example.org/updates/",
    }


def ids(client, path="/updates/feed.atom"):
    feed = ET.fromstring(client.get(path).content)
    return [entry.find(f"{ATOM}id").text for entry in feed.findall(f"{ATOM}entry")]


def test_an_update_stays_the_same_to_feed_readers_whatever_staff_change(client, db, settings):
    settings.SITE_URL = "https://aware.example.org"
    row, _other = factories.update(), factories.update()
    day = timezone.localtime(row.recorded_at).date()
    before = ids(client)
    assert f"tag:aware.example.org,{day}:/updates/{row.pk}/" in before
    assert len({*before, *ids(client, "/es/updates/feed.atom")}) == 4
    row.slug, row.title, row.body = "renamed", "Another title", "<p>Other words.</p>"
    row.publish_at -= 2 * factories.DAY
    row.save()
    assert {*ids(client)} == {*before}


def test_a_change_of_a_figure_stays_the_same_to_feed_readers(client, db):
    old = factories.figure(value=1)
    same = {name: getattr(old, name) for name in ("place", "measure", "source")}
    new = factories.figure(value=2, as_of=old.as_of + factories.DAY, **same)
    day = timezone.localtime(new.recorded_at).date()
    assert ids(client, "/statistics/changes/feed.atom") == [
        f"tag:localhost,{day}:/statistics/changes/{new.pk}/"
    ]


def test_the_old_address_of_the_icon_leads_to_it(client, db):
    response = client.get("/favicon.ico")
    assert (response.status_code, response["Location"]) == (302, "/static/img/mark.svg")


# --- Updates -------------------------------------------------------------------------


def shown(client, query=""):
    main = read(client.get(f"/updates/{query}")).one("main")
    return [a.text for a in main.all("a") if a.text.startswith("Number")]


def test_updates_stand_newest_first_twenty_on_a_page(client, db):
    names = [factories.update(title=f"Number {n}").title for n in range(45)][::-1]
    assert shown(client) == names[:20]
    assert shown(client, "?page=2") == names[20:40]
    assert shown(client, "?page=3") == names[40:]
    assert shown(client, "?page=4") == names[40:]
    assert shown(client, "?page=abc") == names[:20]
    pager = read(client.get("/updates/?page=2")).one("nav", class_="pager")
    assert {a.attrs["rel"]: a.attrs["href"] for a in pager.all("a")} == {
        "prev": "?page=1",
        "next": "?page=3",
    }


def test_the_home_page_shows_the_three_newest(client, db):
    for n in range(5):
        factories.update(title=f"Number {n}")
    index = read(client.get("/")).one("section", **{"aria-labelledby": "updates"})
    assert [a.text for a in index.one("ul").all("a")] == ["Number 4", "Number 3", "Number 2"]


def test_what_is_coming_up_stands_before_what_is_new(client, db):
    now, day = timezone.now(), timedelta(days=1)
    factories.update(title="News")
    factories.update(title="In a week", starts_at=now + 7 * day, ends_at=now + 8 * day)
    factories.update(title="Tomorrow", starts_at=now + day, ends_at=now + 2 * day)
    factories.update(title="Over", starts_at=now - 2 * day, ends_at=now - day)
    index = read(client.get("/")).one("section", **{"aria-labelledby": "updates"})
    assert [a.text for a in index.one("ul").all("a")] == ["Tomorrow", "In a week", "Over"]


def test_a_door_of_the_home_page_is_there_as_long_as_what_is_behind_it(client, starter):
    def doors():
        return [a.attrs["href"] for a in read(client.get("/")).one("nav", class_="doors").all("a")]

    assert doors() == ["/help/", "/learn/signs/", "/act/"]
    Section.objects.filter(slug__in=["signs", "act"]).update(published=False)
    assert doors() == ["/help/"]


def test_an_appeal_on_the_home_page_asks_with_amounts(client, db):
    row = factories.appeal(amounts=[(25, False, "paper"), (10, True, "ink")])
    ask = read(client.get("/")).one("section", class_="ask")
    assert [tile.text for tile in ask.one("ul").all("li")] == ["$25 paper", "$10 a month ink"]
    assert [a.attrs["href"] for a in ask.one("ul").all("a")] == ["/donate/"] * 2
    assert row.url in ["", *(a.attrs["href"] for a in ask.all("a"))]
