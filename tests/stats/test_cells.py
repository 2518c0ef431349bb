"""One cell of a CSV: what it stands for, or why nobody can tell."""

import datetime

import pytest

from stats.cells import Unclear, day, number, orders, yes_or_no

DAY = datetime.date(2024, 12, 31)


def test_a_number(subtests):
    for cell, value in [
        ("", None),
        ("0", 0),
        ("1103", 1103),
        ("-5", -5),
        ("1,103", 1103),
        ("1 103", 1103),
        ("1\u00a0103\u00a0000", 1_103_000),
        ("399,494", 399_494),
        ("0" * 30 + "5", 5),
    ]:
        with subtests.test(cell=cell, value=value):
            assert number(cell) == value


NEITHER = r"is not a whole number|can be read in two ways"


def test_what_is_no_number(subtests):
    for cell in [
        *("1.103", "1.5", "11,03", "1,1034", "1103,000", "1,103 000"),
        *("1e3", "٣", "NaN", "x", "9" * 5000),
    ]:
        with subtests.test(cell=cell), pytest.raises(Unclear, match=NEITHER):
            number(cell)


def test_a_day():
    for cell in ("2024-12-31", "12/31/2024", "31/12/2024", "12/31/24", "31/12/24"):
        assert day(cell) == DAY, cell


def test_a_day_that_could_be_two_is_read_as_its_file_is():
    december, july = datetime.date(2007, 12, 7), datetime.date(2007, 7, 12)
    for cell in ("12/7/2007", "12/07/07"):
        assert (day(cell, "month"), day(cell, "day")) == (december, july), cell
    assert day("5/5/2020") == day("5/5/2020", "day") == datetime.date(2020, 5, 5)
    assert day("2007-12-07", "day") == december


def test_one_day_proves_how_the_others_are_written():
    for cells, proven in {
        ("12/7/2007", "12/31/2021", "2022-01-13"): {"month": "12/31/2021"},
        ("12/7/07", "1/13/08"): {"month": "1/13/08"},
        ("7/12/2007", "31/12/2021"): {"day": "31/12/2021"},
        ("12/7/2007", "5/5/2020", "2021-12-31", "13/13/2020", "", "12/31/99"): {},
        ("12/31/2021", "31/12/2021"): {"month": "12/31/2021", "day": "31/12/2021"},
    }.items():
        assert orders(cells) == proven, cells


def test_what_is_no_day():
    two = "“1/7/2026” could be 2026-01-07 or 2026-07-01. Write the one you mean."
    none = "“{}” is not a date. Write it like this: 2024-12-31."
    for cell, sentence in {
        "1/7/2026": two,
        "2024-02-30": "“2024-02-30” is not a date on the calendar.",
        **{cell: none.format(cell) for cell in ("", "13/13/2024", "20241231", "12/31/99")},
        "12/31/06": none.format("12/31/06"),  # too early
    }.items():
        with pytest.raises(Unclear) as unclear:
            day(cell)
        assert str(unclear.value) == sentence


def test_yes_or_no():
    assert [yes_or_no(cell) for cell in ("yes", "NO", "")] == [True, False, True]
    with pytest.raises(Unclear):
        yes_or_no("1")
