"""What an editor types, names or uploads does nothing in a publisher's browser but stand there."""

import csv
import io
import re
from urllib.parse import unquote, urlencode, urljoin, urlsplit

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from awareness.audit.models import Event
from awareness.content.models import OldAddress
from awareness.content.publishing import State
from awareness.content.redirects import naming
from awareness.desk.models import Draft
from pages.models import HelpLine, Section, Update
from stats.models import Figure
from tests import factories, hostile, staff
from tests.accounts.signing_in import account
from tests.desk.test_admin import address, fill, mistakes
from tests.html import read, read_text
from tests.stats.csv_files import GOOD, IMPORT, as_csv

# Every way out of where it stands: a text, an attribute, a script, a comment, a field, a template.
WORD = "</script><b onfocus=hit()>'\" onfocus=hit() x='{{7*7}}%s</textarea><!--"


def client_of(user):
    client = Client()
    client.force_login(user)
    return client


def person(name, role):
    return account(name, role, first_name=name, last_name=name)


def work(word):
    """A site full of the word, an editor who leaves it wherever an editor can; a publisher."""
    hostile.fill_site(word)
    editor = client_of(person("editor", "Editor"))
    User.objects.filter(username="editor").update(first_name=word[:150], last_name=word[:150])
    User.objects.create_user(f"{word[:100]}2", is_staff=True)
    section, update = Section.objects.get(slug="one"), Update.objects.get(slug="news")
    gone = factories.update(title=word, slug="gone", **factories.in_state(State.DRAFT))
    save(editor, section, "_ask", title_en=f"{word}2", _note=word)
    save(editor, update, "_draft", summary_en=f"{word} {word}")
    line = HelpLine.objects.filter(kind="chat").get()
    save(editor, line, "_draft", name_en=f"2 {word}", number="")
    publisher = client_of(person("publisher", "Publisher"))
    save(publisher, gone, "_publish", title_en=f"3 {word}")
    publisher.post(address(Update, "delete", gone.pk), {"post": "yes"})
    kept(editor, update, word)
    assert Draft.objects.count() == 3
    return publisher


def save(client, row, button, **typed):
    response = fill(client, address(type(row), "change", row.pk), button, **typed)
    assert response.status_code == 302, mistakes(response)


def kept(editor, update, word):
    """A text that was sent after the session had ended, and waits in its form."""
    form = address(Update, "change", update.pk)
    sent = {"title_en": word, "summary_en": word, word: word, "slug": "news"}
    cookie = editor.get(form).cookies["kept"].value
    visitor = Client()
    visitor.cookies["kept"] = cookie
    assert visitor.post(form, sent).status_code == 302
    page = read(editor.get(form))  # fails where a tag is closed that was not opened
    assert page.one("input", name="title_en").attrs["value"] == word
    assert page.one("textarea", name="summary_en").raw.strip() == word


def all_pages(client):
    """{address: response} of all that this person can open, and what a search finds."""
    answers = staff.visit(client)
    for where in ("search/", "pages/section/", "awareness/event/", "auth/user/"):
        answers[f"{where} for the word"] = client.get(f"/admin/{where}", {"q": WORD})
    answers["search for a part"] = client.get("/admin/search/", {"q": WORD[:12]})
    return answers


@pytest.mark.slow
def test_what_an_editor_left_changes_no_page_of_a_publisher(db):
    """Whichever way it breaks out of where it stands, it leaves a tag open, or has an onfocus."""
    shown = set()
    for where, answer in all_pages(work(WORD)).items():
        body, kind = (
            hostile.body_of(answer),
            answer.headers.get("Content-Type", "").partition(";")[0],
        )
        if kind in ("text/csv", "application/json"):
            hostile.bones_of(kind, body)  # fails where a parser of its kind does
        elif kind == "text/html" and body:
            page = read_text(body.decode())
            hit = [e.tag for e in page.walk() if any(name.startswith("on") for name in e.attrs)]
            assert hit == [], where
            shown |= {where} if WORD in page.text else set()
    assert len(shown) > 40
    assert {"search/ for the word", "/admin/", "/admin/pages/section/"} <= shown


# --- Files that are brought in ------------------------------------------------------------------

NAMES = ["figures\r\nERROR x.csv", "<b onfocus=hit()>.csv", "../../etc/passwd", "a\u202evsc.exe"]
ROW = {**GOOD, "source_title": WORD, "source_publisher": WORD}
ROW |= {"note": f"=1+1 {WORD}", "counted": "a\u202eb\x07c;=1"}


def bring_in(client, name):
    """The whole way, by somebody who writes the forms by hand."""
    file = SimpleUploadedFile(name, as_csv(ROW), "text/csv")
    page = read(client.post(IMPORT, {"import_file": file, "assurance": WORD, "reason": WORD}))
    form = page.one("form", id="confirm_form")
    sent = {e.attrs["name"]: e.attrs.get("value", "") for e in form.all("input", type="hidden")}
    return page, client.post(form.attrs["action"], {**sent, "original_file_name": name})


def test_neither_the_name_of_a_file_nor_its_cells_do_anything(admin_client, starter):
    pages = []
    for name in NAMES:
        page, done = bring_in(admin_client, name)
        assert done.status_code == 302, name
        pages.append(page)
    figure = Figure.objects.order_by("-pk").first()
    assert (figure.note, figure.counted) == (f"=1+1 {WORD}", "abc;=1")
    notes = Event.objects.filter(kind=Event.Kind.IMPORTED).values_list("note", flat=True)
    assert [note.isprintable() for note in notes] == [True] * len(NAMES)
    lists = ("/admin/", "/admin/stats/figure/", "/admin/awareness/event/")
    for where in (*lists, address(Figure, "preview_page", figure.pk)):
        pages.append(read(admin_client.get(where)))
    assert WORD in "".join(page.text for page in pages)
    for page in pages:
        assert not any(n.startswith("on") for element in page.walk() for n in element.attrs)
    exported = admin_client.get("/admin/stats/figure/export/").content.decode("utf-8-sig")
    cells = [cell for row in csv.reader(io.StringIO(exported)) for cell in row]
    assert f"'=1+1 {WORD}" in cells
    assert "abc;'=1" in cells


def test_what_is_refused_is_shown_and_does_nothing(admin_client, starter):
    row = {**GOOD, "place": WORD, "measure": WORD, "value": WORD, "as_of": WORD, "change": WORD}
    file = SimpleUploadedFile("figures.csv", as_csv(row), "text/csv")
    page = read(admin_client.post(IMPORT, {"import_file": file, "assurance": "", "reason": ""}))
    assert WORD in page.text
    assert not any(name.startswith("on") for element in page.walk() for name in element.attrs)


# --- Where somebody is led ------------------------------------------------------------------------

ELSEWHERE = ["https://evil.example/", "//evil.example/", "///evil.example/", "/\\evil.example/"]
ELSEWHERE += ["\\\\evil.example/", "/\t/evil.example/", "https:evil.example", "javascript:hit()"]
ELSEWHERE += [
    "http://testserver@evil.example/",
    "/admin/\r\nSet-Cookie: a=b",
    "\r\n//evil.example/",
]


def leads_out(response):
    """Where a browser would go, if that is another host or no page."""
    there = response.headers.get("Location", "")
    where = urljoin("http://testserver/admin/", re.sub(r"[\t\r\n]", "", there).replace("\\", "/"))
    assert there.isprintable()
    assert "set-cookie" not in {name.lower() for name in response.headers}
    return urlsplit(where)[:2] != ("http", "testserver")


def test_no_parameter_leads_to_another_host(admin_user, subtests):
    for there in ELSEWHERE:
        with subtests.test(there=there):
            typed = {"username": "admin", "password": "password", "login": "admin", "next": there}
            signing_in = Client().post(f"/admin/login/?{urlencode({'next': there})}", typed)
            assert not leads_out(signing_in)
            known = client_of(admin_user)
            names = ("next", "_changelist_filters", "_popup", "redirect_to", "url")
            for where in ("/admin/login/", "/admin/pages/section/", "/accounts/login/", "/admin/"):
                assert not leads_out(known.get(where, dict.fromkeys(names, there))), where
            assert not leads_out(known.post("/admin/logout/", {"next": there}))


PATHS = ["//evil.example", "//evil.example/", "/\\evil.example", "/%5Cevil.example"]
PATHS += ["/%2F/evil.example", "/%09/evil.example", "/es//evil.example", "/es/%2Fevil.example"]
PATHS += ["///evil.example/a", "/%0D%0ASet-Cookie:%20a=b", "//evil.example/%2e%2e"]
PATHS += ["/.//evil.example", "/;@evil.example"]


def test_no_path_leads_to_another_host(client, db, subtests):
    """Neither a missing slash, nor tracking, nor an old address, nor the way to https."""
    for query in ["", "?utm_source=x", "?utm_source=x&a=//evil.example"]:
        for path in PATHS:
            with subtests.test(query=query, path=path):
                response = client.get("/", PATH_INFO=unquote(path), QUERY_STRING=query[1:])
                assert not leads_out(response)


def test_an_old_address_leads_to_a_page_of_ours_whatever_it_was(client, publisher):
    row = factories.plain_page(slug="first")
    for path in ("//evil.example/", "/first/", "/a\r\nb/", "/\\evil.example/"):
        OldAddress.objects.update_or_create(path=path, defaults=naming(row))
        response = client.get("/", PATH_INFO=path, QUERY_STRING="a=b\\c")
        assert response.status_code in (200, 301)
        assert not leads_out(response)
