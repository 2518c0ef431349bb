"""Mozilla's Observatory gives every public answer 130 or more, and every one of the staff's 100."""

import contextlib
import http.client

import pytest
from django.test import Client

from awareness.desk import preview
from pages.models import Section
from tests import factories, observatory, public, staff
from tests.desk.test_admin import address, fill
from tests.html import read
from tests.site import PATIENCE, running_site


class Secure:
    """A client whose every request comes by https."""

    def __init__(self, client):
        self.client = client

    def get(self, address, **options):
        return self.client.get(address, secure=True, **options)

    def post(self, address):
        return self.client.post(address, secure=True)


@pytest.fixture
def https(settings):
    settings.SITE_URL = "https://testserver"
    settings.ALLOWED_HOSTS = ["testserver"]
    settings.SECURE_SSL_REDIRECT = settings.CSRF_COOKIE_SECURE = True
    settings.SESSION_COOKIE_SECURE = True
    settings.SECURE_HSTS_SECONDS = 365 * 24 * 3600
    preview.handler.cache_clear()  # it reads the settings once, as long as a process lives
    yield
    preview.handler.cache_clear()


def body_of(response):
    return b"".join(response) if response.streaming else response.content


def short(answers, least, editor=()):
    """{address: what is wrong} of those that score less or break a promise."""
    wrong = {}
    for name, response in answers.items():
        sent = observatory.sent_by(response)
        points = observatory.score(sent, body_of(response).decode("utf-8", "replace"))
        is_embed = name.removeprefix("/es").startswith("/embed/")
        problems = observatory.broken_promises(sent, name in editor, is_embed)
        if points < least or problems:
            wrong[name] = (points, problems)
    return wrong


@pytest.mark.django_db(transaction=True)
@pytest.mark.slow
def test_every_public_answer_scores_130(https, client, starter):
    answers = public.visit(Secure(client))
    assert short(answers, 130) == {}
    assert all(response.cookies == {} for response in answers.values())
    assert {"/es/", "/statistics/data.zip", "/healthz", "/robots.txt"} <= answers.keys()


OTHER_ANSWERS = {
    "/learn": 301,
    "/?utm_source=x": 301,
    "/favicon.ico": 302,
    "/no/such/page/": 404,
    "/es/no/such/page/": 404,
    "/statistics/data.csv?place=nowhere": 400,
    "/statistics/chart.svg": 400,
    "/statistics/data.json?from=2015&all=1": 200,
    "/static/css/staff.css": 200,
    "/static/no-such-file.css": 404,
    "/media/no-such-file.png": 404,
    "/learn/first/": 301,
}


@pytest.fixture
def moved(starter):
    row = factories.section(slug="first")
    row.slug = "second"
    row.save()


def test_so_does_every_other(https, settings, client, moved, subtests):
    for where in OTHER_ANSWERS:
        with subtests.test(where=where):
            settings.WHITENOISE_USE_FINDERS = settings.WHITENOISE_AUTOREFRESH = True
            response = client.get(where, secure=True)
            assert response.status_code == OTHER_ANSWERS[where]
            assert short({where: response}, 130) == {}


def broken(request):
    raise ZeroDivisionError


def test_so_do_the_error_pages(https, settings, client, starter):
    answers = {
        name: client.get("/", secure=True, headers={"host": host})
        for name, host in {"400": "forged.example", "none": "/"}.items()
    }
    answers["405"] = client.post("/", secure=True)
    settings.ROOT_URLCONF = "tests.test_errors"
    client.raise_request_exception = False
    answers["500"] = client.get("/broken/", secure=True)
    assert [response.status_code for response in answers.values()] == [400, 400, 405, 500]
    assert short(answers, 130) == {}


def test_so_does_what_django_answers_before_its_own_headers(https, client, starter):
    """Over http a forged host is refused in the midst of Django's own middleware."""
    response = client.get("/", headers={"host": "forged.example"})
    assert response.status_code == 400
    sent = [*observatory.sent_by(response), ("Strict-Transport-Security", "max-age=31536000")]
    assert observatory.broken_promises(sent) == []  # by http nobody may promise https


@pytest.mark.parametrize("where", ["/", "/help/?page=2", "/admin/", "/static/img/mark.svg"])
def test_http_leads_to_https_on_the_same_host(https, client, where):
    response = client.get(where)
    assert (response.status_code, response["Location"]) == (301, f"https://testserver{where}")
    assert response.cookies == {}


# --- The staff's pages -----------------------------------------------------------------------


@pytest.fixture
def draft(publisher, starter):
    """Something in progress, so that the pages about it have something to show."""
    row = Section.objects.first()
    fill(publisher, address(Section, "change", row.pk), "_draft", title_en="Another")
    return row


def signed_in_by_https(user):
    client = Client()
    client.force_login(user)
    return client


# One of each kind; all have their headers from one middleware, and who may ask for which is in
# tests/accounts/test_access.py.
STAFF_ANSWERS = {
    "/admin/": 200,
    "/admin/pages/section/": 200,
    "/admin/pages/section/add/": 200,
    "/admin/pages/helpline/add/": 200,
    "/admin/pages/section/999/change/": 302,
    "/admin/jsi18n/": 200,
    "/admin/no/such/page/": 404,
    "/admin/password_change/": 302,
    "/accounts/": 200,
    "/es/accounts/": 200,
}


def test_every_answer_to_staff_scores_100(draft, admin_user, https):
    client, form = signed_in_by_https(admin_user), address(Section, "change", draft.pk)
    answers = {path: client.get(path, secure=True) for path in STAFF_ANSWERS}
    assert {path: answer.status_code for path, answer in answers.items()} == STAFF_ANSWERS
    answers[form] = client.get(form, secure=True)
    below = [p for p in staff.links_of(answers[form], form) if p.startswith(f"{form[:-7]}")]
    assert any("preview" in path for path in below)
    answers |= {path: client.get(path, secure=True) for path in below}
    editor = {name for name, answer in answers.items() if b"ckeditortype" in body_of(answer)}
    assert {form, "/admin/pages/section/add/"} <= editor
    assert short(answers, 100, editor) == {}
    assert {name for answer in answers.values() for name in answer.cookies} >= {"csrftoken", "kept"}


def sign_in(client, name, password):
    """Through whatever page an unknown visitor of the staff's pages is led to."""
    page = client.get("/admin/", secure=True, follow=True)
    form = next(form for form in read(page).all("form") if form.all("input", type="password"))
    typed = {}
    for field in form.all("input"):
        if field.attrs.get("name"):
            typed[field.attrs["name"]] = {
                "text": name,
                "email": name,
                "password": password,
            }.get(field.attrs.get("type", "text"), field.attrs.get("value", ""))
    address = form.attrs.get("action") or page.wsgi_request.path
    return page, client.post(address, typed, secure=True)


def test_so_does_every_answer_to_whoever_is_not_signed_in(https, starter):
    answers = {path: Client().get(path, secure=True) for path in STAFF_ANSWERS}
    assert {answer.status_code for answer in answers.values()} <= {200, 302, 404}
    answers["page"], answers["refused"] = sign_in(Client(), "nobody", "nothing")
    assert "csrftoken" in answers["page"].cookies
    assert "sessionid" not in answers["refused"].cookies
    checked = Client(enforce_csrf_checks=True)
    answers["forged"] = checked.post("/admin/login/", {"username": "x"}, secure=True)
    assert answers["forged"].status_code == 403
    assert short(answers, 100) == {}


def test_so_does_signing_in_and_out(https, client, admin_user):
    _page, came = sign_in(client, "admin", "password")
    assert came.cookies["sessionid"]["httponly"]
    went = client.post("/admin/logout/", secure=True)
    assert short({"in": came, "out": went}, 100) == {}


def test_passkeys_are_for_the_staffs_pages_alone(client, admin_client, starter):
    keys = {f"publickey-credentials-{what}" for what in ("get", "create")}
    for answer, said in [(client.get("/"), "()"), (admin_client.get("/admin/"), "(self)")]:
        features = dict(part.split("=") for part in answer["Permissions-Policy"].split(", "))
        assert {name for name, allowed in features.items() if allowed == said} >= keys
        assert {allowed for name, allowed in features.items() if name not in keys} == {"()"}


# --- A real server: pages from memory, what never reaches Django, files ------------------------


@pytest.fixture(scope="module")
def site(make_folder):
    variables = {"SITE_URL": "https://www.example.org", "TRUSTED_PROXIES": "127.0.0.1"}
    with running_site(make_folder(), **variables) as site:
        yield site


def ask(site, path, method="GET", **headers):
    """As nginx in front of it asks."""
    connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=PATIENCE)
    ours = {"Host": "www.example.org", "X-Forwarded-Proto": "https", "X-Forwarded-For": "192.0.2.1"}
    with contextlib.closing(connection):
        connection.request(method, path, headers={**ours, **headers})
        response = connection.getresponse()
        return response, response.read()


SERVED = {
    "from memory": ("/help/", {}, 200),
    "from memory, compressed": ("/es/", {"Accept-Encoding": "br"}, 200),
    "known already": ("/", {"If-None-Match": "*"}, 304),
    "file": ("/static/img/mark.svg", {}, 200),
    "picture": ("/statistics/chart.png?place=US-MO&measure=cases", {}, 200),
    "no page": ("/no/such/page/", {}, 404),
    "forged host": ("/", {"Host": "evil.example"}, 400),
    "overlong": (f"/?{'a' * 10_000}", {}, 400),
    "header that is none": ("/", {"Content-Length": "-1"}, 400),
}


def test_the_real_server_says_so_too(site, subtests):
    for name in SERVED:
        with subtests.test(name=name):
            path, headers, status = SERVED[name]
            response, body = ask(site, path, **headers)
            sent = observatory.sent_by(response)
            assert response.status == status
            assert observatory.score(sent, body.decode("latin-1")) >= 130
            assert observatory.broken_promises(sent) == []
            assert response.getheader("Set-Cookie") is None


def test_by_https_cookies_belong_to_this_very_host(site):
    where = "/admin/"
    while True:  # to the page for signing in
        response, body = ask(site, where)
        sent = observatory.sent_by(response)
        assert observatory.score(sent, body.decode()) >= 100
        assert observatory.broken_promises(sent) == []
        if response.status == 200:
            break
        where = response.getheader("Location")
    cookies = observatory.values(sent, "Set-Cookie")
    assert any(cookie.startswith("__Host-csrftoken=") for cookie in cookies)
    for cookie in cookies:
        assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(cookie.split("; "))
        assert "Domain" not in cookie


def test_whoever_is_signed_in_is_known_by_that_cookie(site):
    """And gets no page from memory."""
    answers = [ask(site, "/help/", Cookie=f"{name}=x")[0] for name in ("a", "__Host-sessionid")]
    assert [answer.getheader("ETag") is None for answer in answers] == [False, True]
