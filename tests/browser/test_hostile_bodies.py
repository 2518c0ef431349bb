"""Hostile bodies, cleaned, in a real Chromium without any policy: nothing runs, nothing loads.

The same bodies each time. HOSTILE_SECONDS=300 looks among others for so long.
"""

import os
import time

import pytest
from django.utils import translation
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from awareness.content.richtext import ALLOWED, clean
from awareness.templatetags.richtext import rich, rich_nested
from tests.soup import VECTORS, soups

SECONDS = int(os.environ.get("HOSTILE_SECONDS", "0"))
BATCH = 50  # bodies a page
BATCHES = 20
HERE = "https://portal.example/"
ALLOWED_HERE = {tag: sorted(names) for tag, names in ALLOWED.items()} | {"h5": []}  # of rich_nested
SCHEMES = ["https:", "mailto:", "tel:", "sms:"]

CANARY = """<script>
window.hits = [];
for (const name of ["hit", "alert", "confirm", "prompt", "print"])
  window[name] = () => hits.push(name);
for (const kind of ["securitypolicyviolation", "error"])
  addEventListener(kind, e => e.message && hits.push(kind + " " + e.message), true);
</script>"""

# Looks at what became of each body, twice: as it stood in the page, and set by a script. What a
# browser writes out again and reads anew is the third way in.
LOOK = """([allowed, schemes, bodies]) => {
  const found = [];
  const look = (box, way) => {
    for (const e of box.querySelectorAll("*")) {
      const names = allowed[e.localName];
      if (!names || e.namespaceURI !== "http://www.w3.org/1999/xhtml")
        found.push(`${way}: <${e.nodeName}>`);
      for (const {name} of e.attributes)
        if (!(names || []).includes(name)) found.push(`${way}: <${e.localName} ${name}>`);
      if (e.localName === "a") {
        const own = /^[/?#]/.test(e.getAttribute("href"));
        if (!schemes.includes(e.protocol) || (own && e.host !== location.host))
          found.push(`${way}: ${e.getAttribute("href")} leads to ${e.href}`);
      }
    }
  };
  const boxes = [...document.querySelectorAll("main > div.body")];
  const others = document.querySelectorAll("body > *, main > :not(div.body)").length;
  if (boxes.length !== bodies.length || others !== 1) found.push("a body got out of its place");
  const written = boxes.map((box, n) => {
    look(box, "page");
    const set = document.body.appendChild(document.createElement("div"));
    set.innerHTML = bodies[n];
    look(set, "innerHTML");
    const again = set.innerHTML;
    set.innerHTML = again;
    look(set, "again");
    if (set.innerHTML !== again) found.push(`it changes: ${again} to ${set.innerHTML}`);
    set.remove();
    return again;
  });
  return [found, written, window.hits];
}"""
SETTLED = "new Promise(done => requestAnimationFrame(() => setTimeout(done, 5)))"


class Reader:
    """A page that notes whatever it asks for, and gets none of it."""

    def __init__(self, page):
        self.page, self.asked, self.text, self.read_so_far = page, [], "", 0
        page.route("**/*", self.answer)
        page.on("request", lambda request: self.note(request.url))
        page.on("websocket", lambda socket: self.note(socket.url))
        page.on("dialog", lambda dialog: (self.asked.append("dialog"), dialog.dismiss()))
        page.on("popup", lambda popup: self.asked.append("popup"))
        page.on("download", lambda download: self.asked.append("download"))
        page.on("frameattached", lambda frame: self.asked.append(f"frame {frame.url}"))

    def answer(self, route):
        if route.request.url == HERE:
            route.fulfill(body=self.text, content_type="text/html; charset=utf-8")
        else:
            route.abort()

    def note(self, url):
        if url not in (HERE, f"{HERE}favicon.ico"):
            self.asked.append(url)

    def read(self, bodies):
        """What is wrong with them, and how the browser writes them."""
        self.asked.clear()
        self.read_so_far += len(bodies)
        boxes = "".join(f'<div class="body">{body}</div>' for body in bodies)
        self.text = f"<!doctype html><title>x</title>{CANARY}<body><main>{boxes}</main>"
        self.page.goto(HERE, wait_until="load")
        found, written, hits = self.page.evaluate(LOOK, [ALLOWED_HERE, SCHEMES, bodies])
        self.page.evaluate(SETTLED)
        hits += self.page.evaluate("window.hits")
        return [*found, *hits, *self.asked], written


@pytest.fixture(scope="module")
def reader(browser):
    with browser.new_context() as context:
        yield Reader(context.new_page())


def check(reader, soup):
    """All of them in one page; where something is wrong, each by itself, to name the one."""
    if wrong_with(reader, soup):
        found = {each: wrong_with(reader, [each]) for each in soup}
        assert {each: wrong for each, wrong in found.items() if wrong} == {}
        raise AssertionError(f"only together: {soup}")


def wrong_with(reader, soup):
    bodies = [clean(each) for each in soup]
    with translation.override("es"):
        shown = [*bodies, *map(rich, soup), *map(rich_nested, soup)]
    wrong, written = reader.read(shown)
    for body, as_written in zip(bodies, written, strict=False):
        if not (body == as_written == clean(body) == clean(as_written)):
            wrong.append(f"not settled: {body!r}, {as_written!r}, {clean(as_written)!r}")
    return wrong


def test_each_known_way_in_is_closed(reader):
    for start in range(0, len(VECTORS), BATCH):
        check(reader, VECTORS[start : start + BATCH])


def test_what_is_not_cleaned_is_noticed(reader, subtests):
    """Or else the tests here would find nothing because they see nothing."""
    for body, problem in [
        ("<img src=https://evil.example/x>", "https://evil.example/x"),
        ("<img src=data:x onerror=hit()>", "hit"),
        ("<svg onload=alert(1)></svg>", "alert"),
        ("<a href='javascript:x'>x</a>", "page: javascript:x leads to javascript:x"),
        ("<a href='//evil.example/'>x</a>", "page: //evil.example/ leads to https://evil.example/"),
        ("<p onclick=x>x</p>", "page: <p onclick>"),
        ("<p>x</p></div><p>y</p>", "a body got out of its place"),
        ("<svg></svg>", "page: <svg>"),
        ("<iframe></iframe>", "frame "),
        ("<p id=x>x</p>", "innerHTML: <p id>"),
        ("<table>x<p>y</table>", None),
    ]:
        with subtests.test(body=body, problem=problem):
            problems, written = reader.read([body])
            assert problem is None or problem in problems
            assert (problems, written) != ([], [body])


END = time.monotonic() + SECONDS


@given(st.lists(soups, min_size=BATCH, max_size=BATCH))
@settings(
    max_examples=1_000_000 if SECONDS else BATCHES,
    derandomize=not SECONDS,
    deadline=None,
    database=None,
    phases=[Phase.generate],  # what is wrong is named by check(), in less time than by shrinking
    suppress_health_check=list(HealthCheck),
)
def test_nothing_runs_and_nothing_loads(reader, soup):
    if SECONDS and time.monotonic() > END:
        pytest.skip(f"{reader.read_so_far} bodies in {SECONDS} seconds")  # ends the search
    check(reader, soup)
