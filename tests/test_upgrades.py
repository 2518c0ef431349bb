"""The database of every earlier release, brought up to date by today's start: nothing is lost.

The copies are in tests/releases/, whose README tells how the next one is made.
"""

import gzip
import json
import shutil
import sqlite3
from types import SimpleNamespace

import pytest

from tests.backup.places import Commands, Place
from tests.desk.test_admin import fields_of
from tests.environment import ROOT
from tests.html import read_text
from tests.site import free_port, get, running_site

COPIES = sorted((ROOT / "tests" / "releases").glob("*.sql.gz"))
NAMES = [copy.name.removesuffix(".sql.gz") for copy in COPIES]
RENAMED = {
    ("pages_section", "show_contact"): "about_site",
    ("awareness_draft", "hands"): "contributor_ids",
}
# What is no content: SQLite's and Django's own notes, who is signed in, the number that a change
# of content raises, and what the public was last known to see of help lines.
NOTES = {"django_migrations", "sqlite_sequence", "django_session", "awareness_contentversion"}
NOTES |= {"awareness_watch"}
# Where an upgrade may add rows, and only that: new kinds of items, the rights for them, roles.
MAY_GROW = {"auth_permission", "django_content_type", "auth_group", "auth_group_permissions"}


def rows(database, without=NOTES):
    """{table: {number of a row: {column: value}}}"""
    with sqlite3.connect(database) as connection:
        connection.row_factory = sqlite3.Row
        tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        return {
            name: {row[0]: dict(row) for row in connection.execute(f'SELECT * FROM "{name}"')}
            for (name,) in tables.fetchall()
            if name not in without
        }


def carried(table, column, value):
    """The value that it must have now: what sources are has other codes, and nothing else."""
    kinds = {"primary": "own", "secondary": "quotes"}
    if (table, column) == ("stats_source", "kind"):
        return kinds[value]
    if column == "serialized_data" and value.startswith('[{"model": "stats.source"'):
        for old, new in kinds.items():
            value = value.replace(f'"kind": "{old}"', f'"kind": "{new}"')
    return value


def losses(before, after):
    """What an upgrade took away or changed, in words; nothing when the content is whole."""
    for table, old in before.items():
        new = after.get(table, {})
        grown = new.keys() - old.keys()
        if grown and table not in MAY_GROW:
            yield f"{table}: {len(grown)} more rows"
        for number, row in old.items():
            if number not in new:
                yield f"{table} {number}: gone"
                continue
            for column, value in row.items():
                column_now = RENAMED.get((table, column), column)
                value_now = new[number].get(column_now, "no such column")
                if value_now != carried(table, column, value):
                    yield f"{table} {number} {column}: {value!r} is {value_now!r}"


def load(name, database):
    copy = gzip.decompress((ROOT / "tests" / "releases" / f"{name}.sql.gz").read_bytes())
    with sqlite3.connect(database) as connection:
        connection.executescript(copy.decode())


ANSWERS = {
    "/": 200,
    "/es/": 200,
    "/learn/": 200,
    "/help/": 200,
    "/es/help/": 200,
    "/statistics/": 200,
    "/es/statistics/": 200,
    "/statistics/changes/": 200,
    "/statistics/missouri/": 200,
    "/statistics/data.csv?all=1": 200,
    "/donate/": 200,
    "/updates/not-yet/": 404,
    "/learn/why-it-exists/": 404,
}
# What the editor of each copy wrote (tests/releases/editor.py), where the public reads it.
WORDS = {
    "/updates/a-meeting/": "We <strong>met</strong> at noon.",
    "/es/updates/a-meeting/": "Una reunión",
    "/learn/signs/": "Signs, as an editor words them.",
    "/es/learn/signs/": "Señales que se pueden ver",
    "/updates/": "A meeting",
    "/help/": "Checked on",
}


def with_static_files(folder, first_start):
    """Of today's start, which takes long to collect them."""
    folder.mkdir(exist_ok=True)
    (folder / "static").symlink_to(first_start.folder / "static")
    shutil.copy2(first_start.folder / "static.stamp", folder)
    return folder


@pytest.fixture(scope="module")
def place(first_start, tmp_path_factory):
    """Where each release comes up, one after the other."""
    folder = with_static_files(tmp_path_factory.mktemp("upgraded") / "var", first_start)
    paths = json.dumps([*ANSWERS, *WORDS])
    place = Place(folder, variables={"PORT": str(free_port()), "PATHS": paths})
    with Commands(place.environment, "awareness.urls") as place.commands:
        yield place


def begin(place, name=None):
    """In a folder without a database, or with that of this release."""
    for file in place.folder.glob("*.sqlite3*"):
        file.unlink()
    if name:
        load(name, place.file)


@pytest.fixture(scope="module", params=NAMES)
def upgraded(request, place, for_all_workers):
    def upgrade(folder):
        begin(place, request.param)
        before = rows(place.file)
        done = place.run("shell", "--no-imports", "-c", TWO_STARTS)
        assert (done.returncode, done.stderr) == (0, "")
        first, second = (rows(place.folder / f"{n}.sqlite3", set()) for n in (1, 2))
        return SimpleNamespace(
            database=shutil.copy(place.file, folder),
            before=before,
            after={name: first[name] for name in first.keys() - NOTES},
            second_differs=[table for table, row in second.items() if row != first[table]],
            published=rows(place.file),
            **json.loads(done.stdout),
        )

    return for_all_workers(request.param, upgrade)


def test_there_is_a_copy_of_every_release():
    """The stages of CHANGELOG.md; the newest has none before it is released."""
    stages = (ROOT / "CHANGELOG.md").read_text().split("# Changelog")[1].count("\n### ")
    assert stages - 1 <= len(NAMES) <= stages


def test_every_copy_holds_what_an_upgrade_could_lose(upgraded):
    before = upgraded.before
    for table in ("pages_section", "pages_citation", "pages_amount", "stats_figure", "auth_user"):
        assert before[table]
    assert not all(row["published"] for row in before["pages_update"].values())
    assert any(row["expire_at"] for row in before["pages_calltoaction"].values())
    assert len(before["reversion_version"]) > 100
    if "awareness_draft" in before:
        states = {row["state"] for row in before["awareness_draft"].values()}
        assert states == {"writing", "review", "scheduled"}
        assert before["awareness_oldaddress"]
        assert before["awareness_event"]


def test_the_content_is_whole(upgraded):
    assert list(losses(upgraded.before, upgraded.after)) == []
    # Since staff choose which measures lead: stats/migrations/0004_who_counts.py.
    measures = upgraded.after["stats_measure"].values()
    assert {row["code"] for row in measures if row["leads"]} == {"contacts", "cases", "victims"}
    # Since the guide has headings: pages/migrations/0008_guide_groups.py.
    guide = [row for row in upgraded.after["pages_section"].values() if row["kind"] == "guide"]
    groups = {row["slug"]: (row["group"], row["drawing"]) for row in guide}
    assert groups["signs"] == ("act", "roadsign")
    assert {group for group, _drawing in groups.values()} == {"what", "who", "why", "act"}
    with sqlite3.connect(upgraded.database) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []


def test_the_public_reads_it(upgraded):
    answers = upgraded.answers
    assert {path: answers[path][0] for path in ANSWERS} == ANSWERS
    assert [path for path, words in WORDS.items() if words not in answers[path][1]] == []
    assert "Coats for winter" not in answers["/donate/"][1]  # its time is over
    assert "2026-11-19" in answers["/statistics/data.csv?all=1"][1]


def test_the_tables_are_those_of_a_new_site(upgraded, first_start):
    """Whatever the release had: the same tables, columns and rules as in an empty folder."""

    def shape(database):
        with sqlite3.connect(database) as connection:
            tables = rows(database, {"sqlite_sequence"})
            columns = {
                name: {(c[1], c[3], c[5]) for c in connection.execute(f"PRAGMA table_info({name})")}
                for name in tables
            }
            rules = connection.execute("SELECT sql FROM sqlite_master WHERE type = 'table'")
            named = {
                word.strip('"')
                for (sql,) in rules
                for before, word in zip(sql.split(), sql.split()[1:], strict=False)
                if before == "CONSTRAINT"
            }
            others = "SELECT type, name FROM sqlite_master WHERE type != 'table'"
            return columns, named, set(connection.execute(others))

    new = first_start.folder / "db.sqlite3"
    for ours, theirs in zip(shape(upgraded.database), shape(new), strict=True):
        assert ours == theirs


# What a start does before it serves, twice; and the screens of today on the versions of then.
TWO_STARTS = """
import io, json, os
from django.conf import settings
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.urls import reverse
from reversion.models import Version
from awareness.desk.models import Draft
from awareness.desk.workflow import Workflow
from awareness.management.commands.serve import Command
from pages.models import Section
client = Client(headers={"host": "localhost"})
def start(number):
    said = io.StringIO()
    Command(stdout=said).prepare()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM INTO %s", [str(settings.VAR_DIR / f"{number}.sqlite3")])
    return said.getvalue()
def get(path):
    answer = client.get(path)
    return answer.status_code, b"".join(answer).decode()
said = [start(1)]
public = {path: get(path) for path in json.loads(os.environ["PATHS"])}
said.append(start(2))
client.force_login(User.objects.get(username="ada"))
section = Section.objects.get(slug="signs")
versions = list(Version.objects.get_for_object(section).order_by("pk"))
gone = Version.objects.get_deleted(Section).get()
at = lambda view, *args: reverse(f"admin:pages_section_{view}", args=args)
pages = {
    "form": at("change", section.pk),
    "history": at("history", section.pk),
    "compare": at("history", section.pk)
    + f"compare/?before={versions[0].pk}&after={versions[-1].pk}",
    "first": at("revision", section.pk, versions[0].pk),
    "deleted": at("recoverlist"),
    "recover": at("recover", gone.pk),
}
answers = {name: client.get(address, follow=True) for name, address in pages.items()}
drafts = {}
for draft in Draft.objects.exclude(copy=None):
    form = client.get(draft.url).content.decode()
    Workflow.apply("publish", draft.item, User.objects.get(username="ada"))
    table, number = draft.item._meta.db_table, draft.object_id
    drafts[draft.pk] = table, number, form
client.post(pages["first"])
section.refresh_from_db()
print(json.dumps({
    "said": said,
    "answers": public,
    "returned": [section.title_en, section.body_en],
    "first": json.loads(versions[0].serialized_data)[0]["fields"],
    "drafts": drafts,
    "pages": {name: [a.status_code, a.content.decode()] for name, a in answers.items()},
    "versions": len(versions),
    "password": User.objects.get(username="ada").check_password("a password for tests alone"),
}))
"""


def test_its_history_still_opens_and_its_staff_still_sign_in(upgraded):
    pages = upgraded.pages
    assert {name: status for name, (status, _html) in pages.items()} == dict.fromkeys(pages, 200)
    assert pages["history"][1].count("Starter content") == 1
    compared = read_text(pages["compare"][1]).one(class_="comparison")
    added = [piece.text for piece in compared.all("ins")]
    for words in (", as an editor words them", "As of May", "Note for readers (English): Page 7"):
        assert any(words in piece for piece in added), (words, added)
    assert "Bring “Why it exists” back" in read_text(pages["recover"][1]).one("h1").text
    first = upgraded.first  # fields of before there were two languages, too
    returned = [first.get(f"{name}_en", first.get(name)) for name in ("title", "body")]
    assert upgraded.returned == returned, "History brings back what a version of then holds"
    assert upgraded.versions >= 3
    assert upgraded.password


def test_a_draft_in_flight_opens_and_publishes_what_it_said(upgraded):
    before, drafts = upgraded.before, upgraded.drafts
    held = {
        number: row
        for number, row in before.get("awareness_draft", {}).items()
        if row["revision_id"]
    }
    assert {int(number) for number in drafts} == held.keys()
    assert len(held) == (5 if "awareness_draft" in before else 0)
    for number, (table, key, form) in drafts.items():
        draft = held[int(number)]
        (said,) = [
            json.loads(version["serialized_data"])[0]["fields"]
            for version in before["reversion_version"].values()
            if version["revision_id"] == draft["revision_id"]
            and version["content_type_id"] == draft["content_type_id"]
        ]
        changed = json.loads(draft["changed"])
        shown = fields_of(read_text(form))
        assert [shown[name] for name in changed] == [said[name] for name in changed], form
        public, now = before[table][key], upgraded.published[table][key]
        assert all(now[name] == said[name] != public[name] for name in changed), draft["title"]
        differs = {name for name, value in public.items() if now.get(name, value) != value}
        moments = {"updated_at", "original_changed_at", "translation_changed_at"}
        english = {name.removesuffix("_en") for name in changed}
        assert differs <= {*changed, *english, *moments}, draft["title"]


def test_an_old_backup_comes_up_with_its_drafts(place):
    """By a real start."""
    begin(place, NAMES[-1])
    before = rows(place.file)["awareness_draft"]
    backup = place.backup()
    begin(place)
    place.restore(backup)
    with running_site(place.folder, WEB_CONCURRENCY="1") as site:
        assert "The database was brought up to date." in site.log
        assert "Starter content" not in site.log
        assert WORDS["/learn/signs/"] in get(site, "/learn/signs/")[1]
    after = rows(place.file)["awareness_draft"]
    assert {n: bool(row["copy"]) for n, row in after.items()} == {
        n: bool(row["revision_id"]) for n, row in before.items()
    }
    assert all(row["contributor_ids"] == before[n]["hands"] for n, row in after.items())


def test_the_second_start_changes_nothing(upgraded):
    assert upgraded.second_differs == []
    assert upgraded.said == ["The database was brought up to date.\n", ""]


ALERTS = """
import json
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from awareness.desk.alerts.models import Baseline
call_command("migrate", "awareness", "0005", verbosity=0)
state = MigrationExecutor(connection).loader.project_state(("awareness", "0005_confirmed_notices"))
old = lambda name: state.apps.get_model("awareness", name).objects
ContentType = state.apps.get_model("contenttypes", "ContentType")
kind = ContentType.objects.get(app_label="pages", model="helpline")
seen = lambda pk, number: {"pk": pk, "fields": {"number": number}, "live": True}
known = [seen(1, "one"), seen(2, "wrong again")]
old("Watch").create(content_type=kind, version=5, event=7, known=known)
for pk, before, who, confirmed in (
    (1, seen(1, "old"), "ann", True),
    (2, seen(2, "right"), "ann, bob", False),
    (2, seen(2, "wrong"), "", False),
    (3, seen(3, "deleted"), "ann", False),
):
    old("Notice").create(
        content_type=kind, object_id=pk, kind="changed", title="A line", before=before, who=who,
        confirmed=confirmed, letter=old("Letter").create(),
    )
call_command("migrate", verbosity=0)
number = lambda seen: seen and seen["fields"]["number"]
print(json.dumps([
    [b.object_id, number(b.confirmed), number(b.seen), bool(b.changed_at), b.who, b.event]
    for b in Baseline.objects.order_by("object_id")
]))
"""


@pytest.mark.slow
def test_alerts_of_before_lead_back_to_where_they_led(place):
    """They were three tables; no release had them."""
    begin(place)
    done = place.run("shell", "--no-imports", "-c", ALERTS)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == [
        [1, "one", "one", False, [], 7],
        [2, "right", "wrong again", True, ["", "ann", "bob"], 7],
        [3, "deleted", None, True, ["ann"], 7],
    ]
