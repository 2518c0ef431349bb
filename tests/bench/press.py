"""What is drawn to be passed on, and what that costs those who only read.

A reader asks for a page every 10 ms, first alone, then while others ask for 50 posters, six at
once, each with another group's name and so each drawn anew. The middle of the ratios is printed.
"""

import http.client
import multiprocessing
import statistics
import time
from concurrent.futures import ThreadPoolExecutor

from awareness.press.kept import PAUSE
from tests.bench.limits import line
from tests.site import running_site

PAGES = ["/", "/help/", "/learn/signs/", "/statistics/missouri/"]
PREVIEWS = ["/learn/signs/", "/statistics/missouri/", "/help/", "/es/updates/", "/questions/"]
PACE, LEAST = 0.01, 10  # seconds
POSTERS, AT_ONCE, PAIRS = 50, 6, 3


def measure(folder):
    with running_site(folder / "var", WEB_CONCURRENCY="2") as site:
        for kind, addresses, limit in (
            ("a preview", [f"/share/preview.png?page={page}" for page in PREVIEWS], 150),
            ("a poster as PDF", [f"/share/poster.pdf?group=Cold {n}" for n in range(5)], 500),
        ):
            first = statistics.median(took_in_peace(site, address) for address in addresses)
            again = statistics.median(took(site, address) for address in addresses)
            line(f"{kind}, the first time", first * 1000, limit, " ms")
            line(f"{kind}, again", again * 1000, None, " ms")
        ratios = []
        for n in range(PAIRS):
            alone = p99(site, multiprocessing.Process(target=time.sleep, args=[LEAST]))
            drawing = p99(site, multiprocessing.Process(target=ask_for_posters, args=[site, n]))
            print(f"    (p99 alone {alone * 1000:.1f} ms, meanwhile {drawing * 1000:.1f} ms)")
            ratios.append(drawing / alone)
        line("p99 of pages while 50 posters are drawn / alone", statistics.median(ratios), 1.5)


def get(site, address):
    connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=60)
    connection.request("GET", address.replace(" ", "%20"), headers={"Host": "localhost"})
    response = connection.getresponse()
    response.read()
    connection.close()
    return response


def took(site, address):
    begin = time.perf_counter()
    assert get(site, address).status == 200, address
    return time.perf_counter() - begin


def took_in_peace(site, address):
    time.sleep(PAUSE)
    return took(site, address)


def p99(site, meanwhile):
    """Of the answers that a reader waits for until that process has ended; seconds."""
    answers = []
    meanwhile.start()
    while meanwhile.is_alive():
        answers.append(took(site, PAGES[len(answers) % len(PAGES)]))
        time.sleep(PACE)
    return statistics.quantiles(answers, n=100)[98]


def ask_for_posters(site, number):
    """Whoever is told to come again does, and when."""

    def ask(poster):
        address = f"/share/poster.pdf?group=Group {number} of {poster}"
        while (response := get(site, address)).status == 503:
            time.sleep(int(response.headers["Retry-After"]))
        assert response.status == 200, address

    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(ask, range(POSTERS)))
