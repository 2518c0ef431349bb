"""The file .env, which holds secrets: for whoever runs the site, and for nobody else's eyes."""

import io
import re
import sys

import environ

SETTING = re.compile(r"(#.*|(export )?[A-Za-z_0-9]+=.*)?")


class Wrong(Exception):
    """The end of a sentence that begins with the file: what is wrong, and the way out."""


def read_env_file(path):
    """Put what it says into the environment, where that says nothing yet."""
    if not path.exists():
        return
    if notice := make_private(path):
        print(notice, file=sys.stderr)
    try:
        lines = [line.strip() for line in path.read_text(encoding="utf-8-sig").splitlines()]
    except OSError as error:  # django-environ would go on without a word, as if there were none
        problem = f"cannot be read ({error.strerror}): give it to the account that runs the site."
        raise Wrong(problem) from None
    except UnicodeDecodeError:
        raise Wrong("is not text in UTF-8: save it as that.") from None
    for number, line in enumerate(lines, 1):
        # django-environ would print the line, whatever secret stands in it, and pass it over.
        if not SETTING.fullmatch(line):
            raise Wrong(f"has a line, number {number}, that is not like NAME=value: mend it.")
    environ.Env.read_env(io.StringIO("\n".join(lines)))


def make_private(path):
    """Take everybody else's rights away. Returns what was done, or must be, in a sentence."""
    rights = path.stat().st_mode & 0o777
    try:
        if rights & 0o077:
            path.chmod(rights & 0o700)
            return f"Others on this machine could open {path}, which holds secrets: no more."
    except OSError:  # not this account's; its owner may have given it to the site's own group
        if rights & 0o007:
            return f"Others can open {path}, which holds secrets: let its owner run chmod 600."
    return ""
