"""Pages from memory against a bare gunicorn that returns the same bytes, and against Django.

One worker on one core, wrk on another. Rounds are short and come in pairs, each pair in the other
order than the one before it; what is printed is the middle of the pairs' ratios. A neighbour on the
same machine then slows both of a pair, and a bare gunicorn against itself comes out at 1.
"""

import contextlib
import http.client
import os
import pickle
import re
import shutil
import signal
import statistics
import subprocess
import sys
import time
from pathlib import Path

from tests.bench.limits import line
from tests.bench.pages import FIRST_FLIGHT
from tests.environment import ROOT, clean_environment
from tests.site import free_port, running_site, until

PAIRS, SECONDS = 20, 1
PAGES = ["/", "/help/"]
HEADERS = {"Host": "localhost", "Accept-Encoding": "br"}
SIGNED_IN = ["-H", "Cookie: sessionid=nobody"]  # Django answers whoever brings a session
MISSING = "wrk is missing, so nothing was measured: on Debian `apt-get install wrk` brings it."


def measure(folder):
    if not shutil.which("wrk"):
        print(MISSING)
        return
    with running_site(folder / "var", WEB_CONCURRENCY="1") as site:
        site.stop()
    begin = time.perf_counter()
    with running_site(folder / "var", WEB_CONCURRENCY="1") as site:
        line("seconds to the first answer, second start", time.perf_counter() - begin, 3, " s")
        pin(site.process.pid, 0)
        answers = {page: fetch(site.port, page) for page in PAGES}
        for page, (headers, body) in answers.items():
            size = sum(len(f"{name}: {value}\r\n") for name, value in headers) + len(body)
            line(f"{page}: bytes with headers, br", size, FIRST_FLIGHT)
        (folder / "answers").write_bytes(pickle.dumps(answers))
        with bare(folder) as port:
            compare(site.port, port)
        line("MB of the largest process, after that", largest(site.process.pid), 90, " MB")


def fetch(port, page):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET", page, headers=HEADERS)
    response = connection.getresponse()
    servers_own = {"Server", "Date", "Connection"}
    kept = [pair for pair in response.getheaders() if pair[0] not in servers_own]
    return kept, response.read()


@contextlib.contextmanager
def bare(folder):
    port = free_port()
    variables = {"PORT": str(port), "WEB_CONCURRENCY": "1", "VAR_DIR": str(folder / "bare")}
    process = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "-c", "deploy/gunicorn.conf.py", "tests.bench.bare"],
        cwd=ROOT,
        env=clean_environment(**variables, BENCH_ANSWERS=str(folder / "answers")),
        start_new_session=True,
    )

    def answers():
        with contextlib.suppress(ConnectionError):
            return fetch(port, "/")

    try:
        until(answers)
        pin(process.pid, 0)
        yield port
    finally:
        os.killpg(process.pid, signal.SIGINT)
        process.wait(timeout=20)


def children(pid):
    found = subprocess.run(["pgrep", "-P", str(pid)], capture_output=True, text=True).stdout
    return [int(child) for child in found.split()]


def pin(pid, core):
    """Keep a server, with all its threads, on one core, where there are several."""
    if (os.cpu_count() or 1) < 2 or not shutil.which("taskset"):
        return
    for each in [pid, *children(pid)]:
        subprocess.run(["taskset", "-acp", str(core), str(each)], capture_output=True)


def largest(pid):
    sizes = []
    for each in children(pid):
        status = Path(f"/proc/{each}/status").read_text()
        sizes.append(int(re.search(r"VmRSS:\s+(\d+)", status)[1]))
    return max(sizes) / 1024


def wrk(port, page, *more, connections=8):
    """(requests in a second, p50 in ms, p99 in ms); an answer that is no 2xx ends the run."""
    command = ["wrk", "-t1", f"-c{connections}", f"-d{SECONDS}s", "--latency"]
    command += ["-H", "Host: localhost", "-H", "Accept-Encoding: br", *more]
    if (os.cpu_count() or 1) > 1 and shutil.which("taskset"):
        command = ["taskset", "-c", "1", *command]
    said = subprocess.run(
        [*command, f"http://127.0.0.1:{port}{page}"], capture_output=True, text=True, check=True
    ).stdout
    assert "Non-2xx" not in said, said
    rate = float(re.search(r"Requests/sec:\s+([\d.]+)", said)[1])
    return rate, latency(said, 50), latency(said, 99)


def latency(said, percent):
    number, unit = re.search(rf"{percent}%\s+([\d.]+)(us|ms|s)\b", said).groups()
    return float(number) * {"us": 0.001, "ms": 1, "s": 1000}[unit]


def compare(site, bare):
    for page in PAGES:
        pairs = [measure_pair(site, bare, page, turned=n % 2) for n in range(PAIRS)]
        rate, p50, p99 = (middle(ours[n] / theirs[n] for ours, theirs in pairs) for n in range(3))
        line(f"{page}: from memory / bare, requests a second", rate, 0.90, at_least=True)
        line(f"{page}: from memory / bare, p50", p50)
        line(f"{page}: from memory / bare, p99", p99, 1.3)
        ours = [middle(mine[n] for mine, _theirs in pairs) for n in range(3)]
        print("    (medians: {:.0f} a second, p50 {:.2f} ms, p99 {:.2f} ms)".format(*ours))
        django = middle(wrk(site, page, *SIGNED_IN)[0] for _ in range(5))
        share = django / ours[0]
        least = 0.016 if page == "/" else None
        line(f"{page}: from Django / from memory, requests a second", share, least, at_least=True)


def measure_pair(site, bare, page, turned):
    """(ours, theirs), each as wrk() returns it."""
    if turned:
        theirs = wrk(bare, page)
        return wrk(site, page), theirs
    return wrk(site, page), wrk(bare, page)


def middle(numbers):
    return statistics.median(numbers)
