#!/bin/sh
# `make test`: with a real Chromium wherever one can be had.
set -eu
cd "$(dirname "$0")/.."
if .venv/bin/python -m tests.browser.chromium; then
    exec .venv/bin/python -m pytest "$@"
fi

warn() {
    line="#######################################################################"
    printf '\n%s\n%s\n%s\n%s\n\n' "$line" \
        "# NO CHROMIUM was found, and none could be installed:" \
        "# the tests in a real browser ARE NOT RUN. (CHROMIUM=/path/to/it names one.)" "$line" >&2
}
warn
if [ -n "${CI:-}" ]; then
    exit 1
fi
code=0
.venv/bin/python -m pytest -m "not browser and not postgres and not nginx" "$@" || code=$?
warn # once more, where it is read
exit "$code"
