"""Mozilla's HTTP Observatory, computed without the network: what its published rules
(mdn/mdn-http-observatory, src/grader/charts.js and src/analyzer/, read in 2026) make of one answer.

Assumed, since one answer does not show it: a certificate that browsers trust, a redirect from
http to https on the same host (tests/web/test_observatory.py asks for it), a host that is
not on the browsers' preload list. Where two versions of the rules differ, the stricter counts.

``sent`` is all of an answer's headers as [(name, value)], each Set-Cookie by itself.
"""

import re
from html.parser import HTMLParser

ENOUGH_FOR_EXTRAS = 90  # with less, what is good beyond the minimum is not counted
SIX_MONTHS = 15_552_000  # seconds
BROAD = {"*", "http:", "https:", "ftp:", "http://*", "http://*.*", "https://*", "https://*.*"}
INLINE = {"'unsafe-inline'", "data:"}
PRIVATE = {"no-referrer", "same-origin", "strict-origin", "strict-origin-when-cross-origin"}
LEAKY = {"origin", "origin-when-cross-origin", "unsafe-url", "no-referrer-when-downgrade"}


def sent_by(response):
    """Of the test client's response, or of http.client's."""
    if hasattr(response, "getheaders"):
        return response.getheaders()
    cookies = [("Set-Cookie", cookie.OutputString()) for cookie in response.cookies.values()]
    return [*response.items(), *cookies]


def score(sent, body=""):
    found = modifiers(sent, body).values()
    least = 100 + sum(number for number in found if number < 0)
    return 100 + sum(found) if least >= ENOUGH_FOR_EXTRAS else max(least, 0)


def modifiers(sent, body=""):
    """{rule: what it adds or takes}."""
    return {rule.__name__: rule(sent, body) for rule in RULES}


def values(sent, name):
    return [value.strip() for key, value in sent if key.lower() == name.lower()]


# --- The policy ------------------------------------------------------------------------------


def directives(sent):
    """{name: its sources} of the one policy; None without one, or with one that is none."""
    found = {}
    policies = values(sent, "Content-Security-Policy")
    if len(policies) != 1 or "," in policies[0]:
        return None  # several add up to a stricter one; ours is always one, so that is a mistake
    for part in filter(str.strip, policies[0].lower().split(";")):
        name, *sources = part.split()
        if name in found:
            return None
        found[name] = set(sources) or {"'none'"}
    return found or None


def sources_of(policy, name):
    found = policy.get(name, policy.get("default-src", {"*"}))
    hashed = any(re.match(r"'(sha(256|384|512)|nonce)-", source) for source in found)
    return found - {"'unsafe-inline'"} if hashed else found


def content_security_policy(sent, _body):
    policy = directives(sent)
    if policy is None:
        return -25
    script, style, objects = (sources_of(policy, f"{n}-src") for n in ("script", "style", "object"))
    assert "'strict-dynamic'" not in script, "a rule of its own, which no answer of ours needs"
    passive = {"img-src", "media-src"}
    active = set().union(script, *(policy[n] for n in policy.keys() - passive - {"script-src"}))
    if script & (BROAD | INLINE) or objects & BROAD:
        return -20
    if is_insecure(active):
        return -20
    if "'unsafe-eval'" in script | style:
        return -10
    if is_insecure(set().union(*(sources_of(policy, name) for name in passive))):
        return -10
    if style & (BROAD | INLINE):
        return 0
    return 10 if policy.get("default-src") == {"'none'"} else 5


def is_insecure(sources):
    return any(source.startswith(("http:", "ftp:")) for source in sources)


def framing(sent, _body):
    if "frame-ancestors" in (directives(sent) or {}):
        return 5
    options = values(sent, "X-Frame-Options")
    known = options and options[0].lower() in ("deny", "sameorigin")
    return 0 if known else -20


# --- Cookies ---------------------------------------------------------------------------------


def cookies(sent, _body):
    stored = [value for value in values(sent, "Set-Cookie") if "max-age=0" not in value.lower()]
    found = [cookie(value, transport(sent, "") == 0) for value in stored]
    worst = min((number for number, _same_site in found), default=0)
    return 5 if found and worst == 0 and all(same_site for _number, same_site in found) else worst


def cookie(value, has_hsts):
    """The worst thing about one of them, and whether it says SameSite."""
    first, *rest = value.split(";")
    name = first.partition("=")[0].strip().lower()
    said = {k.strip().lower(): v.strip().lower() for k, _, v in (p.partition("=") for p in rest)}
    is_session = "login" in name or "sess" in name
    wrong = [0]
    if "samesite" in said and said["samesite"] not in ("lax", "strict", "none"):
        wrong.append(-20)
    if said.get("samesite") == "none" and "secure" not in said:
        wrong.append(-20)
    if "csrf" in name and not said.get("samesite"):
        wrong.append(-20)
    if "secure" not in said:
        wrong.append({(0, 0): -20, (0, 1): -5, (1, 0): -40, (1, 1): -10}[is_session, has_hsts])
    if is_session and "httponly" not in said:
        wrong.append(-30)
    return min(wrong), bool(said.get("samesite"))


# --- The other headers -----------------------------------------------------------------------


def transport(sent, _body):
    found = values(sent, "Strict-Transport-Security")
    age = re.search(r"(?:^|;)\s*max-age=(\d+)", found[0], re.IGNORECASE) if found else None
    if not age or "," in found[0]:
        return -20
    return 0 if int(age[1]) >= SIX_MONTHS else -10


def referring(sent, _body):
    said = ",".join(values(sent, "Referrer-Policy")).lower()
    known = [word for word in map(str.strip, said.split(",")) if word in PRIVATE | LEAKY]
    if not said:
        return 0
    return 5 if known and known[-1] in PRIVATE else -5


def sniffing(sent, _body):
    return 0 if [v.lower() for v in values(sent, "X-Content-Type-Options")] == ["nosniff"] else -5


def sharing(sent, _body):
    """Asked with an Origin, which a site that repeats it gives away with its credentials."""
    origin = values(sent, "Access-Control-Allow-Origin")
    trusting = values(sent, "Access-Control-Allow-Credentials")
    return -50 if origin and origin[0] != "*" and trusting == ["true"] else 0


def one_of(name, good, neutral):
    def rule(sent, _body):
        found = [value.partition(";")[0].strip() for value in values(sent, name)]
        if not found:
            return 0
        if len(found) > 1:
            return -5
        return 10 if found[0] in good else 0 if found[0] in neutral else -5

    rule.__name__ = name
    return rule


embedded_by = one_of("Cross-Origin-Resource-Policy", {"same-origin", "same-site"}, {"cross-origin"})
opened_by = one_of(
    "Cross-Origin-Opener-Policy",
    {"same-origin", "same-origin-allow-popups", "noopener-allow-popups"},
    {"unsafe-none"},
)
embedding = one_of(
    "Cross-Origin-Embedder-Policy", {"require-corp", "credentialless"}, {"unsafe-none"}
)


# --- Scripts of others -----------------------------------------------------------------------


class Scripts(HTMLParser):
    def __init__(self, body):
        super().__init__()
        self.found = []
        tags = re.findall(r"<script\b[^>]*>", body, re.IGNORECASE)  # all of a page takes long
        self.feed("</script>".join(tags))

    def handle_starttag(self, tag, attrs):
        if dict(attrs).get("src"):
            self.found.append(dict(attrs))


def integrity(sent, body):
    """Those of a host that names itself count as another's: ours are all written as paths."""
    kind = "".join(values(sent, "Content-Type")[:1]).partition(";")[0].strip()
    if kind not in ("text/html", "application/xhtml+xml"):
        return 0
    scripts = Scripts(body).found
    others = [script for script in scripts if re.match("https?:|//", script["src"])]
    if not others:
        return 5 if any("integrity" in script for script in scripts) else 0
    worst = 5
    for script in others:
        secure, guarded = script["src"].startswith("https:"), "integrity" in script
        worst = min(worst, {(1, 1): 5, (1, 0): -5, (0, 1): -20, (0, 0): -50}[secure, guarded])
    return worst


RULES = [
    content_security_policy,
    framing,
    cookies,
    transport,
    referring,
    sniffing,
    sharing,
    embedded_by,
    opened_by,
    embedding,
    integrity,
]


# --- What this site promises besides, of every answer by https -------------------------------

ONCE = {
    "Cache-Control": None,
    "Content-Security-Policy": None,
    "Cross-Origin-Embedder-Policy": {"require-corp"},
    "Cross-Origin-Opener-Policy": {"same-origin"},
    "Cross-Origin-Resource-Policy": {"same-origin", "cross-origin"},  # cross-origin: open data
    "Permissions-Policy": None,
    "Referrer-Policy": {"no-referrer", "same-origin"},
    "Strict-Transport-Security": None,
    "X-Content-Type-Options": {"nosniff"},
}
OFF = ("camera", "geolocation", "microphone", "payment", "usb")


def broken_promises(sent, inline_styles=False, is_embed=False):
    """[what is wrong]; ``inline_styles`` are allowed where the editor needs them alone, and any
    site may frame what ``is_embed``."""
    wrong = []
    for name, good in ONCE.items():
        found = values(sent, name)
        if len(found) != 1 or (good and found[0] not in good):
            wrong.append(f"{name}: {found}")
    policy = directives(sent) or {}
    if not policy.get("frame-ancestors", {"*"}) <= {"'none'", "'self'"} and not is_embed:
        wrong.append("frame-ancestors")
    if policy.get("default-src") != {"'none'"}:
        wrong.append("default-src")
    for name in ("script-src", "style-src"):
        found = policy.get(name, set())  # as written: an unsafe word is none beside a hash either
        unsafe = {
            source for source in found if source.startswith(("'unsafe", "data:", "http", "*"))
        }
        if unsafe - ({"'unsafe-inline'"} if name == "style-src" and inline_styles else set()):
            wrong.append(f"{name}: {unsafe}")
    features = ",".join(values(sent, "Permissions-Policy"))
    wrong += [f"{feature} is not off" for feature in OFF if f"{feature}=()" not in features]
    if transport(sent, "") != 0:
        wrong.append("Strict-Transport-Security is too short")
    return wrong
