"""The admin: every row can be changed, and a mistake is named at its field with the text kept."""

import datetime

import pytest
from django.contrib import admin
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from reversion.models import Version

from awareness.audit.models import Event
from awareness.content.models import OldAddress
from awareness.content.publishing import Publishable, State
from awareness.desk.models import DeskRules
from pages.models import CallToAction, HelpLine, Notice, Section, SiteSettings, Update
from pages.models.notice import NEEDS_END, NOT_OURS, TYPED_NUMBER
from stats.models import Figure, ReadingGuide
from tests import factories
from tests.html import fields_of, read

MODELS = list(admin.site._registry)
SINGLETONS = [SiteSettings, ReadingGuide, DeskRules]
ONLY_READ = [Event, OldAddress]
PUBLISHABLE = [model for model in MODELS if issubclass(model, Publishable)]
LONG = "x" * 200_001


def address(model, view, *args):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{view}", args=args)


def name_of(model):
    return model.__name__


def fill(client, where, button="_publish", **typed):
    """Open the form, type this into it and press a button, whatever notes there are. Returns the
    response."""
    sent = {**fields_of(read(client.get(where))), "_anyway": "1"}
    missing = typed.keys() - sent.keys() - {"on_help_page", "as_of_exact"}
    assert not {name for name in missing if "-" not in name}, missing
    return client.post(where, {**sent, **typed, button: "on"})


def mistakes(response):
    """{field: [sentence]} as the form shows them."""
    assert response.status_code == 200
    page = read(response)
    found = {}
    for box in page.all("ul", class_="errorlist"):
        field = box.attrs.get("id", "").removeprefix("id_").removesuffix("_error") or "form"
        found[field] = [li.text for li in box.all("li")]
    return found


def stored(row):
    """What the database holds of it, but for what no form keeps: microseconds, space at the end."""
    values = type(row).objects.filter(pk=row.pk).values().get()
    values.pop("updated_at", None)
    values.pop("publish_at", None)
    return {k: v.strip() if isinstance(v, str) else v or "" for k, v in values.items()}


# --- Every page of it ------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.also_postgres
def test_every_list_and_form_opens_with_few_questions(
    admin_client, starter, django_assert_max_num_queries, subtests
):
    for model in MODELS:
        with subtests.test(model=model):
            with django_assert_max_num_queries(20):
                changelist = admin_client.get(address(model, "changelist"))
            row = model.objects.first()
            if model in SINGLETONS:
                assert changelist["Location"] == address(model, "change", 1)
                assert admin_client.get(address(model, "add")).status_code == 403
                assert admin_client.get(address(model, "delete", 1)).status_code == 403
                assert model.objects.count() == 1
            else:
                assert len(read(changelist).all("h1")) == 1
            if model in ONLY_READ:
                assert admin_client.get(address(model, "add")).status_code == 403
            elif model not in SINGLETONS:
                with django_assert_max_num_queries(20):
                    assert fields_of(read(admin_client.get(address(model, "add"))))
            if row:
                with django_assert_max_num_queries(40):
                    assert fields_of(read(admin_client.get(address(model, "change", row.pk))))
                history = admin_client.get(address(model, "history", row.pk))
                assert len(read(history).all("h1")) == 1


MAKE = {
    Section: factories.section,
    Update: factories.update,
    CallToAction: factories.appeal,
    HelpLine: factories.help_line,
    Notice: factories.notice,
    Figure: factories.figure,
}


@pytest.mark.parametrize("model", MAKE, ids=name_of)
def test_a_longer_list_costs_no_more_questions(publisher, db, model, django_assert_num_queries):
    MAKE[model]()
    publisher.get(address(model, "changelist"))  # what each process learns once is known now
    with CaptureQueriesContext(connection) as asked:
        publisher.get(address(model, "changelist"))
    assert len(asked) <= 11
    for _ in range(9):
        MAKE[model]()
    with django_assert_num_queries(len(asked)):
        publisher.get(address(model, "changelist"))


@pytest.mark.slow
def test_a_form_that_nobody_touched_can_be_saved_and_changes_nothing(
    admin_client, starter, subtests
):
    for model in [m for m in MODELS if m._meta.app_label in ("pages", "stats")]:
        with subtests.test(model=model):
            for row in model.objects.all()[:2]:
                where = address(model, "change", row.pk)
                before = stored(row)
                press = "_publish" if getattr(row, "published", True) else "_draft"
                assert fill(admin_client, where, press).status_code == 302
                assert stored(row) == before


def test_only_staff_get_in(client, starter):
    assert client.get("/admin/")["Location"] == "/admin/login/?next=/admin/"
    client.force_login(User.objects.create_user("visitor"))
    assert client.get("/admin/")["Location"] == "/accounts/login/"


# --- States ----------------------------------------------------------------------------


@pytest.mark.parametrize("model", PUBLISHABLE, ids=name_of)
def test_a_list_shows_states_and_filters_by_them(admin_client, db, model):
    rows = {
        state: factories.marked(model, state.value, **factories.in_state(state))[0]
        for state in State
    }
    page = read(admin_client.get(address(model, "changelist")))
    shown = [cell.text for cell in page.all("td", class_="field-state_in_words")]
    assert sorted(shown) == sorted(state.label for state in State)
    for state in State:
        page = read(admin_client.get(address(model, "changelist"), {"state": state.value}))
        cells = page.all("td", class_="field-state_in_words")
        assert [cell.text for cell in cells] == [state.label]
        assert str(rows[state]) in page.one("table", id="result_list").text


def test_only_what_is_live_can_be_viewed_on_the_site(admin_client, db):
    for state in State:
        row, _words = factories.marked(Section, f"x{state}", **factories.in_state(state))
        page = read(admin_client.get(address(Section, "change", row.pk)))
        links = page.all("a", class_="viewsitelink")
        assert len(links) == (1 if state == State.LIVE else 0), state
        if links:
            there = admin_client.get(links[0].attrs["href"])["Location"]
            assert there.endswith(row.get_absolute_url())


def test_what_is_published_is_there_at_once(admin_client, client, db):
    now = timezone.localtime()
    typed = {"title_en": "Come", "slug": "come", "summary_en": "S", "body_en": "<p>All of it.</p>"}
    typed |= {"publish_at_0": f"{now:%Y-%m-%d}", "publish_at_1": "00:00:00"}
    done = fill(admin_client, address(Update, "add"), **typed)
    assert done["Location"] == address(Update, "change", Update.objects.get().pk)
    assert "All of it." in read(client.get("/updates/come/")).text
    assert Version.objects.get_for_model(Update).count() == 1


# --- Mistakes --------------------------------------------------------------------------

GOOD = {
    Section: {"title_en": "A", "slug": "a", "summary_en": "b", "body_en": "<p>c</p>"},
    Update: {"title_en": "A", "slug": "a", "summary_en": "b", "body_en": "<p>c</p>"},
    CallToAction: {"heading_en": "A", "message_en": "b"},
    HelpLine: {"name_en": "A", "kind": "call", "number": "911", "description_en": "b"},
    Notice: {"text_en": "A", "expire_at_0": "2999-01-02", "expire_at_1": "10:00"},
    SiteSettings: {},
}
NO_SLUG = "Use only letters without accents, numbers, and hyphens."
TOO_LONG = "This text is too long (over 200 kB). Please shorten it or split it up."
NO_GOAL = "Say where the button leads, or clear the button."
HTTPS = "Use an address that starts with https://."
TAKEN = "The site already uses the address /{}/. Choose another."
AWAY = "The exit must lead away from this site. Use another address."
DIGITS = "“{}” is not a phone number: use 3 to 15 digits, with spaces or dashes between."
LATE = {"publish_at_0": "2026-01-02", "publish_at_1": "10:00", "expire_at_0": "2026-01-02"}
LATE["expire_at_1"] = "10:00"
TOO_EARLY = "The expiry time must be later than the publish time."
MISTAKES = [
    *((Section, {"kind": "page", "slug": s}, "slug", TAKEN.format(s)) for s in ("admin", "learn")),
    (Section, {"kind": "page", "slug": "updates"}, "slug", TAKEN.format("updates")),
    (Section, {"slug": "two words"}, "slug", NO_SLUG),
    (Section, LATE, "expire_at", TOO_EARLY),
    (HelpLine, {"number": "no number"}, "number", DIGITS.format("no number")),
    (HelpLine, {"number": ""}, "number", "Enter the number that people call or text."),
    (HelpLine, {"kind": "chat"}, "url", "Enter the web address of the chat."),
    (HelpLine, {"area": "local"}, "area_name", "Name the city or county."),
    (HelpLine, {"source_url": "http://a.example/"}, "source_url", HTTPS),
    (
        CallToAction,
        {"button_en": "Give"},
        "url",
        "Say where the button leads, or clear the button.",
    ),
    (CallToAction, {"url": "https://a.example/"}, "button_en", "Say what the button says."),
    (CallToAction, {"button_en": "Give", "url": "http://a.example/"}, "url", HTTPS),
    (Notice, LATE, "expire_at", TOO_EARLY),
    (Notice, {"expire_at_0": "", "expire_at_1": ""}, "expire_at", NEEDS_END),
    (Notice, {"text_en": ""}, "text_en", "This field is required."),
    *(
        (Notice, {name: f"Call {number} now."}, name, TYPED_NUMBER % {"value": number})
        for name, number in (
            ("text_en", "1-888-373-7888"),
            ("text_en", "8883737888"),
            ("text_en", "233733"),
            ("text_es", "988"),
            ("text_es", "9-1-1"),
        )
    ),
    *(
        (Notice, {"page": page}, "page", NOT_OURS)
        for page in ("help", "//a.example/", "/es/admin/", "/\\a")
    ),
    (SiteSettings, {"ein": "12345"}, "ein", "An EIN is two digits, a dash and seven digits."),
    (SiteSettings, {"exit_url": "http://a.example/"}, "exit_url", HTTPS),
    (SiteSettings, {"exit_url": "https://localhost/x/"}, "exit_url", AWAY),
    (Update, {"body_en": LONG}, "body_en", TOO_LONG),
    (Update, {"title_en": "a\x00b"}, "title_en", "Null characters are not allowed."),
]


@pytest.mark.slow
def test_a_mistake_is_named_at_its_field_and_the_text_is_kept(admin_client, db, subtests):
    forms = {}
    for model in GOOD:
        where = address(model, "add")
        if model in SINGLETONS:
            where = admin_client.get(address(model, "changelist"))["Location"]
        forms[model] = where, fields_of(read(admin_client.get(where))), model.objects.count()
    for model, typed, field, sentence in MISTAKES:
        with subtests.test(model=model, typed=typed, field=field, sentence=sentence):
            where, there, rows = forms[model]
            sent = {**GOOD[model], **typed}
            response = admin_client.post(where, {**there, **sent, "_publish": "on", "_anyway": "1"})
            assert mistakes(response) == {field: [sentence]}
            assert model.objects.count() == rows
            kept = fields_of(read(response))
            sent = {name: value for name, value in sent.items() if "\x00" not in value}
            assert {name: kept[name] for name in sent} == sent


def test_markup_that_is_not_allowed_is_named_and_kept(admin_client, db):
    for typed, sentence in (
        ('<p><a href="//a.example/">x</a></p>', "can’t be published"),
        ('<p>x<img src="https://a.example/x.png"></p>', "only pictures from the library"),
        ("<p>x</p><script>alert(1)</script>", "or code"),
        ('<iframe src="https://a.example/"></iframe>', "embedded video"),
    ):
        sent = {**GOOD[Update], "body_en": typed}
        response = fill(admin_client, address(Update, "add"), **sent)
        (found,) = mistakes(response).values()
        assert sentence in found[0], typed
        assert fields_of(read(response))["body_en"] == typed
        assert Update.objects.count() == 0, typed


@pytest.fixture
def figure(db):
    return factories.figure(year=2020, value=10)


def add_figure(client, figure, **typed):
    given = {"place": figure.place_id, "measure": figure.measure_id, "source": figure.source_id}
    given |= {"first_day": "2020-01-01", "last_day": "2020-12-31", "as_of": "2021-06-01"}
    given |= {"value": "12", "status": "published", "change": "revision", "reason_en": "Again."}
    where = address(Figure, "add")
    sent = {**fields_of(read(client.get(where))), **given, **typed}
    return client.post(where, {**sent, "_publish": "on", "_anyway": "1"})


NO_VALUE = "A figure with this status has no value. Clear it, or choose Published."
NO_SOURCE = "A figure needs a source. Choose one, or add it with the plus sign."
BACKWARDS = "The last day must not be before the first day."
THERE = "There is already a figure for this place, measure, period and as-of date. "
THERE += "A revision needs a later as-of date."


def test_a_figure_that_cannot_be(admin_client, figure, subtests):
    to_come = timezone.localdate() + datetime.timedelta(days=30)
    for typed, field, sentence in [
        ({"value": ""}, "value", "A figure with this status needs a value."),
        ({"value": "-5"}, "value", "A figure cannot be negative."),
        ({"status": "not_published"}, "value", NO_VALUE),
        ({"source": ""}, "source", NO_SOURCE),
        ({"last_day": "2019-12-31"}, "last_day", BACKWARDS),
        ({"as_of": "2020-12-31"}, "as_of", THERE),
        ({"as_of": str(to_come)}, "as_of", "The as-of date is in the future."),
    ]:
        with subtests.test(typed=typed, field=field, sentence=sentence):
            response = add_figure(admin_client, figure, **typed)
            assert mistakes(response) == {field: [sentence]}
            assert Figure.objects.count() == 1
            kept = fields_of(read(response))
            assert {name: kept[name] for name in typed} == typed


def test_a_value_is_a_whole_number(admin_client, figure):
    for value in ("about 100", "1.5", "9" * 30):
        response = add_figure(admin_client, figure, value=value)
        assert list(mistakes(response)) == ["value"], value
        assert fields_of(read(response))["value"] == value


def test_a_revision_is_a_new_row(admin_client, client, figure):
    done = add_figure(admin_client, figure)
    assert done["Location"] == address(Figure, "change", Figure.objects.latest("pk").pk)
    assert [row.value for row in Figure.objects.current()] == [12]
    words = read(client.get(figure.place.get_absolute_url())).one("table").text
    assert "Revised." in words
    assert "Before: 10, as of December 31, 2020" in words


def test_a_revision_needs_a_reason(admin_client, figure):
    response = add_figure(admin_client, figure, change="", reason_en="")
    was = "As of December 31, 2020 it was 10, now 12"
    assert mistakes(response) == {
        "change": [f"{was}: choose what kind of change that is."],
        "reason_en": [f"{was}: write why, in the source's words."],
    }
    assert Figure.objects.count() == 1


def test_an_unusual_figure_needs_an_assurance(admin_client, figure):
    typed = {"first_day": "2021-01-01", "last_day": "2021-12-31", "as_of": "2022-06-01"}
    typed |= {"value": "99", "change": "", "reason_en": ""}
    (said,) = mistakes(add_figure(admin_client, figure, **typed)).values()
    assert "99 in 2021 is a rise of more than half from 10 in 2020." in said[0]
    assert Figure.objects.count() == 1
    done = add_figure(admin_client, figure, **typed, assurance="The report says so twice.")
    assert done["Location"] == address(Figure, "change", Figure.objects.latest("pk").pk)
    assert Figure.objects.get(value=99).assurance == "The report says so twice."


def test_a_citation_needs_an_address_that_can_be_trusted(admin_client, db):
    row = factories.section()
    typed = {"title": "A law", "publisher": "A school", "url": "http://law.example/", "id": ""}
    sent = {f"citations-0-{name}": value for name, value in typed.items()}
    sent |= {"citations-TOTAL_FORMS": "1", "citations-0-section": row.pk}
    response = fill(admin_client, address(Section, "change", row.pk), **sent)
    assert mistakes(response) == {"citations-0-url": [HTTPS]}
    assert row.citations.count() == 0
