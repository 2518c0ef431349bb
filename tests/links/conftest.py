import pytest

from tests.links.web import serving


@pytest.fixture
def web():
    with serving() as made:
        yield made
