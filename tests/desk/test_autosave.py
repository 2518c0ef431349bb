"""A form that saves itself: what is typed becomes the draft, and never more than that."""

import datetime

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client
from django.utils import timezone
from reversion.models import Version

from awareness.audit.models import Event
from awareness.desk.models import DeskRules, Draft, KeptForm
from awareness.web.models import ContentVersion
from pages.models import HelpLine, Section, SiteSettings, Update
from stats.models import Figure
from tests import factories
from tests.accounts.signing_in import account
from tests.desk.test_admin import address, fields_of, fill
from tests.desk.test_drafts import kinds, step
from tests.html import read

pytestmark = pytest.mark.also_postgres
KEPT = " What you typed is kept for you."


class Form:
    """A form in a browser, as static/desk/autosave.js looks after it."""

    def __init__(self, client, where):
        self.client, self.url = client, where
        self.fields = fields_of(read(client.get(where)))

    def types(self, status=200, **typed):
        """What the site answers; the form goes on with that."""
        self.fields |= typed
        response = self.client.post(self.url, {**self.fields, "_autosave": "1"})
        assert response.status_code == status, response.content
        answer = response.json()
        self.fields |= answer.get("seen", {}) | {"_kept": answer.get("kept") or ""}
        self.url = answer.get("url") or self.url
        return answer

    def presses(self, button):
        return self.client.post(self.url, {**self.fields, button: "on"})


@pytest.fixture
def row(db):
    section = factories.section(title="Old", slug="old")
    for n in range(10):
        factories.citation(section, title=f"Source {n}")
    return section


def open_section(client, row):
    return Form(client, address(Section, "change", row.pk))


def draft_says(name):
    return Draft.objects.get().copy[0]["fields"][name]


def test_a_new_form_in_which_nothing_stands_begins_no_draft(editor):
    form = Form(editor, address(Update, "add"))
    answer = form.types()  # as when Publish was refused
    assert (answer["message"], answer["url"], Draft.objects.count()) == ("", "", 0)
    assert form.types(summary_en="A word.")["message"].startswith("Saved ")
    assert Draft.objects.count() == 1


def test_one_sitting_is_one_draft_one_version_and_one_line(
    editor, publisher, row, django_assert_max_num_queries
):
    before, form = ContentVersion.current(), open_section(editor, row)
    answer = form.types(title_en="New")
    assert answer["message"].startswith("Saved ")
    with django_assert_max_num_queries(12):
        form.types(title_en="Newer")
    form.types(title_en="Newest", **{"citations-0-title": "A law"})
    assert draft_says("title_en") == "Newest"
    (version,) = Version.objects.get_for_object(row)
    assert ('"Newest"' in version.serialized_data, kinds()) == (True, ["drafted"])
    assert (ContentVersion.current(), Section.objects.get().title) == (before, "Old")
    # Somebody else goes on with it, and that is another sitting; a long rest ends one, too.
    other = open_section(publisher, row)
    assert other.fields["title_en"] == "Newest"
    other.types(title_en="Of a colleague")
    Draft.objects.update(saved_at=timezone.now() - datetime.timedelta(minutes=31))
    other.types(title_en="Of a colleague, later")
    assert kinds() == ["drafted"] * 3
    assert Version.objects.get_for_object(row).count() == 3
    assert other.presses("_publish").status_code == 302
    assert Section.objects.get().title == "Of a colleague, later"
    assert Section.objects.get().citations.order_by("pk").first().title == "A law"


def test_what_is_undone_leaves_nothing(editor, row):
    form = open_section(editor, row)
    form.types()
    assert (Draft.objects.count(), kinds()) == (0, [])
    form.types(title_en="New")
    form.types(title_en="Old")
    assert not Draft.objects.exists()
    hidden = factories.section(title="Hidden", published=False)
    form = open_section(editor, hidden)
    form.types(title_en="")
    assert (draft_says("title_en"), Draft.objects.get().title) == (None, "Without a title")
    form.types(title_en="Hidden")
    assert Draft.objects.get().copy is None


def test_a_new_item_gets_an_address_of_its_own_and_may_lack_anything(editor, publisher, db):
    add = address(Update, "add")
    form = Form(editor, add)
    first = form.types(summary_en="Half a sum")
    assert form.url == Draft.objects.get().url == first["url"]
    assert form.types(body_en="<p>Words.</p>")["url"] == form.url
    # The answer to the very first time that it is saved may be lost: it is the same draft.
    again = Form(editor, add)
    again.fields["_number"] = form.fields["_number"]
    again.types(summary_en="Half a summary", _seen=form.fields["_seen"])
    assert (Draft.objects.count(), Update.objects.count()) == (1, 0)
    shown = fields_of(read(editor.get(form.url)))
    assert (shown["summary_en"], shown["title_en"]) == ("Half a summary", "")
    listed = read(editor.get(address(Update, "changelist"))).one("a", href=form.url)
    assert listed.text == "Without a title"
    assert "Without a title" in read(editor.get("/admin/")).text
    found = read(editor.get("/admin/search/?q=half+a+summary"))
    assert found.one("a", href=form.url).text == "Without a title"
    # What is missing is asked when others are to rely on it, with a way to each field.
    form = Form(editor, form.url)
    page = read(form.presses("_ask"))
    missing = [a.attrs["href"] for a in page.one("ul", class_="desk-errors").all("a")]
    assert missing == ["#id_title_en_error", "#id_slug_error", "#id_body_en_error"]
    form.types(title_en="News", slug="news", body_en="<p>x</p>")
    assert form.presses("_draft").status_code == 302
    row = Update.objects.get()
    assert (row.title, row.published, Draft.objects.get().copy) == ("News", False, None)
    Form(publisher, address(Update, "change", row.pk)).presses("_publish")
    assert Update.objects.live().get() == row
    assert not Draft.objects.exists()


def test_what_is_in_no_history_is_thrown_away_by_who_wrote_it_or_may_delete(editor, publisher, db):
    kim = Client()
    kim.force_login(account("kim", "Editor"))
    for client, status in ((kim, 403), (editor, 302), (publisher, 302)):
        form = Form(editor, address(Update, "add"))
        form.types(title_en="Of an editor")
        begun = Update(pk=Draft.objects.get().object_id)
        assert ("desk-discard" in client.get(form.url).content.decode()) is (status == 302)
        assert step(client, begun, "discard").status_code == status
        assert Draft.objects.exists() is (status == 403)
        Draft.objects.all().delete()


def test_a_duplicate_of_what_is_unfinished_is_unfinished_too(editor, row):
    open_section(editor, row).types(summary_en="")
    where = step(editor, row, "duplicate")["Location"]
    form = Form(editor, where)
    assert (form.fields["title_en"], form.fields["summary_en"]) == ("Old (copy)", "")
    for n in range(2):
        form.types(title_en=f"Twin {n}", **{"citations-9-publisher": f"Of twin {n}"})
    shown = fields_of(read(editor.get(where)))
    rows = [shown[f"citations-9-{name}"] for name in ("title", "publisher")]
    assert rows == ["Source 9", "Of twin 1"]
    assert Section.objects.count() == 1


def test_without_script_a_draft_may_lack_anything_too(editor, publisher):
    where = fill(editor, address(Section, "add"), "_draft", summary_en="x")["Location"]
    assert Draft.objects.get().url == where
    fill(editor, where, "_draft", title_en="T", slug="t", body_en="<p>b</p>")
    row = Section.objects.get()
    form = address(Section, "change", row.pk)
    assert fill(editor, form, "_draft", slug="")["Location"] == form
    assert (Section.objects.get().slug, draft_says("slug")) == ("t", "")
    assert editor.get(form).status_code == editor.get(f"{form[:-7]}preview/").status_code == 200
    assert "public still sees" not in read(editor.get(form)).text
    assert step(editor, row, "discard").status_code == 302
    assert fields_of(read(editor.get(form)))["slug"] == "t"


@pytest.mark.parametrize("make", [factories.figure, factories.help_line, factories.section])
def test_whatever_is_emptied_its_draft_opens_everywhere(publisher, make):
    row = make()
    form = Form(publisher, address(type(row), "change", row.pk))
    keep = ("_", "csrf", "citations-", "publish_at")
    empty = {name: "" for name in form.fields if not name.startswith(keep) and name != "status"}
    form.types(200, **empty)
    assert Draft.objects.get().title
    for view in ("change", "history"):
        assert publisher.get(address(type(row), view, row.pk)).status_code == 200
    for where in (address(type(row), "changelist"), "/admin/", "/admin/search/?q=empty"):
        assert publisher.get(where).status_code == 200


def test_what_cannot_be_read_is_marked_and_kept_and_the_rest_is_saved(editor, row):
    form = open_section(editor, row)
    answer = form.types(title_en="New", reviewed_on="32.13.", **{"citations-1-read_on": "soon"})
    assert [field for field, _why in answer["wrong"]] == [
        "id_reviewed_on",
        "id_citations-1-read_on",
    ]
    assert draft_says("title_en") == "New"
    shown = fields_of(read(editor.get(form.url)))
    assert (shown["reviewed_on"], shown["citations-1-read_on"]) == ("32.13.", "soon")
    form.types(reviewed_on="2026-01-02", **{"citations-1-read_on": ""})
    assert (draft_says("reviewed_on"), KeptForm.objects.count()) == ("2026-01-02", 0)


def test_what_cannot_be_read_in_a_new_item_goes_with_it_to_its_address(editor, db):
    form = Form(editor, address(Update, "add"))
    form.types(title_en="News", sign_up_url="no address")
    assert fields_of(read(editor.get(form.url)))["sign_up_url"] == "no address"
    form.types(sign_up_url="https://a.example/")
    assert not KeptForm.objects.exists()


def refused(form, row):
    """The sentence; nothing has changed, and the text is there when the form opens again."""
    before = list(Draft.objects.values())
    said = form.types(title_en="Not by itself")["message"]
    assert list(Draft.objects.values()) == before
    assert KeptForm.objects.get().data["title_en"] == ["Not by itself"]
    assert said.endswith(KEPT)
    return said.removesuffix(KEPT)


def test_what_somebody_else_saved_meanwhile_is_not_overwritten(editor, publisher, row):
    forms = [open_section(client, row) for client in (editor, publisher, editor)]
    forms[0].types(title_en="First")
    why = "editor saved this while you were writing. Press Save draft to see what differs."
    assert refused(forms[1], row) == why
    assert "You saved this in another window." in forms[2].types(title_en="Mine")["message"]
    # Whoever has seen both decides by a button, not by another key.
    page = read(forms[1].presses("_draft"))
    assert page.one("section", class_="desk-overtaken")
    seen = Form.__new__(Form)
    seen.client, seen.url, seen.fields = publisher, forms[1].url, fields_of(page)
    assert "Press Save draft when yours is right." in seen.types(summary_en="Both")["message"]
    seen.presses("_draft")
    assert draft_says("title_en") == "Not by itself"
    KeptForm.objects.all().delete()
    # What a publisher publishes meanwhile takes nothing away from whoever goes on.
    form = open_section(editor, row)
    form.types(title_en="Going on")
    open_section(publisher, row).presses("_publish")
    form.types(title_en="Further on")
    assert (Section.objects.get().title, draft_says("title_en")) == ("Going on", "Further on")


def test_what_waits_for_others_changes_by_a_button_alone(editor, publisher, row):
    form = open_section(editor, row)
    form.types(title_en="New")
    form.presses("_ask")
    assert refused(open_section(editor, row), row).startswith("This waits for a review.")
    later = timezone.localtime() + datetime.timedelta(days=1)
    KeptForm.objects.all().delete()
    mine = open_section(editor, row)
    when = {"_when-at_0": f"{later:%Y-%m-%d}", "_when-at_1": "12:00"}
    fill(publisher, address(Section, "change", row.pk), "_schedule", **when)
    assert refused(open_section(publisher, row), row).startswith("This is scheduled.")
    KeptForm.objects.all().delete()
    assert refused(mine, row).startswith("This draft is scheduled")
    assert Draft.objects.get().state == Draft.State.SCHEDULED


def test_where_two_are_needed_nobody_becomes_an_author_by_a_key(publisher, other_publisher):
    DeskRules.objects.update_or_create(pk=1, defaults={"second_person": True})
    line = factories.help_line(name="Old")
    form = Form(publisher, address(HelpLine, "change", line.pk))
    form.types(name_en="New")
    other = Form(other_publisher, form.url)
    assert other.types(name_en="Newer")["message"].startswith("Somebody else wrote this draft.")
    assert Draft.objects.get().contributor_ids == [User.objects.get(username="publisher").pk]
    assert "a second person to publish" in read(form.presses("_publish")).text
    other.fields |= {"name_en": "New"}
    assert other.presses("_publish").status_code == 302


def test_a_right_an_item_or_a_draft_that_goes_meanwhile(editor, publisher, row):
    form, other = open_section(editor, row), Form(editor, address(Section, "add"))
    other.types(title_en="Begun")
    draft = Draft.objects.get()
    step(publisher, Section(pk=draft.object_id), "discard")
    said = other.types(title_en="Going on")["message"]
    assert said == "Somebody published or discarded this while you were writing." + KEPT
    User.objects.get(username="editor").groups.clear()
    assert (
        form.types(title_en="Mine")["message"]
        == "You may no longer change this. Ask whoever gives roles here." + KEPT
    )
    User.objects.get(username="editor").groups.add(Group.objects.get(name="Editor"))
    row.delete()
    assert form.types()["message"] == "Somebody deleted this while you were writing." + KEPT
    assert not Draft.objects.exists()
    too_long = form.types(413, body_en="x" * 1_048_577)["message"]
    assert too_long == "This is too long to be saved by itself. Press the button."


def test_a_new_figure_is_a_copy_alone(publisher, starter):
    count, form = Figure.objects.count(), Form(publisher, address(Figure, "add"))
    form.types(value="12", note_en="A note")
    assert (Figure.objects.count(), draft_says("value")) == (count, 12)
    assert publisher.get(form.url).status_code == 200
    assert Event.objects.get(kind="drafted").object_id == str(Draft.objects.get().object_id)


def test_who_else_has_it_open(editor, publisher, row):
    form, other = (open_section(client, row) for client in (editor, publisher))

    def beat(form):
        return form.client.post(form.url, {"_here": "1"}).json()["here"]

    assert beat(form) == ""
    User.objects.filter(username="publisher").update(first_name="Maria", last_name="Lopez")
    assert other.types(title_en="New")["here"] == "editor has this open too."
    assert beat(form) == "Maria Lopez has this open too."
    editor.logout()
    assert editor.post(form.url, {"_here": "1"}).status_code == 204
    assert (kinds(), beat(Form(publisher, address(Section, "add")))) == (["drafted"], "")


def test_who_else_has_a_form_open_that_saves_at_once(admin_client, publisher, editor, starter):
    year = "/admin/stats/figure/year/?place=US-MO&year="
    settings = address(SiteSettings, "change", 1)
    for mine, theirs in ((f"{settings}?_changelist_filters=q%3Da", settings), (f"{year}2022",) * 2):
        assert publisher.post(mine, {"_here": "1"}).json() == {"here": ""}
        said = admin_client.post(theirs, {"_here": "1"}).json()["here"]
        assert said == "publisher has this open too."
    assert admin_client.post(f"{year}2021", {"_here": "1"}).json() == {"here": ""}
    typed = {**fields_of(read(publisher.get(settings))), "_autosave": "1"}
    assert publisher.post(settings, typed).json()["here"] == "admin has this open too."
    assert editor.post(address(User, "change", 1), {"_here": "1"}).status_code == 403


def test_nobody_writes_over_what_somebody_else_began(editor, publisher):
    form = Form(editor, address(Update, "add"))
    form.types(title_en="T", body_en="<p>Of one.</p>")
    other = Form(publisher, form.url)
    said = other.types(body_en="<p>Of another.</p>")["message"]
    assert said.startswith("Somebody else wrote this draft. To change it, press Save draft.")
    assert "Of one." in str(Draft.objects.get().copy)


def test_what_is_kept_beside_a_draft_goes_with_it(publisher, editor, row):
    fill(editor, address(Section, "change", row.pk), "_ask", title_en="Theirs")
    form = open_section(publisher, row)
    form.url += "?_changelist_filters=q%3Dold"
    assert KEPT in form.types(title_en="Typed beside it")["message"]
    where = address(Section, "desk", row.pk, "discard")
    assert publisher.post(f"{where}?_changelist_filters=q%3Dold").status_code == 302
    assert not KeptForm.objects.exists()
    page = read(publisher.get(form.url))
    assert (fields_of(page)["title_en"], page.all(class_="kept-note")) == ("Old", [])


def test_whoever_signs_in_again_comes_back_to_the_form(publisher, row):
    asked = publisher.get(address(Section, "desk", row.pk, "unpublish"))
    assert (asked.status_code, asked["Location"]) == (302, address(Section, "change", row.pk))
    row.refresh_from_db()
    assert row.published
