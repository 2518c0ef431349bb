"""The cache that all workers share on one machine: sign-in limits are counted in it."""

import fcntl
from pathlib import Path

from django.core.cache.backends.filebased import FileBasedCache


class SharedFiles(FileBasedCache):
    """Django's, with an ``add`` of which only one process at a time can say that it was first.

    allauth takes its locks by it: without, guesses sent at once to all workers go uncounted.
    """

    def __init__(self, folder, params):
        super().__init__(folder, params)
        self.folder = Path(folder)

    def add(self, key, value, *args, **kwargs):
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with (self.folder / ".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            return super().add(key, value, *args, **kwargs)
