"""What is said of another site's address: real servers on this machine, and a real network card."""

import ipaddress
import socket
import time

from awareness.links.elsewhere import Elsewhere, Fault, is_public, is_this
from tests.links.web import certificate, serving

FINE = ("", None, "")
SILENT = (Fault.SILENT, None, "")
PRIVATE = (Fault.PRIVATE, None, "")


def test_what_answers_is_asked_once_without_its_body_by_somebody_with_an_address(web, settings):
    web.pages["/a?b=1"] = (200, {})
    assert web.look("/a?b=1") == FINE
    assert web.asked == [("HEAD", "/a?b=1")]
    assert web.headers == {
        "Host": f"127.0.0.1:{web.port}",
        "User-Agent": f"AwareMissouri-LinkCheck/1.0 (+{settings.SITE_URL})",
        "Accept": "*/*",
        "Accept-Encoding": "identity",
        "Connection": "close",
    }


def test_what_is_said_against_an_address_get_has_said_too(web):
    for status in (400, 404, 405, 410, 500, 501, 503):
        web.pages[f"/{status}"] = (status, {})
        web.pages[f"/head{status}"] = lambda asked, status=status: (
            (status if asked.command == "HEAD" else 200, {})
        )
        assert web.look(f"/{status}") == (Fault.STATUS, status, "")
        assert web.look(f"/head{status}") == FINE, status
    web.pages["/silent"] = lambda asked: None if asked.command == "HEAD" else (200, {})
    assert web.look("/silent") == FINE


def test_what_is_not_for_programs_is_there(web):
    for status in (401, 402, 403, 406, 429, 451, 999):
        web.pages["/members"] = (status, {})
        assert web.look("/members") == FINE, status


def test_letters_that_no_request_may_have_are_written_as_the_web_does(web):
    web.pages["/a%C3%B1o%20nuevo?q=%C3%BC"] = (200, {})
    assert web.look("/año nuevo?q=ü") == FINE


# --- Redirects -------------------------------------------------------------------------


def test_moved_for_good_is_a_hint_only_where_each_step_was(web):
    web.pages |= {"/old": web.to("/b"), "/b": web.to("/new", 308), "/new": (200, {})}
    web.pages |= {"/for-now": web.to("/new", 302), "/both": web.to("/for-now")}
    assert web.look("/old") == (Fault.MOVED, None, "/new")
    assert web.look("/for-now") == web.look("/both") == FINE
    web.pages["/new"] = (404, {})
    assert web.look("/old") == (Fault.STATUS, 404, "")


def test_what_nobody_has_to_mend_is_no_hint(web):
    web.pages |= {"/a": web.to("/a/#part"), "/a/": (200, {})}
    assert web.look("/a") == FINE


def test_five_redirects_are_followed_and_circles_left(web):
    web.pages |= {f"/{n}": web.to(f"/{n + 1}", 302) for n in range(9)} | {"/9": (200, {})}
    assert web.look("/4") == FINE
    web.asked.clear()
    assert web.look("/3") == (Fault.ENDLESS, None, "")
    assert len(web.asked) == 2 * 6
    web.pages["/circle"] = web.to("/circle")
    assert web.look("/circle") == (Fault.ENDLESS, None, "")


def test_a_redirect_that_names_nothing_to_ask_says_nothing(web):
    for there in ("ftp://127.0.0.1/", "mailto:a@b.example", "https://", "javascript:0", "//a:b/"):
        web.pages["/a"] = web.to(there)
        assert web.look("/a") is None, there
    web.pages["/a"] = web.to("http://[")
    assert web.look("/a") == SILENT


def test_passwords_are_never_sent_nor_kept(web):
    web.pages["/a"] = web.to(f"http://ann:secret@127.0.0.1:{web.port}/b")
    assert web.look("/a") is None
    assert web.look(f"http://ann:secret@127.0.0.1:{web.port}/b") is None
    assert web.asked == [("HEAD", "/a")]


def test_a_name_of_letters_elsewhere_arrives(web):
    web.pages["/a"] = web.to("/año".encode().decode("latin-1"))  # as bytes on the wire
    web.pages["/a%C3%B1o"] = (200, {})
    assert web.look("/a") == (Fault.MOVED, None, "/a%C3%B1o")


# --- Whoever does not answer -----------------------------------------------------------


def drip(byte):
    """A byte now and then, for longer than anybody waits."""

    def page(asked):
        for _n in range(100):
            asked.wfile.write(byte)
            asked.wfile.flush()
            time.sleep(0.05)

    return page


def test_the_time_is_for_all_of_an_answer_and_not_for_each_byte(web):
    web.pages |= {"/status": drip(b"H"), "/head": drip(b"HTTP/1.1 200 OK\r\nA: b\r\n"[:1])}
    web.pages["/more"] = drip(b"HTTP/1.1 100 Continue\r\n\r\n")
    for path in ("/status", "/head", "/more"):
        begin = time.monotonic()
        assert web.look(path, seconds=0.3) == SILENT, path
        assert time.monotonic() - begin < 2, path  # HEAD, and GET


def test_a_body_without_end_is_not_read(web):
    def endless(asked):
        asked.send_response(404 if asked.command == "HEAD" else 200)
        asked.end_headers()
        for _n in range(1000):
            asked.wfile.write(b"x" * 2**20)

    web.pages["/a"] = endless
    begin = time.monotonic()
    assert web.look("/a", seconds=5) == FINE
    assert time.monotonic() - begin < 2


def test_what_is_no_answer_is_silence(web):
    for sent in (
        b"",
        b"\0" * 99,
        b"HTTP/1.1 abc\r\n\r\n",
        b"A" * 99_999,
        b"HTTP/1.1 200 OK\r\n" * 999,
    ):
        web.pages["/a"] = lambda asked, sent=sent: asked.wfile.write(sent) and None
        assert web.look("/a") == SILENT, sent[:20]


def test_a_host_that_is_not_there_is_tried_once():
    with socket.socket() as taken:  # bound, and nobody listens
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        elsewhere = Elsewhere(may=bool, ports=(port,), pause=9)
        begin = time.monotonic()
        for n in range(5):
            assert elsewhere.look(f"http://127.0.0.1:{port}/{n}").fault == Fault.SILENT
        assert elsewhere.look(f"http://a..b.invalid:{port}/") is None
        assert elsewhere.look(f"http://{'a' * 60}.invalid:{port}/").fault in (
            Fault.NO_SITE,
            Fault.SILENT,  # a machine without a name server cannot know
        )
        assert time.monotonic() - begin < 5


def test_a_host_is_asked_once_in_each_pause(web):
    web.pages |= {"/a": web.to("/b"), "/b": (404, {})}
    web.look("/a", pause=0.2)
    assert len(web.moments) == 4
    gaps = [b - a for a, b in zip(web.moments, web.moments[1:], strict=False)]
    assert min(gaps) > 0.19


# --- TLS -------------------------------------------------------------------------------


def test_a_certificate_that_browsers_warn_of(tmp_path):
    serves, believes = certificate(tmp_path)
    with serving(serves) as web:
        web.pages["/"] = (200, {})
        here, other = (web.url("/", host, "https") for host in ("localhost", "127.0.0.1"))
        assert web.look(here, tls=believes) == FINE
        assert web.look(other, tls=believes) == (Fault.UNSAFE, None, "")  # of another name
        assert web.look(here) == (Fault.UNSAFE, None, "")  # signed by itself
        assert web.look(web.url("/", "localhost")) == SILENT  # http, where https is spoken


def test_https_where_nobody_speaks_it_ends_in_time(web):
    begin = time.monotonic()
    assert web.look(web.url("/", "localhost", "https")) == SILENT
    with socket.create_server(("127.0.0.1", 0)) as mute:
        port = mute.getsockname()[1]
        url = f"https://127.0.0.1:{port}/"
        assert web.look(url, ports=(port,), seconds=0.2) == SILENT
    assert time.monotonic() - begin < 3


# --- Where nobody asks -----------------------------------------------------------------

NOT_PUBLIC = """
127.0.0.1 127.9.9.9 0.0.0.0 10.0.0.1 172.16.0.1 172.31.255.255 192.168.1.1 169.254.169.254
100.64.0.1 192.0.0.1 192.0.2.1 198.18.0.1 198.51.100.1 203.0.113.9 224.0.0.1 239.1.1.1
240.0.0.1 255.255.255.255
:: ::1 ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::127.0.0.1 fe80::1 fe80::1%1 fc00::1 fd00::1 fec0::1
ff02::1 2001:db8::1 2002:7f00:1:: 2001:0:1::1 64:ff9b::7f00:1 64:ff9b::a00:1 100::1
"""


def test_which_addresses_are_the_internets():
    wrong = [each for each in NOT_PUBLIC.split() if is_public(ipaddress.ip_address(each))]
    assert wrong == []
    public = "8.8.8.8 172.32.0.1 2606:4700::1111 ::ffff:8.8.8.8 64:ff9b::808:808"
    assert [each for each in public.split() if not is_public(ipaddress.ip_address(each))] == []


def test_our_own_networks_are_not(settings):
    settings.TRUSTED_PROXIES = [ipaddress.ip_network("8.8.8.0/24")]
    settings.ADMIN_ALLOWED_IPS = [ipaddress.ip_network("2606:4700::/32")]
    for address in ("8.8.8.8", "::ffff:8.8.8.8", "2606:4700::1111"):
        assert not is_public(ipaddress.ip_address(address)), address
    assert [is_this(ipaddress.ip_address(each)) for each in ("127.0.0.1", "9.9.9.9")] == [
        True,
        False,
    ]


def test_nobody_is_asked_in_a_private_network_however_it_is_written(web):
    hosts = ["127.0.0.1", "localhost", "LOCALHOST", "2130706433", "0x7f.1", "127.1", "0"]
    hosts += ["[::1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[fe80::1]", "169.254.169.254"]
    for host in hosts:
        assert web.look(web.url("/", host), may=is_public) == PRIVATE, host
    assert web.asked == []


def test_each_redirect_is_checked_again(web):
    for host in ("127.0.0.2", "[::1]", "[::ffff:127.0.0.1]", "2130706434"):
        web.pages["/a"] = web.to(web.url("/b", host))
        assert web.look("/a") == PRIVATE, host
    assert {path for _method, path in web.asked} == {"/a"}


def test_the_address_that_was_checked_is_the_one_that_is_asked(web):
    """A name server that says another thing the second time is not asked a second time."""
    web.pages["/"] = (200, {})
    checked = []
    url = web.url("/", "localhost")
    assert web.look(url, may=lambda a: checked.append(str(a)) or str(a) == "127.0.0.1") == FINE
    assert "127.0.0.1" in checked
    assert len(checked) == len(set(checked))
    assert web.headers["Host"] == f"localhost:{web.port}"


def test_other_ports_and_other_kinds_are_not_looked_at(web):
    for url in (web.url("/"), "https://127.0.0.1:22/", "ftp://127.0.0.1/", "http://a:b/", "http:"):
        assert web.look(url, ports=(80, 443)) is None, url
    assert web.asked == []
    assert Elsewhere().ports == (80, 443)


def test_this_machine_is_never_said_to_be_gone(web):
    """Its name leads to an address of the internet, which it has itself."""
    assert web.look("http://8.8.8.8:80/", may=lambda a: False, ports=(80,)) is None
