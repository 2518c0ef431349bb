import datetime

import pytest
import reversion
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from reversion.models import Version

from awareness.models import Draft, OldAddress
from awareness.translatable import TranslationState
from pages.models import CallToAction, HelpLine, Section, Update
from stats.models import Figure
from tests import factories
from tests.awareness.test_admin import address, fields_of, fill
from tests.html import read

DAY = datetime.timedelta(days=1)


def new_figure(editor, **more):
    m, p, s = factories.measure(), factories.place(), factories.source()
    form = address(Figure, "add")
    f = fields_of(read(editor.get(form)))
    f |= {
        "place": p.pk,
        "measure": m.pk,
        "first_day": "2020-01-01",
        "last_day": "2020-12-31",
        "value": "10",
        "as_of": "2021-01-01",
        "source": s.pk,
        **more,
    }
    return editor.post(form, {**f, "_draft": "on"})


def test_L_discarded_new_figure_is_where_the_message_says(publisher):
    editor = publisher
    new_figure(editor)
    d = Draft.objects.get()
    r = editor.post(address(Figure, "desk", d.object_id, "discard"), follow=True)
    t = read(r).text
    print([l for l in t.split("  ") if "discarded" in l][:3], "History still has it" in t)
    v = Version.objects.get_for_model(Figure).get()
    r = editor.get(address(Figure, "history", v.object_id))
    print(r.status_code)
    assert "History still has it" not in t or r.status_code == 200


def test_P_return_keeps_older(publisher):
    row = factories.section(title_en="E1", title_es="S0", summary_es="S", body_es="<p>S</p>")
    Section.objects.filter(pk=row.pk).update(translation_changed_at=timezone.now() - 10 * DAY)
    row = Section.objects.get(pk=row.pk)
    with reversion.create_revision():
        reversion.add_to_revision(row)
    v = Version.objects.get_for_object(row).first()
    assert row.translation_state() == TranslationState.OLDER
    fill(publisher, address(Section, "change", row.pk), title_en="E2", title_es="S2")
    row = Section.objects.get(pk=row.pk)
    assert row.translation_state() != TranslationState.OLDER
    publisher.post(address(Section, "revision", row.pk, v.pk))
    row = Section.objects.get(pk=row.pk)
    assert (row.title_en, row.translation_state()) == ("E1", TranslationState.OLDER)


def test_Q_recover_figure_unusual(publisher):
    m, p = factories.measure(), factories.place()
    row = factories.figure(place=p, measure=m, year=2019, value=10)
    factories.figure(place=p, measure=m, year=2020, value=100)
    pk = row.pk
    publisher.post(address(Figure, "delete", pk), {"post": "yes"})
    v = Version.objects.get_deleted(Figure).get()
    r = publisher.post(address(Figure, "recover", v.pk), follow=True)
    print(read(r).one("ul", class_="messagelist").text)
    assert Figure.objects.filter(pk=pk).exists()


def test_R_queries(publisher, editor):
    row = factories.section()
    for n in range(20):
        factories.citation(row, title=f"C{n}")
    form = address(Section, "change", row.pk)
    fill(editor, form, "_draft", **{"title_en": "N", "citations-3-title": "X"})
    with CaptureQueriesContext(
        connection,
    ) as c:
        publisher.get(form)
    print("GET draft", len(c))
    sent = fields_of(read(publisher.get(form)))
    with CaptureQueriesContext(connection) as c:
        publisher.post(form, {**sent, "citations-4-title": "Y", "_publish": "on"})
    print("POST", len(c))
    with CaptureQueriesContext(connection) as c:
        publisher.get(address(Section, "preview", row.pk) + "page/")
    print("preview", len(c))
    for m in (Section, Update, CallToAction, HelpLine, Figure):
        with CaptureQueriesContext(connection) as c:
            publisher.get(address(m, "changelist"))
        print(m.__name__, len(c))


def test_S_slug_of_preview(publisher):
    row = factories.section(slug="one")
    form = address(Section, "change", row.pk)
    fill(publisher, form, "_draft", slug="two")
    r = publisher.get(address(Section, "preview", row.pk) + "page/")
    assert OldAddress.objects.count() == 0
    assert Section.objects.get(pk=row.pk).slug == "one"


def test_T_unreadable_draft(publisher):
    import json

    from reversion.models import Version

    row = factories.section(slug="one")
    fill(publisher, address(Section, "change", row.pk), "_draft", slug="two")
    v = Draft.objects.get().revision.version_set.get()
    d = json.loads(v.serialized_data)
    d[0]["fields"]["publish_at"] = "zzz"
    Version.objects.filter(pk=v.pk).update(serialized_data=json.dumps(d))
    assert publisher.get(address(Section, "change", row.pk)).status_code == 200
    assert publisher.get(address(Section, "preview", row.pk)).status_code < 500
    r = publisher.post(
        address(Section, "changelist"),
        {"action": "publish_selected", "_selected_action": row.pk, "_confirmed": "1"},
    )


def test_V_discard_own_draft_of_hidden_item(editor):
    row = factories.section(published=False)
    fill(editor, address(Section, "change", row.pk), "_draft", title_en="N")
    r = editor.post(address(Section, "desk", row.pk, "discard"), follow=True)
    print(read(r).one("ul", class_="messagelist").text, Section.objects.get(pk=row.pk).title_en)
