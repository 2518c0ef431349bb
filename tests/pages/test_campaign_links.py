"""Staff's short addresses: /go/word/ leads to a page of ours, then home, and never elsewhere."""

import pytest

from awareness.content.publishing import State
from awareness.web.addresses import absolute
from pages.models import CampaignLink
from tests import factories
from tests.desk.test_admin import address, fill, mistakes
from tests.html import read
from tests.sharing.test_sharing import code, decoded

pytestmark = pytest.mark.also_postgres

HOME = absolute("/")


def led(client, path):
    response = client.get(path)
    return response.status_code, response.headers.get("Location")


def test_it_leads_to_its_page_however_it_is_typed(client, starter):
    pages = ["/help/", "/es/learn/signs/", "/about/", "/statistics/?place=US-MO&show=chart", "/"]
    for page in pages:
        link = factories.campaign_link(page=page)
        assert led(client, f"/go/{link.slug}/") == led(client, f"/es/go/{link.slug}/")
        assert led(client, f"/go/{link.slug}/") == (302, absolute(page))
    factories.campaign_link(slug="trucks")
    for typed in ("/GO/Trucks", "/go/TRUCKS/", "/go/trucks.", "/en/go//trucks”", "/go/trucks?a=1"):
        assert led(client, typed) == (301, "/go/trucks/"), typed
    assert led(client, "/es/Go/TRUCKS") == (301, "/es/go/trucks/")
    assert client.head("/go/trucks/")["Location"] == absolute("/help/")
    assert client.post("/go/trucks/").status_code == 405


def test_only_what_has_begun_leads_anywhere_and_what_ended_leads_home(client, db):
    for state, there in [
        (State.LIVE, (302, absolute("/es/help/"))),
        (State.EXPIRED, (302, absolute("/es/"))),
        (State.DRAFT, (404, None)),
        (State.SCHEDULED, (404, None)),
    ]:
        factories.campaign_link(slug=state, page="/es/help/", **factories.in_state(state))
        assert led(client, f"/go/{state}/") == there
    assert led(client, "/go/nothing/") == led(client, "/go/") == (404, None)


def test_whatever_was_written_past_the_form_it_stays_on_our_site(client, db):
    factories.section(slug="gone", **factories.in_state("draft"))
    for slug in ("other", "word"):
        factories.campaign_link(slug=slug)
    for page in (
        *("https://evil.example/", "//evil.example/", "/\\evil.example/", "javascript:alert(1)"),
        *("/learn/gone/", "/go/other/", "/admin/", "", "/\r\nX-A: b", "/share/poster.pdf"),
    ):
        CampaignLink.objects.filter(slug="word").update(page=page)
        assert led(client, "/go/word/") == (302, HOME), page


def test_a_word_of_before_leads_on(client, db):
    link = factories.campaign_link(slug="old")
    link.slug = "new"
    link.save()
    assert led(client, "/go/old/") == led(client, "/es/go/new/") == (302, absolute("/help/"))
    CampaignLink.objects.update(**factories.in_state(State.EXPIRED))
    assert led(client, "/go/old/") == (302, HOME)


def test_there_is_a_code_of_a_live_one_alone(client, db):
    for state in State:
        factories.campaign_link(slug=state, **factories.in_state(state))
    for named in ("/go/live/", absolute("/go/live/")):
        assert decoded(code(client, named, prefix="/es").content) == absolute("/go/live/")
    for named in ("/go/draft/", "/go/scheduled/", "/go/expired/", "/go/no/", "/go/LIVE/", "/go/"):
        assert code(client, named).status_code == 404


# --- On the desk ---------------------------------------------------------------------------

A_PAGE = "“{}” belongs to the address of a page. Choose another word."
NOT_THERE = "The public finds no page at this address. Check it, or publish that page first."
TAKEN = "Another short address has this word. Choose another, or change that one."
MISTAKES = [
    *({"slug": word} for word in ("Help", "/go/embed/", "es", "all", "about-us")),
    {"slug": "taken"},
    *({"page": page} for page in ("/hlep/", "/admin/", "https://evil.example/", "//evil.example")),
    *({"page": page} for page in ("/help/?fbclid=1", "/share/?a=1", "/learn/later/", "/go/taken/")),
]


def test_a_mistake_is_named_in_one_sentence(publisher):
    factories.plain_page(slug="about-us")
    factories.section(slug="later", **factories.in_state("draft"))
    factories.campaign_link(slug="taken")
    for typed in MISTAKES:
        ((name, value),) = typed.items()
        word = value.strip("/").rpartition("/")[2].lower()
        sentence = TAKEN if word == "taken" else A_PAGE.format(word)
        response = fill(
            publisher, address(CampaignLink, "add"), **{"slug": "word", "page": "/help/", **typed}
        )
        assert mistakes(response) == {name: [NOT_THERE if name == "page" else sentence]}, typed
    assert CampaignLink.objects.count() == 1


def test_an_editor_writes_it_a_publisher_publishes_it_and_finds_what_to_print(
    editor, publisher, client
):
    typed = {"slug": "/go/Truck  Stops, Año_2/", "page": f" {absolute('/es/help/')}"}
    assert fill(editor, address(CampaignLink, "add"), "_draft", **typed).status_code == 302
    (row,) = CampaignLink.objects.all()
    assert (row.slug, row.page, row.state()) == ("truck-stops-ano-2", "/es/help/", State.DRAFT)
    there = address(CampaignLink, "change", row.pk)
    assert "While it is live" in read(publisher.get(there)).one("div", class_="field-to_print").text
    fill(publisher, there)
    page = read(publisher.get(there))
    box = page.one("div", class_="short-address")
    assert box.one("input").attrs["value"] == row.address == absolute("/go/truck-stops-ano-2/")
    links = [box.one("img").attrs["src"], *(a.attrs["href"] for a in box.all("a"))]
    assert links == [f"/share/qr.{form}?page=/go/{row.slug}/" for form in ("svg", "svg", "png")]
    assert decoded(client.get(links[2]).content) == row.address
    listed = read(publisher.get(address(CampaignLink, "changelist"))).one("table", id="result_list")
    assert [e.text for e in listed.one("tbody").all("th", "td")][1:] == [
        *(str(row), "Live", "/es/help/", "–")
    ]
    inner = f"{address(CampaignLink, 'preview', row.pk)}page/"
    assert 'lang="es"' in publisher.get(inner).content.decode()


def test_it_follows_a_page_that_got_another_address(client, db):
    page = factories.section(slug="hotels")
    factories.campaign_link(slug="rooms", page="/es/learn/hotels/")
    page.slug = "motels"
    page.save()
    assert client.get("/go/rooms/")["Location"] == absolute("/es/learn/motels/")
