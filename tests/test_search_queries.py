"""What people type, and the page that must come first: tests/queries.toml."""

from django.utils import translation

from awareness.content.starter import read_toml
from awareness.search import search
from tests.environment import ROOT

QUERIES = read_toml(ROOT / "tests" / "queries.toml")["queries"]


def test_each_search_leads_first_to_the_page_that_is_meant(starter):
    assert len(QUERIES) >= 60
    wrong = []
    for query in QUERIES:
        with translation.override(query["language"]):
            found = search(query["words"])
        line = found[0].line if found else None
        first = line.href if line else found[0].url.removeprefix("/es") if found else "nothing"
        if not first.startswith(query["first"]):
            wrong.append(f"{query['words']}: {first}, not {query['first']}")
    assert wrong == []
