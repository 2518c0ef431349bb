"""Search over everything that staff may see: in both languages, in drafts, with few questions."""

from itertools import cycle

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group, Permission, User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from awareness.content.publishing import State
from awareness.desk.admin_site import DeskSite
from awareness.desk.item_version import ItemVersion
from awareness.desk.models import Draft
from pages.models import HelpLine, Section, SiteSettings, Update
from stats.models import Break, Measure, Place, ReadingGuide, Source
from tests import factories
from tests.accounts.signing_in import account
from tests.html import read

pytestmark = pytest.mark.also_postgres


def ask(client, words, **more):
    return client.get(reverse("admin:search"), {"q": words, **more})


def results(client, words):
    """{kind: [title and state]} as the page shows them."""
    page = read(ask(client, words)).one("div", id="content-main")
    found, kind = {}, None
    for element in page.walk():
        if element.tag == "h2":
            kind = found.setdefault(element.text, [])
        elif element.tag == "li":
            words = [element.one("a"), *element.all("span", class_="state")]
            kind.append(" ".join(word.text for word in words))
    return found


def says(client, words):
    return read(ask(client, words)).one("div", id="content-main").one("p", role="status").text


def sign_in(client, role):
    user = account("somebody", role)
    client.force_login(user)
    return user


def draft(item, state=Draft.State.WRITING, **changed):
    """Of a live item: its rows stay as they are."""
    for name, value in changed.items():
        setattr(item, name, value)
    copy = ItemVersion(item, {}).as_copy()
    item.refresh_from_db()
    return Draft.objects.create(
        item=item,
        title=str(item),
        state=state,
        copy=copy,
    )


def test_the_site_of_the_admin_is_the_desk():
    assert isinstance(admin.site, DeskSite)
    assert admin.site.site_header == admin.site.site_title == "Aware Missouri"
    assert admin.site.empty_value_display == "–"


# --- What is found ---------------------------------------------------------------------


def test_words_of_both_languages_are_found(admin_client, db):
    fields = [
        (factories.section, ("title", "summary", "body")),
        (factories.update, ("body",)),
        (factories.appeal, ("heading", "message")),
        (factories.help_line, ("name", "leaves_behind", "hours")),
        (factories.place, ("in_sentence",)),
        (factories.measure, ("definition", "noun_many")),
        (factories.figure, ("note", "reason")),
    ]
    languages = cycle(("es", "en", "en", "es"))
    for make, names in fields:
        make()  # another, which has not the word
        for field, language in zip(names, languages, strict=False):
            row = make(**{f"{field}_{language}": "Uno, dos y línea tres"})
            found = results(admin_client, "línea")
            assert [len(titles) for titles in found.values()] == [1], (make, field, language)
            row.delete()


def test_tables_of_one_row_are_searched(admin_client, db):
    fields = {SiteSettings: ("mission_es", "tagline_en", "contact_address")}
    fields[ReadingGuide] = ("notes_es", "caveat_en")
    for model, names in fields.items():
        for field in names:
            row = model.objects.create(pk=1, **{field: "Somewhere <b>quokkas</b> live."})
            title = str(model._meta.verbose_name_plural).capitalize()
            ((kind, (hit,)),) = results(admin_client, "quokkas").items()
            assert kind == title, field
            row.delete()
        row.save()
        page = read(ask(admin_client, "quokkas")).one("div", id="content-main")
        (link,) = (a for a in page.all("a") if a.text == hit)
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}_change"
        assert link.attrs["href"] == reverse(name, args=[1])
        model.objects.all().delete()


def test_breaks_sources_and_parts_of_items_are_found(admin_client, db):
    Break.objects.create(year=2015, explanation="Now with quokkas.")
    factories.source(title="On quokkas")
    factories.citation(factories.section(title="Cited"), title="A quokka law", publisher="Quokkas")
    factories.appeal(heading="Give", amounts=[(5, False, "one quokka"), (9, True, "two quokkas")])
    assert results(admin_client, "quokka") == {
        "Donation appeals": ["Give Live"],
        "Sections and pages": ["Cited Live"],
        "Breaks in series": ["2015 · every place · every measure"],
        "Sources": ["The hotline: On quokkas"],
    }


def test_every_list_that_holds_words_can_be_searched():
    for model, model_admin in admin.site._registry.items():
        if model._meta.app_label in ("pages", "stats"):
            assert model_admin.search_fields, model
            for name in model_admin.search_fields:
                first = name.partition("__")[0]
                translated = [f.name for f in model._meta.fields if f.name == f"{first}_es"]
                assert not translated, f"{model.__name__}.{name} is searched in one language"


def test_accents_and_capitals_do_not_matter(admin_client, db, subtests):
    factories.update(title="Latest", title_es="Última línea")
    for asked in ("ultima", "ÚLTIMA", "Ultima lineá", "ltim"):
        with subtests.test(asked=asked):
            assert results(admin_client, asked) == {"Updates": ["Latest Live"]}
            answer = admin_client.get(reverse("admin:pages_update_changelist"), {"q": asked})
            table = read(answer).one("table", id="result_list")
            assert len(table.one("tbody").all("tr")) == 1


def test_a_sign_is_itself(db, subtests):
    for word in list(".*+?^$()[]{}|\\/-#&~ %_'\"<>:=@¿ñ½"):
        with subtests.test(word=word):
            with_it = factories.update(title=f"a{word}b")
            for other in ("ab", "acb", "a1b", "aab"):
                factories.update(title=other)
            assert list(Update.objects.filter(title_en__alike=f"a{word}b")) == [with_it]


def test_each_word_must_be_somewhere(admin_client, db):
    factories.section(title="Buses", summary="All about quokkas.")
    factories.section(title="Trains", summary="All about wombats.")
    assert results(admin_client, "quokkas buses") == {"Sections and pages": ["Buses Live"]}
    assert results(admin_client, "quokkas trains") == {}
    assert results(admin_client, '"about quokkas"') == {"Sections and pages": ["Buses Live"]}
    assert results(admin_client, '"quokkas about"') == {}


def test_a_result_says_its_state_and_leads_to_its_form(admin_client, db):
    rows = {s: factories.section(title=f"Q{s}", **factories.in_state(s)) for s in State}
    for state, row in rows.items():
        title = f"Q{state}"
        assert results(admin_client, title) == {"Sections and pages": [f"{title} {state.label}"]}
        (link,) = (a for a in read(ask(admin_client, title)).all("a") if a.text == title)
        assert link.attrs["href"] == reverse("admin:pages_section_change", args=[row.pk])


def test_a_result_shows_the_word_among_others(admin_client, db):
    before, after = "many words stand here " * 9, " and many words follow" * 9
    factories.section(body=f"<p>{before}<em>quokkas</em> &amp; co{after}</p>")
    hit = read(ask(admin_client, "QUOKKAS")).one("div", id="content-main").one("li")
    assert hit.one("mark").text == "quokkas"
    assert hit.one("p").text.startswith("…")
    assert " stand here quokkas & co and many " in hit.one("p").text
    assert hit.one("p").text.endswith("…")
    assert len(hit.one("p").text) < 150


def test_what_was_typed_is_shown_and_is_no_markup(admin_client, db):
    factories.section(summary="1 <script>alert(1)</script> 2")
    typed = "<script>alert(1)</script>"
    response = ask(admin_client, typed)
    assert typed not in response.content.decode()
    assert read(response).one("input", id="search-again").attrs["value"] == typed


# --- Drafts ----------------------------------------------------------------------------


def test_the_words_of_a_draft_are_found_and_nothing_else_of_it(admin_client, db):
    row = factories.section(title="Buses")
    draft(row, Draft.State.REVIEW, body_es="<p>La <b>Última</b> “línea”\ny más</p>")
    assert not Section.objects.filter(body_es__contains="ltima").exists()
    label = Draft.State.REVIEW.label
    assert results(admin_client, "ultima LÍNEA") == {"Drafts": [f"Buses {label}"]}
    hit = read(ask(admin_client, "más")).one("div", id="content-main").one("li")
    assert hit.one("a").attrs["href"] == reverse("admin:pages_section_change", args=[row.pk])
    assert hit.one("p").text == "La Última “línea” y más"
    for word in ("body_es", "pages.section", "original_changed_at", "wombats"):
        assert results(admin_client, word) == {}, word


def test_a_draft_in_its_own_rows_is_found_once(admin_client, db):
    row = factories.update(title="Quokkas", **factories.in_state(State.DRAFT))
    Draft.objects.create(item=row, title=str(row))
    assert results(admin_client, "quokkas") == {"Updates": ["Quokkas Draft"]}


def test_only_so_many_drafts_are_shown(admin_client, db):
    for n in range(12):
        draft(factories.update(title=f"Number {n}"), body_en="<p>quokkas</p>")
    page = read(ask(admin_client, "quokkas")).one("div", id="content-main")
    assert len(page.all("li")) == 10
    assert "And 2 more: add a word to find them." in page.text
    assert says(admin_client, "quokkas") == "12 results for “quokkas”."


# --- Who finds it ----------------------------------------------------------------------


def test_nobody_finds_what_they_may_not_see(client, db):
    user = User.objects.create_user("quokka", is_staff=True)
    client.force_login(user)
    draft(factories.section(title="Quokkas"), body_en="<p>A quokka</p>")
    factories.update(title="Quokkas too")
    assert results(client, "quokka") == {}
    user.user_permissions.add(Permission.objects.get(codename="view_update"))
    assert results(client, "quokka") == {"Updates": ["Quokkas too Live"]}
    user.user_permissions.add(Permission.objects.get(codename="view_section"))
    assert sorted(results(client, "quokka")) == ["Drafts", "Sections and pages", "Updates"]


def test_an_editor_finds_no_accounts(client, db):
    user = sign_in(client, "Editor")
    factories.section(title="For somebody")
    assert results(client, user.username) == {"Sections and pages": ["For somebody Live"]}


def test_accounts_come_last(admin_client, db):
    factories.section(title="For the admin")
    assert list(results(admin_client, "admin")) == ["Sections and pages", "Accounts"]


def test_search_is_for_staff(client, db):
    assert ask(client, "quokka")["Location"].startswith("/admin/login/")
    assert "desk-search" not in client.get("/accounts/login/").content.decode()
    client.force_login(User.objects.create_user("visitor"))
    assert ask(client, "quokka")["Location"] == "/accounts/login/"


# --- How much --------------------------------------------------------------------------


def test_more_than_ten_are_behind_a_link_that_counts_them(admin_client, db):
    for n in range(12):
        if n == 10:
            assert "All 10" not in read(ask(admin_client, "quokkas")).text, "ten need no link"
        factories.citation(factories.section(title=f"Quokkas {n}"), title="Quokkas")
    page = read(ask(admin_client, "quokkas")).one("div", id="content-main")
    assert len(page.all("li")) == 10
    (link,) = (a for a in page.all("a") if a.text == "All 12 results in Sections and pages")
    rows = read(admin_client.get(link.attrs["href"])).one("table", id="result_list")
    assert len(rows.one("tbody").all("tr")) == 12


def test_an_item_with_several_parts_is_found_once(admin_client, db):
    row = factories.section(title="Cited")
    for _ in range(3):
        factories.citation(row, title="On quokkas")
    assert results(admin_client, "quokkas") == {"Sections and pages": ["Cited Live"]}
    assert says(admin_client, "quokkas") == "1 result for “quokkas”."


@pytest.mark.parametrize("rows", [1, 15])
def test_it_asks_little_whatever_there_is(client, db, rows):
    sign_in(client, "Publisher")
    user = User.objects.get()
    user.user_permissions.add(*Permission.objects.filter(content_type__app_label="auth"))
    for n in range(rows):
        draft(factories.section(title=f"Quokkas {n}"), body_en="<p>quokkas</p>")
        factories.update(title="Quokkas")
        factories.help_line(name="Quokkas")
        factories.appeal(heading="Quokkas")
        factories.figure(note="Quokkas", source=factories.source(title="Quokkas"))
        place = factories.place(name="Quokkas")
        measure = factories.measure(name="Quokkas")
        Break.objects.create(year=2015, place=place, measure=measure, explanation="Quokkas")
        User.objects.create_user(f"quokkas{n}")
        Group.objects.create(name=f"Quokkas {n}")
    SiteSettings.objects.create(pk=1, tagline="Quokkas")
    ReadingGuide.objects.create(pk=1, caveat="Quokkas")
    results(client, "quokkas")  # kinds of content are asked for once in each process
    with CaptureQueriesContext(connection) as asked:
        found = results(client, "quokkas")
    assert len(found) == 14
    assert len(asked) <= 28


# --- Odd questions ---------------------------------------------------------------------


@pytest.fixture
def one(db):
    return factories.section(title="Quokkas", summary="50% of a_b.")


def test_too_little_to_look_for(admin_client, one, subtests):
    for words in [" q ", "%", "__", '"', "''", '"q"', "\x00"]:
        with subtests.test(words=words):
            if words.strip("\x00"):
                assert says(admin_client, words) == "Please type at least two letters or digits."
            assert results(admin_client, words) == {}


def test_nothing_typed_shows_how_to_search(admin_client, one):
    page = read(ask(admin_client, "   ")).one("div", id="content-main")
    assert not page.all("p", role="status")
    assert "Results contain all of the words." in page.text


def test_nothing_found_says_what_to_do(admin_client, one):
    said = "No results for “wombats”. Try fewer words, or only the beginning of a word."
    assert says(admin_client, "wombats") == said


def test_signs_stand_for_themselves(admin_client, one, subtests):
    for words, is_found in [
        ("50%", True),
        ("5%f", False),
        ("a_b", True),
        ("a_50", False),
        ("5.%", False),
        (".*", False),
    ]:
        with subtests.test(words=words, is_found=is_found):
            assert bool(results(admin_client, words)) == is_found


def test_a_very_long_question_is_cut_and_says_so(admin_client, one):
    page = read(ask(admin_client, "quokkas " + "x" * 5000))
    assert len(page.one("input", id="search-again").attrs["value"]) == 100
    assert "We searched only for these: quokkas xxx" in page.text


def test_of_many_words_the_first_are_looked_for(admin_client, one):
    words = "quokkas 50% of a_b " + "quokkas " * 8
    assert results(admin_client, words + "wombats") == {"Sections and pages": ["Quokkas Live"]}
    assert "We searched only for these" in read(ask(admin_client, words + "wombats")).text
    assert "We searched only for these" not in read(ask(admin_client, words)).text


def test_no_question_breaks_it(admin_client, one, subtests):
    for words in ["\x00quokkas", "quok\x00kas", "((((", "[a", "\\\\", "a" * 50]:
        with subtests.test(words=words):
            assert ask(admin_client, words).status_code == 200


# --- Where one asks --------------------------------------------------------------------


def test_every_page_has_the_box(admin_client, db):
    for name in ("index", "search", "pages_section_changelist", "pages_section_add"):
        page = read(admin_client.get(reverse(f"admin:{name}")))
        form = page.one("form", id="desk-search")
        assert (form.attrs["role"], form.attrs["action"]) == ("search", reverse("admin:search"))
        words = form.one("input")
        assert words.attrs["name"] == "q", name
        assert form.one("label").attrs["for"] == words.attrs["id"]
        assert form.one("label").text == "Search everything"


def test_lists_of_what_figures_are_about_have_a_box_of_their_own(admin_client, db):
    for model in (Place, Measure, Source, Break, HelpLine):
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"
        assert read(admin_client.get(reverse(name))).one("input", id="searchbar")


def test_a_list_looks_for_a_few_words_and_says_so(admin_client, rf, subtests):
    """Else a search for 2,000 words was more than the database takes: an error, after seconds."""
    for model_admin in admin.site._registry.values():
        with subtests.test(model_admin=model_admin):
            request = rf.get("/")
            rows = model_admin.get_queryset(request)
            many = " ".join(f"w{n}" for n in range(2_000))
            found, _doubled = model_admin.get_search_results(request, rows, many)
            assert "w13" not in str(found.query)
            assert not found.exists() or not model_admin.get_search_fields(request)
            if issubclass(model_admin.model, (Section, User, Source)):
                where = reverse(
                    f"admin:{model_admin.opts.app_label}_{model_admin.opts.model_name}_changelist"
                )
                page = read(admin_client.get(where, {"q": many[:7_000]}))
                said = page.one("ul", class_="messagelist").text
                assert said.startswith(
                    "That was too many words. We searched only for these: w0 w1 "
                )
                assert said.endswith(" w11")


def test_a_field_that_completes_looks_for_a_few_words(admin_client):
    asked = {"app_label": "stats", "model_name": "figure", "field_name": "source"}
    asked["term"] = "w " * 2_000
    assert admin_client.get(reverse("admin:autocomplete"), asked).json()["results"] == []
