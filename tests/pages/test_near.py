"""Help near you: who is listed where, for how long, and what is asked of a service."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from pages import counties
from pages.models import Service
from tests import factories
from tests.factories import DAY
from tests.html import read


def shown(response):
    return [h3.text for h3 in read(response).all("h3") if h3.text.startswith("Group")]


def ask(client, county):
    return client.post("/help/near/", {"county": county})


def test_missouri_has_115_counties_each_in_one_region():
    names = [name for _region, names in counties.regions() for name in names]
    assert len(names) == len(set(names)) == 115
    assert {"St. Louis", "St. Louis city", "Ste. Genevieve", "DeKalb"} <= set(names)


def test_each_is_in_its_regions_and_found_by_its_county(client, db):
    factories.service(name="Group of Columbia", counties="boone county, Callaway")
    factories.service(name="Group of both ends", counties="Boone, Greene")
    factories.service(name="Group of all", counties="all")
    page = read(client.get("/help/near/"))
    regions = {d.one("h2").text: d.text for d in page.all("details", class_="region")}
    assert len(regions) == 3  # all of Missouri, Central, Southwest
    assert ["Group of both ends" in text for text in regions.values()].count(True) == 2
    for typed in ("Boone", " boone ", "BOONE COUNTY", "Condado de Boone"):
        assert shown(ask(client, typed)) == [
            "Group of Columbia",
            "Group of both ends",
            "Group of all",
        ] or set(shown(ask(client, typed))[:2]) == {"Group of Columbia", "Group of both ends"}
    for typed in ("Saint Louis City", "City of St Louis", "Sainte Genevieve", "De Kalb"):
        assert shown(ask(client, typed)) == ["Group of all"], typed


def test_what_is_typed_stays_out_of_the_address_and_a_wrong_one_is_named(client, db):
    factories.service()
    answer = ask(client, "Bone")
    assert answer.status_code == 200
    error = read(answer).one("p", class_="error").text
    assert error.startswith("Missouri has no county named “Bone”.")
    assert read(answer).one("input", id="county").attrs["value"] == "Bone"
    form = read(client.get("/help/near/")).one("form", class_="search")
    assert form.attrs["method"] == "post"


def test_without_any_it_leads_to_lines_that_know(client, db):
    factories.help_line(name="The hotline", knows_nearby=True)
    factories.help_line(name="Another line")
    text = read(client.get("/help/near/")).one("main").text
    assert "The hotline" in text
    assert "Another line" not in text
    assert "humantraffickinghotline.org" in client.get("/help/near/").content.decode()


def test_it_leaves_the_page_a_year_after_somebody_checked_it(client, db):
    today = timezone.localdate()
    service = factories.service(name="Group", checked_on=today - datetime.timedelta(days=364))
    assert shown(client.get("/help/near/")) == ["Group"]
    assert timezone.localdate(service.expire_at) == today + DAY
    service.checked_on = today - datetime.timedelta(days=365)
    service.publish_at -= 400 * DAY
    service.save()
    assert shown(client.get("/help/near/")) == []


@pytest.mark.parametrize(
    ("fields", "field", "sentence"),
    [
        ({"phone": "", "url": ""}, "phone", "Give a phone number or a website"),
        ({"counties": "Boone, Bone"}, "counties", "Missouri has no county named “Bone”"),
        ({"phone": "555-0100"}, "phone", "“555-0100” cannot be dialed"),
        ({"checked_on": None}, "checked_on", "Call or write first"),
        ({"checked_on": timezone.localdate() + DAY}, "checked_on", "This day is in the future"),
        ({"checked_on": datetime.date(2020, 1, 1)}, "checked_on", "more than a year"),
    ],
)
def test_what_is_wrong_is_said_in_one_sentence(db, fields, field, sentence):
    given = {"name_en": "A", "what_it_does_en": "B", "counties": "Boone", "published": True}
    row = Service(
        **{**given, "phone": "1-800-555-0100", "checked_on": timezone.localdate()} | fields
    )
    with pytest.raises(ValidationError) as error:
        row.full_clean()
    (message,) = error.value.message_dict.pop(field)
    assert message.startswith(sentence) or sentence in message
    assert error.value.message_dict.keys() <= {field}


def test_an_unchecked_one_can_be_kept_and_not_published(publisher, client, db):
    form = {"name_en": "Group", "what_it_does_en": "Helps.", "counties": "Boone"}
    form |= {"phone": "1-800-555-0100", "publish_at_0": "2026-01-01", "publish_at_1": "00:00"}
    add = "/admin/pages/service/add/"
    answer = publisher.post(add, {**form, "checked_on": "2020-01-01", "_publish": "1"})
    assert "check it again" in answer.content.decode()
    assert read(answer).one("input", id="id_name_en").attrs["value"] == "Group"
    publisher.post(add, {**form, "_draft": "1"})
    row = Service.objects.get()
    assert not row.published
    answer = publisher.post(f"/admin/pages/service/{row.pk}/change/", {**form, "_publish": "1"})
    assert "nothing is published unchecked" in answer.content.decode()
    assert shown(client.get("/help/near/")) == []
