"""What the desk costs those who write: what is typed is kept, of twenty people at once, and seen.

A section with ten citations; each person keeps a longer text every two seconds or so, as the form
does. Not one text may be lost.
"""

import http.client
import json
import random
import statistics
import time
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlencode

from tests.bench.limits import line
from tests.html import read_text
from tests.site import running_site

PEOPLE, TIMES, ALONE = 20, 10, 30
SIGN_IN = """
import json
from django.contrib.auth.models import User
from django.test import Client
from pages.models import Section
from tests import factories
section = factories.section(body="<p>Words of a section.</p>" * 100)
for n in range(10):
    factories.citation(section, title=f"Source {{n}}")
keys = []
for n in range({people}):
    user = User.objects.create(username=f"person{{n}}", is_staff=True, is_superuser=True)
    client = Client()
    client.force_login(user)
    keys.append(client.cookies["sessionid"].value)
print(json.dumps([section.pk, keys]))
"""


def measure(folder):
    with running_site(folder / "var", WEB_CONCURRENCY="2", SECRET_KEY="of the bench" * 5) as site:
        code = SIGN_IN.format(people=PEOPLE)
        number, keys = json.loads(site.manage("shell", "--no-imports", "-c", code))
        people = [Person(site, f"/admin/pages/section/{number}/change/", key) for key in keys]
        took = [people[0].types(f"Word {n}.") for n in range(ALONE)]
        line("what is typed is kept, of one person", statistics.median(took) * 1000, 150, " ms")
        took = [people[0].sees(f"Word {n}.") for n in range(ALONE)]
        line(
            "what is typed is seen beside it, with notes",
            statistics.median(took) * 1000,
            400,
            " ms",
        )
        with ThreadPoolExecutor(PEOPLE) as pool:
            took = [each for those in pool.map(Person.writes, people) for each in those]
        p95 = statistics.quantiles(took, n=20)[18]
        line(f"the same, p95 of {PEOPLE} people at once", p95 * 1000, 500, " ms")
        lost = sum(person.last not in person.opens() for person in people)
        line("texts that were lost", lost, 0)


class Person:
    def __init__(self, site, where, key):
        self.site, self.where, self.cookies, self.last = site, where, {"sessionid": key}, ""
        form = read_text(self.opens())
        self.fields = {
            field.attrs["name"]: field.attrs.get("value", "")
            for field in form.all("input")
            if field.attrs.get("type") not in ("submit", "checkbox", "radio", "search")
            and "name" in field.attrs
        }

    def ask(self, method, body=None, where=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.site.port, timeout=60)
        headers = {
            "Host": f"localhost:{self.site.port}",
            "Origin": self.site.url,
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            "Content-Type": "application/x-www-form-urlencoded",
        }
        connection.request(method, where or self.where, body, headers)
        response = connection.getresponse()
        text = response.read().decode()
        assert response.status == 200, (method, response.status)
        for cookie in response.headers.get_all("Set-Cookie") or ():
            name, _is, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        connection.close()
        return text

    def opens(self):
        return self.ask("GET")

    def types(self, words):
        """Seconds until it is kept."""
        self.last += words
        sent = urlencode({**self.fields, "body_en": f"<p>{self.last}</p>", "_keep": "1"})
        begin = time.perf_counter()
        self.fields["_kept"] = self.ask("POST", sent)
        return time.perf_counter() - begin

    def sees(self, words):
        """Seconds until its page is there."""
        sent = urlencode(
            {**self.fields, "body_en": f'<p>{words} <a href="/help/">Get help</a></p>'}
        )
        begin = time.perf_counter()
        page = self.ask("POST", sent, self.where.replace("change/", "preview/page/?language=en"))
        assert words in page
        return time.perf_counter() - begin

    def writes(self):
        took = []
        for n in range(TIMES):
            time.sleep(random.uniform(1, 3))
            took.append(self.types(f"Word {n} of many. "))
        return took
