"""What a search costs, with the starter content and 200 updates more; the first reads them all."""

import time

from tests.bench.database import starter_content
from tests.bench.growth import ROUNDS
from tests.bench.limits import line

UPDATES = 200
QUERIES = ["labor trafficking", "vulnrable", "how many victims in missouri 2024"]


def measure(folder):
    with starter_content():
        from awareness.web.content_version import raise_version
        from tests import factories

        for updates in (0, UPDATES):
            for n in range(updates):
                words = " ".join(f"word{m * m % (n + 7)}" for m in range(300))
                factories.update(title=f"Number {n}", body=f"<p>{words}</p>")
            raise_version()
            print(f"with {updates} updates more:")
            line("    the first search after a change", milliseconds(QUERIES[0], 1), unit=" ms")
            worst = max(milliseconds(query, ROUNDS) for query in QUERIES)
            line(f"    the dearest of {len(QUERIES)} after it", worst, 10, " ms")


def milliseconds(query, rounds):
    """The quickest of so many rounds."""
    from awareness.search import search

    took = []
    for _ in range(rounds):
        begin = time.perf_counter()
        search(query)
        took.append((time.perf_counter() - begin) * 1000)
    return min(took)
