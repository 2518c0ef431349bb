"""A notice for today: above the first line of everything, from its beginning to its end."""

import datetime
import json
import xml.etree.ElementTree as ElementTree
from types import SimpleNamespace

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from awareness.content.publishing import State, next_moment
from pages import site_context
from pages.models import HelpLine, Notice
from stats.views import version
from tests import factories, public
from tests.desk.test_admin import address, fields_of, fill
from tests.html import read
from tests.site import get, running_site, until, until_everywhere

pytestmark = pytest.mark.also_postgres

WORDS = "The text line is down today."
ATOM = "{http://www.w3.org/2005/Atom}"
DAY = datetime.timedelta(days=1)


def shown(response):
    """What stands as the notice: its words, and where its links lead. None without one."""
    found = read(response).all("section", class_="site-notice")
    if not found:
        return None
    (box,) = found
    return box.text, [link.attrs["href"] for link in box.all("a")]


@pytest.mark.slow
def test_it_is_the_first_thing_on_every_page_and_interrupts_nobody(client, starter):
    factories.notice(text=WORDS)
    pages = {name: client.get(name) for name in public.STARTER_PAGES}
    for name, response in {**pages, **public.error_pages(client)}.items():
        assert shown(response) == (WORDS, []), name
        page = read(response)
        box = page.one("section", class_="site-notice")
        assert (box.attrs["aria-label"], "role" in box.attrs) in (("Notice", 0), ("Aviso", 0)), name
        order = [e for e in page.walk() if e is box or e.tag in ("header", "main", "h1")]
        assert order[0] is box, name


def test_what_is_urgent_says_so_in_words_and_english_stands_in(client, db):
    row = factories.notice(text=WORDS, text_es="Hoy no hay textos.", urgent=True)
    assert shown(client.get("/")) == (f"Urgent: {WORDS}", [])
    assert shown(client.get("/es/")) == ("Urgente: Hoy no hay textos.", [])
    row.delete()
    factories.notice(text=WORDS)
    box = read(client.get("/es/help/")).one("section", class_="site-notice")
    assert [span.attrs for span in box.all("span")] == [{"lang": "en"}]
    assert box.text == WORDS


def test_the_newest_shows_until_it_ends(client, db):
    now = timezone.now()
    factories.notice(text="The older.", publish_at=now - 2 * DAY)
    newest = factories.notice(text="The newer.", publish_at=now - DAY)
    assert shown(client.get("/")) == ("The newer.", [])
    Notice.objects.filter(pk=newest.pk).update(expire_at=now)
    assert shown(client.get("/")) == ("The older.", [])


def test_pages_in_memory_end_when_it_begins_and_when_it_ends(db):
    now = timezone.now()
    row = factories.notice(publish_at=now + DAY, expire_at=now + 2 * DAY)
    assert next_moment(now) == row.publish_at
    assert next_moment(row.publish_at) == row.expire_at
    assert next_moment(row.expire_at) is None


def test_its_number_is_that_of_the_help_line_as_it_is_now(client, db):
    line = factories.help_line(number="1-800-555-0142")
    row = factories.notice(text=WORDS, help_line=line)
    assert shown(client.get("/")) == (f"{WORDS} Call 1-800-555-0142", ["tel:+18005550142"])
    for change, after in [
        ({"number": "1-800-555-0199"}, (f"{WORDS} Call 1-800-555-0199", ["tel:+18005550199"])),
        ({"kind": "text", "number": "233733"}, (f"{WORDS} Text 233733", ["sms:233733"])),
        (
            {"kind": "chat", "number": "", "url": "https://chat.example/"},
            (f"{WORDS} Open the chat", ["https://chat.example/"]),
        ),
        ({"published": False}, (WORDS, [])),
    ]:
        HelpLine.objects.filter(pk=line.pk).update(**change)
        assert shown(client.get("/")) == after, change
    line.delete()
    assert shown(client.get("/")) == (WORDS, [])
    row.refresh_from_db()
    assert row.help_line is None


def test_its_page_is_in_the_readers_language(client, db):
    for page in ("/help/", "/es/help/", "http://localhost:8000/help/"):
        row = factories.notice(text=WORDS, page=page)
        assert shown(client.get("/")) == (f"{WORDS} More about this", ["/help/"]), page
        assert shown(client.get("/es/"))[1] == ["/es/help/"], page
        row.delete()
    Notice.objects.bulk_create([row])
    Notice.objects.update(page="javascript:alert(1)")
    assert shown(client.get("/")) == (WORDS, [])


def test_it_has_one_link_at_most_of_a_line_that_everybody_sees_and_an_end(db):
    row = factories.notice(help_line=factories.help_line(where="report"))
    with pytest.raises(ValidationError, match="only for reports"):
        row.full_clean()  # its number stands on no page, so it would be left out without a word
    row.help_line.where = "everywhere"
    row.page = "/help/"
    with pytest.raises(ValidationError, match="one link at most"):
        row.full_clean()
    for wrong in ({"page": "/help/"}, {"expire_at": None}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Notice.objects.update(**wrong)


def test_days_prices_and_hours_are_no_numbers_to_call(db):
    for words in (
        "We are closed June 10-12, 2026, and open again at 9:30.",
        "From 2026-06-03 to 6/5/2026, 24/7, in 2026.",
        "10,911 people, $211 each, 300 posters.",
        "June 3 2026 10 am",
    ):
        factories.notice(text=words).full_clean()


# --- When the database is gone -----------------------------------------------------------


@pytest.mark.parametrize("is_new_process", [False, True])
def test_error_pages_show_the_last_one_until_its_end(client, db, gone, monkeypatch, is_new_process):
    line = factories.help_line(number="1-800-555-0142")
    row = factories.notice(text=WORDS, help_line=line)
    client.get("/")
    if is_new_process:  # it has the file alone
        held = site_context.context_from_file()
        monkeypatch.setattr(site_context, "_held", None)
    gone()
    response = client.get("/es/help/")
    assert response.status_code == 503
    assert shown(response) == (f"{WORDS} Llamar 1-800-555-0142", ["tel:+18005550142"])
    held = site_context._held or held
    monkeypatch.setattr(site_context, "_held", held)
    held.notices[0].expire_at = timezone.now()
    assert shown(client.get("/")) is None
    assert held.notices[0].pk == row.pk


# --- What programs read --------------------------------------------------------------------


def subtitle(response):
    return ElementTree.fromstring(response.content).findtext(f"{ATOM}subtitle")


def test_feeds_have_it_below_their_title_and_not_as_an_entry(client, starter):
    feeds = ("/updates/feed.atom", "/statistics/changes/feed.atom")
    before = {feed: client.get(feed).content.count(b"<entry>") for feed in feeds}
    assert [subtitle(client.get(feed)) for feed in feeds] == [None, None]
    row = factories.notice(text=f"{WORDS} <b>&", help_line=HelpLine.objects.filter(kind="call")[0])
    for feed in feeds:
        response = client.get(feed)
        assert subtitle(response) == f"{WORDS} <b>& Call {row.help_line.number}"
        assert response.content.count(b"<entry>") == before[feed]
    Notice.objects.update(help_line=None, page="/help/")
    said = subtitle(client.get("/es/updates/feed.atom"))
    assert said == f"{WORDS} <b>& http://localhost:8000/es/help/"


def test_files_of_figures_have_it_where_it_breaks_nothing(client, starter):
    def files():
        forms = ("csv", "zip", "json", "csv-metadata.json")
        return {form: client.get(f"/statistics/data.{form}") for form in forms}

    before = files()
    assert before["json"].json()["notice"] is None
    end = timezone.make_aware(datetime.datetime(2999, 1, 2, 17, 30))
    row = factories.notice(text=WORDS, page="/help/", expire_at=end)
    after = files()
    for form in ("csv", "zip"):  # a ZIP is kept, and would say it for ever
        assert after[form].content == before[form].content, form
    assert after["json"].json() == {
        **before["json"].json(),
        "notice": {
            "text": WORDS,
            "urgent": False,
            "link": "http://localhost:8000/help/",
            "until": "2999-01-02T17:30:00-06:00",
        },
    }
    described = json.loads(after["csv-metadata.json"].content)
    assert described.pop("rdfs:comment") == f"{WORDS} http://localhost:8000/help/"
    assert described == before["csv-metadata.json"].json()
    # Its end moves no content version, and yet nothing counts as not modified.
    with_it, without = SimpleNamespace(notice=row), SimpleNamespace(notice=None)
    assert version(with_it, "json") != version(without, "json") == version(with_it, "csv")


# --- On the desk ---------------------------------------------------------------------------


def test_a_link_that_leads_nowhere_and_a_line_that_is_hidden_are_asked_about(admin_client, db):
    hidden = factories.help_line(name="Hidden", **factories.in_state(State.DRAFT))
    add = address(Notice, "add")
    written = {"text_en": WORDS, "expire_at_0": "2999-01-02", "expire_at_1": "10:00"}
    for name, value, sentence in [
        ("page", "/hlep/", "No public page has the address “/hlep/”"),
        ("help_line", hidden.pk, "The public does not see “Hidden”"),
    ]:
        sent = {**fields_of(read(admin_client.get(add))), **written, name: value, "_publish": "on"}
        (note,) = read(admin_client.post(add, sent)).one(id="desk-check").one("ol").all("a")
        assert (note.text.startswith(sentence), note.attrs["href"]) == (True, f"#id_{name}")
        assert fill(admin_client, add, **written, **{name: value}).status_code == 302
    assert Notice.objects.live().count() == 2


def test_a_draft_is_seen_in_the_preview_alone(editor, client, db):
    ends = {"expire_at_0": "2999-01-02", "expire_at_1": "10:00"}
    fill(editor, address(Notice, "add"), "_draft", text_en=WORDS, **ends)
    (row,) = Notice.objects.all()
    Notice.objects.update(publish_at=timezone.now() - 9 * DAY)
    assert shown(client.get("/")) is None
    factories.notice(text="Another.")
    inner = f"{address(Notice, 'preview', row.pk)}page/"
    assert shown(editor.get(inner)) == (WORDS, [])
    assert shown(client.get("/")) == ("Another.", [])


# --- In a running server -----------------------------------------------------------------------

PUBLISH = """
INSERT INTO pages_notice (published, publish_at, updated_at, expire_at, urgent, page,
    translation_reviewed_by, text, text_en, text_es)
SELECT 1, datetime('now', '-1 hour'), datetime('now'), datetime('now', '+1 day'), 0, '', '',
    ?1, ?1, ''
"""


def test_every_worker_shows_it_in_a_moment_and_takes_it_away_at_its_end(make_folder):
    with running_site(make_folder()) as site:
        paths = ("/", "/es/help/", "/updates/feed.atom", "/statistics/data.json", "/no/such/page/")

        def everywhere():
            return ["It is down." in get(site, path)[1] for path in paths]

        assert not any(everywhere())
        site.ask(PUBLISH, "It is down.")
        until_everywhere(site, lambda: all(everywhere()))
        kept = [site.folder / "errors" / name for name in ("503.en.html", "400.es.html")]
        until(lambda: all("It is down." in file.read_text() for file in kept))
        site.ask("UPDATE pages_notice SET expire_at = datetime('now', '+3 seconds')")
        until_everywhere(site, lambda: not any(everywhere()))
        until(lambda: not any("It is down." in file.read_text() for file in kept))
