"""The desk in Spanish, for whoever chose it in “Your account”."""

import datetime
import re

import pytest
from django.contrib import admin
from django.contrib.sessions.models import Session
from django.db import connection
from django.utils import timezone

from awareness.audit.models import Event
from awareness.desk.models import Draft
from pages.models import Citation, Section
from tests import factories
from tests.accounts.signing_in import account, sign_in
from tests.desk.test_admin import SINGLETONS, address, fill
from tests.desk.test_words import one_of_each, said
from tests.html import read

ENGLISH = re.compile(
    r"\b(the|of|this|that|with|and|for|is|are|was|by|from|not|all|you|your|it|be|who|when|"
    r"save|publish|draft|search|filter|add|change|delete|history|yes|show|close|home|welcome)\b",
    re.IGNORECASE,
)


def choose(client, code):
    return client.post("/accounts/", {"language": code})


def language(client, path="/admin/"):
    return read(client.get(path)).one("html").attrs["lang"]


def test_it_is_of_one_person_on_every_browser_and_of_no_public_page(db):
    for name in ("ann", "bea"):
        account(name, "Publisher")
    one, another, hers = sign_in("ann"), sign_in("ann"), sign_in("bea")
    assert [language(client) for client in (one, another, hers)] == ["en", "en", "en"]
    assert choose(one, "es").status_code == 302
    choose(hers, "xx")
    assert [language(client) for client in (one, another, hers)] == ["es", "es", "en"]
    assert read(one.get("/admin/")).one("a", href="/es/accounts/")
    assert language(sign_in("ann")) == "es", "where they sign in later, too"
    for path, code in (("/", "en"), ("/es/", "es"), ("/accounts/", "en"), ("/es/accounts/", "es")):
        assert language(one, path) == code, path
    assert language(hers, "/admin/password_change/done/") == "en"
    soon = timezone.now() + datetime.timedelta(minutes=5)
    idle = Session.objects.filter(pk=one.session.session_key)
    idle.update(expire_date=soon)
    choose(another, "en")
    assert idle.get().expire_date == soon, "nobody has used it"
    assert language(one) == "en"


def test_what_is_saved_there_is_what_an_english_desk_saves(publisher):
    choose(publisher, "es")
    row = factories.section(title="Signs", title_es="Señales")
    factories.citation(row, title="A law")
    fill(publisher, address(Section, "change", row.pk), "_draft", title_en="Better")
    assert Draft.objects.get().title == "Better"
    fill(publisher, address(Section, "change", row.pk), "_publish", title_en="Best")
    assert {event.title for event in Event.objects.exclude(kind="signed_in")} == {"Better", "Best"}
    with connection.cursor() as cursor:
        cursor.execute("SELECT title, title_en, title_es FROM pages_section")
        assert cursor.fetchall() == [("Best", "Best", "Señales")]
    assert Citation.objects.get().title == "A law"


def words_of_rows():
    """What stands in the tables, which nobody translates; the longest first."""
    rows = [row for model in admin.site._registry for row in model._base_manager.all()]
    values = [value for row in rows for value in vars(row).values() if isinstance(value, str)]
    plain = {re.sub(r"<.*?>", "", value) for value in values}
    return sorted({each for each in {*values, *plain} if len(each) > 5}, key=len, reverse=True)


@pytest.mark.slow
def test_no_english_is_left(admin_client, admin_user):
    """On the pages of the desk; the columns of the figures' files are the same in all languages."""
    choose(admin_client, "es")
    one_of_each()
    pages = ["/admin/", "/admin/search/?q=xyz", "/admin/stats/figure/year/", "/es/accounts/"]
    for model in admin.site._registry:
        pages.append(address(model, "changelist"))
        if model not in SINGLETONS:
            pages.append(address(model, "add"))
        row = model._base_manager.order_by("-pk").first()
        if row:
            pages += [address(model, view, row.pk) for view in ("change", "history", "delete")]
    found, content = {}, words_of_rows()
    for page in pages:
        response = admin_client.get(page, follow=True)
        if response.status_code == 200:
            text = said(response)
            for value in [*content, "CC BY 4.0", "“all”"]:
                text = text.replace(value, "")
            words = [text[max(m.start() - 30, 0) : m.end() + 30] for m in ENGLISH.finditer(text)]
            if words:
                found[page] = words
    assert found == {}
