"""What people type from a poster, or a message cuts, leads to the page that is meant: in one step,
and nowhere if there is none."""

import pytest
from django.core.exceptions import ValidationError

from awareness.web.addresses import tidied
from pages.models.section import is_taken
from tests import factories
from tests.content.test_old_addresses import GONE, answer, change, there
from tests.web.test_shared_links import sent

MEANT = {
    "/help/": "/HELP/ /Help /help. /help) /help/, /help/” /help” /en/help/ /EN/Help",
    "/es/help/": "/ES/help/ /Es/HELP. /es//help/ //es/help /es/help/¡ /es/“help”/",
    "/": "/en/ /EN // /. /”",
    "/es/": "/ES /es. /ES/",
    "/learn/": "/Learn /learn/… /learn\u200b/ /learn/>",
    "/statistics/data.csv": "/statistics/DATA.csv /statistics/data.csv/ /statistics/data.csv.",
    "/learn/signs/": "/learn/signs /Learn/Signs/ /learn/signs). /en/learn/signs /learn/signs/”",
    "/es/learn/signs/": "/ES/Learn/signs /es/learn/signs”, /es/learn//signs//",
    "/about/": "/About/ /ABOUT /about. /en/about/",
    "/updates/welcome/": "/updates/Welcome /updates/welcome/)",
    "/statistics/missouri/": "/statistics/Missouri/ /statistics/missouri,",
}


def wired(client, path):
    """As it comes over the wire: the test client would take //host for a host."""
    return answer(client, "/", PATH_INFO=path.encode().decode("latin-1"))


@pytest.mark.slow
def test_it_leads_to_the_page_that_is_meant_in_one_step(client, starter):
    factories.update(slug="welcome")
    for page, typed in MEANT.items():
        assert client.get(page).status_code == 200
        for path in typed.split():
            assert wired(client, path) == there(page), path
    assert answer(client, "/Statistics/Missouri/?from=2015") == there(
        "/statistics/missouri/?from=2015"
    )
    assert answer(client, "/learn//signs/?fbclid=x") == there("/learn/signs/")


def test_to_no_page_nor_to_what_is_not_live_it_leads_nobody(client, starter):
    factories.section(slug="draft", published=False)
    for path in (
        *("/No/Such/Page/", "/learn//nothing/", "/help/help.", "/en/no/", "/learn/Draft."),
        *("//evil.example/", "/\\evil.example/", "//EVIL.example/help/", "/Healthz/x", "/fr/help/"),
        *("/Admin/", "/ES/accounts/login/", "/admin./"),
    ):
        assert wired(client, path) == GONE, path
    assert client.post("/HELP/").status_code == 405


def test_a_page_whose_address_has_capitals_is_met_in_any_letters(client, db):
    factories.section(slug="FAQ")
    assert client.get("/learn/FAQ/").status_code == 200
    for path in ("/learn/faq/", "/LEARN/faq", "/learn/Faq."):
        assert answer(client, path) == there("/learn/FAQ/"), path


def test_an_old_address_with_a_slip_leads_on_in_the_same_step(client, db):
    change(factories.section(slug="old"), slug="new")
    change(factories.plain_page(slug="old-page"), slug="new-page")
    for path in ("/learn/OLD/", "/learn/old.", "/en/learn/old/", "/learn//old"):
        assert answer(client, path) == there("/learn/new/"), path
        assert answer(client, f"/es{path.removeprefix('/en')}") == there("/es/learn/new/"), path
    assert answer(client, "/Old-Page,") == there("/new-page/")


def test_no_new_page_takes_an_address_that_differs_in_capitals_alone(db):
    assert [is_taken(slug) for slug in ("HELP", "Es", "Static", "help-us")] == [True] * 3 + [False]
    with pytest.raises(ValidationError):
        factories.place(slug="Changes").full_clean()


def test_tidying_takes_no_time_whatever_is_sent():
    assert tidied("/" + "." * 200_000 + "a" + "." * 200_000) == "/a/"
    assert sent("/" + "/." * 100) == "/"
