"""Finds a Chromium, or gets one: ``python -m tests.browser.chromium``."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

SHELL = "chromium-headless-shell"  # draws and runs the same, without a browser around it
NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"]
MAC = ["Chromium.app/Contents/MacOS/Chromium", "Google Chrome.app/Contents/MacOS/Google Chrome"]


def find(whole=False):
    """The path of a Chromium that starts, or None; not ``whole``, and it may be a mere shell."""
    return next((str(path) for path in candidates(whole) if path and starts(path)), None)


def candidates(whole):
    yield os.environ.get("CHROMIUM")
    yield from map(shutil.which, NAMES if whole else [SHELL, *NAMES])
    for folder in (Path("/Applications"), Path.home() / "Applications"):
        yield from (folder / app for app in MAC)
    yield playwrights_own()  # which takes a second to tell


def starts(path):
    try:
        return subprocess.run([path, "--version"], capture_output=True, timeout=30).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def playwrights_own():
    code = (
        "from playwright.sync_api import sync_playwright as p\n"
        "with p() as p: print(p.chromium.executable_path)"
    )
    # In a process of its own: it leaves an event loop behind, which Django's database refuses.
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    return found.stdout.strip()


def install():
    if shutil.which("apt-get") and os.geteuid() == 0:
        apt = ["apt-get", "-qq", "-o", "DPkg::Lock::Timeout=120"]
        print("Installing Chromium for the browser tests, by apt-get.", flush=True)
        subprocess.run([*apt, "update"])
        subprocess.run(
            [*apt, "install", "-y", "--no-install-recommends", "chromium", "fonts-dejavu-core"],
            env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
            stdout=subprocess.DEVNULL,
        )
    if not find():
        print("Installing Chromium for the browser tests, by playwright.", flush=True)
        subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"])


if __name__ == "__main__":
    if not find():
        install()
    sys.exit(0 if find() else 1)
