"""What is counted of tries at signing in holds over all workers of a machine."""

import multiprocessing
from collections import Counter

from awareness.web.shared_cache import SharedFiles
from tests.site import PATIENCE

TIMES, WORKERS = 60, 8


def take(folder, start, won):
    cache = SharedFiles(folder, {})
    start.wait()
    for number in range(TIMES):
        if cache.add(f"lock-{number}", True, 60):
            won.put(number)


def test_of_many_processes_exactly_one_adds_a_key(tmp_path):
    fork = multiprocessing.get_context("spawn")
    start, won = fork.Barrier(WORKERS), fork.Queue()
    workers = [
        fork.Process(target=take, args=[str(tmp_path / "cache"), start, won])
        for _ in range(WORKERS)
    ]
    for worker in workers:
        worker.start()
    found = Counter(won.get(timeout=PATIENCE) for _ in range(TIMES))
    for worker in workers:
        worker.join()
    assert won.empty()
    assert found == dict.fromkeys(range(TIMES), 1)
