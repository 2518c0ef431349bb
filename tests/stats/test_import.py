"""A CSV in and out: what it changes, who may do it, and what it costs."""

import csv
import datetime
import io

import pytest
from django.contrib.auth.models import Permission, User
from reversion.models import Revision, Version

from stats import spreadsheet
from stats.imports import as_row
from stats.models import Figure, Source
from tests import factories
from tests.html import read
from tests.stats.csv_files import (
    CONFIRM,
    EXPORT,
    GOOD,
    IMPORT,
    as_csv,
    bring_in,
    done,
    everything,
    exported,
    preview,
    upload,
    wrong,
)

pytestmark = pytest.mark.also_postgres

# --- There and back ---------------------------------------------------------------------


def rewritten(data, form):
    """The file as a spreadsheet saves it that shows days in this form, such as {m}/{d}/{y}."""
    first, *rows = csv.reader(io.StringIO(data.decode("utf-8-sig")))
    for row in rows:
        for place, name in enumerate(first):
            if name in spreadsheet.DAYS:
                day = datetime.date.fromisoformat(row[place])
                row[place] = form.format(y=day.year, m=day.month, d=day.day, yy=day.year % 100)
    out = io.StringIO()
    csv.writer(out).writerows([first, *rows])
    return out.getvalue().encode("utf-8-sig")


def test_what_was_exported_comes_back_and_changes_nothing(admin_client, starter):
    """Also as Excel in the United States, LibreOffice there, and both in Mexico save it."""
    before, data = everything(), exported(admin_client)
    rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))
    assert list(rows[0]) == spreadsheet.COLUMNS
    assert len(rows) == Figure.objects.count() == 63
    of = ("place", "measure", "first_day", "as_of")
    missouri = ("US-MO", "cases", "2020-01-01", "2026-01-11")
    (row,) = (row for row in rows if tuple(row[name] for name in of) == missouri)
    assert (row["value"], row["as_of_exact"], row["source_kind"]) == ("270", "yes", "quotes")
    days = ("{m}/{d}/{y}", "{m:02}/{d:02}/{yy:02}", "{d}/{m}/{yy:02}")
    for file in (data, *(rewritten(data, form) for form in days)):
        said = bring_in(admin_client, file)
        assert said == done(0, 0, 63), file[:400]
        assert everything() == before, file[:400]


def test_a_file_of_before_is_still_taken(admin_client, starter):
    """Without the column of words, and with the kinds that sources had."""
    rows = list(csv.DictReader(io.StringIO(exported(admin_client).decode("utf-8-sig"))))
    old = {"own": "primary", "quotes": "secondary", "copy": "secondary"}
    for row in rows:
        del row["qualifier"]
        row["source_kind"] = old[row["source_kind"]]
    before = everything()
    assert bring_in(admin_client, as_csv(*rows)) == done(0, 0, 63)
    assert everything() == before
    (row,) = (row for row in rows if row["value"] == "12000")
    typed = {"assurance": "It was typed wrongly."}
    assert "1 changed" in bring_in(admin_client, as_csv(row | {"value": "11999"}), **typed)
    assert Figure.objects.get(value=11_999).qualifier == ""  # it never was “nearly” that
    new = {**GOOD, "source_kind": "secondary"}
    assert "1 new" in bring_in(admin_client, as_csv(new))
    assert Figure.objects.get(source__url=GOOD["source_url"]).source.kind == "quotes"


def test_a_rounded_number_comes_in_with_its_word(admin_client, starter):
    typed = {"qualifier": "Nearly", "value": "12000"}
    page = preview(admin_client, as_csv({**GOOD, **typed}))
    assert "nearly 12,000 (Published)" in page.text
    assert "1 new" in bring_in(admin_client, as_csv({**GOOD, **typed}))
    row = Figure.objects.get(source__url=GOOD["source_url"])
    assert (row.qualifier, row.value) == ("nearly", 12_000)
    ((_line, said),) = wrong(admin_client, as_csv({**GOOD, "qualifier": "almost"}))
    assert said == "qualifier “almost” is not a known code. Use one of over, nearly or about."


def test_the_export_is_named_and_keeps_to_the_filters(admin_client, starter):
    response = admin_client.get(EXPORT, {"place__id__exact": Figure.objects.first().place_id})
    assert response["Content-Disposition"].startswith('attachment; filename="figures-20')
    rows = list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))
    assert {row["place"] for row in rows} == {"US"}
    assert admin_client.get(EXPORT, {"status__nothing": "1"})["Location"] == EXPORT


def test_no_cell_is_run_as_a_formula_and_each_comes_back(admin_client, db):
    texts = ["=1+1", "+1", "-1", "@SUM(A1)", "'=1", "''-1", "'quoted'", "a=b"]
    place, measure = factories.place(), factories.measure()
    for year, text in enumerate(texts, 2010):
        row = factories.figure(place=place, measure=measure, year=year)
        Figure.objects.filter(pk=row.pk).update(note_en=text, note=text)
    Figure.objects.filter(note="a=b").update(counted_en="\ttab", counted="\ttab")
    row = factories.figure(place=place, measure=measure, year=2008)
    Figure.objects.filter(pk=row.pk).update(note_en="One,\r\n two.\nThree.")
    data = exported(admin_client)
    assert b'"One, two. Three."' in data  # in one line
    cells = [cell for row in csv.reader(io.StringIO(data.decode("utf-8-sig"))) for cell in row]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]
    assert "'=1+1" in cells
    assert bring_in(admin_client, data) == done(0, 0, 9)


def test_the_collected_file_is_taken_as_it_is(admin_client, starter):
    starter_file = "stats/starter/figures.csv"
    before = [as_row(row) for row in Figure.objects.with_names()]
    with open(starter_file, "rb") as file:  # noqa: PTH123
        data = file.read()
    assert bring_in(admin_client, data) == done(0, 0, 63)
    assert [as_row(row) for row in Figure.objects.with_names()] == before

    Figure.objects.all().delete()
    named = wrong(admin_client, data)
    assert len(named) > 3  # the jumps, and the numbers that were revised
    assert all("more than half" in said or "write why" in said for _line, said in named)
    typed = {"assurance": "As the sources have it.", "reason": "The source gives no reason."}
    assert bring_in(admin_client, data, **typed) == done(63, 0, 0)
    row = Figure.objects.get(place__code="US-MO", as_of="2026-01-11")
    assert (row.change, row.reason) == ("revision", "The source gives no reason.")
    assert Figure.objects.exclude(assurance="").count() < 20  # only those that were asked about
    assert bring_in(admin_client, data) == done(0, 0, 63)


def test_how_days_are_written_is_asked_once_for_a_whole_file(admin_client, starter):
    """A file in which nothing proves it."""
    page = read(admin_client.get(IMPORT))
    assert not page.all("select", name="order")
    file = as_csv(*[{**GOOD, "as_of": f"3/{day}/2024", "note": f"{day}"} for day in (4, 5)])
    page = read(upload(admin_client, file))
    assert page.one("ul", class_="errorlist").text == (
        "Nothing in this file shows whether “3/4/2024” is March 4, 2024 or April 3, 2024: choose "
        "here for all of its days, and choose the file again."
    )
    words = {option.attrs["value"]: option.text for option in page.one("select").all("option")}
    assert list(words) == ["", "month", "day"]
    assert bring_in(admin_client, file, order="day") == done(2, 0, 0)
    days = set(Figure.objects.filter(first_day="2022-01-01").values_list("as_of", flat=True))
    assert days == {datetime.date(2024, 4, 3), datetime.date(2024, 5, 3)}
    assert preview(admin_client, file, order="month").one("form", id="confirm_form")
    # A proof is stronger than an answer.
    proof = as_csv({**GOOD, "as_of": "3/4/2024"}, {**GOOD, "as_of": "3/31/2024"})
    bring_in(admin_client, proof, order="day")
    assert Figure.objects.filter(as_of="2024-03-04").exists()


# --- What it does -----------------------------------------------------------------------


def test_the_preview_says_what_would_change_and_changes_nothing(admin_client, starter):
    before = everything()
    changed = as_row(
        Figure.objects.with_names().get(
            place__code="US-MO", as_of="2026-01-07", measure__code="cases"
        )
    )
    changed |= {"note": "Another note."}
    page = preview(admin_client, as_csv(changed, GOOD))
    assert everything() == before
    assert "1 new, 1 changed, 0 as before." in page.one("form", id="confirm_form").text
    rows = page.one("table", class_="import-rows").one("tbody").all("tr")
    assert [row.text for row in rows] == [
        "2 Missouri · Cases · 2024 note – → Another note.",
        "3 Missouri · Cases · 2022 New: 245 (Published), as of January 5, 2024",
    ]


def test_an_import_is_one_revision_with_its_name(admin_client, admin_user, starter):
    assert bring_in(admin_client, as_csv(GOOD)) == done(1, 0, 0)
    row = Figure.objects.get(first_day="2022-01-01")
    assert as_row(row) == {**dict.fromkeys(spreadsheet.COLUMNS, ""), **GOOD, "as_of_exact": "yes"}
    revision = Revision.objects.latest("pk")
    assert revision.get_comment() == "Imported from figures.csv"
    assert revision.user == admin_user
    assert [v.object for v in Version.objects.get_for_object(row)] == [row]
    assert bring_in(admin_client, as_csv(GOOD)) == done(0, 0, 1)
    assert Source.objects.filter(url=GOOD["source_url"]).count() == 1


def test_an_empty_cell_takes_no_answer_away(admin_client, starter):
    bring_in(admin_client, as_csv({**GOOD, "assurance": "I asked."}))
    bring_in(admin_client, as_csv({**GOOD, "assurance": "", "note": "A note."}))
    row = Figure.objects.get(first_day="2022-01-01")
    assert (row.assurance, row.note) == ("I asked.", "A note.")
    bring_in(admin_client, as_csv({**GOOD, "note": ""}))
    assert Figure.objects.get(first_day="2022-01-01").note == ""


def test_rows_are_compared_with_what_the_file_makes_of_the_others(admin_client, db):
    place = factories.place(code="US-MO")
    for code, value in (("contacts", 30), ("cases", 10)):
        factories.figure(
            place=place,
            measure=factories.measure(code=code),
            value=value,
            year=2022,
            as_of=datetime.date(2024, 1, 5),
        )
    slip = {"assurance": "A zero was missing."}
    both = [
        {**GOOD, "value": "100", **slip},
        {**GOOD, "measure": "contacts", "value": "300", **slip},
    ]
    assert bring_in(admin_client, as_csv(*both)) == done(0, 2, 0)
    (found,) = wrong(admin_client, as_csv(both[0], {**both[1], "value": "90"}))
    assert found[0] == 3
    assert "100 cases are more than 90 contacts" in found[1]


SAID = (
    "assurance This row said 245 as of January 5, 2024. If the source says something else now, "
    "leave this row and add a new one: the public sees both."
)
STALE = "assurance That answer was about the row as it was before. Write a new one."


def test_what_a_row_said_is_not_changed_without_a_word(admin_client, starter):
    bring_in(admin_client, as_csv(GOOD))
    other = as_csv({**GOOD, "value": "", "status": "suppressed"})
    assert wrong(admin_client, other) == [(2, SAID)]
    assert bring_in(admin_client, other, assurance="It was typed wrongly.") == done(0, 1, 0)
    row = Figure.objects.get(first_day="2022-01-01")
    assert row.assurance == "It was typed wrongly."
    # The answer of that time is not one for what comes next.
    assert [said for _line, said in wrong(admin_client, as_csv(GOOD))][0].endswith(STALE)
    assert wrong(admin_client, as_csv(GOOD), assurance="It was typed wrongly.")
    bring_in(admin_client, as_csv(GOOD), assurance="It was right at first.")


def test_vintages_may_stand_in_any_order(admin_client, starter):
    later = {
        **GOOD,
        "value": "250",
        "as_of": "2025-01-05",
        "change": "correction",
        "reason": "A slip.",
    }
    assert bring_in(admin_client, as_csv(later, {**GOOD, "change": ""})).startswith(
        "From figures.csv: 2 new"
    )
    assert Figure.objects.current().get(first_day="2022-01-01", measure__code="cases").value == 250


# --- Who may, and what it costs -----------------------------------------------------------


def test_who_may_bring_in_and_take_out(client, starter):
    user = User.objects.create_user("staff", is_staff=True)
    for may, imports, exports in [
        (["view"], 403, 200),
        (["view", "add"], 403, 200),
        (["add", "change"], 403, 200),
        (["add", "change", "publish"], 200, 200),
        ([], 403, 403),
    ]:
        names = [f"{action}_figure" for action in may]
        user.user_permissions.set(Permission.objects.filter(codename__in=names))
        client.force_login(user)
        assert client.get(IMPORT).status_code == imports, may
        assert upload(client, as_csv(GOOD)).status_code == imports, may
        assert client.post(CONFIRM, {}).status_code == (302 if imports == 200 else 403), may
        assert client.get(EXPORT).status_code == exports, may
        if exports == 200:
            page = read(client.get("/admin/stats/figure/"))
            links = [a.attrs.get("href", "") for a in page.all("a")]
            assert (IMPORT in links) is (imports == 200), may
            assert [link for link in links if link.startswith(EXPORT)], may


def test_more_rows_ask_the_database_no_more(admin_client, starter, django_assert_max_num_queries):
    rows = [{**GOOD, "as_of": f"2024-01-{day:02}"} for day in range(1, 29)]
    with django_assert_max_num_queries(30):
        preview(admin_client, as_csv(*rows))


def test_the_preview_is_kept_in_the_cache_of_all_workers(admin_client, starter, settings, tmp_path):
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
            "LOCATION": tmp_path / "cache",
        }
    }
    assert bring_in(admin_client, as_csv(GOOD)) == done(1, 0, 0)
