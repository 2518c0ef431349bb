"""What is written down, so that nothing from outside can write a line of its own."""

import logging
import re

# IPv4, or IPv6 with or without a gap.
ADDRESS = re.compile(
    r"\d{1,3}(?:\.\d{1,3}){3}|[0-9a-f:]*::[0-9a-f:.]*|(?:[0-9a-f]{1,4}:){7}[0-9a-f]{1,4}", re.I
)


def printable(text):
    """As Python would write it in a string, where a terminal would do more than show it: line
    ends, controls, and what turns the words around."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


class Lines(logging.Formatter):
    """One line for each message. What comes with an exception is indented below it, so that only
    what the site itself says begins at the margin."""

    def formatMessage(self, record):  # noqa: N802 - logging's name
        record.message = printable(record.message)
        return super().formatMessage(record)

    def formatException(self, ei):  # noqa: N802
        return indented(super().formatException(ei))

    def formatStack(self, stack_info):  # noqa: N802
        return indented(super().formatStack(stack_info))


class LinesWithoutAddresses(Lines):
    """For the server, which knows who asked: docs/security.md, "Nobody learns who visits"."""

    def format(self, record):
        return ADDRESS.sub("-", super().format(record))


def indented(text):
    return "\n".join(f"    {printable(line)}" for line in text.splitlines())


def as_logged(response):
    """The same answer, of which Django writes no line any more: why is written down already."""
    response._has_been_logged = True
    return response
