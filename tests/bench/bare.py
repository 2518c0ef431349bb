"""What the site is measured against: a WSGI application that returns finished bytes, no more.

gunicorn serves it with the site's own configuration. BENCH_ANSWERS names a file of what it
returns: {path: [[[header, value], ...], body]}, made by tests/bench/speed.py.
"""

import os
import pickle
from pathlib import Path

os.environ["DJANGO_SETTINGS_MODULE"] = "awareness.settings"  # its hooks close connections
ANSWERS = pickle.loads(Path(os.environ["BENCH_ANSWERS"]).read_bytes())


class Bare:
    def prepare(self):
        """Called by deploy/gunicorn.conf.py."""

    watch = prepare

    def __call__(self, environ, start_response):
        headers, body = ANSWERS[environ["PATH_INFO"]]
        start_response("200 OK", list(headers))
        return [body]


application = Bare()
