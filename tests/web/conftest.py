import pytest

from tests.site import running_site


@pytest.fixture(scope="session")
def logged_site(make_folder):
    """A site with its access log on, whose format asks for more than it gets."""
    log = "--access-logfile=- --access-logformat='%(h)s %({x-forwarded-for}i)s %(m)s %(U)s'"
    with running_site(make_folder(), GUNICORN_CMD_ARGS=log) as site:
        yield site
