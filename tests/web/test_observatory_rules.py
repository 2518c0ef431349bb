"""The scorer itself: each rule of Mozilla's Observatory, and what it gives or takes."""

from tests import observatory

GOOD = [
    ("Content-Security-Policy", "default-src 'none'; style-src 'self'; frame-ancestors 'none'"),
    ("Strict-Transport-Security", "max-age=31536000"),
    ("Referrer-Policy", "no-referrer"),
    ("X-Content-Type-Options", "nosniff"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Embedder-Policy", "require-corp"),
    ("Content-Type", "text/html; charset=utf-8"),
]
CSP, COOKIE = "Content-Security-Policy", "Set-Cookie"


def changed(name, *said):
    """GOOD with these values of one header in place of its own."""
    return [pair for pair in GOOD if pair[0] != name] + [(name, value) for value in said]


def test_the_best_that_a_page_without_cookies_can_have():
    assert observatory.modifiers(GOOD) == {
        "content_security_policy": 10,
        "framing": 5,
        "cookies": 0,
        "transport": 0,
        "referring": 5,
        "sniffing": 0,
        "sharing": 0,
        "Cross-Origin-Resource-Policy": 10,
        "Cross-Origin-Opener-Policy": 10,
        "Cross-Origin-Embedder-Policy": 10,
        "integrity": 0,
    }
    assert observatory.score(GOOD) == 150


POLICIES = {
    "default-src 'none'": 10,
    "default-src 'self'": 5,
    "DEFAULT-SRC 'None'": 10,
    "default-src 'none' 'self'": 5,
    "default-src 'none'; style-src 'unsafe-inline'": 0,
    "default-src 'none'; style-src 'unsafe-inline' 'sha256-x'": 10,
    "default-src 'none'; style-src https:": 0,
    "default-src 'none'; img-src http:": -10,
    "default-src 'none'; script-src 'unsafe-eval'": -10,
    "default-src 'none'; script-src 'unsafe-inline'": -20,
    "default-src 'none'; script-src 'unsafe-inline' 'nonce-x'": 10,
    "default-src 'none'; script-src data:": -20,
    "default-src 'none'; script-src https:": -20,
    "default-src 'none'; object-src *": -20,
    "default-src 'none'; connect-src http://a.example": -20,
    "script-src 'self'": -20,  # objects of anybody
    "script-src 'self'; object-src 'none'": 0,  # styles of anybody
    "script-src 'self'; object-src 'none'; style-src 'self'": 5,
    "frame-ancestors 'none'": -20,
    "default-src 'none'; default-src 'self'": -25,
    "": -25,
}


def test_what_a_policy_is_worth():
    for said, worth in POLICIES.items():
        found = observatory.modifiers(changed(CSP, said))
        assert found["content_security_policy"] == worth, said
        assert found["framing"] == (5 if "frame-ancestors" in said else -20), said
    for none in ([], ["default-src 'none'"] * 2, ["default-src 'none', x-src a"]):
        sent = [*changed(CSP, *none), (f"{CSP}-Report-Only", "default-src 'none'")]
        assert observatory.modifiers(sent)["content_security_policy"] == -25, none


BEST = "Secure; HttpOnly; SameSite=Lax"
COOKIES = {
    (f"sessionid=x; Path=/; {BEST}",): 5,
    (f"__Host-sessionid=x; {BEST}", f"__Host-csrftoken=x; {BEST}"): 5,
    ("theme=x; Secure",): 0,
    ("sessionid=x; Secure; HttpOnly",): 0,
    ("theme=x; SameSite=Lax",): -5,
    ("sessionid=x; HttpOnly; SameSite=Lax",): -10,
    ("theme=x; Secure; SameSite=Sometimes",): -20,
    ("theme=x; SameSite=None",): -20,
    ("theme=x; Secure; SameSite=None",): 5,
    ("csrftoken=x; Secure",): -20,
    ("loginid=x; Secure; SameSite=Lax",): -30,
    (f"sessionid=x; {BEST}", "csrftoken=x; Secure"): -20,
    ('sessionid=""; Max-Age=0',): 0,  # taken away
}


def test_what_cookies_are_worth():
    for said, worth in COOKIES.items():
        assert observatory.modifiers(changed(COOKIE, *said))["cookies"] == worth, said


def test_an_insecure_cookie_is_worse_where_http_is_not_ruled_out():
    for said, worth in {"theme=x": -20, "sessionid=x; HttpOnly; SameSite=Lax": -40}.items():
        sent = [pair for pair in changed(COOKIE, said) if pair[0] != "Strict-Transport-Security"]
        assert observatory.modifiers(sent)["cookies"] == worth, said


HEADERS = [
    ("transport", "Strict-Transport-Security", ["max-age=15552000; includeSubDomains"], 0),
    ("transport", "Strict-Transport-Security", ["max-age=15551999"], -10),
    ("transport", "Strict-Transport-Security", ["preload"], -20),
    ("transport", "Strict-Transport-Security", ["max-age=31536000, max-age=31536000"], -20),
    ("transport", "Strict-Transport-Security", [], -20),
    ("referring", "Referrer-Policy", ["same-origin"], 5),
    ("referring", "Referrer-Policy", ["unsafe-url, strict-origin"], 5),
    ("referring", "Referrer-Policy", ["strict-origin, nonsense"], 5),
    ("referring", "Referrer-Policy", ["no-referrer, unsafe-url"], -5),
    ("referring", "Referrer-Policy", ["nonsense"], -5),
    ("referring", "Referrer-Policy", [], 0),
    ("sniffing", "X-Content-Type-Options", [], -5),
    ("sniffing", "X-Content-Type-Options", ["sniff"], -5),
    ("sharing", "Access-Control-Allow-Origin", ["*"], 0),
    *(
        (name, name, said, worth)
        for name, good, fair in [
            ("Cross-Origin-Resource-Policy", "same-site", "cross-origin"),
            ("Cross-Origin-Opener-Policy", "same-origin-allow-popups", "unsafe-none"),
            ("Cross-Origin-Embedder-Policy", "credentialless", "unsafe-none"),
        ]
        for said, worth in [([good], 10), ([fair], 0), ([], 0), (["x"], -5), ([good, good], -5)]
    ),
]


def test_what_a_header_is_worth():
    for rule, name, said, worth in HEADERS:
        assert observatory.modifiers(changed(name, *said))[rule] == worth, (name, said)


def test_who_lets_any_site_read_with_credentials_loses_most():
    sent = [("Access-Control-Allow-Origin", "https://evil.example")]
    assert observatory.modifiers([*GOOD, *sent])["sharing"] == 0
    sent.append(("Access-Control-Allow-Credentials", "true"))
    assert observatory.modifiers([*GOOD, *sent])["sharing"] == -50


def test_framing_without_a_policy_for_it():
    for said in ("DENY", "sameorigin"):
        sent = [*changed(CSP, "default-src 'none'"), ("X-Frame-Options", said)]
        assert observatory.modifiers(sent)["framing"] == 0, said


SCRIPTS = {
    "<p>": 0,
    "<script>x</script>": 0,
    "<script src='/a.js'></script>": 0,
    "<script src='/a.js' integrity='sha256-x'></script>": 5,
    "<script src='https://a.example/a.js' integrity='sha256-x'></script>": 5,
    "<script src='https://a.example/a.js'></script>": -5,
    "<script src='//a.example/a.js' integrity='sha256-x'></script>": -20,
    "<script src='//a.example/a.js'></script>": -50,
    "<script src='/a.js'></script><script src='http://a.example/a.js'></script>": -50,
}


def test_what_scripts_are_worth():
    for body, worth in SCRIPTS.items():
        assert observatory.modifiers(GOOD, body)["integrity"] == worth, body
        plain = changed("Content-Type", "text/plain")
        assert observatory.modifiers(plain, body)["integrity"] == 0, body


def test_what_is_good_counts_only_where_nothing_is_bad_and_no_score_is_below_0():
    for lacks, score in [
        (["X-Content-Type-Options"], 145),  # -5: the bonuses still count
        (["Strict-Transport-Security"], 80),  # -20: none does
        (["Content-Security-Policy"], 55),
        ([name for name, _value in GOOD], 30),
    ]:
        found = observatory.score([pair for pair in GOOD if pair[0] not in lacks])
        assert found == score, lacks
    worst = [("Set-Cookie", "sessionid=x"), ("Cross-Origin-Opener-Policy", "x")]
    worst += [("Access-Control-Allow-Origin", "x"), ("Access-Control-Allow-Credentials", "true")]
    assert observatory.score(worst) == 0
