"""What somebody sends after their session has ended comes back to them, and to nobody else."""

import datetime
import secrets

import pytest
from django.contrib.auth.models import Permission, User
from django.contrib.messages import get_messages
from django.contrib.sessions.models import Session
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from reversion.models import Revision

from awareness.desk import kept, kept_form
from awareness.desk.models import KeptForm
from awareness.web.models import ContentVersion
from pages.models import Citation, Section, SiteSettings, Update
from stats.models import Figure, Source
from tests import factories, public
from tests.desk.test_admin import MODELS, address, fields_of, mistakes
from tests.html import read

PASSWORD = "a password for tests alone"
HOUR = datetime.timedelta(hours=1)
BACK = "Your earlier text is back. It has not been saved yet. Look at it, and save."
SIGNED_OUT = (
    "You were signed out. Sign in, and your text will be back in the form; "
    "it has not been saved yet."
)
ENDED = (
    "You are signed out. Your session was not used for twelve hours, someone ended it, or your"
    " account changed. Sign in again to continue."
)
OURS = {"origin": "http://testserver"}  # as a browser says of a form of ours
ADD = address(Update, "add")
CITATION = {"title": "A law", "publisher": "A school", "url": "https://law.example/", "note_en": ""}


@pytest.fixture
def person(db):
    return User.objects.create_superuser("ann", password=PASSWORD)


@pytest.fixture
def browser(person):
    """A browser in which somebody has signed in; the tokens of its forms count."""
    client = Client(enforce_csrf_checks=True)
    sign_in(client)
    return client


def sign_in(client, name="ann", where="/accounts/login/?next=/admin/"):
    sent = {**fields_of_login(client.get(where, follow=True)), "login": name, "password": PASSWORD}
    response = client.post("/accounts/login/", sent)
    assert response.status_code == 302
    return response["Location"]


def fields_of_login(response):
    form = read(response).one("form", id="login-form")
    return {i.attrs["name"]: i.attrs.get("value", "") for i in form.all("input", type="hidden")}


def open_form(client, where):
    return sent_by(client.get(where))


def sent_by(response):
    """What the Save button of this form would send."""
    page = read(response)
    inputs = page.all("input", name="_kept")
    return {**fields_of(page), **{i.attrs["name"]: i.attrs["value"] for i in inputs}}


def sign_out(client):
    page = read(client.get("/admin/"))
    token = page.one("form", id="logout-form").one("input").attrs["value"]
    assert client.post("/admin/logout/", {"csrfmiddlewaretoken": token}).status_code == 302
    assert "sessionid" not in client.cookies or not client.cookies["sessionid"].value


def expire(client):
    Session.objects.update(expire_date=timezone.now() - datetime.timedelta(seconds=1))


def lose_the_cookie(client):
    del client.cookies["sessionid"]


def sign_in_elsewhere(client):
    sign_out(client)
    sign_in(client)


def notes(client, where):
    return [note.text for note in read(client.get(where)).all("p", role="status")]


def content():
    """All that must stay as it is while a text is only kept."""
    rows = {model: list(model.objects.order_by("pk").values()) for model in (Section, Citation)}
    return rows, Revision.objects.count(), ContentVersion.current()


# --- The text comes back, and nothing is saved by itself -------------------------------


@pytest.fixture
def section(person):
    row = factories.section(title="As it was", slug="as-it-was")
    for title in ("The first law", "The second law"):
        factories.citation(row, title=title)
    return row


def typed(client, section):
    """A section as it was changed in the form: words, one citation out and another one in."""
    sent = open_form(client, address(Section, "change", section.pk))
    sent |= {"title_en": "Better", "body_en": "<p>Many new words.</p>"}
    sent |= {"citations-0-DELETE": "on", "citations-TOTAL_FORMS": "3", "citations-2-id": ""}
    sent |= {f"citations-2-{name}": value for name, value in CITATION.items()}
    return {**sent, "citations-2-section": str(section.pk), "citations-2-title": "A third law"}


def shows(page, sent):
    """Whether the form shows all that was sent; its token is another one."""
    form = fields_of(page)
    names = sent.keys() - {"csrfmiddlewaretoken", "_save", "_kept"}
    return {name: form.get(name) for name in names} == {name: sent[name] for name in names}


def check_text_is_back(client, where, sent):
    page = read(client.get(where))
    assert [note.text for note in page.all("p", role="status")] == [BACK]
    assert page.all("p", class_="errornote") == page.all("ul", class_="errorlist") == []
    assert "Error" not in page.one("title").text
    assert shows(page, sent)


@pytest.mark.parametrize("end", [sign_out, expire, lose_the_cookie])
def test_after_the_session_the_text_is_kept_and_is_back_after_signing_in(browser, section, end):
    where = address(Section, "change", section.pk)
    sent = typed(browser, section)
    before = content()
    end(browser)
    response = browser.post(where, {**sent, "_save": "Save"})
    login = response["Location"]
    assert (response.status_code, login) == (302, f"/admin/login/?next={where}")
    assert read(browser.get(login, follow=True)).one("ul", class_="said").text.endswith(SIGNED_OUT)
    assert sign_in(browser, where=login) == where
    check_text_is_back(browser, where, sent)
    assert content() == before

    check_saving_ends_it(browser, section, where)


def check_saving_ends_it(client, section, where):
    done = client.post(where, {**open_form(client, where), "_publish": "on"})
    assert done.status_code == 302
    section.refresh_from_db()
    assert (section.title, section.body) == ("Better", "<p>Many new words.</p>")
    titles = section.citations.order_by("pk").values_list("title", flat=True)
    assert list(titles) == ["The second law", "A third law"]
    assert notes(client, where) == []
    assert KeptForm.objects.count() == 0


def test_a_form_from_before_the_sign_in_comes_back_at_once(browser, section):
    where = address(Section, "change", section.pk)
    sent = typed(browser, section)
    before = content()
    sign_in_elsewhere(browser)
    del browser.cookies["kept"]  # it needs none of its own
    response = browser.post(where, {**sent, "_save": "Save"}, headers=OURS)
    assert (response.status_code, response["Location"]) == (302, where)
    check_text_is_back(browser, where, sent)
    assert content() == before
    check_saving_ends_it(browser, section, where)


def test_signed_in_elsewhere_and_out_again(browser, section):
    sent = typed(browser, section)
    sign_in_elsewhere(browser)
    sign_out(browser)
    where = address(Section, "change", section.pk)
    login = browser.post(where, sent, headers=OURS)["Location"]
    sign_in(browser, where=login)
    check_text_is_back(browser, where, sent)


def test_a_mistake_in_a_kept_text_is_named_and_nothing_else(browser, db):
    sent = {**open_form(browser, ADD), "title_en": "No summary", "slug": "two words"}
    expire(browser)
    browser.post(ADD, sent)
    sign_in(browser)
    found = mistakes(browser.get(ADD))
    assert found.keys() == {"slug"}
    assert Update.objects.count() == 0


def test_it_is_shown_again_until_it_is_saved_or_thrown_away(browser):
    keep_update(browser, "Once")
    for _ in range(2):
        assert notes(browser, ADD) == [BACK]
    button = read(browser.get(ADD)).one("button", name="_throw_away").attrs["value"]
    token = open_form(browser, ADD)["csrfmiddlewaretoken"]
    done = browser.post(ADD, {"_throw_away": button, "csrfmiddlewaretoken": token})
    assert (done.status_code, done["Location"]) == (302, ADD)
    page = read(browser.get(ADD))
    assert page.one("ul", class_="messagelist").text == "Your earlier text was discarded."
    assert page.all("p", role="status") == []
    assert fields_of(page)["title_en"] == ""
    assert KeptForm.objects.count() == Update.objects.count() == 0


def keep_update(client, title, where=ADD, **more):
    sent = {**open_form(client, where), "title_en": title, "slug": "s", "body_en": "<p>x</p>"}
    expire(client)
    response = client.post(where, {**sent, "summary_en": "In short.", **more})
    assert response["Location"].startswith("/admin/login/")
    sign_in(client)


def test_a_mistake_on_the_way_does_not_bring_the_text_back_after_it_was_saved(browser):
    keep_update(browser, "Words")
    wrong = browser.post(ADD, {**open_form(browser, ADD), "slug": "two words"})
    assert mistakes(wrong).keys() == {"slug"}
    assert read(wrong).all("p", role="status") == []
    assert notes(browser, ADD) == [BACK]
    sent = {**sent_by(wrong), "slug": "words"}
    assert browser.post(ADD, sent).status_code == 302
    assert notes(browser, ADD) == []
    assert KeptForm.objects.count() == 0


def test_two_tabs_with_the_same_empty_form_are_two_texts(browser):
    forms = [{**open_form(browser, ADD), "title_en": title} for title in ("One", "Two")]
    expire(browser)
    for sent in forms:
        browser.post(ADD, {**sent, "slug": sent["title_en"].lower(), "summary_en": "In short."})
    sign_in(browser)
    for title in ("Two", "One"):
        sent = open_form(browser, ADD)
        assert sent["title_en"] == title
        assert browser.post(ADD, {**sent, "body_en": "<p>x</p>"}).status_code == 302
    assert notes(browser, ADD) == []
    assert Update.objects.count() == 2


def test_a_text_whose_session_ends_once_more_is_the_same_text(browser):
    keep_update(browser, "Once")
    keep_update(browser, "Twice")
    assert open_form(browser, ADD)["title_en"] == "Twice"
    assert KeptForm.objects.count() == 1


def test_more_texts_of_one_form_than_there_is_room_for_drop_the_oldest(browser):
    sent = open_form(browser, ADD)
    expire(browser)
    for n in range(kept.MOST_OF_ONE_FORM + 2):
        browser.post(ADD, {**sent, "title_en": f"Text {n}"})
    titles = {text.data["title_en"][0] for text in KeptForm.objects.all()}
    assert titles == {f"Text {n + 2}" for n in range(kept.MOST_OF_ONE_FORM)}


def test_an_item_that_is_gone_meanwhile_is_said_to_be_gone_and_the_text_is_there(browser):
    row = factories.update()
    where = address(Update, "change", row.pk)
    keep_update(browser, "Words", where)
    row.delete()
    page = read(browser.get(where)).text
    assert "This was deleted while you were writing." in page
    assert "Words" in page


def test_a_year_of_figures_and_a_source_in_its_small_window(browser, starter):
    year = "/admin/stats/figure/year/?place=US-MO&year=2022"
    window = address(Source, "add") + "?_to_field=id&_popup=1"
    forms = {where: open_form(browser, where) for where in (year, window)}
    forms[year] |= {"cases-value": "245", "cases-source": str(Source.objects.first().pk)}
    forms[year] |= {"cases-as_of": "2024-01-05"}
    forms[window] |= {"title": "A report", "publisher": "A school", "kind": "own"}
    forms[window] |= {"url": "https://a.example/"}
    expire(browser)
    figures, sources = Figure.objects.count(), Source.objects.count()
    for where, sent in forms.items():
        browser.post(where, sent)
    sign_in(browser)
    for where, sent in forms.items():
        check_text_is_back(browser, where, sent)
    assert (Figure.objects.count(), Source.objects.count()) == (figures, sources)
    wrong = browser.post(year, {**open_form(browser, year), "cases-as_of": "never"})
    assert mistakes(wrong).keys() == {"cases-as_of"}
    browser.post(year, {**sent_by(wrong), "cases-as_of": "2024-01-05"})
    browser.post(window, open_form(browser, window))
    for where in forms:
        assert notes(browser, where) == []
    assert (Figure.objects.count(), Source.objects.count()) == (figures + 1, sources + 1)


def test_only_the_same_address_with_the_same_question_shows_it(browser):
    keep_update(browser, "Words", f"{ADD}?_popup=1")
    shown = {where: notes(browser, where) for where in (ADD, f"{ADD}?_popup=1", f"{ADD}?x=1")}
    assert shown == {ADD: [], f"{ADD}?_popup=1": [BACK], f"{ADD}?x=1": []}


def test_whatever_a_shown_form_would_write_is_undone(db, rf):
    request = rf.get(ADD)
    with kept_form.only_shown(request, KeptForm(data={"title_en": ["Words"]})):
        assert (request.method, request.POST["title_en"]) == ("POST", "Words")
        factories.update()
    assert Update.objects.count() == 0
    assert (request.method, request.POST, request.kept) == ("GET", {}, None)


# --- What is kept while somebody types, where there are no drafts: static/desk/autosave.js ---


def test_what_is_typed_is_kept_again_and_again_until_it_is_saved(
    browser, django_assert_max_num_queries
):
    where = address(SiteSettings, "change", 1)
    browser.get(address(SiteSettings, "changelist"))
    sent = {**open_form(browser, where), "site_name": "A"}
    answer = browser.post(where, {**sent, "_autosave": "1"})
    (text,) = KeptForm.objects.all()
    assert (answer.status_code, answer.json()["kept"]) == (200, text.pk)
    sent |= {"site_name": "Another name", "_kept": str(text.pk)}
    with django_assert_max_num_queries(12):
        assert browser.post(where, {**sent, "_autosave": "1"}).content == answer.content
    assert KeptForm.objects.count() == 1
    check_text_is_back(browser, where, sent)
    assert browser.post(where, {**sent, "_save": "1"}).status_code == 302
    assert not KeptForm.objects.exists()
    too_long = browser.post(where, {**sent, "_autosave": "1", "footer_text_en": "x" * 1_048_577})
    assert (too_long.status_code, KeptForm.objects.exists()) == (413, False)


@pytest.mark.parametrize("end", [sign_out, expire, lose_the_cookie, sign_in_elsewhere])
def test_after_the_session_it_is_kept_and_the_form_is_told(browser, section, end):
    where = address(Section, "change", section.pk)
    sent = typed(browser, section)
    end(browser)
    answer = browser.post(where, {**sent, "_autosave": "1"}, headers=OURS)
    assert (answer.status_code, answer.json()["kept"]) == (202, KeptForm.objects.get().pk)
    if end is not sign_in_elsewhere:
        sign_in(browser)
    assert notes(browser, where) == [BACK]  # and nobody says twice that they were signed out


def test_nobody_else_keeps_anything_so(person, section):
    where = address(Section, "change", section.pk)
    stranger = Client(enforce_csrf_checks=True)
    for headers in ({}, OURS, {"origin": "https://elsewhere.example"}):
        status = stranger.post(where, {"title_en": "Mine", "_autosave": "1"}, headers=headers)
        assert status.status_code in (401, 403), headers
    assert not KeptForm.objects.exists()


# --- What is kept and what is not ------------------------------------------------------


@pytest.mark.slow
def test_every_form_of_content_keeps_and_no_form_of_accounts(browser, starter):
    models = [model for model in MODELS if model._meta.app_label in ("pages", "stats", "auth")]
    forms = {}
    for model in models:
        row = User.objects.get() if model is User else model.objects.first()
        where = address(model, "change", row.pk) if row else address(model, "add")
        forms[where] = model._meta.app_label, {**open_form(browser, where), "typed": "Words"}
    for end in (sign_in_elsewhere, expire):
        end(browser)
        for where, (label, sent) in forms.items():
            KeptForm.objects.all().delete()
            token = {} if end is sign_in_elsewhere else {"csrfmiddlewaretoken": token_of(browser)}
            answer = browser.post(where, {**sent, **token}, headers=OURS)
            told = [str(message) for message in get_messages(answer.wsgi_request)]
            is_content = label in ("pages", "stats")
            assert KeptForm.objects.count() == is_content, (end, where)
            if end is expire:
                assert told[-1:] == [SIGNED_OUT if is_content else ENDED], where
            else:
                assert answer.status_code == (302 if is_content else 403), where


def token_of(client):
    return fields_of_login(client.get("/accounts/login/"))["csrfmiddlewaretoken"]


OTHERS = ["/", "/search/", "/admin/", "/admin/login/", "/admin/logout/", "/admin/no/such/add/"]
OTHERS += ["/admin/password_change/", "/admin/auth/user/add/", "/admin/stats/figure/import/"]
OTHERS += [f"/admin/pages/update/{end}" for end in ("", "1/delete/", "1/history/")]


@pytest.mark.parametrize("end", [expire, sign_in_elsewhere])
def test_other_addresses_keep_nothing(browser, end):
    browser.get(ADD)
    end(browser)
    sent = {"title_en": "Words", "action": "delete_selected"}
    for where in OTHERS:
        client = Client()
        client.cookies = browser.cookies.copy()
        response = client.post(where, sent, headers=OURS)
        told = [str(message) for message in get_messages(response.wsgi_request)]
        assert SIGNED_OUT not in told, where
        browser.post(where, sent, headers=OURS)  # without a token
        assert KeptForm.objects.count() == 0, where


def test_what_is_kept_of_a_form(browser):
    sent = open_form(browser, ADD)
    expire(browser)
    file = SimpleUploadedFile("a.txt", b"words")
    odd = {"_seen": "17", "_save": "Save", "_publish": "1", "_kept": "x", "new_Password1": "secret"}
    browser.post(ADD, {**sent, **odd, "title_en": "a\0b", "several": ["1", "2"], "file": file})
    data = KeptForm.objects.get().data
    assert data["several"] == ["1", "2"]
    assert data["title_en"] == ["ab"]
    assert data["_seen"] == ["17"]
    gone = {"csrfmiddlewaretoken", "_save", "_publish", "_kept", "new_Password1", "file"}
    assert data.keys() == (sent.keys() | {"_seen", "several"}) - gone


@pytest.mark.parametrize(("letters", "is_kept"), [(900_000, True), (1_048_577, False)])
def test_a_text_of_more_than_a_megabyte_is_not_kept(browser, letters, is_kept):
    sent = {**open_form(browser, ADD), "body_en": "x" * letters}
    expire(browser)
    response = browser.post(ADD, sent)
    assert response["Location"] == f"/admin/login/?next={ADD}"
    assert KeptForm.objects.exists() is is_kept
    said = [str(message) for message in get_messages(response.wsgi_request)]
    assert said == [SIGNED_OUT if is_kept else ENDED]


def test_an_empty_form_is_nothing_to_keep(browser):
    sent = {"csrfmiddlewaretoken": open_form(browser, ADD)["csrfmiddlewaretoken"], "_save": "Save"}
    expire(browser)
    browser.post(ADD, sent)
    assert KeptForm.objects.count() == 0


def test_the_oldest_go_when_there_are_too_many_and_none_stays_longer_than_a_day(browser):
    now = timezone.now()
    KeptForm.objects.bulk_create(
        KeptForm(token=secrets.token_hex(16), path="/", data={}, at=now - n * HOUR / 10)
        for n in range(255)  # the last dozen are older than a day
    )
    keep_update(browser, "Words")
    assert KeptForm.objects.count() == kept.MOST_ROWS
    assert not KeptForm.objects.filter(at__lt=now - kept.LIFE).exists()
    first, last = KeptForm.objects.order_by("-at")[0], KeptForm.objects.order_by("at")[0]
    assert first.data["title_en"] == ["Words"]
    assert last.at > now - kept.MOST_ROWS * HOUR / 10
    KeptForm.objects.exclude(pk=last.pk).delete()
    KeptForm.objects.update(at=now - kept.LIFE - HOUR / 3600)
    keep_update(browser, "Others")
    assert [text.data["title_en"] for text in KeptForm.objects.all()] == [["Others"]]


def test_a_text_is_not_shown_after_a_day(browser):
    keep_update(browser, "Words")
    for hours, shown in ((23, [BACK]), (25, [])):
        KeptForm.objects.update(at=timezone.now() - hours * HOUR)
        assert notes(browser, ADD) == shown


# --- Whose it is -----------------------------------------------------------------------


def test_another_person_on_the_same_browser_does_not_see_it(browser):
    User.objects.create_superuser("ben", password=PASSWORD)
    keep_update(browser, "What Ann wrote")
    sign_out(browser)
    sign_in(browser, "ben")
    assert notes(browser, ADD) == []
    assert fields_of(read(browser.get(ADD)))["title_en"] == ""
    keep_again = {**open_form(browser, ADD), "title_en": "What Ben wrote"}
    expire(browser)
    browser.post(ADD, keep_again)
    for name, title in (("ann", "What Ann wrote"), ("ben", "What Ben wrote")):
        sign_in(browser, name)
        assert open_form(browser, ADD)["title_en"] == title
        sign_out(browser)


def test_nobody_sees_it_on_another_browser_or_throws_it_away(browser):
    eve = User.objects.create_superuser("eve", password=PASSWORD)
    keep_update(browser, "Words")
    text = KeptForm.objects.get()
    other = Client()
    sign_in(other)
    assert notes(other, ADD) == [], "nor the same person"
    thief = Client()
    thief.cookies["kept"] = browser.cookies["kept"].value
    assert thief.get(ADD)["Location"] == f"/admin/login/?next={ADD}"
    thief.force_login(eve)
    assert notes(thief, ADD) == []
    thief.post(ADD, {"_throw_away": str(text.pk)})
    thief.post(ADD, {**GOOD_UPDATE, "_kept": str(text.pk)})
    assert Update.objects.count() == 1
    assert KeptForm.objects.count() == 1


GOOD_UPDATE = {
    "title_en": "A",
    "slug": "a",
    "summary_en": "b",
    "body_en": "<p>c</p>",
    "publish_at_0": "2026-01-02",
    "publish_at_1": "10:00",
}


def test_whoever_may_only_look_sees_what_is_saved(browser, section, person):
    where = address(Section, "change", section.pk)
    sent = typed(browser, section)
    expire(browser)
    browser.post(where, sent)
    User.objects.filter(pk=person.pk).update(is_superuser=False)
    person.user_permissions.add(Permission.objects.get(codename="view_section"))
    sign_in(browser)
    assert notes(browser, where) == []
    assert "As it was" in read(browser.get(where)).one("main").text


# --- A hostile visitor -----------------------------------------------------------------


def test_a_visitor_without_an_account_keeps_nothing(db, person):
    visitor = Client(enforce_csrf_checks=True)
    sent = {**GOOD_UPDATE, "csrfmiddlewaretoken": token_of(visitor)}
    for cookie in (None, f"{person.pk}.secret", f"{person.pk}.secret:1:forged"):
        if cookie:
            visitor.cookies["kept"] = cookie
        visitor.cookies["sessionid"] = "s" * 32
        for headers in ({}, OURS):
            assert visitor.post(ADD, sent, headers=headers).status_code == 302
            assert visitor.post(ADD, GOOD_UPDATE, headers=headers).status_code == 403
    assert KeptForm.objects.count() == 0


def test_an_account_that_was_closed_keeps_nothing(browser, person):
    sent = open_form(browser, ADD)
    expire(browser)
    for change in ({"is_active": False}, {"is_active": True, "is_staff": False}):
        User.objects.filter(pk=person.pk).update(**change)
        browser.post(ADD, {**sent, "title_en": "Words"})
        assert KeptForm.objects.count() == 0, change


@pytest.mark.parametrize("is_signed_in", [True, False])
def test_a_page_of_another_site_plants_nothing_in_a_form(browser, is_signed_in):
    browser.get(ADD)
    if not is_signed_in:
        expire(browser)
    for headers in ({}, {"origin": "https://evil.example"}, {"origin": "null"}, {"referer": ADD}):
        for token in ({}, {"csrfmiddlewaretoken": "t" * 64}):
            response = browser.post(ADD, {**GOOD_UPDATE, **token}, headers=headers)
            assert response.status_code == 403, headers
    assert KeptForm.objects.count() == 0
    if is_signed_in:
        assert notes(browser, ADD) == []


def test_an_account_that_is_not_staff_keeps_nothing(db):
    client = Client(enforce_csrf_checks=True)
    client.force_login(User.objects.create_user("visitor"))
    refused = client.post(ADD, GOOD_UPDATE, headers=OURS)
    assert refused["Location"] == "/accounts/login/"
    assert KeptForm.objects.count() == 0


# --- The cookie ------------------------------------------------------------------------


@pytest.mark.parametrize("secure", [True, False])
def test_the_cookie_is_for_the_forms_of_the_staff_alone(browser, settings, secure):
    settings.SESSION_COOKIE_SECURE = secure
    cookie = browser.get(ADD).cookies["kept"]
    assert (cookie["path"], cookie["samesite"]) == ("/admin/", "Lax")
    assert cookie["httponly"] is True
    assert bool(cookie["secure"]) is secure
    for where in ("/admin/", address(Update, "changelist"), "/admin/auth/user/add/"):
        assert "kept" not in browser.get(where).cookies
    for where in public.PAGES:
        assert browser.get(where).cookies == {}
    assert "kept" not in Client().get(ADD).cookies


def test_the_database_does_not_hold_the_browsers_secret(browser):
    keep_update(browser, "Words")
    secret = browser.cookies["kept"].value.split(":")[0].split(".")[1]
    text = KeptForm.objects.get()
    assert secret not in f"{text.token} {text.path} {text.data}"
    assert len(text.token) == 43
