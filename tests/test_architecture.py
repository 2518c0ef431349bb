"""The arrows run one way: docs/architecture.md."""

import ast

from django.conf import settings

APART = {"pages": {"stats"}, "stats": {"pages"}}
SHARED = [
    "desk",
    "publishing",
    "translatable",
    "richtext",
    "security",
    "language",
    "inline",
    "validators",
    "plain",
    "logs",
]
SHARED += [
    "pagecache",
    "readers",
    "feeds",
    "press",
    "typesetter",
    "context",
    "finished",
    "models",
    "triggers",
    "singleton",
    "starter",
    "addresses",
    "public",
    "readability",
    "accessibility",
    "backup",
    "files",
]


def imported(path):
    """The first names of what a file imports."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (name.name.split(".")[0] for name in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield node.module.split(".")[0]


def test_the_two_apps_never_import_each_other(subtests):
    for app in APART:
        with subtests.test(app=app):
            files = list((settings.BASE_DIR / app).rglob("*.py"))
            assert len(files) > 5
            for path in files:
                assert APART[app].isdisjoint(imported(path)), path


def test_what_both_share_imports_neither(subtests):
    for module in SHARED:
        with subtests.test(module=module):
            folder = settings.BASE_DIR / "awareness"
            one = folder / f"{module}.py"
            files = [one] if one.exists() else list((folder / module).rglob("*.py"))
            assert files
            for path in files:
                assert {"pages", "stats"}.isdisjoint(imported(path)), path
