"""Alerts about help lines: whatever changes what the public sees of one is noticed, mailed to all
who may publish it, and stands on the first page for a week with its way back
(docs/decisions/0012-guarded-help-lines.md).

A model is guarded that names, as ``guarded``, the fields that tell one of its items in short, and,
as ``guarded_apart``, those that may differ when an item is as it was. It is Publishable, and has
no rows of its own.
"""

from django.apps import apps


def guarded():
    return [model for model in apps.get_models() if getattr(model, "guarded", None)]
