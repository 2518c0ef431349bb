"""A response in the forms that go over the wire: as it is, gzip, br, or "you have it already"."""

import gzip
import hashlib
from functools import lru_cache

import brotli
from django.utils.http import parse_etags

# In the order of preference. Quality 5 takes 1.4 ms for 48 kB, and 11 takes 70 for a tenth less.
COMPRESS = {
    "br": lambda body: brotli.compress(body, quality=5),
    "gzip": lambda body: gzip.compress(body, 9, mtime=0),
}
NOT_WORTH_IT = 200  # bytes
TEXT = ("text/", "application/json", "application/xml", "application/atom+xml", "image/svg+xml")
OWN_HEADERS = {"content-length", "content-encoding", "etag", "vary"}
NOT_IN_304 = {"content-type", "content-length", "content-encoding", "content-language"}


@lru_cache(256)
def accepted_encodings(header):
    """Those of ours that an Accept-Encoding header allows, best first (RFC 9110, 12.5.3).

    A weight that is no number counts as 0: whoever writes nonsense gets the plain form.
    """
    weights = {}
    for item in header.lower().split(","):
        name, _, parameters = item.partition(";")
        key, _, weight = parameters.partition("=")
        try:
            weights[name.strip()] = float(weight) if key.strip() == "q" else 1.0
        except ValueError:
            weights[name.strip()] = 0.0
    return [name for name in COMPRESS if weights.get(name, weights.get("*", 0)) > 0]


class Finished:
    """Made from a Django response that is rendered and not streaming."""

    def __init__(self, response):
        self.ok = response.status_code == 200
        self.is_fault = response.status_code >= 500
        self.status = f"{response.status_code} {response.reason_phrase}"
        self.headers = [pair for pair in response.items() if pair[0].lower() not in OWN_HEADERS]
        self.body = response.content
        self.tag = hashlib.sha256(self.body).hexdigest()[:20]
        is_text = response.get("Content-Type", "").startswith(TEXT)
        self.may_shrink = is_text and len(self.body) > NOT_WORTH_IT
        self.forms = {}
        self.edition, self.renew_at = None, 0.0  # the page cache sets them

    def form(self, encoding):
        """(headers, body) in this encoding; "" is none. Made when first asked for."""
        if encoding not in self.forms:
            body = COMPRESS[encoding](self.body) if encoding else self.body
            headers = [
                *self.headers,
                ("Vary", "Accept-Encoding"),
                ("Content-Length", str(len(body))),
            ]
            if encoding:
                headers.append(("Content-Encoding", encoding))
            if self.ok:
                headers.append(("ETag", self.etag(encoding)))
            self.forms[encoding] = headers, body
        return self.forms[encoding]

    def etag(self, encoding):
        """A strong one: each encoding has its own bytes."""
        return f'"{self.tag}-{encoding}"' if encoding else f'"{self.tag}"'

    def finish(self):
        """Make every form, so that no visitor waits for one."""
        for encoding in ("", *(COMPRESS if self.may_shrink else ())):
            self.form(encoding)

    @property
    def size(self):
        """Bytes of memory, near enough."""
        return 4096 + sum(len(body) for _headers, body in self.forms.values())

    def answer(self, environ, start_response):
        """The whole WSGI answer to one visitor."""
        accepted = accepted_encodings(environ.get("HTTP_ACCEPT_ENCODING", ""))
        encoding = accepted[0] if accepted and self.may_shrink else ""
        headers, body = self.form(encoding)
        known = environ.get("HTTP_IF_NONE_MATCH")
        if known and self.is_among(known, encoding):
            kept = [pair for pair in headers if pair[0].lower() not in NOT_IN_304]
            start_response("304 Not Modified", kept)
            return []
        start_response(self.status, list(headers))
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]

    def is_among(self, header, encoding):
        """If-None-Match, compared weakly (RFC 9110, 13.1.2); a malformed one matches nothing."""
        if not self.ok:
            return False
        tags = [tag.removeprefix("W/") for tag in parse_etags(header)]
        return "*" in tags or self.etag(encoding) in tags
