"""A real server, a real Chromium. No test here touches the database: the editor's hands do."""

import contextlib
import sqlite3

import pytest
from playwright.sync_api import sync_playwright

from tests.browser import chromium, crawl
from tests.browser.signing_in import come_in
from tests.site import Site, running_site

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


def pytest_collection_modifyitems(items):
    for item in items:
        if "/browser/" in item.path.as_posix():
            item.add_marker(pytest.mark.browser)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    page = item.funcargs.get("page")
    if report.when == "call" and report.failed and page and not page.is_closed():
        report.sections.append(("What the page showed", f"{page.url}\n{page.inner_text('body')}"))
    return report


# What the nonprofit adds: its logo, pictures, news, a date, and what it asks for.
OWN = """
from django.utils import timezone
from pages.models import Section, SiteSettings
from tests import factories
image = factories.picture(file=factories.photo((1600, 1200)), alt_es="Un cartel en una ventana.")
logo = factories.picture(file=factories.photo((300, 100)), decorative=True, alt="")
SiteSettings.objects.update(logo=logo)
Section.objects.filter(slug__in=["who-survivors-are", "about"]).update(picture=image)
soon = timezone.now() + 9 * factories.DAY
factories.update(title="Posters go up in forty truck stops along Interstate 70", picture=image)
factories.update(title="Training", starts_at=soon, ends_at=soon + factories.DAY, picture=image)
factories.update(title="A new page for hotels")
amounts = [(20, False, "puts up posters"), (40, False, "trains one clerk"), (15, True, "a line")]
where = {"url": "https://give.example/?amount={amount}", "button": "Give today"}
factories.appeal(amounts, heading="Forty dollars put a poster up", picture=image, **where)
"""


# What it may hold at most: above every page that is looked at here, and long in Spanish.
NOTICE = """
INSERT INTO pages_notice (published, publish_at, updated_at, expire_at, urgent, page,
    translation_reviewed_by, text, text_en, text_es, help_line_id)
SELECT 1, datetime('now', '-1 hour'), datetime('now'), datetime('now', '+1 day'), 1, '', '',
    ?1, ?1, ?2, min(id) FROM pages_helpline WHERE kind = 'call'
"""
WORDS = "The hotline’s text line is down today; call. Interpreters are there."
SPANISH = (
    "Hoy no funcionan los mensajes de texto de la línea nacional contra la trata de personas. Por "
    "favor llame: contestan a toda hora, en español y en más de doscientos idiomas, y es gratis."
)


PEOPLE = """
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group, User
password = make_password({password!r})  # once: that takes its time
User.objects.create(username="editor", password=password, is_staff=True, is_superuser=True)
for name in {names}:
    user = User.objects.create(username=name, password=password, is_staff=True)
    user.groups.add(Group.objects.get(name="Editor" if name == "ann" else "Publisher"))
"""
FEWER = "UPDATE pages_section SET published = 0 WHERE position > 20 AND kind IN ('word', 'myth')"
# Home draws no copies: before the first year that it draws today, there is then a gap in words.
EARLIER = """
INSERT INTO stats_figure ({0}, first_day, last_day, value)
SELECT {0}, '2009-01-01', '2009-12-31', 40 FROM stats_figure WHERE id = (
    SELECT f.id FROM stats_figure f JOIN stats_place p ON p.id = f.place_id
    JOIN stats_measure m ON m.id = f.measure_id
    WHERE p.code = 'US-MO' AND m.code = 'cases' AND f.first_day = '2018-01-01'
)
"""
NAMES = ["ann", "bob", "cleo", *("with-script", "without", "with-passkey", "keyboard", "looker")]


@pytest.fixture(scope="package")
def site(make_folder, for_all_workers):
    """As `make run` leaves it, DEBUG off, with fewer words and myths; and staff, and a notice."""
    filled = for_all_workers("filled", lambda _folder: fill(make_folder()))
    with running_site(make_folder(filled)) as site:
        find_addresses(for_all_workers, site)  # before any test publishes more
        yield site


def fill(folder):
    with sqlite3.connect(folder / "db.sqlite3") as database:
        database.execute(FEWER)
        columns = {row[1] for row in database.execute("PRAGMA table_info(stats_figure)")}
        kept = columns - {"id", "first_day", "last_day", "value"}
        database.execute(EARLIER.format(", ".join(kept)))
    site = Site(folder, port=0, variables={"VAR_DIR": str(folder)})
    code = PEOPLE.format(password=site.password, names=NAMES) + OWN
    site.manage("shell", "--no-imports", "-c", code)
    site.ask(NOTICE, WORDS, SPANISH)
    return folder


@pytest.fixture(scope="package")
def answers(site, for_all_workers):
    """{address: (status, headers)} of all that the site itself leads a visitor to."""
    return find_addresses(for_all_workers, site)


def find_addresses(for_all_workers, site):
    return for_all_workers("crawl", lambda _folder: crawl.answers(site))


@pytest.fixture(scope="package")
def addresses(answers):
    return [*answers]


@pytest.fixture(scope="package")
def paths(addresses):
    """{language: an address of each template}"""
    spanish = [path for path in addresses if path.startswith("/es/")]
    in_each = {"en": [path for path in addresses if path not in spanish], "es": spanish}
    return {code: crawl.templates(sorted(those)) for code, those in in_each.items()}


@pytest.fixture(scope="package")
def launch():
    """For this folder alone: while it lives, Django's database cannot be used in this process."""
    with sync_playwright() as playwright:

        def launch(whole=False, **options):
            path = chromium.find(whole)
            assert path, "There is no Chromium here: `make test` looks for one, or installs it."
            return playwright.chromium.launch(executable_path=path, args=ARGUMENTS, **options)

        yield launch


@pytest.fixture(scope="package")
def browser(launch):
    with launch() as browser:
        yield browser


@pytest.fixture(scope="package")
def whole_browser(launch):
    """With all that a visitor's has; what only draws pages is quicker."""
    with launch(whole=True) as browser:
        yield browser


@pytest.fixture(scope="package")
def keeping_browser(launch):
    """Keeps pages for the Back button, as a visitor's does; test drivers switch that off."""
    with launch(whole=True, ignore_default_args=["--disable-back-forward-cache"]) as browser:
        yield browser


@pytest.fixture
def problems():
    """What a page did that no page may do; the test fails if anything is left in it at the end.

    A test that means to ask for a missing page clears it: `problems.clear()`.
    """
    return []


@contextlib.contextmanager
def watched(site, browser, problems):
    """`open_page(viewport=..., color_scheme=...)`: a page of a new visitor, watched.

    `allow` is an address outside of the site that it may go to, `using` another browser.
    """
    contexts = []

    def open_page(allow="none:", using=browser, **options):
        context = using.new_context(base_url=site.url, **options)
        context.set_default_timeout(90_000)  # it may share its cores with other tests
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda m: m.type == "error" and problems.append(f"console: {m.text}"))
        page.on("pageerror", lambda error: problems.append(f"script: {error}"))
        page.on(
            "request", lambda r: is_own(site, r.url, allow) or problems.append(f"asked: {r.url}")
        )
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert problems == []


@pytest.fixture
def open_page(site, browser, problems):
    with watched(site, browser, problems) as open_page:
        yield open_page


def is_own(site, url, allow):
    return url.startswith((f"{site.url}/", "data:", "blob:", "about:", allow))


@pytest.fixture
def page(open_page):
    return open_page()


@pytest.fixture
def no_js_page(open_page):
    return open_page(java_script_enabled=False)


@pytest.fixture
def staff(site, page):
    """A page of somebody who has signed in."""
    come_in(page, site.username, site.password)
    return page
