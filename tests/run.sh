#!/bin/sh
# `make test`: with a real Chromium wherever one can be had. `make check`: with what is quick.
set -eu
cd "$(dirname "$0")/.."
# Else each worker, and each process that a test starts, compiles everything anew.
unset PYTHONDONTWRITEBYTECODE
# One more than there are cores, since some wait; each has sites and a Chromium of its own, so more
# than four would need much memory.
# ARGS="-n0" is without: for a debugger, or a few tests. The order is another one each time, and
# its seed stands above the dots: ARGS="--randomly-seed=N" repeats it.
venv=${VENV:-.venv}
tests() {
    cores=$(getconf _NPROCESSORS_ONLN)
    "$venv/bin/python" -m pytest -n $((cores < 4 ? cores + 1 : 4)) --dist worksteal --durations 10 "$@"
}
if [ "${1-}" = check ]; then
    shift
    tests -m "not browser and not postgres and not nginx and not slow" "$@"
    exit
fi
if "$venv/bin/python" -m tests.browser.chromium; then
    tests "$@"
    exit
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
tests -m "not browser and not postgres and not nginx" "$@" || code=$?
warn # once more, where it is read
exit "$code"
