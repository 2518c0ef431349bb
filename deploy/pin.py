"""Brings the hashes in the requirements up to date: python3 deploy/pin.py

Whoever changes a version runs it. Beside each pin it writes the hashes of every file that this
version has, so that each system and each Python finds its own, and says so when a package that
another one needs is missing from the list. It asks uv, in an environment that it throws away.
"""

import re
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TOOL = "deploy/requirements-pin.txt"
NEXT = "deploy/requirements-next.txt"
FILES = ["requirements.txt", "requirements-dev.txt", TOOL, NEXT]
PIN = re.compile(r"([A-Za-z0-9._-]+)==([^\s;\\]+)")
COMPILE = ["pip", "compile", "-", "--quiet", "--system-certs", "--no-header", "--no-annotate"]


def read(name):
    """The file's lines without hashes: what people write and read."""
    lines = (ROOT / name).read_text().splitlines()
    return [line.removesuffix("\\").rstrip() for line in lines if "--hash=" not in line]


def pins(lines):
    """Those of them that name a package."""
    return [line for line in lines if PIN.match(line)]


def named(line):
    return re.sub(r"[-_.]+", "-", PIN.match(line)[1]).lower()


def names(lines):
    return {named(line) for line in pins(lines)}


def ask(uv, lines, *options):
    """What uv makes of these requirements, line by line."""
    command = [uv, *COMPILE, *options]
    done = subprocess.run(  # noqa: S603 - a tool of ours, and names from our files
        command, input="\n".join(lines), capture_output=True, text=True
    )
    if done.returncode:
        sys.exit(f"No hash was changed, since uv says:\n{done.stderr}")
    return done.stdout.splitlines()


def hashes(uv, lines):
    """{name: [the lines with its hashes]}"""
    found, name = {}, None
    # The newest Django needs a newer Python than the site; main() asks whether that one suits all.
    for line in ask(uv, lines, "--no-deps", "--generate-hashes", "--python-version", "3.13"):
        if PIN.match(line):
            found[name := named(line)] = []
        elif "--hash=" in line:
            found[name].append(line.removesuffix("\\").strip())
    return found


def main():
    everything = {name: read(name) for name in FILES}
    with tempfile.TemporaryDirectory() as folder:
        venv.create(folder, with_pip=True)
        install = ["-m", "pip", "install", "--quiet", "--require-hashes", "--requirement", TOOL]
        command = [f"{folder}/bin/python", *install]
        subprocess.run(command, cwd=ROOT, check=True)  # noqa: S603 - all of it is ours
        uv = f"{folder}/bin/uv"
        site = pins(everything[FILES[0]]) + pins(everything[FILES[1]])
        needed = ask(uv, site, "--universal", "--python-version", "3.11")
        # On Windows some packages need more; the site runs on Linux and macOS.
        missing = names(line for line in needed if "'win32'" not in line) - names(site)
        if missing:
            sys.exit(f"No hash was changed: add what these need: {', '.join(sorted(missing))}.")
        found = {name: hashes(uv, pins(lines)) for name, lines in everything.items()}
    for name, lines in everything.items():
        text = ""
        for line in lines:
            block = [line, *sorted(found[name][named(line)])] if PIN.match(line) else [line]
            text += " \\\n    ".join(block) + "\n"
        (ROOT / name).write_text(text)


if __name__ == "__main__":
    main()
