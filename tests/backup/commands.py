"""`manage.py` of one site, made ready once: each command runs in a fork of it. Run by places.py.

    python -m tests.backup.commands [a module to be loaded once for all]

Each line of its input is [the arguments, how long a file may become or null, files for what is
said and for errors], as JSON; it answers with the exit code.
"""

import gc
import importlib
import json
import os
import resource
import sys

import django
from django.apps import apps
from django.core.management import execute_from_command_line

django.setup()

from awareness.backup import lock  # noqa: E402 - once Django is ready
from awareness.management.commands import backup, restore  # noqa: E402, F401 - once for all


def let_go():
    """A process of its own holds the folder itself, or not at all."""
    for descriptor in lock._held.values():
        os.close(descriptor)
    lock._held.clear()


def serve():
    """Returns in the fork of each command, with its arguments; None: there are no more."""
    print("ready", flush=True)
    for line in sys.stdin:
        arguments, longest, *outputs = json.loads(line)
        if child := os.fork():
            _pid, status = os.waitpid(child, 0)
            print(os.waitstatus_to_exitcode(status), flush=True)
            continue
        for descriptor, path in enumerate([os.devnull, *outputs]):
            os.dup2(os.open(path, os.O_RDWR | os.O_CREAT | os.O_TRUNC), descriptor)
        if longest:
            sys.dont_write_bytecode = True  # Python would keep half of it, for good
            resource.setrlimit(resource.RLIMIT_FSIZE, (longest, longest))
        return arguments


if __name__ == "__main__":
    for module in sys.argv[1:]:
        importlib.import_module(module)
    let_go()
    gc.freeze()  # no fork looks through it all again
    if (arguments := serve()) is not None:
        apps.get_app_config("awareness").wait_for_restore()
        execute_from_command_line(["manage.py", *arguments])
