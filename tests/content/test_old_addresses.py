"""Old addresses never die: each leads on, in one step, to what is live, and nowhere else."""

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation
from reversion import create_revision
from reversion.models import Version

from awareness.audit.models import Event
from awareness.content.models import OldAddress
from awareness.content.publishing import State
from awareness.content.redirects import new_address
from pages.models import Section, Update
from tests import factories
from tests.desk.test_admin import address, fill, mistakes
from tests.factories import DAY
from tests.html import read

pytestmark = pytest.mark.also_postgres

KINDS = {
    "section": (factories.section, "/learn/{}/"),
    "page": (factories.plain_page, "/{}/"),
    "update": (factories.update, "/updates/{}/"),
    "place": (factories.place, "/statistics/{}/"),
}


@pytest.fixture(params=["section", "place"])  # with a state, and without
def kind(request, db):
    return KINDS[request.param]


@pytest.fixture
def stated(db):
    return KINDS["update"]


def change(item, **fields):
    for name, value in fields.items():
        setattr(item, name, value)
    item.full_clean(exclude=["in_sentence"])
    item.save()
    return item


def answer(client, path, **more):
    response = client.get(path, **more)
    return response.status_code, response.headers.get("Location")


def kept():
    return {row.path: row.item for row in OldAddress.objects.all()}


def there(path):
    return 301, path


GONE = (404, None)


# --- Leading on ------------------------------------------------------------------------


def test_a_changed_address_leads_on_in_both_languages(client, db):
    for name, (make, path) in KINDS.items():
        old, new = path.format(f"old-{name}"), path.format(f"new-{name}")
        change(make(slug=f"old-{name}"), slug=f"new-{name}")
        assert answer(client, old) == there(new)
        assert answer(client, f"/es{old}") == there(f"/es{new}")
        assert client.head(old)["Location"] == new
        for prefix in ("", "/es"):
            assert client.get(prefix + new).status_code == 200


def test_it_keeps_what_was_asked_and_needs_no_last_slash(client, db):
    change(factories.section(slug="old"), slug="new")
    change(factories.place(slug="old"), slug="new")
    for asked, to in {
        "/learn/old": "/learn/new/",
        "/es/learn/old": "/es/learn/new/",
        "/statistics/old/?place=%C3%B1%26&from=2": "/statistics/new/?place=%C3%B1%26&from=2",
        "/statistics/old?from=2": "/statistics/new/?from=2",
    }.items():
        assert answer(client, asked) == there(to), asked


def test_however_often_it_changes_each_old_one_is_one_step_away(client, kind):
    make, path = kind
    item = make(slug="first")
    for slug in ("second", "third", "last"):
        change(item, slug=slug)
    for slug in ("first", "second", "third"):
        assert answer(client, path.format(slug)) == there(path.format("last"))


def test_an_address_that_is_taken_up_again_is_no_old_one(client, kind):
    make, path = kind
    item = change(make(slug="a"), slug="b")
    change(item, slug="a")
    assert client.get(path.format("a")).status_code == 200
    assert answer(client, path.format("b")) == there(path.format("a"))
    assert kept() == {path.format("b"): item}


def test_two_that_change_places_lead_nobody_round(client, db):
    one, two = factories.section(slug="one"), factories.section(slug="two")
    for item, slug in ((one, "x"), (two, "one"), (one, "two")):
        item.slug = slug
        item.save()  # without clean(), which would refuse it
    assert [client.get(f"/learn/{slug}/").status_code for slug in ("one", "two")] == [200, 200]
    assert kept() == {"/learn/x/": one}


def test_where_a_section_belongs_is_part_of_its_address(client, db):
    for before, after, old, new in [
        ("guide", "page", "/learn/a/", "/a/"),
        ("page", "guide", "/a/", "/learn/a/"),
        ("guide", "safety", "/learn/a/", "/safety/#a"),
        ("page", "safety", "/a/", "/safety/#a"),
    ]:
        item = change(factories.section(slug="a", kind=before), kind=after)
        assert answer(client, old) == there(new)
        assert answer(client, f"/es{old}") == there(f"/es{new}")
        item.delete()


def test_a_part_of_the_safety_page_has_no_address_to_keep(client, db):
    item = change(factories.section(slug="a", kind="safety"), slug="b")
    change(item, kind="guide")
    assert kept() == {}
    assert answer(client, "/safety/a/") == GONE


def test_the_path_is_kept_in_english_whatever_the_editor_reads(client, db):
    item = factories.section(slug="old")
    with translation.override("es"):
        change(item, slug="new")
    assert kept() == {"/learn/old/": item}


def test_what_is_saved_without_its_address_keeps_it(client, db):
    item = factories.section(slug="old")
    item.slug, item.position = "new", 3
    item.save(update_fields=["position"])
    assert kept() == {}
    assert client.get("/learn/old/").status_code == 200


def test_other_methods_and_the_staffs_addresses_are_left_alone(admin_client, db):
    item = change(factories.section(slug="old"), slug="new")
    OldAddress.objects.create(path="/admin/old/", item=item)
    assert admin_client.post("/learn/old/").status_code == 405
    assert answer(admin_client, "/admin/old/") == GONE


def test_nothing_is_sent_to_where_it_is(db):
    item = factories.section(slug="here")
    OldAddress.objects.create(path="/learn/here/", item=item)
    assert new_address("/learn/here/") is None


def test_what_can_be_no_old_address_is_not_looked_for(db, django_assert_num_queries):
    for path in ("/learn/old\x00/", "/learn/" + "o" * 300 + "/", "/learn/" + "o" * 300):
        with django_assert_num_queries(0):
            assert new_address(path) is None


def test_the_calendar_file_of_an_event_follows_it(client, db):
    begins = timezone.now()
    event = change(factories.update(slug="old", starts_at=begins, ends_at=begins + DAY), slug="new")
    change(factories.update(slug="was"), slug="news")
    assert answer(client, "/updates/old/event.ics") == there("/updates/new/event.ics")
    assert answer(client, "/es/Updates/OLD/Event.ics") == there("/es/updates/new/event.ics")
    assert client.get("/updates/new/event.ics").status_code == 200
    for missing in ("was/event.ics", "old/other.ics", "new/other.ics", "none/event.ics"):
        assert answer(client, f"/updates/{missing}") == GONE, missing
    change(event, published=False)
    assert answer(client, "/updates/old/event.ics") == GONE


# --- Only to what the public may see -----------------------------------------------------


def test_it_never_tells_the_address_of_what_is_not_live(client, stated):
    make, path = stated
    item = change(make(slug="old"), slug="secret")
    for state in (State.DRAFT, State.SCHEDULED, State.EXPIRED):
        change(item, **{"expire_at": None, **factories.in_state(state)})
        response = client.get(path.format("old"))
        assert response.status_code == 404, state
        assert "secret" not in response.content.decode(), state
        change(item, **{"expire_at": None, **factories.in_state(State.LIVE)})
        assert answer(client, path.format("old")) == there(path.format("secret"))


def test_what_nobody_has_seen_has_no_old_address(client, stated):
    make, path = stated
    item = change(make(slug="draft", **factories.in_state(State.DRAFT)), slug="new")
    change(item, published=True)
    assert kept() == {}
    assert answer(client, path.format("draft")) == GONE


def test_an_address_outlives_the_time_that_something_is_unpublished(client, stated):
    make, path = stated
    item = change(make(slug="old"), published=False)
    assert answer(client, path.format("old")) == GONE
    change(item, published=True)
    assert client.get(path.format("old")).status_code == 200
    assert kept() == {}  # again where it was
    change(item, published=False)
    change(item, slug="draft")
    change(item, slug="new")
    assert answer(client, path.format("old")) == GONE
    change(item, published=True)
    assert answer(client, path.format("old")) == there(path.format("new"))
    assert answer(client, path.format("draft")) == GONE


def test_what_was_deleted_leads_nowhere(client, kind):
    make, path = kind
    change(make(slug="old"), slug="new").delete()
    assert answer(client, path.format("old")) == GONE
    assert answer(client, path.format("new")) == GONE


def test_what_is_brought_back_after_deletion_has_its_old_addresses_back(admin_client, client, kind):
    make, path = kind
    item = change(make(slug="old"), slug="new")
    admin_client.post(address(type(item), "delete", item.pk), {"post": "yes"})
    version = Version.objects.get_for_model(type(item)).latest("pk")
    admin_client.post(address(type(item), "recover", version.pk))
    type(item).objects.filter(pk=item.pk).update(
        **({"published": True} if hasattr(item, "published") else {"position": 1})
    )
    assert answer(client, path.format("old")) == there(path.format("new"))


def test_an_earlier_version_with_an_earlier_address_leads_back(admin_client, client, kind):
    make, path = kind
    with create_revision():
        item = make(slug="first")
    change(item, slug="second")
    version = Version.objects.get_for_object(item).get()
    where = address(type(item), "revision", item.pk, version.pk)
    assert admin_client.post(where).status_code == 302
    assert client.get(path.format("first")).status_code == 200
    assert answer(client, path.format("second")) == there(path.format("first"))


# --- Who may take it -----------------------------------------------------------------------


def refused(other):
    return (
        f"This was the address of “{other}” and still leads there. Choose another, or first "
        "remove it under “Old addresses”."
    )


def test_nobody_takes_the_old_address_of_another(client, kind):
    make, path = kind
    owner = change(make(slug="old"), slug="new")
    other = make(slug="other")
    with pytest.raises(ValidationError) as refusal:
        change(other, slug="old")
    assert refusal.value.message_dict == {"slug": [refused(owner)]}
    OldAddress.objects.get(path=path.format("old")).delete()
    change(other, slug="old")
    assert client.get(path.format("old")).status_code == 200


def test_nor_by_moving_to_where_it_was(db):
    owner = change(factories.section(slug="a", kind="page"), slug="b")
    other = factories.section(slug="a", kind="guide")
    with pytest.raises(ValidationError) as refusal:
        change(other, kind="page")
    assert refusal.value.message_dict == {"slug": [refused(owner)]}


def test_the_form_says_so_at_the_field(admin_client, db):
    owner = change(factories.update(slug="old", title="The owner"), slug="new")
    other = factories.update(slug="other")
    response = fill(admin_client, address(Update, "change", other.pk), slug="old")
    assert mistakes(response) == {"slug": [refused(owner)]}
    spoiled = fill(admin_client, address(Update, "change", other.pk), slug="two words")
    assert list(mistakes(spoiled)) == ["slug"]


def test_the_address_of_what_was_deleted_is_free_for_good(client, kind):
    make, path = kind
    change(make(slug="old"), slug="new").delete()
    other = change(make(slug="other"), slug="old")
    assert kept() == {path.format("other"): other}
    change(other, slug="newer")
    assert answer(client, path.format("old")) == there(path.format("newer"))


def test_whoever_has_it_already_is_not_kept_from_saving_the_rest(db):
    owner, other = factories.section(), factories.section(slug="taken")
    OldAddress.objects.create(path="/learn/taken/", item=owner)
    change(other, position=7)
    assert Section.objects.get(slug="taken").position == 7


# --- What it costs -------------------------------------------------------------------------


def test_only_a_page_that_is_not_there_asks_for_old_addresses_and_once(client, starter):
    for path in ("/", "/learn/signs/", "/about/", "/statistics/missouri/"):
        with CaptureQueriesContext(connection) as asked:
            assert client.get(path).status_code == 200
        assert not [query for query in asked if "oldaddress" in query["sql"]]
    with CaptureQueriesContext(connection) as asked:
        assert client.get("/no/such/page/").status_code == 404
    assert len([query for query in asked if "oldaddress" in query["sql"]]) == 1


def test_without_the_table_or_the_database_the_page_is_not_found_as_before(client, db, gone):
    def no_table(execute, sql, *rest):
        if "oldaddress" in sql:
            raise DatabaseError
        return execute(sql, *rest)

    with connection.execute_wrapper(no_table):
        response = client.get("/learn/old/")
    assert response.status_code == 404
    assert read(response).one("h1").text == "Page not found"
    gone()
    assert client.get("/no/such/page/").status_code == 404


# --- The list ------------------------------------------------------------------------------


def test_the_list_says_what_leads_where(publisher, editor):
    assert editor.get(address(OldAddress, "changelist")).status_code == 403
    live = change(factories.section(slug="old", title="Signs"), slug="new")
    hidden = change(factories.update(slug="old", title="News"), published=False)
    change(factories.place(slug="old"), slug="new").delete()
    page = read(publisher.get(address(OldAddress, "changelist")))
    rows = [row.all("td", "th") for row in page.one("tbody").all("tr")]
    cells = {row[1].text: row for row in rows}
    assert [link.attrs["href"] for link in cells["/learn/old/"][2].all("a")] == [
        address(Section, "change", live.pk)
    ]
    assert cells["/learn/old/"][2].text == "Signs (section or page)"
    assert cells["/learn/old/"][3].text == "/learn/new/"
    assert cells["/updates/old/"][2].one("a").attrs["href"] == address(Update, "change", hidden.pk)
    assert cells["/updates/old/"][3].text == "Nowhere, while this is not live."
    assert cells["/statistics/old/"][2].text == "Deleted"
    assert cells["/statistics/old/"][3].text == "Nowhere: this was deleted."


def test_an_old_address_can_be_removed_and_nothing_else(publisher):
    change(factories.section(slug="old"), slug="new")
    row = OldAddress.objects.get()
    assert publisher.get(address(OldAddress, "add")).status_code == 403
    form = read(publisher.get(address(OldAddress, "change", row.pk)))
    assert not form.all("input", type="text")
    publisher.post(address(OldAddress, "change", row.pk), {"path": "/learn/other/"})
    assert OldAddress.objects.get().path == "/learn/old/"
    done = publisher.post(address(OldAddress, "delete", row.pk), {"post": "yes"})
    assert done.status_code == 302
    assert kept() == {}
    assert answer(publisher, "/learn/old/") == GONE
    (event,) = Event.objects.filter(kind="deleted")
    assert (event.who, event.title) == ("publisher", "/learn/old/")
    change(change(factories.section(slug="a"), slug="b"), slug="c")
    chosen = list(OldAddress.objects.values_list("pk", flat=True))
    assert len(chosen) == 2
    sent = {"action": "delete_selected", "_selected_action": chosen, "post": "yes"}
    publisher.post(address(OldAddress, "changelist"), sent)  # several at once
    assert kept() == {}
    assert Event.objects.filter(kind="deleted").count() == 3


def test_a_longer_list_costs_no_more_questions(admin_client, db, django_assert_num_queries):
    for make in (factories.section, factories.update, factories.place):
        change(make(), slug=f"new-{make.__name__}")
    with CaptureQueriesContext(connection) as asked:
        admin_client.get(address(OldAddress, "changelist"))
    for n in range(9):
        change(factories.section(), slug=f"new-{n}")
    with django_assert_num_queries(len(asked)):
        admin_client.get(address(OldAddress, "changelist"))
