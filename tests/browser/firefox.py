"""A real Firefox, spoken with by WebDriver BiDi: https://www.w3.org/TR/webdriver-bidi/

Playwright drives a Firefox of its own alone, which no Debian has. Here is what one story needs.
"""

import contextlib
import json
import re
import shutil
import subprocess

from websockets.sync.client import connect

from tests.site import until

# As WebDriver spells keys.
BACKSPACE, ENTER, SHIFT, CONTROL, END = "\ue003", "\ue006", "\ue008", "\ue009", "\ue010"
# All that is not on this machine is asked of a port on which nobody listens.
ALONE = {
    "network.proxy.type": 1,
    **{f"network.proxy.{kind}": "127.0.0.1" for kind in ("http", "ssl")},
    **{f"network.proxy.{kind}_port": 9 for kind in ("http", "ssl")},
}


def first(css, words):
    """The first of these elements that shows, and has these words in it."""
    shown = f"one.checkVisibility() && one.textContent.includes({json.dumps(words)})"
    return f"[...document.querySelectorAll({json.dumps(css)})].find((one) => {shown})"


class Firefox:
    def __init__(self, socket):
        self.socket, self.number = socket, 0
        prompts = {"default": "ignore", "beforeUnload": "accept"}
        asked = {"capabilities": {"alwaysMatch": {"unhandledPromptBehavior": prompts}}}
        self.ask("session.new", **asked)

    def ask(self, method, seconds=60, **params):
        """What the method answers. A page that goes meanwhile may leave a script without one."""
        self.number += 1
        self.socket.send(json.dumps({"id": self.number, "method": method, "params": params}))
        while True:
            answer = json.loads(self.socket.recv(timeout=seconds))
            if answer.get("id") == self.number:
                assert answer["type"] == "success", (method, answer)
                return answer["result"]

    def tabs(self):
        contexts = self.ask("browsingContext.getTree", maxDepth=0)["contexts"]
        return [Tab(self, one["context"]) for one in contexts]

    def new_tab(self):
        return Tab(self, self.ask("browsingContext.create", type="tab")["context"])


class Tab:
    def __init__(self, firefox, context):
        self.firefox, self.context = firefox, context

    def ask(self, method, **params):
        return self.firefox.ask(method, context=self.context, **params)

    def go(self, url):
        self.ask("browsingContext.navigate", url=url, wait="complete")

    def run(self, script):
        """The value of an expression."""
        expression = f"(async () => JSON.stringify(await ({script}) ?? null))()"
        given = {"expression": expression, "target": {"context": self.context}}
        answer = self.firefox.ask("script.evaluate", 10, awaitPromise=True, **given)
        assert answer["type"] == "success", (script, answer)
        return json.loads(answer["result"]["value"])

    def until(self, script):
        """A page that is on its way answers nothing."""

        def holds():
            with contextlib.suppress(AssertionError, TimeoutError):
                return self.run(script)

        until(holds)

    def sees(self, css, words=""):
        self.until(f"Boolean({first(css, words)})")

    def click(self, css, words=""):
        """The first that shows, and has these words in it, once it stands still."""

        def is_done():
            with contextlib.suppress(
                AssertionError, TimeoutError
            ):  # it is not there yet, went, or moved
                self.click_now(first(css, words))
                return True

        until(is_done)

    def click_now(self, element):
        expression = f"""(async () => {{
            const one = {element};
            const [page] = performance.getEntriesByType("navigation");
            if (!page.loadEventEnd) throw new Error("Its scripts have not begun.");
            const place = () => JSON.stringify(one.getBoundingClientRect());
            one.scrollIntoView({{ block: "center", behavior: "instant" }});
            for (let was; was !== place(); await new Promise(requestAnimationFrame)) was = place();
            return one;
        }})()"""
        given = {"expression": expression, "target": {"context": self.context}}
        answer = self.firefox.ask("script.evaluate", 10, awaitPromise=True, **given)
        assert answer["type"] == "success", (element, answer)
        origin = {"type": "element", "element": {"sharedId": answer["result"]["sharedId"]}}
        move = {"type": "pointerMove", "x": 0, "y": 0, "origin": origin}
        press = [{"type": f"pointer{way}", "button": 0} for way in ("Down", "Up")]
        self.act({"type": "pointer", "id": "mouse", "actions": [move, *press]})

    def type(self, words, held=()):
        """Key by key, as hands do."""
        keys = [{"type": f"key{way}", "value": key} for key in words for way in ("Down", "Up")]
        down, up = ([{"type": f"key{way}", "value": k} for k in held] for way in ("Down", "Up"))
        self.act({"type": "key", "id": "keyboard", "actions": [*down, *keys, *up]})

    def act(self, actions):
        self.ask("input.performActions", actions=[actions])

    def fill(self, css, words):
        self.click(css)
        self.type("a", held=[CONTROL])
        self.type(words)

    def close(self):
        """As by its cross: the page hears of it, and whatever it asks is answered by yes."""
        self.ask("browsingContext.close", promptUnload=True)


@contextlib.contextmanager
def firefox(folder):
    path = shutil.which("firefox-esr") or shutil.which("firefox")
    assert path, "There is no Firefox here: on Debian, `apt-get install firefox-esr` brings it."
    settings = "".join(f"user_pref({json.dumps(k)}, {json.dumps(v)});\n" for k, v in ALONE.items())
    (folder / "user.js").write_text(settings)
    command = [path, "--headless", "--no-remote", "--profile", folder, "--remote-debugging-port=0"]
    with (folder / "said").open("w+") as said:
        process = subprocess.Popen(command, stdout=said, stderr=said)
        try:
            address = None

            def listens():
                nonlocal address
                told = (folder / "said").read_text()
                address = re.search(r"listening on (ws://[\d.]+:\d+)", told)
                return address or process.poll() is not None

            until(listens)
            assert address, (folder / "said").read_text()
            with connect(f"{address[1]}/session", max_size=None, proxy=None) as socket:
                yield Firefox(socket)
        finally:
            process.terminate()
            process.wait(20)
