"""Transactions of a request."""

from contextlib import nullcontext

from django.db import transaction


def writing(request):
    """A transaction for what is sent, and none for what is only read: on SQLite, everybody who
    writes would wait for it."""
    return nullcontext() if request.method in ("GET", "HEAD") else transaction.atomic()
