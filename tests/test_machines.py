"""What the pages say to machines: JSON-LD, the feeds, the dates of the sitemap."""

import datetime
import json
import re
import xml.etree.ElementTree as ET

import feedparser
from django.utils import timezone

from awareness.web.addresses import absolute
from pages.models import HelpLine, Section, SiteSettings
from tests import factories
from tests.html import read
from tests.test_site import ATOM, ids

MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
DATA = "application/ld+json"


def said(client, address):
    """What a page's JSON-LD says, thing by thing."""
    blocks = read(client.get(address)).all("script", type=DATA)
    found = [json.loads("".join(block.children)) for block in blocks]
    assert {block["@context"] for block in found} <= {"https://schema.org"}
    return {thing["@type"]: thing for block in found for thing in block["@graph"]}


def test_the_organisation_is_its_rows_and_a_changed_number_is_there_at_once(client, db):
    row = factories.help_line(name="Hotline", number="1-888-373-7888")
    factories.help_line(name="911", kind="emergency", number="911")
    factories.help_line(name="Chat", kind="chat", number="", url="https://chat.example/")
    factories.plain_page(slug="about", about_site=True)
    SiteSettings.objects.update_or_create(
        pk=1, defaults={"organisation_name": "We & Co", "ein": "12-3456789"}
    )
    for number in (row.number, "1-800-555-0123"):
        row.number = number
        row.save()
        for address in ("/", "/about/"):
            assert said(client, address)["NGO"] == {
                "@type": "NGO",
                "name": "We & Co",
                "url": absolute("/"),
                "taxID": "12-3456789",
                "contactPoint": [
                    {"@type": "ContactPoint", "contactType": "Hotline", "telephone": number},
                    {
                        "@type": "ContactPoint",
                        "contactType": "Chat",
                        "url": "https://chat.example/",
                    },
                ],
            }
    assert "NGO" not in said(client, "/help/")


def test_a_text_says_when_it_was_changed_and_where_it_stands(client, db):
    section = factories.section(slug="a", title="</script><b>& “A”")
    news = factories.update(slug="b", title_es="B", summary_es="C", body_es="<p>D</p>")
    first = said(client, "/learn/a/")
    assert (first["Article"]["headline"], first["Article"]["dateModified"]) == (
        section.title,
        section.updated_at.isoformat(),
    )
    steps = [(each["name"], each["item"]) for each in first["BreadcrumbList"]["itemListElement"]]
    own = absolute("/learn/a/")
    assert steps == [("The guide", absolute("/learn/")), (section.title, own)]
    spanish = said(client, "/es/updates/b/")["Article"]
    assert (spanish["headline"], spanish["inLanguage"]) == ("B", "es")
    assert spanish["url"] == absolute("/es/updates/b/")
    assert spanish["datePublished"] == news.publish_at.isoformat()
    assert said(client, "/es/learn/a/")["Article"]["inLanguage"] == "en"


def test_an_event_says_when_and_where(client, db):
    at = timezone.now().replace(microsecond=0)
    times = {"starts_at": at, "ends_at": at + datetime.timedelta(hours=1)}
    factories.update(slug="here", place="A library", **times)
    factories.update(slug="online", place="Online", **times)
    here, online = (said(client, f"/updates/{slug}/")["Event"] for slug in ("here", "online"))
    assert (here["startDate"], here["endDate"]) == tuple(t.isoformat() for t in times.values())
    assert here["location"] == {"@type": "Place", "name": "A library", "address": "A library"}
    address = absolute("/updates/online/")
    assert online["location"] == {"@type": "VirtualLocation", "url": address}


def test_figures_are_a_dataset_whose_files_are_there(client, starter):
    for address in ("/statistics/", "/es/statistics/missouri/"):
        made = said(client, address)["Dataset"]
        files = {each["encodingFormat"]: each["contentUrl"] for each in made["distribution"]}
        assert list(files) == ["text/csv", "application/json", "application/zip"]
        for kind, there in files.items():
            answer = client.get(there.removeprefix(absolute("")))
            assert answer["Content-Type"].startswith(kind), there


def test_giving_leads_to_where_an_appeal_says(client, db):
    factories.appeal(heading="Help", button="Give", url="https://give.example/?amount={amount}")
    made = said(client, "/donate/")["DonateAction"]
    assert (made["name"], made["target"]) == ("Help", "https://give.example/")
    assert said(client, "/").keys() == {"NGO"}


def test_the_json_feed_has_the_rows_of_the_atom_feed(client, db):
    for n in range(22):
        factories.update(title=f"News & <{n}>", summary="“In” short\x0b")
    notice = factories.notice(text="Closed today.")
    answer = client.get("/updates/feed.json")
    assert answer["Content-Type"] == "application/feed+json"
    feed, atom = json.loads(answer.content), client.get("/updates/feed.atom")
    assert (feed["version"], feed["description"]) == (
        "https://jsonfeed.org/version/1.1",
        notice.in_words,
    )
    assert feed["feed_url"] == absolute("/updates/feed.json")
    assert [item["id"] for item in feed["items"]] == ids(client)
    titles = [e.find(f"{ATOM}title").text for e in ET.fromstring(atom.content).iter(f"{ATOM}entry")]
    assert [item["title"] for item in feed["items"]] == titles
    head = read(client.get("/")).one("link", type="application/feed+json")
    assert head.attrs["href"] == "/updates/feed.json"


def test_the_strictest_reader_takes_every_feed(client, starter):
    factories.update(title="“News” & <b>\x0b", summary="In short &nbsp; <i>", title_es="Novedad")
    factories.notice(text="Closed <today> & tomorrow.")
    for prefix in ("", "/es"):
        for address in ("/updates/feed.atom", "/statistics/changes/feed.atom"):
            answer = client.get(prefix + address)
            feed = feedparser.parse(
                answer.content, response_headers={"content-type": answer["Content-Type"]}
            )
            assert feed.bozo is False, (prefix, address, feed.get("bozo_exception"))
            assert (feed.version, feed.feed.language) == ("atom10", prefix[1:] or "en")
            assert feed.entries or "changes" in address
            assert all(entry.id and entry.title and entry.updated_parsed for entry in feed.entries)


def test_llms_txt_leads_to_each_page_and_begins_with_whom_to_call(client, starter):
    text = client.get("/llms.txt")
    assert text["Content-Type"] == "text/plain; charset=utf-8"
    lines = text.content.decode().splitlines()
    assert lines[0] == "# Aware Missouri"
    assert lines.index("## Help lines") < lines.index("## Pages")
    assert [line for line in lines if line.startswith("- ") and "1-888-373-7888" in line]
    links = re.findall(r"^- \[(.+?)\]\((.+?)\)", text.content.decode(), re.MULTILINE)
    listed = ET.fromstring(client.get("/sitemap.xml").content)
    assert {there for _title, there in links} < {url.find(f"{MAP}loc").text for url in listed}
    assert {address for _title, address in links} >= {
        absolute("/help/"),
        absolute("/learn/signs/"),
        absolute("/statistics/missouri/"),
    }
    Section.objects.filter(slug="signs").update(published=False, title_en="Draft [x](y)")
    HelpLine.objects.filter(number="1-888-373-7888").update(number="1-888-555-0100")
    changed = client.get("/llms.txt").content.decode()
    assert ("Draft" in changed, "1-888-555-0100" in changed) == (False, True)


def day_of(moment):
    """In Missouri, where it may still be yesterday."""
    return timezone.localdate(moment).isoformat()


def test_the_sitemap_says_when_each_page_became_another(client, db):
    """Not before it was there: what is written now may be published for last year, or next."""
    now = timezone.now()
    section = factories.section(slug="a")
    type(section).objects.update(updated_at=now - 9 * factories.DAY)
    figure = factories.figure(recorded_at=now - 3 * factories.DAY)
    factories.place(slug="empty")
    found = {
        url.find(f"{MAP}loc").text: url.findtext(f"{MAP}lastmod")
        for url in ET.fromstring(client.get("/sitemap.xml").content)
    }
    section.refresh_from_db()
    place = absolute(figure.place.get_absolute_url())
    assert found[absolute("/learn/a/")][:10] == day_of(section.publish_at)
    assert found[place][:10] == day_of(figure.recorded_at)
    assert found[absolute("/statistics/empty/")] is None
