"""What somebody else counted is never said to be the hotline's, and leads only if staff say so."""

import json

import pytest
from django.utils import translation

from awareness.search import search
from stats.choice import read_choice
from stats.models import Break, Measure, Place
from stats.press import chart_data
from stats.series import read_breaks, read_series
from tests import factories
from tests.html import read

HOTLINE = {"en": "National Human Trafficking Hotline", "es": "Línea Nacional contra la Trata"}
POLICE = {"en": "the Missouri State Highway Patrol", "es": "la Patrulla de Carreteras de Missouri"}


@pytest.fixture
def arrests(starter):
    """One count of the police, of the newest headline period of Missouri."""
    words = {"noun_one": "arrest", "noun_many": "arrests", "noun_one_es": "arresto"}
    measure = factories.measure(
        **words,
        code="arrests",
        name="Arrests",
        name_es="Arrestos",
        noun_many_es="arrestos",
        counter=POLICE["en"],
        counter_es=POLICE["es"],
        leads=False,
    )
    place = Place.objects.get(code="US-MO")
    source = factories.source(publisher="The patrol itself")
    return factories.figure(place=place, measure=measure, source=source, year=2024, value=1234)


def page(client, path):
    return read(client.get(path))


def test_it_leads_only_when_staff_have_ticked_it(client, arrests):
    for path in ("/", "/learn/", "/statistics/"):
        band = page(client, path).one("section", **{"aria-labelledby": "figures"})
        assert "1,234" not in band.text, path
        assert band.one("h2").text == "What the hotline has counted", path
    said = page(client, "/statistics/missouri/").one("meta", property="og:description")
    assert HOTLINE["en"] in said.attrs["content"]
    assert "1,234" not in said.attrs["content"]
    Measure.objects.filter(code="arrests").update(leads=True)
    for prefix, language in (("", "en"), ("/es", "es")):
        band = page(client, f"{prefix}/").one("section", **{"aria-labelledby": "figures"})
        assert band.one("h2").text in ("What has been counted", "Lo que se ha contado, en cifras")
        (word,) = [dt.text for dt in band.all("dt") if POLICE[language] in dt.text]
        assert word.startswith(("arrests, ", "arrestos, "))


def test_the_hotlines_own_lead_from_the_start(starter):
    assert set(Measure.objects.filter(leads=True).values_list("code", flat=True)) == {
        "contacts",
        "cases",
        "victims",
    }
    assert not Measure().leads


@pytest.mark.parametrize(
    ("language", "sentence", "cited"),
    [
        (
            "en",
            "In 2024, the Missouri State Highway Patrol counted 1,234 arrests for Missouri",
            "Figures from the Missouri State Highway Patrol (",
        ),
        (
            "es",
            "En 2024, la Patrulla de Carreteras de Missouri contó 1,234 arrestos para Missouri",
            "Cifras contadas por la Patrulla de Carreteras de Missouri (",
        ),
    ],
)
def test_whoever_counted_is_named_wherever_a_figure_goes(
    client, arrests, language, sentence, cited
):
    prefix = "" if language == "en" else "/es"
    query = "?place=US-MO&measure=arrests"
    shown = page(client, f"{prefix}/statistics/missouri/{query}")
    chart = shown.one("figure", class_="chart")
    assert POLICE[language] in chart.one("svg", role="img").attrs["aria-label"]
    assert sentence in chart.one("desc").text
    assert cited in shown.one("section", **{"aria-labelledby": "take"}).text
    with translation.override(language):
        choice = read_choice({"place": "US-MO", "measure": "arrests"})
        ((series,),) = read_series(choice, read_breaks()).values()
        picture = json.dumps(chart_data(choice, series), ensure_ascii=False)
        assert any(sentence in result.title for result in search("arrests missouri 2024"))
    row = client.get(f"{prefix}/statistics/data.csv{query}").content.decode()
    assert POLICE[language] in picture
    of_the_hotline = ("hotline", "línea nacional", "línea de ayuda")
    texts = {"chart": chart.text, "table": shown.one("table").text, "file": picture, "csv": row}
    for name, text in texts.items():
        assert not [word for word in of_the_hotline if word in text.lower()], name


def test_figures_of_both_are_cited_as_of_both(client, arrests):
    said = page(client, "/statistics/missouri/").one("section", **{"aria-labelledby": "take"}).text
    assert f"Figures from the {HOTLINE['en']} and {POLICE['en']} (" in said


def test_a_break_is_of_whoever_counted(client, arrests):
    """One in every measure is the hotline's: its new operator says nothing of the police."""
    hotlines = Break.objects.get(measure=None)
    own = Break.objects.create(
        measure=arrests.measure, year=2020, explanation="Counted by the FBI's rules since."
    )
    place = arrests.place
    assert hotlines.is_in(place, Measure.objects.get(code="cases"))
    assert not hotlines.is_in(place, arrests.measure)
    assert own.is_in(place, arrests.measure)
    headings = [
        dt.text
        for dt in page(client, "/statistics/")
        .one("section", **{"aria-labelledby": "breaks"})
        .all("dt")
    ]
    assert f"2020, everywhere: arrests, counted by {POLICE['en']}" in headings
    assert f"2014, United States: contacts, counted by the {HOTLINE['en']}" in headings
    assert f"2025, everywhere: everything that the {HOTLINE['en']} counts" in headings


def test_staff_say_who_counts_and_what_leads(admin_client, arrests):
    form = page(admin_client, f"/admin/stats/measure/{arrests.measure.pk}/change/")
    assert form.one("input", name="counter_en").attrs["value"] == POLICE["en"]
    assert form.one("input", name="counter_es").attrs["value"] == POLICE["es"]
    assert "checked" not in form.one("input", name="leads").attrs
