"""What the desk costs those who write: what is typed is saved by itself, of twenty people at once.

Each has a section with ten citations, and a longer text every two seconds or so, as the form does.
Not one text may be lost.
"""

import http.client
import json
import random
import statistics
import time
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlencode

from tests.bench.limits import line
from tests.html import fields_of, read_text
from tests.site import running_site

PEOPLE, TIMES, ALONE = 20, 10, 30
SIGN_IN = """
import json
from django.contrib.auth.models import User
from django.test import Client
from pages.models import Section
from tests import factories
found = []
for n in range({people}):
    section = factories.section(slug=f"section-{{n}}", body="<p>Words of a section.</p>" * 100)
    for m in range(10):
        factories.citation(section, title=f"Source {{m}}")
    user = User.objects.create(username=f"person{{n}}", is_staff=True, is_superuser=True)
    client = Client()
    client.force_login(user)
    found.append([section.pk, client.cookies["sessionid"].value])
print(json.dumps(found))
"""


def measure(folder):
    with running_site(folder / "var", WEB_CONCURRENCY="2", SECRET_KEY="of the bench" * 5) as site:
        code = SIGN_IN.format(people=PEOPLE)
        found = json.loads(site.manage("shell", "--no-imports", "-c", code))
        people = [Person(site, f"/admin/pages/section/{pk}/change/", key) for pk, key in found]
        took = [people[0].types(f"Word {n}.") for n in range(ALONE)]
        line("what is typed is saved, of one person", statistics.median(took) * 1000, 150, " ms")
        took = [people[0].sees(f"Word {n}.") for n in range(ALONE)]
        line("it is seen beside it, with notes", statistics.median(took) * 1000, 400, " ms")
        with ThreadPoolExecutor(PEOPLE) as pool:
            took = [each for those in pool.map(Person.writes, people) for each in those]
        p95 = statistics.quantiles(took, n=20)[18]
        line(f"the same, p95 of {PEOPLE} people at once", p95 * 1000, 500, " ms")
        lost = sum(person.last not in person.opens() for person in people)
        line("texts that were lost", lost, 0)


class Person:
    def __init__(self, site, where, key):
        self.site, self.where, self.cookies, self.last = site, where, {"sessionid": key}, ""
        self.fields = fields_of(read_text(self.opens()))

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
        """Seconds until it is saved."""
        self.last += words
        sent = urlencode({**self.fields, "body_en": f"<p>{self.last}</p>", "_autosave": "1"})
        begin = time.perf_counter()
        answer = json.loads(self.ask("POST", sent))
        took = time.perf_counter() - begin
        assert answer["message"].startswith("Saved ") and not answer["wrong"]  # noqa: PT018
        self.fields |= answer["seen"]
        return took

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
