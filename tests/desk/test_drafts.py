"""Working copies: what is saved as a draft changes nothing that the public sees."""

import json

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation
from reversion.models import Version

from awareness.audit.models import Event
from awareness.content.publishing import State
from awareness.desk.models import DeskRules, Draft
from awareness.desk.workflow import Workflow
from awareness.web.models import ContentVersion
from pages.models import CallToAction, HelpLine, Notice, Section, Update
from stats.models import Figure
from tests import factories
from tests.desk.test_admin import address, fields_of, fill, mistakes, stored
from tests.html import read

pytestmark = pytest.mark.also_postgres

# A live item of each kind, a field that the public sees, and what to type into it.
LIVE = {
    Section: (lambda: factories.section(title="Old"), "title_en", "New"),
    Update: (lambda: factories.update(title="Old"), "title_en", "New"),
    CallToAction: (lambda: factories.appeal(heading="Old"), "heading_en", "New"),
    Notice: (lambda: factories.notice(text="Old"), "text_en", "New"),
    HelpLine: (lambda: factories.help_line(name="Old"), "name_en", "New"),
    Figure: (lambda: factories.figure(note="Old"), "note_en", "New"),
}
KINDS = pytest.mark.parametrize("model", LIVE, ids=lambda model: model.__name__)
# With rows of its own, with a rule of its own, and of the other app.
SOME = pytest.mark.parametrize("model", [Section, HelpLine, Figure], ids=lambda m: m.__name__)


def step(client, row, name, **sent):
    return client.post(address(type(row), "desk", row.pk, name), sent)


def written(row, field):
    row.refresh_from_db()
    return getattr(row, field)


def said(response, client):
    page = read(client.get(response["Location"]))
    return [item.text for item in page.one("ul", class_="messagelist").all("li")]


def kinds():
    found = Event.objects.exclude(kind="signed_in").order_by("pk")
    return list(found.values_list("kind", flat=True))


@KINDS
def test_a_draft_changes_nothing_public_until_it_is_published(editor, publisher, model):
    make, field, words = LIVE[model]
    row = make()
    before, version = stored(row), ContentVersion.current()
    form = address(model, "change", row.pk)
    done = fill(editor, form, "_draft", **{field: words})
    assert done["Location"] == form
    assert stored(row) == before
    assert ContentVersion.current() == version
    # The form opens on the draft, and says what it changes.
    page = read(editor.get(form))
    assert fields_of(page)[field] == words
    assert "The public still sees the text from before." in page.text
    assert [piece.text for piece in page.one(class_="comparison").all("ins")][-1].endswith(
        f"{words}]"
    )
    assert fill(publisher, form)["Location"] == form
    assert written(row, field) == words
    assert ContentVersion.current() > version
    assert not Draft.objects.exists()
    assert kinds() == ["drafted", "published"]


@SOME
def test_a_discarded_draft_is_gone_and_stays_in_the_history(editor, model):
    make, field, words = LIVE[model]
    row = make()
    form = address(model, "change", row.pk)
    fill(editor, form, "_draft", **{field: words})
    before = stored(row)
    assert step(editor, row, "discard")["Location"] == form
    assert fields_of(read(editor.get(form)))[field] == "Old"
    assert stored(row) == before
    assert Version.objects.get_for_object(row).first().field_dict[field] == words
    assert kinds() == ["drafted", "discarded"]


def rows_of(section):
    return list(section.citations.values_list("title", "note_en"))


def citations(section, *rows):
    """What a browser sends of these rows: (number or "", title, note, deleted)."""
    sent = {"citations-TOTAL_FORMS": len(rows)}
    sent["citations-INITIAL_FORMS"] = sum(1 for number, *_rest in rows if number)
    for n, (number, title, note, deleted) in enumerate(rows):
        given = {"id": number, "section": section.pk, "title": title, "publisher": "A school"}
        given |= {"url": "https://law.example/", "note_en": note}
        sent |= {f"citations-{n}-{name}": value for name, value in given.items()}
        if deleted:
            sent[f"citations-{n}-DELETE"] = "on"
    return sent


def test_rows_travel_with_the_draft_added_changed_and_deleted(editor, publisher, client):
    row = factories.section()
    kept, gone = (factories.citation(row, title=title) for title in ("Kept", "Gone"))
    form = address(Section, "change", row.pk)
    sent = citations(
        row,
        (kept.pk, "Kept", "A note", False),
        (gone.pk, "Gone", "", True),
        ("", "Fresh 1", "", False),
        ("", "Fresh 2", "", False),
    )
    editor.post(form, {**fields_of(read(editor.get(form))), **sent, "_draft": "on"})
    assert rows_of(row) == [("Kept", ""), ("Gone", "")] or rows_of(row)[1][0] == "Gone"
    there = fields_of(read(editor.get(form)))
    titles = [there[f"citations-{n}-title"] for n in range(3)]
    assert titles == ["Kept", "Fresh 1", "Fresh 2"]
    # Saved again untouched, it stays the same draft; then it is published.
    fill(editor, form, "_draft")
    fill(publisher, form)
    assert [(title, note or "") for title, note in rows_of(row)] == [
        ("Kept", "A note"),
        ("Fresh 1", ""),
        ("Fresh 2", ""),
    ]
    assert row.citations.get(title="Kept").pk == kept.pk


def test_what_a_draft_holds_is_clean(editor):
    body = '<p onclick="x()">Words <font color="red">in red</font></p>'
    row = factories.section()
    fill(editor, address(Section, "change", row.pk), "_draft", body_en=body)
    kept = json.dumps(Draft.objects.get().copy)
    assert [word in kept for word in ("Words", "onclick", "font")] == [True, False, False]


def test_a_draft_that_says_what_is_public_is_no_draft(editor):
    row = factories.section(title="Old")
    form = address(Section, "change", row.pk)
    fill(editor, form, "_draft", title_en="New")
    assert said(fill(editor, form, "_draft", title_en="Old"), editor) == [
        "The public already sees exactly this, so no draft was saved."
    ]
    assert not Draft.objects.exists()


def test_a_draft_leaves_alone_what_it_did_not_change(editor, publisher):
    """The order was changed while the draft lay there."""
    row = factories.section(title="Old", position=10)
    form = address(Section, "change", row.pk)
    fill(editor, form, "_draft", title_en="New")
    Section.objects.update(position=70)
    fill(publisher, form)
    row.refresh_from_db()
    assert (row.title, row.position) == ("New", 70)


def test_an_item_that_is_not_public_is_its_own_draft(editor, publisher, client):
    typed = {"title_en": "Come", "slug": "come", "summary_en": "S", "body_en": "<p>All.</p>"}
    done = fill(editor, address(Update, "add"), "_draft", **typed)
    row = Update.objects.get()
    assert done["Location"] == address(Update, "change", row.pk)
    assert row.state() == State.DRAFT
    assert client.get("/updates/come/").status_code == 404
    draft = Draft.objects.get()
    assert (draft.item, draft.copy, draft.author.username) == (row, None, "editor")
    written = row.publish_at
    fill(publisher, address(Update, "change", row.pk))
    row.refresh_from_db()
    assert row.state() == State.LIVE
    assert row.publish_at > written  # the moment of publishing, not of the first word
    assert "All." in read(client.get("/updates/come/")).text


def test_a_review_goes_back_and_forth(editor, publisher):
    row = factories.section(title="Old")
    form = address(Section, "change", row.pk)
    fill(editor, form, "_ask", title_en="New", _note="Is this right?")
    page = read(publisher.get(form)).text
    assert "editor asks for a review." in page
    assert "Is this right?" in page
    assert step(publisher, row, "return").status_code == 302
    assert Draft.objects.get().state == Draft.State.REVIEW  # without a note nothing happens
    step(publisher, row, "return", _note="Say it more plainly.")
    page = read(editor.get(form)).text
    assert "publisher returned it." in page
    assert "Say it more plainly." in page
    fill(editor, form, "_ask", title_en="Newer", _note="Better?")
    fill(publisher, form)
    row.refresh_from_db()
    assert row.title == "Newer"
    assert kinds() == ["drafted", "asked", "returned", "drafted", "asked", "published"]
    assert [event.who for event in Event.objects.exclude(kind="signed_in").order_by("pk")] == [
        *("editor", "editor", "publisher", "editor", "editor", "publisher"),
    ]


def test_the_list_says_which_item_has_a_draft_and_picks_those(editor):
    row, other = factories.section(title="With"), factories.section(title="Without")
    fill(editor, address(Section, "change", row.pk), "_ask", title_en="New")
    where = address(Section, "changelist")
    cells = read(editor.get(where)).all("td", class_="field-state_in_words")
    assert sorted(cell.text for cell in cells) == ["Live", "Live; waiting for review"]
    picked = read(editor.get(where, {"draft": "review"})).one("table", id="result_list").text
    assert "With" in picked
    assert "Without" not in picked
    assert other.state() == State.LIVE


def test_unpublished_is_hidden_and_can_be_published_again(publisher, client):
    row = factories.plain_page(slug="about-us")
    assert client.get("/about-us/").status_code == 200
    assert "no longer see it" in read(step(publisher, row, "unpublish")).text
    assert client.get("/about-us/").status_code == 200
    step(publisher, row, "unpublish", _confirmed="1")
    assert client.get("/about-us/").status_code == 404
    row.refresh_from_db()
    assert row.state() == State.DRAFT
    fill(publisher, address(Section, "change", row.pk))
    assert client.get("/about-us/").status_code == 200


def test_a_new_line_is_a_change_and_the_space_around_one_is_none(editor):
    form = address(CallToAction, "change", factories.appeal(message="One.\nTwo.").pk)
    for typed, is_change in {
        "One.\r\n\r\nTwo.": True,  # a paragraph of its own
        "One.\r\nTwo.": False,  # what browsers make of the same lines
        "One.  Two.": True,
        "  One. \r\nTwo.\r\n": False,
    }.items():
        fill(editor, form, "_draft", message_en=typed)
        assert Draft.objects.exists() is is_change, typed


def test_rows_keep_both_languages_whichever_the_publisher_reads(publisher):
    user = User.objects.get(username="publisher")
    for language in ("en", "es"):
        row = factories.section()
        factories.citation(row, note_en="One", note_es="Uno")
        typed = {"citations-TOTAL_FORMS": 2, "citations-1-title": "Fresh"}
        typed |= {"citations-1-publisher": "A school", "citations-1-url": "https://law.example/"}
        typed |= {"citations-1-note_en": "New", "citations-1-note_es": "Nuevo"}
        typed |= {"citations-0-note_en": "Other", "citations-0-note_es": ""}
        fill(publisher, address(Section, "change", row.pk), "_draft", **typed)
        with translation.override(language):
            Workflow.apply("publish", Section.objects.get(pk=row.pk), user)
        notes = row.citations.order_by("pk").values_list("note_en", "note_es")
        found = [(english, spanish or "") for english, spanish in notes]
        assert found == [("Other", ""), ("New", "Nuevo")], language


def next_figure():
    """What is typed to add the figure after one that there is."""
    there = factories.figure(year=2020)
    typed = {"place": there.place_id, "measure": there.measure_id, "source": there.source_id}
    days = {"first_day": "2021-01-01", "last_day": "2021-12-31", "as_of": "2022-06-01"}
    return {**typed, **days, "value": "11"}


def test_a_discarded_draft_of_a_new_item_is_not_said_to_be_in_a_history(publisher):
    fill(publisher, address(Figure, "add"), "_draft", **next_figure())
    draft = Draft.objects.get()  # of a figure that is not in its table yet
    done = publisher.post(address(Figure, "desk", draft.object_id, "discard"))
    assert done["Location"] == address(Figure, "changelist")
    assert said(done, publisher)[-1] == f"The draft of “{draft.title}” was discarded."
    assert not Draft.objects.exists()


def test_only_a_working_copy_can_be_discarded(editor):
    """An item that is not public is its own draft: discarding that would throw away nothing."""
    for state, has_button in ((State.LIVE, True), (State.DRAFT, False)):
        row = factories.section(**factories.in_state(state))
        form = address(Section, "change", row.pk)
        fill(editor, form, "_draft", title_en="New")
        goals = [element.attrs.get("action") for element in read(editor.get(form)).all("form")]
        assert (address(Section, "desk", row.pk, "discard") in goals) is has_button


# --- Rights ----------------------------------------------------------------------------


@KINDS
def test_an_editor_cannot_publish_by_hand_and_loses_nothing(editor, model):
    make, field, words = LIVE[model]
    row = make()
    form = address(model, "change", row.pk)
    page = read(editor.get(form))
    assert not [i for i in page.all("input") if i.attrs.get("name") in ("_publish", "_schedule")]
    before = stored(row)
    for button in ("_publish", "_schedule"):
        response = fill(editor, form, button, **{field: words})
        assert "Only a publisher may publish this." in read(response).text, button
        assert fields_of(read(response))[field] == words, button
        assert stored(row) == before, button
    assert kinds() == []


def test_an_editor_has_none_of_the_publishers_steps(editor):
    row = factories.section()
    fill(editor, address(Section, "change", row.pk), "_ask", title_en="New")
    for name in ("unpublish", "return", "unschedule"):
        assert step(editor, row, name, _note="No.").status_code == 403, name
    assert Draft.objects.get().state == Draft.State.REVIEW
    row.refresh_from_db()
    assert row.published


@pytest.mark.parametrize("model", [HelpLine, Figure], ids=lambda model: model.__name__)
def test_the_rule_asks_for_a_second_person(publisher, other_publisher, model):
    DeskRules.objects.create(second_person=True)
    make, field, words = LIVE[model]
    row = make()
    form = address(model, "change", row.pk)
    before = stored(row)
    response = fill(publisher, form, **{field: words})
    assert "require a second person to publish this" in read(response).text
    fill(publisher, form, "_ask", **{field: words})
    assert "require a second person to publish this" in read(fill(publisher, form)).text
    # The second person changed it further: now nobody but them has seen it.
    assert (
        "require a second person to publish this"
        in read(fill(other_publisher, form, **{field: "Other"})).text
    )
    assert stored(row) == before
    fill(other_publisher, form)
    assert written(row, field) == words
    assert publisher.post(address(model, "delete", row.pk), {"post": "yes"}).status_code == 403


def test_a_new_figure_waits_for_the_second_person(publisher, other_publisher):
    DeskRules.objects.create(second_person=True)
    typed = next_figure()
    add = address(Figure, "add")
    assert "require a second person to publish this" in read(fill(publisher, add, **typed)).text
    done = fill(publisher, add, "_ask", **typed)
    assert done.status_code == 302
    assert Figure.objects.count() == 1
    draft = Draft.objects.get()
    assert fields_of(read(other_publisher.get(draft.url)))["value"] == "11"
    assert "require a second person to publish this" in read(fill(publisher, draft.url)).text
    fill(other_publisher, draft.url)
    assert Figure.objects.get(value=11).year == 2021
    assert not Draft.objects.exists()
    gone = read(other_publisher.get(draft.url)).text
    assert "This draft is gone: it was published or discarded." in gone


def test_a_year_under_the_rule_is_a_draft_for_each_figure(publisher, other_publisher, starter):
    DeskRules.objects.create(second_person=True)
    where = "/admin/stats/figure/year/?place=US-MO&year=2022"
    sent = fields_of(read(publisher.get(where)))
    source = Figure.objects.first().source_id
    sent |= {"contacts-value": "1000", "contacts-as_of": "2024-01-05", "contacts-source": source}
    before = Figure.objects.count()
    done = publisher.post(where, {**sent, "cases-value": "245"})
    assert said(done, publisher) == [
        "Kept as drafts for a second person, Missouri, 2022: Contacts and Cases."
    ]
    assert Figure.objects.count() == before
    for draft in Draft.objects.order_by("pk"):
        assert "publisher asks for a review." in read(other_publisher.get(draft.url)).text
        fill(other_publisher, draft.url)
    added = Figure.objects.filter(
        first_day="2022-01-01", place__code="US-MO", value__in=[1000, 245]
    )
    assert added.count() == 2


def test_no_file_goes_past_the_rule(publisher):
    DeskRules.objects.create(second_person=True)
    for name in ("import", "process_import"):
        done = publisher.post(address(Figure, name))
        assert "Enter the figures year by year" in said(done, publisher)[-1]


# --- Times -----------------------------------------------------------------------------


def test_what_was_live_cannot_be_hidden_by_a_publish_time_to_come(publisher):
    row = factories.section()
    form = address(Section, "change", row.pk)
    response = fill(publisher, form, publish_at_0="2096-01-01", publish_at_1="10:00:00")
    assert "press Schedule" in " ".join(mistakes(response)["form"])
    row.refresh_from_db()
    assert row.state() == State.LIVE


def test_what_has_expired_before_it_was_published_is_named(publisher):
    typed = {"heading_en": "Give", "message_en": "Please."}
    for name, days in (("publish_at", 3), ("expire_at", 1)):
        moment = timezone.localtime() - days * factories.DAY
        typed |= {f"{name}_0": f"{moment:%Y-%m-%d}", f"{name}_1": "10:00:00"}
    there = factories.appeal(published=False)
    for form in (address(CallToAction, "change", there.pk), address(CallToAction, "add")):
        assert mistakes(fill(publisher, form, **typed))["form"] == [
            "Its expiry time has passed. Choose a later one, or clear it, then publish."
        ], form
    assert not CallToAction.objects.filter(published=True).exists()


# --- Cost ------------------------------------------------------------------------------


@pytest.mark.parametrize(("button", "fresh"), [("_draft", True), ("_publish", False)])
def test_a_form_with_20_citations_saves_in_few_questions(publisher, button, fresh):
    row = factories.section()
    made = [] if fresh else [factories.citation(row, title=f"C {n}") for n in range(20)]
    form = address(Section, "change", row.pk)
    numbers = [citation.pk for citation in made] or [""] * 20
    sent = citations(row, *((pk, f"New {n}", "", False) for n, pk in enumerate(numbers)))
    sent = {**fields_of(read(publisher.get(form))), **sent, button: "on", "_anyway": "1"}
    with CaptureQueriesContext(connection) as asked:
        assert publisher.post(form, sent).status_code == 302
    assert len(asked) <= 40, "\n".join(query["sql"][:90] for query in asked)
    written = row.citations.filter(title__startswith="New").count()
    assert written == (20 if button == "_publish" else 0)


def test_a_draft_with_more_citations_opens_with_no_more_questions(publisher):
    asked = {"change": [], "preview_page": []}
    for number in (1, 12):
        row = factories.section()
        for n in range(number):
            factories.citation(row, title=f"C {n}")
        typed = {f"citations-{n}-title": f"New {n}" for n in range(number)}
        fill(publisher, address(Section, "change", row.pk), "_draft", title_en="New", **typed)
        for page, counts in asked.items():
            publisher.get(address(Section, page, row.pk))  # permissions, content types
            with CaptureQueriesContext(connection) as questions:
                text = publisher.get(address(Section, page, row.pk)).content.decode()
            assert f"New {number - 1}" in text
            counts.append(len(questions))
    for few, many in asked.values():
        assert many == few <= 25
