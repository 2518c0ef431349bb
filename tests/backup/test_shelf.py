"""The folder of backups: which stay, and what the first page says of the newest."""

import datetime
import itertools
import shutil

import pytest
from django.contrib.auth.models import User

from awareness.accounts.second_step import HAS
from awareness.backup import shelf
from awareness.dashboard import cards, last_backup
from tests.html import read
from tests.test_dashboard import NOW, person

DAY = datetime.timedelta(days=1)
HOUR = datetime.timedelta(hours=1)
NOON = datetime.datetime(2026, 11, 24, 12, tzinfo=datetime.UTC)


def nightly(nights, until=NOON):
    return [until - n * DAY for n in reversed(range(nights))]


def last_of(months, until=NOON):
    """The last of each month before this one, one a month."""
    found, day = [], until
    for _ in range(months):
        day = day.replace(day=1) - DAY
        found.append(day)
    return found[::-1]


KEPT = [
    ("none", [], 14, []),
    ("the only one, whatever its age", [NOON - 4000 * DAY], 1, [NOON - 4000 * DAY]),
    ("a fortnight of nights", nightly(14), 14, nightly(14)),
    (
        "and the last of each month before it",
        nightly(100),
        14,
        [*last_of(3), *nightly(14)],
    ),
    ("twelve months in all", nightly(800), 14, [*last_of(11), *nightly(14)]),
    ("all of a day, not the last alone", [NOON, NOON + HOUR], 1, [NOON, NOON + HOUR]),
    (
        "days that have one are counted, not days from now",
        [NOON - 300 * DAY, NOON - 299 * DAY],
        14,
        [NOON - 300 * DAY, NOON - 299 * DAY],
    ),
    (
        "a clock that leapt ahead throws nothing away that would have stayed",
        [*nightly(13), NOON + 20_000 * DAY],
        14,
        [*nightly(13), NOON + 20_000 * DAY],
    ),
]


def test_which_stay():
    for why, found, days, kept in KEPT:
        gone = [when for (when,) in shelf.superfluous([(when,) for when in found], days)]
        assert sorted(set(found) - set(gone)) == kept, why


def test_the_newest_always_stays():
    """Whatever else there is, and in whatever order it is found."""
    moments = [NOON + n * 7 * HOUR for n in range(6)] + nightly(3, NOON - 400 * DAY)
    for size in range(1, 5):
        for found in itertools.permutations(moments, size):
            gone = shelf.superfluous([(when,) for when in found], 1)
            assert (max(found),) not in gone


def put(folder, *moments):
    folder.mkdir(exist_ok=True)
    for when in moments:
        (folder / shelf.name_of(when, False)).write_bytes(b"x")


def test_what_it_did_not_make_is_never_thrown_away(tmp_path):
    """Names that are nearly ours, folders, links; and nothing that a link leads to."""
    strange = [
        "aware-missouri-2020-01-01T000000Z.tar",
        "aware-missouri-2020-01-01T000000Z.tar.gz.part",
        "aware-missouri-2020-01-01T000000Z.tar.gz.age.bak",
        "aware-missouri-2020-13-41T000000Z.tar.gz",
        "aware-missouri-2020-01-01.tar.gz",
        "copy of aware-missouri-2020-01-01T000000Z.tar.gz",
        "notes.txt",
    ]
    for name in strange:
        (tmp_path / name).write_bytes(b"x")
    folder = tmp_path / "aware-missouri-2020-01-02T000000Z.tar.gz"
    folder.mkdir()
    link = tmp_path / "aware-missouri-2020-01-03T000000Z.tar.gz"
    link.symlink_to(tmp_path / "notes.txt")
    put(tmp_path, *nightly(60))
    gone = shelf.tidy(tmp_path, 2)
    assert len(gone) == 56  # two days stay, and the last of September and October
    left = {path.name for path in tmp_path.iterdir()}
    assert {*strange, folder.name, link.name} <= left
    assert len(left) == len(strange) + 2 + 4


def test_what_was_just_made_stays_although_others_look_newer(tmp_path):
    put(tmp_path, *nightly(3))
    made = min(tmp_path.iterdir())
    assert made not in shelf.tidy(tmp_path, 1, made)
    assert made.exists()


# --- What the first page says -----------------------------------------------------------


@pytest.fixture
def public(settings):
    settings.IS_LOCAL = False
    settings.BACKUP_DIR.mkdir(parents=True)
    return settings.BACKUP_DIR


def warned(user):
    return [
        (entry.title, entry.detail)
        for card in cards(user, NOW)
        if card.key == "backup"
        for entry in card.entries
    ]


AGES = [
    (HOUR, "Last backup: today, 11 a.m.", False),
    (DAY, "Last backup: October 8, 2025, 1 day ago", False),
    (2 * DAY, "Last backup: October 7, 2025, 2 days ago", False),
    (2 * DAY + HOUR, "Last backup: October 7, 2025, 2 days ago", True),
    (400 * DAY, "Last backup: September 4, 2024, 400 days ago", True),
]


def test_its_age_is_said_and_after_two_days_there_is_a_warning(db, public):
    """One from tomorrow, made while the clock was wrong, does not look new for ever."""
    boss = User.objects.create_superuser("boss")
    put(public, NOW + 300 * DAY)
    assert [title for title, _detail in warned(boss)] == ["There is no backup"]
    for age, words, late in reversed(AGES):  # the newest counts
        put(public, (NOW - age).astimezone(datetime.UTC))
        assert last_backup(boss, NOW) == words
        assert warned(boss) == ([("The last backup is too old", words)] if late else []), words


def test_none_that_can_be_seen_is_none(db, public, monkeypatch):
    boss = User.objects.create_superuser("boss")
    none = [("There is no backup", "There should be one every night")]
    assert warned(boss) == none, "an empty folder"
    (public / shelf.name_of(NOW - HOUR, True)).touch()
    (public / f"{shelf.name_of(NOW - HOUR, True)}.part").write_text("half")
    assert warned(boss) == none, "half of one"
    with monkeypatch.context() as patched:  # for root too

        def refused(folder):
            raise PermissionError(13, "Permission denied")

        patched.setattr("os.scandir", refused)
        assert warned(boss) == none, "unreadable"
    shutil.rmtree(public)
    assert warned(boss) == none, "no folder"
    public.write_text("in the way")
    assert warned(boss) == none, "a file"


def test_on_ones_own_machine_nobody_is_warned(db, settings):
    assert settings.IS_LOCAL
    boss = User.objects.create_superuser("boss")
    assert warned(boss) == []
    assert last_backup(boss, NOW) == ""
    put(settings.BACKUP_DIR, NOW - 400 * DAY)
    assert warned(boss) == []
    assert last_backup(boss, NOW) == "Last backup: September 4, 2024, 400 days ago"


def test_those_who_publish_are_told_and_nobody_else(client, db, public):
    put(public, datetime.datetime(2024, 9, 4, 12, tzinfo=datetime.UTC))
    said = "Last backup: September 4, 2024"
    for role, told in (("Publisher", True), ("Editor", False)):
        user = person(role)
        assert bool(warned(user)) is told
        client.force_login(user)
        session = client.session
        session[HAS] = True  # the second step, which a public site asks for
        session.save()
        page = read(client.get("/admin/"))
        found = [line.text for line in page.all("p", class_="desk-backup")]
        assert [line.startswith(said) for line in found] == [True] * told
        card = [each for each in page.all("section") if each.attrs.get("id") == "desk-backup"]
        assert len(card) == told
        if told:
            assert card[0].one("strong").text == "The last backup is too old"
            assert card[0].all("a") == []
