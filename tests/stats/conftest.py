import pytest
from hypothesis import settings

from tests.html import read

settings.register_profile("busy machine", deadline=None)
settings.load_profile("busy machine")
_pages = {}


@pytest.fixture
def pages(client, starter):
    """{place: its page of a new site}: made once, for tests that only read."""
    if not _pages:
        for place, slug in (("US", "united-states"), ("US-MO", "missouri")):
            _pages[place] = read(client.get(f"/statistics/{slug}/"))
    return _pages
