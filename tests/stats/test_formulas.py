"""No text is run as a formula, and each comes back as it was."""

import csv
import io
import re

from hypothesis import given
from hypothesis import strategies as st

from stats import downloads
from stats.formulas import STARTS, plain, safe

AWKWARD = st.from_regex(r"'{0,3}[=+\-@\t\r]?.*(;'{0,3}[=+\-@\t\r;]?.*)*", fullmatch=True)
CUTS = re.compile(r"[;|\t\r\n]")  # where a spreadsheet may cut, whatever the comma means to it
ODD = ["", "a", "=1", "'=1", "''@x", "\tx", "\rx", "'", "'a'", "-", "'-1", "'+1", "'\t", "'\r"]
ODD += ["a;=1", "a;'=1", ";;=1", "a|@x", "a\n=1", "\t=1", "a;b", "a; =1", "1;-1;-1"]


@given(st.text() | AWKWARD)
def test_a_text_is_safe_and_comes_back(text):
    assert not any(cell.startswith(("=", "+", "-", "@")) for cell in CUTS.split(safe(text)))
    assert not safe(text).startswith(STARTS)
    assert plain(safe(text)) == text


@given(
    st.text(st.characters(exclude_characters=";|\t\r\n"))
    | st.from_regex("['\"]*[=+@-]", fullmatch=True)
)
def test_what_no_spreadsheet_cuts_is_changed_at_its_start_alone(text):
    assert safe(text) in (text, f"'{text}")


QUOTED = st.text('""==;;|\'@a\n', max_size=12)


@given(QUOTED)
def test_no_other_mark_between_cells_finds_a_formula(text):
    file = io.StringIO()
    csv.writer(file).writerow(["a", safe(text)])
    for mark in ";|\t":
        rows = csv.reader(io.StringIO(file.getvalue(), newline=""), delimiter=mark)
        assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row)
    assert plain(safe(text)) == text


@given(st.text() | AWKWARD)
def test_a_cell_that_is_safe_stays_as_it_is(text):
    cell = safe(text)
    assert safe(plain(cell)) == cell


def test_the_public_file_has_it_in_the_same_way(subtests):
    for text in ODD:
        with subtests.test(text=text):
            assert plain(downloads.cell_text({"note": text}, "note")) == text
