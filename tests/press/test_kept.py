"""What is drawn is drawn once, and nobody who reads a page waits for it."""

import os
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from awareness.press import kept as press
from awareness.press.kept import answer, kept
from stats.models import Figure
from tests.site import until

QUERY = "/statistics/chart.png?place=US-MO&measure=cases"


@pytest.fixture
def folder(settings):
    return settings.VAR_DIR / "press"


def pictures(folder):
    return {path: path.stat().st_ino for path in folder.glob("*.png")}


def test_it_is_drawn_once_and_anew_when_a_figure_or_a_template_changes(
    client, starter, folder, monkeypatch
):
    first = client.get(QUERY)
    (file,) = there = pictures(folder)
    assert (first.content, file.read_bytes()[:4]) == (file.read_bytes(), b"\x89PNG")
    assert client.get(QUERY).content == first.content
    assert pictures(folder) == there
    Figure.objects.filter(place__code="US-MO", value=272).update(value=274)
    assert client.get(QUERY).content != first.content
    assert len(pictures(folder)) == 2
    monkeypatch.setattr(press, "look", lambda: "of another version of the site")
    client.get(QUERY)
    assert len(pictures(folder)) == 3


def test_the_oldest_go_and_no_name_of_a_group_drives_others_out(folder, monkeypatch):
    monkeypatch.setattr(press, "MOST", {"press": 2, "groups": 1})
    monkeypatch.setattr(press, "PAUSE", 0)
    monkeypatch.setattr(press, "draw", lambda *asked: b"drawn")
    folder.mkdir()
    for age, name in enumerate("abc"):
        (folder / f"{name}.png").touch()
        os.utime(folder / f"{name}.png", (9 - age, 9 - age))
    press.store(folder / "d.png", b"drawn")
    for n in range(3):
        kept("sheet", "png", {"group": f"Us {n}"})
    assert sorted(path.name for path in pictures(folder)) == ["a.png", "d.png"]
    assert len(pictures(folder / "groups")) == 1


def test_between_two_with_names_is_a_pause_in_which_others_are_drawn(folder, monkeypatch):
    monkeypatch.setattr(press, "draw", lambda *asked: b"drawn")
    monkeypatch.setattr(press, "PAUSE", 60)
    slept = []
    monkeypatch.setattr(press.time, "sleep", slept.append)
    kept("sheet", "png", {"group": "Us"})
    kept("sheet", "png", {"group": "Us"})
    kept("sheet", "png", {"group": ""})
    assert len(slept) == 1  # of a folder that is new
    kept("sheet", "png", {"group": "Them"})
    assert 50 < slept[1] <= 60
    os.utime(folder / "groups", (time.time() + 9999, time.time() + 9999))  # a clock put back
    kept("sheet", "png", {"group": "They"})
    os.utime(folder / "groups", (1, 1))
    kept("sheet", "png", {"group": "You"})
    assert slept[2:] == [60, 0]


def test_two_wait_and_others_are_told_to_come_again(folder):
    data = {"words": "x"}
    folder.mkdir()
    with ThreadPoolExecutor(2) as threads, press.turn(folder):
        waiting = [threads.submit(kept, "nothing", "png", data) for _ in range(2)]
        places = press.WAITING["press"]
        until(lambda: not places.acquire(blocking=False) or places.release())
        response = answer("nothing", "png", data)
        assert (response.status_code, response["Retry-After"]) == (503, "5")
        assert "try again in a few seconds" in response.content.decode()
    assert all("nothing.typ could not be drawn" in str(one.exception()) for one in waiting)
