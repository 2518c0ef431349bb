"""History: every version can be read, compared and returned to; what was deleted comes back."""

import reversion
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from reversion.models import Revision, Version

from awareness.audit.models import Event
from awareness.content.publishing import State
from awareness.desk import history, timetable
from awareness.desk.item_version import ItemVersion
from awareness.desk.models import DeskRules, Draft
from awareness.desk.workflow import Workflow
from pages.models import CallToAction, HelpLine, Section, SiteSettings, Update
from stats.models import Figure
from tests import factories
from tests.desk.test_admin import address, fields_of, fill
from tests.desk.test_drafts import LIVE, SOME, said, written
from tests.html import read


def versions(row):
    return list(Version.objects.get_for_object(row))  # the newest first


def test_the_starter_content_has_its_first_version(starter, publisher):
    for model in (Section, Update, CallToAction, HelpLine, Figure):
        for row in model.objects.all():
            assert len(versions(row)) == 1, row
    row = Section.objects.filter(citations__isnull=False).first()
    assert versions(row)[0].revision.version_set.filter(object_id=row.citations.first().pk)
    assert "Starter content" in read(publisher.get(address(Section, "history", row.pk))).text


@SOME
def test_one_press_returns_to_an_earlier_version(publisher, other_publisher, model):
    make, field, words = LIVE[model]
    row = make()
    form = address(model, "change", row.pk)
    extra = {"assurance": "It was typed wrongly."} if model is Figure else {}
    fill(publisher, form, **{field: "First"})
    fill(publisher, form, **{field: words}, **extra)
    first = versions(row)[1]
    page = read(publisher.get(address(model, "history", row.pk)))
    assert len(page.one("table", class_="desk-history").one("tbody").all("tr")) == 2
    done = publisher.post(address(model, "revision", row.pk, first.pk))
    assert done["Location"] == form
    assert written(row, field) == "First"
    assert len(versions(row)) == 3  # the one before is not lost
    assert Event.objects.first().kind == "restored"
    if model is not Section:  # under the rule of two it is a draft
        DeskRules.objects.create(second_person=True)
        publisher.post(address(model, "revision", row.pk, versions(row)[1].pk))
        assert written(row, field) == "First"
        fill(other_publisher, form)
        assert written(row, field) == words


def test_rows_come_back_with_their_item(publisher):
    row = factories.section()
    form = address(Section, "change", row.pk)
    for title in ("One", "Two"):
        factories.citation(row, title=title)
    fill(publisher, form, title_en="With")
    fill(publisher, form, **{"citations-0-DELETE": "on", "citations-1-title": "Changed"})
    assert [citation.title for citation in row.citations.all()] == ["Changed"]
    publisher.post(address(Section, "revision", row.pk, versions(row)[1].pk))
    assert [citation.title for citation in row.citations.all()] == ["One", "Two"]


def test_a_return_leaves_times_and_order_as_they_are(publisher):
    row = factories.section(title="First", position=10)
    form = address(Section, "change", row.pk)
    fill(publisher, form, title_en="First again", expire_at_0="2096-01-01", expire_at_1="10:00")
    fill(publisher, form, title_en="Second", expire_at_0="", expire_at_1="", position="20")
    publisher.post(address(Section, "revision", row.pk, versions(row)[1].pk))
    row.refresh_from_db()
    assert (row.title, row.expire_at, row.position) == ("First again", None, 20)


def test_an_editor_who_returns_makes_a_draft(editor, publisher):
    row = factories.section()
    form = address(Section, "change", row.pk)
    for words in ("First", "Second"):
        fill(publisher, form, title_en=words)
    done = editor.post(address(Section, "revision", row.pk, versions(row)[1].pk))
    assert "a draft of “Second” was made" in said(done, editor)[0]
    assert written(row, "title") == "Second"
    assert fields_of(read(editor.get(form)))["title_en"] == "First"


def test_any_two_versions_are_compared_in_words(editor, publisher):
    row = factories.section()
    form = address(Section, "change", row.pk)
    fill(publisher, form, body_en="<p>The hotline answers at night.</p>")
    fill(publisher, form, body_en="<p>The hotline answers <b>day and</b> night.</p>")
    fill(editor, form, "_draft", body_en="<p>Never public.</p>")
    newest, middle, oldest = versions(row)
    where = address(Section, "compare", row.pk)
    page = read(editor.get(where, {"before": middle.pk, "after": oldest.pk}))  # either way round
    text = page.one(class_="comparison").text
    assert "day and" in text
    assert "<b>" not in text
    history = read(editor.get(address(Section, "history", row.pk))).text
    assert history.count("A draft that was never public in this form.") == 1
    assert "Never" in read(editor.get(where, {"before": middle.pk, "after": newest.pk})).text
    for wrong in ({}, {"before": "x", "after": "²"}, {"before": oldest.pk, "after": oldest.pk}):
        assert editor.get(where, wrong)["Location"] == address(Section, "history", row.pk)


def test_a_version_from_before_a_field_existed_keeps_what_there_is_in_it(publisher):
    row = factories.section(title="First")
    form = address(Section, "change", row.pk)
    fill(publisher, form, title_en="First again")
    fill(publisher, form, title_en="Second", on_help_page="on")
    old = versions(row)[1]
    text = old.serialized_data
    assert '"on_help_page": false, ' in text
    old.serialized_data = text.replace('"on_help_page": false, ', '"no_field_any_more": 1, ')
    old.save()
    publisher.post(address(Section, "revision", row.pk, old.pk))
    row.refresh_from_db()
    assert (row.title, row.on_help_page) == ("First again", True)


def test_a_version_that_does_not_fit_any_more_says_why(publisher):
    row = factories.section(slug="first")
    form = address(Section, "change", row.pk)
    fill(publisher, form, title_en="Other")
    fill(publisher, form, slug="second")
    first = versions(row)[1]
    Section.objects.filter(pk=row.pk).update(slug="third")
    factories.section(slug="first")
    done = publisher.post(address(Section, "revision", row.pk, first.pk))
    sentence = said(done, publisher)[-1]
    assert "stays as it is, because that version no longer works." in sentence
    assert written(row, "slug") == "third"


def test_many_versions_open_in_pages_with_few_questions(publisher):
    row = factories.section()
    for n in range(120):
        with reversion.create_revision():
            reversion.set_comment(f"Number {n}")
            reversion.add_to_revision(row)
    where = address(Section, "history", row.pk)
    publisher.get(where)  # permissions, content types
    with CaptureQueriesContext(connection) as asked:
        page = read(publisher.get(where))
    assert len(asked) <= 10
    assert len(page.one("tbody").all("tr")) == 50
    assert "Page 1 of 3" in page.text
    assert "Number 0" in read(publisher.get(where, {"page": 3})).text
    assert Revision.objects.count() == 120


# --- Deleted ---------------------------------------------------------------------------


@SOME
def test_what_was_deleted_comes_back_and_is_not_public_by_that(publisher, model):
    make, field, _words = LIVE[model]
    row = make()  # never saved on the desk: even so nothing is lost
    number = row.pk
    if model is Section:
        factories.citation(row, title="Its citation")
    publisher.post(address(model, "delete", number), {"post": "yes"})
    assert not model.objects.filter(pk=number).exists()
    page = read(publisher.get(address(model, "recoverlist")))
    (link,) = page.one("tbody").all("a")
    assert "Old" in read(publisher.get(link.attrs["href"])).text
    done = publisher.post(link.attrs["href"])
    assert done["Location"] == address(model, "change", number)
    row = model.objects.get(pk=number)
    assert getattr(row, field) == "Old"
    if model is not Figure:
        assert row.state() == State.DRAFT
    if model is Section:
        assert [citation.title for citation in row.citations.all()] == ["Its citation"]
    assert Event.objects.first().kind == "recovered"
    again = publisher.post(link.attrs["href"])
    assert said(again, publisher)[-1] == "This already exists. Nothing was changed."


def test_what_comes_back_is_what_was_public_not_the_draft(publisher):
    row = factories.section(title="Public")
    fill(publisher, address(Section, "change", row.pk), "_draft", title_en="Only a draft")
    publisher.post(address(Section, "delete", row.pk), {"post": "yes"})
    assert not Draft.objects.exists()
    page = read(publisher.get(address(Section, "recoverlist")))
    (link,) = page.one("tbody").all("a")
    assert link.text == "Public"


def test_what_comes_back_gets_a_free_address_if_its_own_was_taken(publisher):
    longest = "x" * Section._meta.get_field("slug").max_length
    for slug, free in (("mine", "mine-3"), (longest, f"{longest[:-2]}-2")):
        row = factories.section(slug=slug)
        publisher.post(address(Section, "delete", row.pk), {"post": "yes"})
        factories.section(slug=slug)
        factories.section(slug="mine-2") if slug == "mine" else None
        page = read(publisher.get(address(Section, "recoverlist")))
        (link,) = page.one("tbody").all("a")
        sentence = said(publisher.post(link.attrs["href"]), publisher)[-1]
        assert sentence.endswith(f"so it has a new one: /learn/{free}/"), slug
        assert Section.objects.get(pk=row.pk).slug == free


def test_the_history_says_what_a_publication_changed(editor, publisher):
    """For the public: not what was typed last into the draft, which may be nothing."""
    row = factories.section(title="Old")
    factories.citation(row, title="A law")
    form = address(Section, "change", row.pk)
    fill(editor, form, "_draft", title_en="New", **{"citations-0-title": "Another law"})
    fill(publisher, form)
    page = read(publisher.get(address(Section, "history", row.pk)))
    assert "Published. Changed Title (English) and Citations." in rows(page)[0]
    assert "No fields changed" not in page.text
    assert Event.objects.first().note == "Changed Title (English) and Citations."
    line = factories.help_line()
    fill(publisher, address(HelpLine, "change", line.pk), checked_on="2026-01-31")
    assert Event.objects.first().note == "Changed Checked on."


def rows(page):
    return [" ".join(row.text.split()) for row in page.one("tbody").all("tr")]


def test_the_history_says_what_left_no_version(publisher, monkeypatch):
    """A review, a schedule and its end stand between the versions that they came between."""
    monkeypatch.setattr(history, "ON_A_PAGE", 2)
    row, user = factories.section(title="Old"), User.objects.get(username="publisher")
    for title, day in (("First", 1), ("Second", 2)):
        copy = ItemVersion.of(Section.objects.get(pk=row.pk))
        copy.item.title_en = title
        flow = Workflow.apply
        flow("ask", row, user, note="Is it so?", version=copy)
        flow("schedule", row, user, at=timezone.now() + day * factories.DAY)
        flow("unschedule", row, user)
        flow("schedule", row, user, at=timezone.now() + day * factories.DAY)
        timetable.apply_due(timezone.now() + 3 * factories.DAY)
    told = [
        "Published as scheduled. Changed Title (English).",
        "Change scheduled",
        "Schedule canceled",
        "Change scheduled",
        "Review asked for: Is it so?",
        "Draft saved",
    ]
    for number in (1, 2):
        page = read(publisher.get(address(Section, "history", row.pk), {"page": number}))
        assert [words in row for words, row in zip(told, rows(page), strict=True)] == 6 * [True]
    Workflow.apply("unpublish", row, user)
    assert "Unpublished" in rows(read(publisher.get(address(Section, "history", row.pk))))[0]


def test_only_who_may_gets_it_back(editor, publisher):
    row = factories.help_line()
    publisher.post(address(HelpLine, "delete", row.pk), {"post": "yes"})
    assert editor.get(address(HelpLine, "recoverlist")).status_code == 403
    version = Version.objects.get_for_model(HelpLine).get()
    assert editor.post(address(HelpLine, "recover", version.pk)).status_code == 403
    assert not HelpLine.objects.exists()


def test_nothing_that_is_sent_saves_past_the_history(admin_client, starter):
    """What a form that saves itself sends has versions of its own; of all others, none."""
    row, form = SiteSettings.objects.get(), address(SiteSettings, "change", 1)
    before = len(versions(row))
    for button in ("_here", "_autosave"):
        assert fill(admin_client, form, button, tagline_en="Another").status_code == 200
        assert SiteSettings.objects.get().tagline_en != "Another"
    assert fill(admin_client, form, "_draft", tagline_en="Another").status_code == 302
    assert (SiteSettings.objects.get().tagline_en, len(versions(row))) == ("Another", before + 1)
