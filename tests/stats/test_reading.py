"""The published figures as readers find them: each with its period, its source and its date."""

import csv
import datetime

import pytest
from django.utils import translation

from stats.choice import read_choice
from stats.models import Break, Figure, Measure, Place
from stats.series import read_leads, read_series
from stats.vocabulary import WITH_VALUE, Status
from tests import factories
from tests.environment import ROOT
from tests.html import read, table

FILE = ROOT / "stats" / "starter" / "figures.csv"
with FILE.open(encoding="utf-8", newline="") as file:
    ROWS = list(csv.DictReader(file))
NAMES = {"US": ("united-states", "United States"), "US-MO": ("missouri", "Missouri")}
SERIES = [(place, measure) for place in NAMES for measure in ("contacts", "cases", "victims")]
YEARS = list(range(2008, 2025))  # 2024 is the newest year that any row has


def long(text):
    day = datetime.date.fromisoformat(text)
    return f"{day:%B} {day.day}, {day.year}"


def shown(row):
    return f"{row['qualifier']} {int(row['value']):,}".strip()


def as_of(row):
    if row["as_of_exact"] == "yes":
        return f"as of {long(row['as_of'])}"
    if row["as_of"].endswith("12-31"):
        return f"known by the end of {row['as_of'][:4]}"
    return f"known by {long(row['as_of'])}"


def is_year(row):
    return (
        row["first_day"].endswith("-01-01")
        and row["last_day"].endswith("-12-31")
        and (row["first_day"][:4] == row["last_day"][:4])
    )


BREAKS = {  # the years in which the starter content marks one
    ("US", "contacts"): {"2014", "2019", "2020"},
    ("US-MO", "contacts"): {"2020", "2024"},
    ("US", "victims"): {"2017"},
    ("US-MO", "victims"): {"2017"},
}


def rows_of(place, measure, use="current"):
    return [
        row for row in ROWS if (row["place"], row["measure"], row["use"]) == (place, measure, use)
    ]


def part(pages, place, measure):
    return pages[place].one("section", **{"aria-labelledby": f"series-{measure}"})


def sources(pages, place):
    """{number: (address, words)} of the page's one list."""
    items = pages[place].one("section", class_="sources").one("ol").all("li")
    return {n: (item.one("a").attrs["href"], item.text) for n, item in enumerate(items, 1)}


def test_a_table_has_a_row_for_every_year_and_none_for_a_total(pages, subtests):
    for place, measure in SERIES:
        with subtests.test(place=place, measure=measure):
            by_year = {row["first_day"][:4]: row for row in rows_of(place, measure) if is_year(row)}
            earlier = {row["first_day"][:4] for row in rows_of(place, measure, "earlier")}
            numbers = {url: n for n, (url, _words) in sources(pages, place).items()}
            yearly = part(pages, place, measure).all("table")[0]
            assert (
                yearly.one("caption").text == f"{measure.capitalize()} by year, {NAMES[place][1]}"
            )
            assert [(year, value) for year, value, _about in table(yearly)] == [
                (str(year), shown(by_year[str(year)]) if str(year) in by_year else "Not found")
                for year in reversed(YEARS)
            ]
            breaks = BREAKS.get((place, measure), set())
            for year, _value, about in table(yearly):
                assert about.startswith("Break in the series: ") == (year in breaks)
                if year in breaks:
                    explanation = Break.objects.filter(year=year).values_list(
                        "explanation", flat=True
                    )
                    (words,) = (
                        w for w in explanation if about.startswith(f"Break in the series: {w}")
                    )
                    about = about.removeprefix(f"Break in the series: {words} ")
                if year not in by_year:
                    assert about == "We have not found a figure."
                    continue
                row = by_year[year]
                words = row["counted"][:1].upper() + row["counted"][1:]
                start = "Revised. " if year in earlier else ""
                source = f"Source {numbers[row['source_url']]}, {row['source_publisher']}."
                note = f" {row['note']}." if row["note"] else ""
                said = about.partition(" Before: ")[0]
                assert said == f"{start}{words}, {as_of(row)}. {source}{note}"


def test_totals_stand_in_a_table_of_their_own_and_each_source_is_linked(pages, subtests):
    for place, measure in SERIES:
        with subtests.test(place=place, measure=measure):
            current = rows_of(place, measure)
            totals = [row for row in current if not is_year(row)]
            totals.sort(key=lambda row: row["last_day"], reverse=True)
            _yearly, *others = tables = part(pages, place, measure).all("table")
            assert len(others) == bool(totals)
            said = [line for each in others for line in table(each)]
            assert [(period, value) for period, value, _about in said] == [
                (f"December 2007 to {long(row['last_day'])}", shown(row)) for row in totals
            ]
            for (_period, _value, about), row in zip(said, totals, strict=True):
                assert as_of(row) in about
                assert row["source_publisher"] in about
            linked = [a.attrs["href"] for each in tables for a in each.one("tbody").all("a")]
            rows = [*current, *rows_of(place, measure, "earlier")]
            assert sorted(linked) == sorted(row["source_url"] for row in rows)


def test_a_source_stands_once_in_the_list_of_a_page_and_says_how_near_it_is(pages):
    kind = {"own": "first-hand", "quotes": "quotes it", "copy": "a copy"}
    for place in NAMES:
        wanted = {
            row["source_url"]: f"{row['source_title']}, {row['source_publisher']} "
            f"({kind[row['source_kind']]})."
            for row in ROWS
            if row["place"] == place
        }
        found = list(sources(pages, place).values())
        assert sorted(found) == sorted(wanted.items())


def test_what_was_said_before_stands_beside_the_current_figure(pages):
    for row in ROWS:
        if row["use"] == "earlier":
            yearly = part(pages, row["place"], row["measure"]).all("table")[0]
            (about,) = (words for year, _v, words in table(yearly) if year == row["first_day"][:4])
            before = about.partition("Before: ")[2]
            numbers = {url: n for n, (url, _words) in sources(pages, row["place"]).items()}
            source = f"Source {numbers[row['source_url']]}, {row['source_publisher']}"
            assert before == f"{int(row['value']):,}, {as_of(row)}: {source}."
    assert len([row for row in ROWS if row["use"] == "earlier"]) == 4


def test_a_page_has_no_number_that_the_file_has_not(pages):
    """Nothing is added up, filled in or rounded: every value in a table is in the file."""
    published = {shown(row) for row in ROWS} | {"Not found"}
    for place, page in pages.items():
        values = {value for t in page.all("table") for _label, value, _about in table(t)}
        assert values - published == set(), place


# --- The reference page's figures ------------------------------------------------------

LEADS = {
    "United States": {
        "From December 2007 through December 31, 2021": ["contacts 399,494", "cases 82,301"],
        "In 2021": ["cases 10,360"],
    },
    "Missouri": {
        "From December 2007 through December 31, 2021": [
            "contacts 6,166",
            "cases 1,524",
            "victims 3,160",
        ],
        "In 2021": ["contacts 1,103", "cases 240", "victims 327"],
    },
}


def leads(page):
    return {
        card.one("h3").text: {
            period.one("h4").text: [pair.text for pair in period.one("dl").all("div")]
            for period in card.all("div", class_="lead-period")
        }
        for card in page.all("section", class_="leads")
    }


def test_the_figures_of_the_reference_page_read_exactly_as_there(client, starter, subtests):
    """Each with its source and its date."""
    for address in ("/", "/learn/all/", "/statistics/"):
        with subtests.test(address=address):
            page = read(client.get(address))
            found = leads(page)
            newest = found["Missouri"].pop("In 2024")  # not on the reference page
            assert found == LEADS
            assert newest == ["cases 272", "victims 539"]  # 696 contacts: from a code repository
            for period in page.all("div", class_="lead-period"):
                cited = period.all("p", class_="cite")
                assert cited != []
                for line in cited:
                    assert line.one("a").attrs["href"] in {row["source_url"] for row in ROWS}
                    assert "known by " in line.text or "as of " in line.text


def test_a_revision_changes_the_headline_everywhere(client, starter):
    old = Figure.objects.get(value=82_301)
    Figure.objects.create(
        place=old.place,
        measure=old.measure,
        first_day=old.first_day,
        last_day=old.last_day,
        value=84_240,
        as_of=datetime.date(2026, 11, 1),
        source=factories.source(publisher="A later report"),
    )
    for address in ("/", "/learn/all/", "/statistics/"):
        page = read(client.get(address))
        found = leads(page)["United States"]
        assert found["From December 2007 through December 31, 2021"][1] == "cases 84,240"
        assert "A later report, as of November 1, 2026" in page.text
    page = {"US": read(client.get("/statistics/united-states/"))}
    row = table(part(page, "US", "cases").all("table")[1])[0]
    assert row[1] == "84,240"
    assert "82,301" in row[2].partition("Before: ")[2]


# --- Reading them, on rows made for it -------------------------------------------------


def test_years_begin_with_the_hotline_and_end_with_the_newest_of_any_series(db):
    place = factories.place()
    one = factories.figure(year=2012, place=place)
    two = factories.figure(year=2015, place=factories.place())
    series = {s.measure: s for s in read_series(read_choice({}, place.slug))[place]}
    for measure in (one.measure, two.measure):
        assert [cell.year for cell in series[measure].years] == list(range(2008, 2016))
    assert [c.year for c in series[one.measure].counted] == [2012]
    assert {c.status for c in series[two.measure].years} == {Status.NOT_FOUND}
    assert series[two.measure].counted == []


def test_a_row_without_a_value_says_why_and_zero_is_one(client, db):
    for status in [status for status in Status if status not in WITH_VALUE]:
        row = factories.figure(year=2008, value=None, status=status, note="They said so")
        ((year, value, about),) = table(read(client.get(row.place.get_absolute_url())).one("table"))
        assert (year, value) == ("2008", status.label)
        assert "They said so." in about, status
        row.delete()
        row.measure.delete()
    row = factories.figure(year=2010, value=0)
    yearly = read(client.get(row.place.get_absolute_url())).one("table")
    assert [(year, value) for year, value, _about in table(yearly)] == [
        ("2010", "0"),
        ("2009", "Not found"),
        ("2008", "Not found"),
    ]


def test_a_withdrawn_figure_shows_what_was_said_before(client, db):
    row = factories.figure(year=2008, value=77)
    factories.figure(
        year=2008,
        place=row.place,
        measure=row.measure,
        value=None,
        status=Status.NOT_PUBLISHED,
        as_of=row.as_of + factories.DAY,
    )
    ((_year, value, about),) = table(read(client.get(row.place.get_absolute_url())).one("table"))
    assert value == "Not published"
    assert about.partition("Before: ")[2].startswith("77, as of December 31, 2008")


def test_a_headline_without_a_figure_leads_nothing_and_one_is_not_several(client, db):
    row = factories.figure(year=2020, value=None, status=Status.SUPPRESSED)
    factories.headline(row)
    assert read_leads() == {}
    assert leads(read(client.get("/"))) == {}
    row.delete()
    row = factories.figure(year=2020, value=1)
    factories.headline(row)
    assert list(leads(read(client.get("/")))[row.place.name].values()) == [["report 1"]]


def test_a_figure_from_a_copy_never_leads(client, db):
    """Its neighbors of the same period do; a page of its own shows it, and says what it is."""
    row = factories.figure(year=2020, value=77, source=factories.source(kind="copy"))
    factories.headline(row)
    for address in ("/", "/learn/all/", "/statistics/"):
        page = read(client.get(address))
        assert leads(page) == {}
        assert "77" not in page.one("main").text, address
    other = factories.figure(year=2020, value=9, place=row.place, qualifier="over")
    for address in ("/", "/learn/all/", "/statistics/"):
        shown = leads(read(client.get(address)))
        assert shown == {row.place.name: {"In 2020": ["reports over 9"]}}, address
    page = read(client.get(row.place.get_absolute_url()))
    copied = page.one("section", **{"aria-labelledby": f"series-{row.measure.code}"})
    assert "Source 2, The hotline." in copied.one("table").text
    assert "(a copy)" in page.one("section", class_="sources").all("li")[1].text
    assert "Taken from a copy" in copied.one("figure").text
    exact = page.one("section", **{"aria-labelledby": f"series-{other.measure.code}"})
    assert "Taken from a copy" not in exact.text


def test_a_rounded_number_keeps_its_word_wherever_it_is_said(client, starter):
    """Nearly 12,000 cases in the nation in 2024, as a city quoted MoDOT."""
    row = Figure.objects.get(value=12_000)
    later = factories.DAY + row.as_of
    days = {"first_day": row.first_day, "last_day": row.last_day, "as_of": later}
    same = {"place": row.place, "measure": row.measure, "source": row.source}
    Figure.objects.create(**same, **days, value=11_999)
    words = {"": ("nearly 12,000", "cases"), "/es": ("casi 12,000", "casos")}
    for prefix, (number, noun) in words.items():
        for path in (
            "/statistics/united-states/?measure=cases&as_of=2026-01-31",
            "/statistics/changes/",
        ):
            assert number in read(client.get(f"{prefix}{path}")).text, (prefix, path)
        feed = client.get(f"{prefix}/statistics/changes/feed.atom").content.decode()
        assert number in feed
        found = read(client.get(f"{prefix}/statistics/united-states/?as_of=2026-01-31"))
        description = found.one("meta", property="og:description").attrs["content"]
        assert f"{number} {noun}" in description
    for row in client.get("/statistics/data.json?place=US&all=1").json()["figures"]:
        assert row["qualifier"] == {12_000: "nearly", 22_000: "nearly", 10_500: "over"}.get(
            row["value"], ""
        )


def test_markup_in_a_source_stays_text(client, db):
    source = factories.source(publisher="<script>alert(1)</script>")
    row = factories.figure(source=source, counted="<b>calls", note="<img src=x>")
    page = client.get(row.place.get_absolute_url()).content.decode()
    assert "<script>alert" not in page
    assert "<img" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_the_definitions_and_how_to_read_stand_on_every_page(client, pages):
    for page in (read(client.get("/statistics/")), *pages.values()):
        for measure in Measure.objects.all():
            assert f"{measure.definition} Defined this way since November 22, 2026." in page.text
        assert "Why the years do not add up" in page.text
        assert "not court cases" in page.one("p", class_="caveat").text


def test_the_guide_says_what_the_tables_say_of_a_year_without_a_figure(client, starter):
    for prefix, language in (("", "en"), ("/es", "es")):
        page = read(client.get(f"{prefix}/statistics/missouri/"))
        with translation.override(language):
            not_found, not_published = map(
                str, (Status.NOT_FOUND.label, Status.NOT_PUBLISHED.label)
            )
        assert page.all("span", class_="missing")[0].text == not_found, language
        guide = page.one("section", **{"aria-labelledby": "reading"}).text
        assert f"“{not_found.lower()}”" in guide, language
        assert f"“{not_published}”" in guide, language


def test_the_overview_is_one_table_of_the_newest_and_the_way_to_each_place(client, starter):
    page = read(client.get("/statistics/"))
    found = page.one("table", class_="newest-of-all")
    assert [(a.text, a.attrs["href"]) for a in found.one("tbody").all("a", class_="go")] == [
        (place.name, place.get_absolute_url()) for place in Place.objects.all()
    ]
    rows = found.one("tbody").all("tr")
    newest = [  # Missouri's 696 contacts of 2024 are from a copy
        *(("US", "contacts", 2020), ("US", "cases", 2024), ("US", "victims", 2024)),
        *(("US-MO", "contacts", 2021), ("US-MO", "cases", 2024), ("US-MO", "victims", 2024)),
    ]
    wanted = []
    for place, measure, year in newest:
        (own,) = (
            r for r in rows_of(place, measure) if is_year(r) and r["first_day"][:4] == f"{year}"
        )
        wanted.append(
            (
                f"{shown(own)} {measure}, {year} {own['source_publisher']}, {as_of(own)}",
                own["source_url"],
            )
        )
    cells = [cell for row in rows for cell in row.all("td")]
    assert [(cell.text, cell.one("a").attrs["href"]) for cell in cells] == wanted
    assert [wanted[n][0].partition(",")[0] for n in (0, 1, 3)] == ["51", "nearly 12", "1"]
    assert [len(row.all("svg", class_="spark")) for row in rows] == [3, 3]
    assert found.one("caption").text.startswith(
        "For each place, the newest number that we did not take from a copy."
    )
    leading = Measure.objects.filter(leads=True)
    caveats = [item.text for item in page.one("ul", class_="caveats").all("li")]
    assert caveats == [f"{m.name}: {m.caveat}" for m in leading]


@pytest.mark.parametrize(("prefix", "language"), [("", "en"), ("/es", "es")])
def test_the_overview_says_what_a_number_is_and_why_there_is_none(client, db, prefix, language):
    """Provisional and revised in words; “not published”, “suppressed” where a source says so."""
    place = factories.place()
    statuses = [Status.PROVISIONAL, Status.REVISED, Status.NOT_PUBLISHED, Status.SUPPRESSED]
    for status in statuses:
        value = 7 if status in WITH_VALUE else None
        factories.figure(place=place, year=2020, value=value, status=status)
    again = factories.figure(place=place, year=2020, value=8)  # revised, as its earlier one says
    days = {"as_of": again.as_of + factories.DAY, "value": 9}
    factories.figure(place=place, measure=again.measure, year=2020, **days)
    factories.measure()
    found = read(client.get(f"{prefix}/statistics/")).one("table", class_="newest-of-all")
    cells = [cell.text for cell in found.all("td")]
    with translation.override(language):
        labels = [str(status.label) for status in (*statuses, Status.REVISED, Status.NOT_FOUND)]
    for n in (0, 1, 4):
        assert f" reports, 2020 {labels[n]} The hotline, " in cells[n]
    for n in (2, 3):
        assert cells[n].startswith(f"reports: {labels[n].lower()}, 2020 The hotline, ")
    assert cells[5] == f"reports: {labels[5].lower()}"


def test_the_newest_number_of_a_measure_stands_large_beside_its_sentence(pages):
    for page in pages.values():  # it stands first
        assert [a.attrs["href"] for a in page.one("nav", class_="jump").all("a")] == [
            f"#series-{measure}" for measure in ("cases", "victims", "contacts")
        ]
    cases = part(pages, "US", "cases")
    assert cases.one("h2").text == (
        "Cases the National Human Trafficking Hotline counted in the United States, 2012–2024"
    )
    assert cases.one("p", class_="big").text == "nearly 12,000"
    assert cases.one("p", class_="say").text == (
        "In 2024, the National Human Trafficking Hotline counted nearly 12,000 cases for the "
        "United States (known by January 31, 2026)."
    )
    (total,) = [p.text for p in cases.one("div", class_="rest").all("p") if "In all" in p.text]
    assert total == (
        "In all, December 2007 to December 31, 2021: 82,301 cases (known by the end of 2022). "
        "Source: Stand Against Trafficking (Missouri nonprofit)"
    )


def test_the_total_beside_the_newest_number_has_a_value_that_is_not_from_a_copy(client, db):
    row = factories.figure(year=2020, value=9)
    days = {"place": row.place, "measure": row.measure, "first_day": datetime.date(2007, 12, 7)}
    totals = [
        (2019, {"value": 50, "status": Status.PROVISIONAL}),
        (2021, {"value": 70, "source": factories.source(kind="copy")}),
        (2022, {"value": None, "status": Status.NOT_PUBLISHED}),
    ]
    for year, fields in totals:
        factories.figure(year=year, **{**days, **fields})
    rest = read(client.get(row.place.get_absolute_url())).one("div", class_="rest")
    assert [p.text for p in rest.all("p") if "In all" in p.text] == [
        "In all, December 2007 to December 31, 2019: 50 reports (as of December 31, 2019). "
        "Provisional. Source: The hotline"
    ]
    Figure.objects.filter(last_day__year=2019).delete()
    rest = read(client.get(row.place.get_absolute_url())).one("div", class_="rest")
    assert "In all" not in rest.text
