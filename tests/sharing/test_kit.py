"""What goes with the sheets: dates for a calendar, square pictures, all in one ZIP."""

import io
import zipfile
from datetime import date, datetime

import pytest
from icalendar import Calendar
from PIL import Image
from pypdf import PdfReader

from awareness.press import kept
from awareness.sharing import kit as kits
from awareness.sharing import papers
from pages.models import HelpLine
from tests.html import read

CALL = "1-888-373-7888"


def test_the_dates_repeat_each_year_and_keep_nobody_busy(client, db):
    calendars = {path: client.get(path) for path in ("/share/dates.ics", "/es/share/dates.ics")}
    uids = []
    for answer in calendars.values():
        assert answer["Content-Type"] == "text/calendar; charset=utf-8"
        events = Calendar.from_ical(answer.content).walk("VEVENT")
        for event in events:
            assert (event["rrule"], event["transp"]) == ({"FREQ": ["YEARLY"]}, "TRANSPARENT")
            assert not isinstance(event.decoded("dtstart"), datetime)  # the whole day
        days = [(event.decoded("dtstart"), event.decoded("dtend")) for event in events]
        assert days == [
            (date(2026, 1, 1), date(2026, 2, 1)),
            (date(2026, 1, 11), date(2026, 1, 12)),
            (date(2026, 7, 30), date(2026, 7, 31)),
        ]
        uids.append([str(event["uid"]) for event in events])
    assert uids[0] == uids[1]
    english = calendars["/share/dates.ics"].content.decode()
    assert "National Human Trafficking Awareness Day" in english
    listed = read(client.get("/share/")).one("dl")
    assert [dt.text for dt in listed.all("dt")] == ["January", "January 11", "July 30"]
    spanish = read(client.get("/es/share/")).one("dl")
    assert [dt.text for dt in spanish.all("dt")] == ["Enero", "11 de enero", "30 de julio"]


def test_a_square_picture_says_what_the_wide_one_does(client, starter):
    answer = client.get("/share/preview.png?page=/help/&shape=square")
    assert Image.open(io.BytesIO(answer.content)).size == (1080, 1080)
    assert len(answer.content) < 300_000
    odd = client.get("/share/preview.png?page=/es/help/&shape=round")
    assert (odd.status_code, odd["Content-Type"]) == (400, "text/plain; charset=utf-8")
    assert odd.content.decode() == "Una imagen es ancha o cuadrada, como en &shape=square.\n"


def kit(client, address="/share/kit.zip?in=both"):
    answer = client.get(address)
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/zip"), address
    assert len(answer.content) < 2_000_000
    return answer.content, zipfile.ZipFile(io.BytesIO(answer.content))


@pytest.mark.slow
def test_all_in_one_file_the_same_until_a_number_changes(client, starter):
    first, archive = kit(client)
    languages, shapes = ("en", "es"), ("wide", "square")
    assert {*archive.namelist()} == {
        "README.txt",
        *(f"{sheet}.pdf" for sheet in papers.SHEETS),
        *(f"texts-{code}.txt" for code in languages),
        *(f"dates-{code}.ics" for code in languages),
        *(
            f"pictures/{name}-{code}-{shape}.png"
            for name in ("home", "help", "guide", "statistics")
            for code in languages
            for shape in shapes
        ),
    }
    assert kit(client, "/es/share/kit.zip?in=both")[0] == first
    for code in languages:
        prefix = "" if code == "en" else "/es"
        words = archive.read(f"texts-{code}.txt").decode()
        for area in read(client.get(f"{prefix}/share/texts/")).all("textarea"):
            assert "".join(area.children) in words
        assert archive.read(f"dates-{code}.ics") == client.get(f"{prefix}/share/dates.ics").content
        asked = f"/share/preview.png?page={prefix}/help/&shape=square"
        assert archive.read(f"pictures/help-{code}-square.png") == client.get(asked).content
    read_me = archive.read("README.txt").decode()
    assert "http://localhost:8000/share/" in read_me
    assert "http://localhost:8000/es/share/" in read_me
    HelpLine.objects.filter(number=CALL).update(number="1-888-555-0100")
    archive = kit(client, "/share/kit.zip?in=es")[1]
    texts = [archive.read("texts-es.txt").decode()]
    pages = [PdfReader(io.BytesIO(archive.read("cards.pdf"))).pages[0].extract_text()]
    for words in [*texts, *pages]:
        assert (CALL in words, "1-888-555-0100" in words) == (False, True)


@pytest.mark.slow
def test_it_is_packed_once_for_each_day_content_and_language(client, starter, monkeypatch):
    made = []

    def files(asked, request):
        made.append(asked)
        yield "README.txt", f"{asked} {len(made)}"

    def times(language="both"):
        for ask in (client.head, client.get, client.get):
            assert ask(f"/share/kit.zip?in={language}").status_code == 200
        return len(made)

    monkeypatch.setattr(kits, "files", files)
    with kits.PACKING:  # whoever comes while one is packed
        assert client.get("/share/kit.zip?in=both").status_code == 503
    assert (times(), times("es"), times()) == (1, 2, 2)
    HelpLine.objects.filter(number=CALL).update(number="1-888-555-0100")
    assert times() == 3
    monkeypatch.setattr(kits.timezone, "localdate", lambda: date(2030, 1, 1))
    assert times() == 4
    assert kit(client)[1].read("README.txt") == b"both 4"


def test_what_it_cannot_be_is_one_sentence(client, db, monkeypatch, caplog):
    for asked in ("fr", "", "<b>", "en,es"):
        odd = client.get("/share/kit.zip", {"in": asked})
        assert (odd.status_code, odd["Content-Type"]) == (400, "text/plain; charset=utf-8")
        assert odd.content.decode() == "Name a language of ours, as in ?in=en, or ?in=both.\n"
    assert client.post("/share/kit.zip").status_code == 405
    full = kept.BoundedSemaphore(1)
    monkeypatch.setitem(kept.WAITING, "press", full)
    full.acquire()
    caplog.clear()
    busy = client.get("/share/kit.zip?in=en")
    assert (busy.status_code, busy["Retry-After"], caplog.messages) == (503, "5", [])
    full.release()
    names = kit(client, "/share/kit.zip?in=es")[1].namelist()  # of a site without a number
    assert not [name for name in names if name.endswith(".pdf") or "statistics" in name]
