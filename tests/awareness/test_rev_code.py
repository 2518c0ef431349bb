import datetime

import pytest
import reversion
from django.contrib.auth.models import User
from django.utils import timezone
from reversion.models import Version

from awareness.desk import drafts, timetable
from awareness.desk.snapshot import Snapshot
from awareness.models import Draft
from awareness.translatable import TranslationState
from pages.models import CallToAction, Citation, Section
from stats.models import Figure
from tests import factories
from tests.awareness.test_admin import address, fields_of, fill, mistakes
from tests.html import read

HOUR = datetime.timedelta(hours=1)
DAY = datetime.timedelta(days=1)


def test_A_citation_added_by_a_colleague_survives_my_change_of_the_title(
    publisher, other_publisher
):
    row = factories.section(title="Old")
    factories.citation(row, title="First")
    form = address(Section, "change", row.pk)
    mine = fields_of(read(publisher.get(form)))
    theirs = fields_of(read(other_publisher.get(form)))
    n = int(theirs["citations-TOTAL_FORMS"])
    theirs |= {
        "citations-TOTAL_FORMS": n + 1,
        f"citations-{n}-title": "Added",
        f"citations-{n}-publisher": "P",
        f"citations-{n}-url": "https://x.example/",
    }
    assert other_publisher.post(form, {**theirs, "_publish": "on"}).status_code == 302
    assert row.citations.count() == 2
    response = publisher.post(form, {**mine, "title_en": "Mine", "_publish": "on"})
    assert (response.status_code, row.citations.count()) == (200, 2)


def test_B_a_conflict_is_not_forgotten_by_another_mistake(publisher, other_publisher):
    row = factories.section(title="Old")
    form = address(Section, "change", row.pk)
    mine = fields_of(read(publisher.get(form)))
    fill(other_publisher, form, title_en="Theirs")
    first = publisher.post(
        form, {**mine, "title_en": "Mine", "_schedule": "on", "_when-at_0": "", "_when-at_1": ""}
    )
    print(mistakes(first))
    again = fields_of(read(first))
    second = publisher.post(form, {**again, "_publish": "on"})
    row.refresh_from_db()
    assert row.title_en == "Theirs" or "while you were writing" in read(first).text


def test_C_publish_of_an_expired_unpublished_item_says_so(publisher):
    now = timezone.now()
    row = factories.section(published=False, publish_at=now - 2 * DAY, expire_at=now - DAY)
    form = address(Section, "change", row.pk)
    response = fill(publisher, form, title_en="New")
    print(mistakes(response))


def test_C2_update_of_new_one_with_past_dates(publisher):
    now = timezone.localtime()
    form = address(CallToAction, "add")
    f = fields_of(read(publisher.get(form)))
    f |= {
        "heading_en": "H",
        "message_en": "M",
        "publish_at_0": (now - 2 * DAY).strftime("%Y-%m-%d"),
        "publish_at_1": "10:00:00",
        "expire_at_0": (now - DAY).strftime("%Y-%m-%d"),
        "expire_at_1": "10:00:00",
    }
    r = publisher.post(form, {**f, "_publish": "on"})
    print(mistakes(r))


def test_D_bulk_does_not_hide_a_live_page(editor, publisher):
    row = factories.section(title="Old")
    form = address(Section, "change", row.pk)
    later = timezone.localtime() + 2 * DAY
    fill(
        editor,
        form,
        "_draft",
        title_en="New",
        publish_at_0=later.strftime("%Y-%m-%d"),
        publish_at_1="10:00:00",
    )
    sent = {"action": "publish_selected", "_selected_action": row.pk}
    page = read(publisher.post(address(Section, "changelist"), sent))
    print(page.text[-600:])
    publisher.post(address(Section, "changelist"), {**sent, "_confirmed": "1"})
    row.refresh_from_db()
    assert row.state() == "live"


def test_E_a_paragraph_break_is_a_change(editor):
    row = factories.appeal(message="One.\nTwo.")
    form = address(CallToAction, "change", row.pk)
    r = fill(editor, form, "_draft", message_en="One.\r\n\r\nTwo.")
    assert Draft.objects.count() == 1


def test_F_recovered_translation_is_still_older(publisher):
    row = factories.section(title_en="T", title_es="E", summary_es="E", body_es="<p>E</p>")
    Section.objects.filter(pk=row.pk).update(translation_changed_at=timezone.now() - 10 * DAY)
    row.refresh_from_db()
    assert row.translation_state() == TranslationState.OLDER
    pk = row.pk
    publisher.post(address(Section, "delete", pk), {"post": "yes"})
    assert not Section.objects.filter(pk=pk).exists()
    v = Version.objects.get_deleted(Section).get()
    publisher.post(address(Section, "recover", v.pk))
    back = Section.objects.get(pk=pk)
    assert back.translation_state() == TranslationState.OLDER


def test_F2_recovered_figure_keeps_day_entered(publisher):
    row = factories.figure()
    then = timezone.now() - 300 * DAY
    Figure.objects.filter(pk=row.pk).update(recorded_at=then)
    publisher.post(address(Figure, "delete", row.pk), {"post": "yes"})
    assert not Figure.objects.filter(pk=row.pk).exists()
    v = Version.objects.get_deleted(Figure).get()
    publisher.post(address(Figure, "recover", v.pk))
    assert abs(Figure.objects.get(pk=row.pk).recorded_at - then) < HOUR


def test_G_return_to_a_figure_before_a_mistake(publisher):
    row = factories.figure(value=100)
    with reversion.create_revision():
        reversion.add_to_revision(row)
    first = Version.objects.get_for_object(row).first()
    form = address(Figure, "change", row.pk)
    r = fill(publisher, form, value="90", assurance="typed wrongly, it is 90")
    assert r.status_code == 302, mistakes(r)
    r = publisher.post(address(Figure, "revision", row.pk, first.pk), follow=True)
    print(read(r).one("ul", class_="messagelist").text)
    row.refresh_from_db()
    assert row.value == 100


def test_H_restore_says_what_becomes_of_a_colleagues_draft(editor, publisher):
    row = factories.section(title="Old")
    with reversion.create_revision():
        reversion.add_to_revision(row)
    first = Version.objects.get_for_object(row).first()
    form = address(Section, "change", row.pk)
    fill(publisher, form, title_en="Second")
    fill(editor, form, "_draft", summary_en="Hours of work")
    r = publisher.post(address(Section, "revision", row.pk, first.pk), follow=True)
    print(read(r).one("ul", class_="messagelist").text)
    assert (
        "is in the history now" in read(publisher.get(form)).text
        or "is in the history now" in read(r).text
    )


def test_H2_restore_of_a_draft_item_by_editor(editor, publisher):
    "an editor's restore replaces another's draft silently?"
    row = factories.section(title="Old")
    with reversion.create_revision():
        reversion.add_to_revision(row)
    first = Version.objects.get_for_object(row).first()
    form = address(Section, "change", row.pk)
    fill(publisher, form, title_en="Second")
    fill(publisher, form, "_draft", summary_en="Hours of work")
    r = editor.post(address(Section, "revision", row.pk, first.pk), follow=True)
    print(read(r).one("ul", class_="messagelist").text)


def test_I_nul_in_note(editor, publisher):
    row = factories.section(title="Old")
    form = address(Section, "change", row.pk)
    r = fill(editor, form, "_ask", title_en="New", _note="a\0b")
    assert r.status_code < 500
    r = publisher.post(address(Section, "desk", row.pk, "return"), {"_note": "a\0b"})
    assert r.status_code < 500


@pytest.mark.parametrize(
    "where",
    [
        "history/abc/",
        "history/99999999999999999999999/",
        "history/compare/?before=99999999999999999999999&after=1",
    ],
)
def test_J_bad_numbers(publisher, where):
    row = factories.section(title="Old")
    assert (
        publisher.get(address(Section, "change", row.pk).replace("change/", where)).status_code
        < 500
    )


@pytest.mark.parametrize("n", ["abc", "99999999999999999999999"])
def test_J2_bad_recover(publisher, n):
    assert publisher.get(address(Section, "changelist") + f"recover/{n}/").status_code < 500


@pytest.mark.parametrize("n", ["99999999999999999999999"])
def test_J3_bad_draft(publisher, n):
    assert publisher.get(address(Figure, "add") + f"?draft={n}").status_code < 500


@pytest.mark.parametrize("code", ["en", "es"])
def test_K_notes_of_rows_in_both_languages(editor, code):
    from django.utils import translation

    row = factories.section()
    a = factories.citation(row, note_en="E", note_es="S")
    user = User.objects.get(username="editor")
    live = Snapshot.of(row)
    new = Snapshot.of(Section.objects.get(pk=row.pk))
    new.inlines["citations"][0].note_en = "E2"
    new.inlines["citations"][0].note_es = ""
    new.inlines["citations"].append(
        Citation(
            section=row,
            title="F",
            publisher="P",
            url="https://x.example/",
            note_en="fe",
            note_es="fs",
        )
    )
    d = drafts.save_draft(new, live, user)
    with translation.override(code):
        drafts.publish(drafts.open_draft(Snapshot.of(Section.objects.get(pk=row.pk)), d), user)
    assert [(c.note_en, c.note_es or "") for c in Citation.objects.order_by("id")] == [
        ("E2", ""),
        ("fe", "fs"),
    ]
    with translation.override("en"):
        from django.db import connection

        with connection.cursor() as c:
            c.execute("select note, note_en, note_es from pages_citation order by id")
            print(c.fetchall())


def test_M_timetable_error_does_not_blind_the_keeper(db, monkeypatch):
    import time

    from django.db import OperationalError

    from awareness import pagecache

    cache = pagecache.PageCache(None)

    def full():
        raise OperationalError("attempt to write a readonly database")

    monkeypatch.setattr(timetable, "apply_due", full)
    before = cache.answered = time.monotonic() - 10

    def stop(_s):
        raise SystemExit

    monkeypatch.setattr(pagecache.time, "sleep", stop)
    monkeypatch.setattr(pagecache.connection, "close", lambda: None)
    with pytest.raises(SystemExit):
        cache.keep()
    assert not cache.database_gone


def test_N_amounts_order(editor, publisher):
    row = factories.appeal(amounts=[(50, True, "a"), (20, False, "b")])
    with reversion.create_revision():
        reversion.add_to_revision(row)
    v = Version.objects.get_for_object(row).first()
    live = Snapshot.of(CallToAction.objects.get(pk=row.pk))
    assert Snapshot.of_version(v, live).differs(live) == []
