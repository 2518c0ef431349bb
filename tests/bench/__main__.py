"""`make bench`: what the site costs, measured in one run, mostly as ratios.

A limit that was missed is marked, and nothing fails: machines are noisy, and this is not a test.
`make bench ARGS="speed staleness"` runs some parts only.
"""

import os
import sys
import tempfile
from pathlib import Path

from tests import environment  # noqa: F401 - before the settings are read

os.environ["DJANGO_SETTINGS_MODULE"] = "awareness.settings"

from tests.bench import desk, figures, growth, pages, press, search, speed, staleness  # noqa: E402

PARTS = {
    "pages": pages,
    "growth": growth,
    "figures": figures,
    "search": search,
    "press": press,
    "desk": desk,
    "speed": speed,
    "staleness": staleness,
}


def main(names):
    if unknown := set(names) - set(PARTS):
        sys.exit(f"No such part: {', '.join(unknown)}. There are {', '.join(PARTS)}.")
    for name in names or PARTS:
        part = PARTS[name]
        print(f"\n== {name}: {part.__doc__.splitlines()[0]}", flush=True)
        with tempfile.TemporaryDirectory(prefix="aware-bench-") as folder:
            part.measure(Path(folder))


if __name__ == "__main__":
    main(sys.argv[1:])
