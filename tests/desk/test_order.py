"""The order of items: by buttons, for whoever may publish, and never by a list that is old."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from reversion.models import Version

from awareness.audit.models import Event
from awareness.content.publishing import State
from awareness.web.models import ContentVersion
from pages.models import HelpLine, Section
from stats.models import Measure, Place
from tests import factories
from tests.accounts.signing_in import account
from tests.html import read

pytestmark = pytest.mark.also_postgres

MAKE = {
    Section: factories.section,
    HelpLine: factories.help_line,
    Place: factories.place,
    Measure: factories.measure,
}
every_model = pytest.mark.parametrize("model", MAKE, ids=lambda model: model.__name__)
CHANGED = "Nothing was moved, because the list changed after you opened this page."


def where(model, view="order"):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{view}")


def lists(page):
    """[[(title, state, [words of its buttons])] of each list]."""
    return [
        [
            (
                row.one("a").text,
                " ".join(state.text for state in row.all("span", class_="state")),
                [name_of(button) for button in row.all("button")],
            )
            for row in ordered.all("li")
        ]
        for ordered in page.one("div", id="content-main").all("ol")
    ]


def name_of(button):
    """As a screen reader says it: what is seen comes first, so that it can be called by voice."""
    assert button.attrs["aria-label"].startswith(f"{button.text}: ")
    return button.attrs["aria-label"]


def press(client, model, name, page=None):
    """Press the button of this name, and follow."""
    page = page or read(client.get(where(model)))
    ((form, button),) = (
        (form, button)
        for form in page.one("div", id="content-main").all("form")
        for button in form.all("button")
        if name_of(button) == name
    )
    sent = {i.attrs["name"]: i.attrs["value"] for i in form.all("input")}
    sent[button.attrs["name"]] = button.attrs["value"]
    assert form.attrs["action"] == where(model)
    return client.post(where(model), sent, follow=True)


def send(client, model, shown, move):
    shown = ",".join(str(row.pk) for row in shown)
    return client.post(where(model), {"shown": shown, "move": move}, follow=True)


def said(response):
    return read(response).one("ul", id="said").text


def stands(model, **which):
    return list(model.objects.filter(**which).values_list("pk", "position"))


def sign_in(client, role="Publisher"):
    user = account("somebody", role)
    client.force_login(user)
    return user


@pytest.fixture
def three(db):
    """Help lines with one number among them, as the form gives it."""
    return [factories.help_line(name=name) for name in ("One", "Two", "Three")]


@every_model
def test_a_press_moves_an_item_in_every_list(admin_client, db, model):
    name = "name" if model is not Section else "title"
    first, second, third = (MAKE[model](**{name: f"Item {n}"}) for n in (1, 2, 3))
    change_list = read(admin_client.get(where(model, "changelist")))
    (link,) = (a for a in change_list.all("a") if a.text == "Change the order")
    assert link.attrs["href"] == where(model)
    response = press(admin_client, model, f"Move up: {third}")
    assert said(response) == f"“{third}” is now 2 of 3."
    assert stands(model) == [(first.pk, 10), (third.pk, 20), (second.pk, 30)]
    response = press(admin_client, model, f"Move down: {first}")
    assert said(response) == f"“{first}” is now 2 of 3."
    assert stands(model) == [(third.pk, 10), (first.pk, 20), (second.pk, 30)]


def test_the_first_has_no_up_and_the_last_no_down(admin_client, three):
    (rows,) = lists(read(admin_client.get(where(HelpLine))))
    assert rows == [
        ("One", "Live", ["Move down: One"]),
        ("Two", "Live", ["Move up: Two", "Move down: Two"]),
        ("Three", "Live", ["Move up: Three"]),
    ]


def test_each_item_says_its_state(admin_client, db):
    for state in State:
        factories.help_line(**factories.in_state(state))
    (rows,) = lists(read(admin_client.get(where(HelpLine))))
    assert sorted(words for _title, words, _buttons in rows) == sorted(s.label for s in State)


def test_an_empty_list_says_so(admin_client, db):
    page = read(admin_client.get(where(HelpLine))).one("div", id="content-main")
    assert page.text == "There is nothing to reorder yet."


def test_each_kind_of_section_is_ordered_by_itself(admin_client, db):
    for kind in ("safety", "page", "guide"):
        for n in (1, 2):
            factories.section(kind=kind, title=f"{kind} {n}", position=n)
    page = read(admin_client.get(where(Section)))
    assert [[row[0] for row in rows] for rows in lists(page)] == [
        ["guide 1", "guide 2"],
        ["page 1", "page 2"],
        ["safety 1", "safety 2"],
    ]
    headings = [h.text for h in page.one("div", id="content-main").all("h2")]
    assert headings == [Section.Kind(kind).label for kind in ("guide", "page", "safety")]
    others = stands(Section, kind__in=["guide", "safety"])
    assert said(press(admin_client, Section, "Move up: page 2")) == "“page 2” is now 1 of 2."
    assert [s.title for s in Section.objects.plain()] == ["page 2", "page 1"]
    assert stands(Section, kind__in=["guide", "safety"]) == others


def test_the_focus_stays_and_what_happened_is_read_with_it(admin_client, three):
    for pressed, focused in (
        ("Move up: Three", "Move up: Three"),
        ("Move up: Three", "Move down: Three"),  # now the first, it has no other button
        ("Move down: One", "Move up: One"),
    ):
        page = read(press(admin_client, HelpLine, pressed))
        (button,) = (one for one in page.walk() if "autofocus" in one.attrs)
        assert name_of(button) == focused
        (words,) = page.all("ul", id=button.attrs["aria-describedby"])
        assert words.text.startswith(f"“{focused.split(': ')[1]}” is now ")


def test_only_numbers_that_must_change_do(admin_client, db):
    a, b, c, d = (factories.place(position=n) for n in (10, 20, 31, 40))
    press(admin_client, Place, f"Move up: {b}")
    assert stands(Place) == [(b.pk, 10), (a.pk, 20), (c.pk, 30), (d.pk, 40)]
    kept = {int(v.object_id) for v in Version.objects.get_for_model(Place)}
    assert kept == {a.pk, b.pk, c.pk}


def test_a_move_is_in_the_audit_list_and_the_history(client, three):
    user = sign_in(client)
    press(client, HelpLine, "Move up: Three")
    event = Event.objects.get(kind="ordered")
    assert (event.kind, event.user, event.title) == (Event.Kind.ORDERED, user, "Three")
    assert event.note == "“Three” is now 2 of 3."
    newest = Version.objects.get_for_object(three[2]).first()
    assert event.revision == newest.revision
    assert newest.revision.user == user
    assert newest.revision.comment == "Order changed: “Three” is now 2 of 3."
    for row in three:
        row.refresh_from_db()
        assert Version.objects.get_for_object(row).first().field_dict["position"] == row.position


def test_an_item_that_keeps_its_number_has_its_move_in_the_history_too(admin_client, db):
    factories.place(position=5)
    second = factories.place(position=10)
    press(admin_client, Place, f"Move up: {second}")
    assert (
        Event.objects.get(kind="ordered").revision.version_set.filter(object_id=second.pk).count()
        == 1
    )


def test_a_move_is_no_change_of_the_words(admin_client, db):
    rows = [factories.section() for _ in range(3)]
    before = {row.pk: (row.updated_at, row.original_changed_at) for row in rows}
    edition = ContentVersion.current()
    press(admin_client, Section, f"Move up: {rows[2]}")
    after = Section.objects.all()
    assert {row.pk: (row.updated_at, row.original_changed_at) for row in after} == before
    assert ContentVersion.current() > edition  # so that held pages are made anew


def test_the_public_sees_the_new_order(admin_client, client, db):
    rows = [factories.section(title=f"Part {n}") for n in (1, 2)]
    press(admin_client, Section, f"Move up: {rows[1]}")
    words = read(client.get("/learn/")).one("main").text
    assert words.index("Part 2") < words.index("Part 1")


@pytest.mark.parametrize(
    "change",
    [
        lambda rows: factories.help_line(name="Four", position=1),
        lambda rows: rows[0].delete(),
        lambda rows: HelpLine.objects.filter(pk=rows[0].pk).update(position=200),
        lambda rows: rows[2].delete(),
    ],
    ids=["added", "removed", "moved", "itself removed"],
)
def test_a_list_that_changed_meanwhile_is_left_alone(admin_client, three, change):
    old = read(admin_client.get(where(HelpLine)))
    change(three)
    before = stands(HelpLine)
    response = press(admin_client, HelpLine, "Move up: Three", page=old)
    assert said(response).startswith(CHANGED)
    assert stands(HelpLine) == before
    assert not Event.objects.exclude(kind="signed_in").exists()
    assert not Version.objects.exists()
    page = read(response)
    (rows,) = lists(page)
    assert [row[0] for row in rows] == [row.name for row in HelpLine.objects.all()]
    (focused,) = (one for one in page.walk() if "autofocus" in one.attrs)
    assert focused.text.startswith(CHANGED)


def test_what_changes_in_another_list_does_not_matter(admin_client, db):
    for title in ("A", "B"):
        factories.section(title=title)
    old = read(admin_client.get(where(Section)))
    factories.plain_page()
    press(admin_client, Section, "Move up: B", page=old)
    assert [row.title for row in Section.objects.guide()] == ["B", "A"]


def test_what_no_button_sends_moves_nothing(admin_client, three):
    pks = [row.pk for row in three]
    before = stands(HelpLine)
    for shown, move in [
        ("", ""),
        ("{0},{1},{2}", ""),
        ("{0},{1},{2}", "{0}"),
        ("{0},{1},{2}", "{0}:up"),
        ("{0},{1},{2}", "{0}:0"),
        ("{0},{1},{2}", "{0}:3"),
        ("{0},{1},{2}", "{2}:4"),
        ("{0},{1}", "{0}:2"),
        ("{0},{0},{1},{2}", "{0}:2"),
        ("99999999999999999999999", "99999999999999999999999:1"),
    ]:
        sent = {"shown": shown.format(*pks), "move": move.format(*pks)}
        response = admin_client.post(where(HelpLine), sent, follow=True)
        assert said(response).startswith(CHANGED), sent
        assert stands(HelpLine) == before, sent


@every_model
@pytest.mark.parametrize("role", ["Editor", "Publisher"])
def test_who_may_publish_may_order(client, db, model, role):
    first, second = MAKE[model](), MAKE[model]()
    before = stands(model)
    sign_in(client, role)
    words = read(client.get(where(model, "changelist"))).text
    allowed = role == "Publisher"
    assert ("Change the order" in words) == allowed
    response = send(client, model, [first, second], f"{second.pk}:1")
    assert response.status_code == client.get(where(model)).status_code == (200 if allowed else 403)
    assert (stands(model) == before) != allowed


def test_a_number_cannot_be_changed_past_the_desk(admin_client, three):
    factories.section()
    for model in (HelpLine, Section):
        page = read(admin_client.get(where(model, "changelist")))
        assert not page.one("table", id="result_list").all("input", type="number"), model


@every_model
def test_the_lists_ask_little_whatever_is_in_them(client, db, model, django_assert_max_num_queries):
    for _ in range(30):
        MAKE[model]()
    sign_in(client)
    with django_assert_max_num_queries(10):
        client.get(where(model, "changelist"))
    with CaptureQueriesContext(connection) as asked:
        assert len(lists(read(client.get(where(model))))[0]) == 30
    assert len(asked) <= 12
